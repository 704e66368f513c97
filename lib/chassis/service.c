/* service_main(): settings, the host's commands, start, run, drain.
 *
 * Errors at start are precise and final: a wrong setting, an unknown schema or
 * a port in use end the process with one line that says what to do. A broker
 * or database that is merely away is waited for.
 */
#include "chassis/service.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "chassis/base/clock.h"
#include "chassis/base/failpoint.h"
#include "chassis/http/health.h"
#include "chassis/lane/lane.h"
#include "chassis/base/log.h"
#include "chassis/db/migrate.h"
#include "chassis/lane/operator.h"

static void
on_signal(int number)
{
    (void)number;
    process_stop();
}

/* SIGTERM and SIGINT drain; a second one, or the deadline, ends at once. */
static void *
watch_deadline(void *unused)
{
    int64_t deadline = 0;

    (void)unused;
    for (;;) {
        nanosleep(&(struct timespec){0, 50000000}, NULL);
        if (!service_stopping())
            continue;
        if (deadline == 0)
            deadline = clock_monotonic() + chassis_settings.drain_deadline;
        if (clock_monotonic() > deadline) {
            log_event(LOG_ERROR, "drain_deadline_passed");
            _exit(1);
        }
    }
    return NULL;
}

static void
catch_signals(void)
{
    struct sigaction action = {.sa_handler = on_signal};
    pthread_t watcher;

    sigaction(SIGTERM, &action, NULL);
    sigaction(SIGINT, &action, NULL);
    signal(SIGPIPE, SIG_IGN);
    if (pthread_create(&watcher, NULL, watch_deadline, NULL) == 0)
        pthread_detach(watcher);
}

/* --- running the lane --------------------------------------------------- */
static int
run_lane(const struct service *service)
{
    char error[256], group[64];
    struct http_server *server = health_start(error);

    if (server == NULL) {
        log_event(LOG_ERROR, "cannot_listen", log_str("reason", error));
        return 1;
    }
    if (!health_announce(server))
        return 1;
    snprintf(group, sizeof group, "inservice-%s", service->core.name);
    struct lane *lane =
        lane_new(&(struct lane_options){.service = service, .group = group});
    int status = lane_run(lane);
    lane_free(lane);
    http_stop(server, clock_monotonic() + SECONDS(2));
    return status;
}

/* The database may come later than we do; a wrong schema is final. */
static bool
wait_for_schema(const struct service *service)
{
    char error[256];
    const char *wrong[] = {"migration", "the schema", "schema_migration"};

    while (!service_stopping()) {
        if (migrate_check(service, chassis_settings.database_url, error))
            return true;
        for (size_t i = 0; i < COUNT_OF(wrong); i++) {
            if (strstr(error, wrong[i]) == NULL)
                continue;
            log_event(LOG_ERROR, "schema_unknown", log_str("reason", error));
            return false;
        }
        log_event(LOG_WARNING, "database_unreachable",
                  log_str("reason", error));
        nanosleep(&(struct timespec){0, 500000000}, NULL);
    }
    return false;
}

static int
service_run(const struct service *service)
{
    catch_signals();
    log_event(LOG_INFO, "starting", log_int("pid", getpid()));
    if (!wait_for_schema(service))
        return service_stopping() ? 0 : 1;
    if (FAILPOINT(service_started))
        return 1;
    int status =
        service->run != NULL ? service->run(service) : run_lane(service);
    log_event(LOG_INFO, "stopped", log_int("status", status));
    return status;
}

/* --- the host's command line -------------------------------------------- */
static void
print_list(const char *label, const char *const *items)
{
    if (items == NULL || items[0] == NULL)
        return;
    printf("    %s:", label);
    for (; *items != NULL; items++)
        printf(" %s", *items);
    printf("\n");
}

static void
print_handlers(const struct service *service)
{
    static const char *const kinds[] = {"do", "on", "view", "operate"};

    for (const struct handler *h = service->core.handlers; h->type != NULL;
         h++) {
        printf("%-4s %s\n", kinds[h->kind], h->type);
        print_list("facts", h->facts);
        print_list("refusals", h->refusals);
        if (h->routes != NULL && h->routes[0] != '\0')
            printf("    routes: %s\n", h->routes);
    }
    for (const struct output *o = service->outputs;
         o != NULL && o->type != NULL; o++)
        printf("says %s (key %s)  %s\n", o->type, o->key, o->help);
}

static int
usage(const struct service *service, const char *program)
{
    printf("usage: %s [--settings FILE] [COMMAND]\n\n"
           "without a command: runs until SIGTERM\n"
           "  migrate      brings the schema up to date (owner's connection)\n"
           "  settings     documentation of all settings\n"
           "  messages     what it hears and says\n"
           "  failpoints   names of failpoints (test builds)\n"
           "  parked       list | release TOPIC KEY LANE | discard ID TOPIC "
           "KEY LANE\n"
           "  republish    TYPE KEY LANE: says a state again\n"
           "  audit-state  compares the state topic with the tables\n"
           "  restored     after restoring a backup: raises the incarnation\n",
           program);
    for (const struct host_command *c = service->host_commands;
         c != NULL && c->name != NULL; c++)
        printf("  %-12s %s\n", c->name, c->help);
    return 2;
}

/* Commands that need no settings. */
static bool
run_plain(const struct service *service, const char *name, int *ret_status)
{
    *ret_status = 0;
    if (strcmp(name, "settings") == 0)
        settings_document(service->settings, stdout);
    else if (strcmp(name, "messages") == 0)
        print_handlers(service);
    else if (strcmp(name, "failpoints") == 0)
        failpoint_list(stdout);
    else
        return false;
    return true;
}

static int
run_command(const struct service *service, int argc, char **argv,
            const char *program)
{
    if (strcmp(argv[0], "migrate") == 0)
        return migrate_run(service);
    for (const struct host_command *c = operator_commands; c->name != NULL; c++)
        if (strcmp(c->name, argv[0]) == 0)
            return operator_run(service, argc, argv);
    for (const struct host_command *c = service->host_commands;
         c != NULL && c->name != NULL; c++)
        if (strcmp(c->name, argv[0]) == 0)
            return c->run(argc - 1, argv + 1);
    return usage(service, program);
}

int
service_main(const struct service *service, int argc, char **argv)
{
    const char *file = getenv("INSERVICE_SETTINGS"), *program = argv[0];
    int status;

    if (argc > 2 && strcmp(argv[1], "--settings") == 0) {
        file = argv[2];
        argc -= 2;
        argv += 2;
    }
    argc--, argv++;
    if (argc > 0 && run_plain(service, argv[0], &status))
        return status;
    if (argc > 0 &&
        (strcmp(argv[0], "--help") == 0 || strcmp(argv[0], "help") == 0))
        return usage(service, program);
    if (!settings_read(service->settings, file, stderr))
        return 2;
    if (!log_open(service->core.name, chassis_settings.log_level))
        return 2;
    return argc > 0 ? run_command(service, argc, argv, program)
                    : service_run(service);
}
