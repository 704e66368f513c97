/* service_main(): settings, the host's commands, start, run, drain.
 *
 * Errors at start are precise and final: a wrong setting, a wrong schema or a
 * port in use ends the process with one line that says what to do. If a broker
 * or database is only away, the process waits for it.
 */
#include "chassis/service.h"

#include <pthread.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <time.h>
#include <unistd.h>

#include "chassis/base/clock.h"
#include "chassis/base/failpoint.h"
#include "chassis/base/log.h"
#include "chassis/base/notify.h"
#include "chassis/db/migrate.h"
#include "chassis/http/health.h"
#include "chassis/kafka/broker_watch.h"
#include "chassis/kafka/kafka.h"
#include "chassis/lane/doctor.h"
#include "chassis/lane/lane.h"
#include "chassis/lane/operator.h"
#include "chassis/lane/statements.h"
#include "chassis/lane/topic_uses.h"

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
            log_event(drain_deadline_passed);
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

/* --- running ------------------------------------------------------------ */
/* Logs why the process cannot begin; true: it may try again. */
static bool
schema_may_come(enum schema_state state, const char *reason)
{
    switch (state) {
    case SCHEMA_FITS: /* never asked */
        return true;
    case SCHEMA_WRONG:
        log_event(schema_unknown, log_str("reason", reason));
        return false;
    case SCHEMA_LANES:
        log_event(lanes_differ, log_str("reason", reason));
        return false;
    case SCHEMA_DENIED:
        log_event(database_denied, log_str("reason", reason));
        return false;
    case SCHEMA_OLD:
        log_event(schema_awaited, log_str("reason", reason));
        service_ready(false, "schema");
        return true;
    case SCHEMA_UNREACHABLE:
        log_event(database_unreachable, log_str("reason", reason));
        service_ready(false, "database");
        return true;
    }
    return false;
}

bool
service_await_schema(const struct service *service)
{
    enum schema_state state, before = SCHEMA_FITS;
    int64_t pause = MILLISECONDS(250);
    char error[256];

    while (!service_stopping()) {
        state = migrate_check(service->core.name, service->migrations,
                              chassis_settings.database_url, error);
        if (state == SCHEMA_FITS)
            return !FAILPOINT(service_started);
        if (state != before && !schema_may_come(state, error))
            return false;
        if (state != before)
            pause = MILLISECONDS(250);
        before = state;
        nanosleep(
            &(struct timespec){pause / SECONDS(1), pause % SECONDS(1) * 1000},
            NULL);
        if (pause < SECONDS(2))
            pause *= 2;
    }
    return false;
}

/* The lane, once the database can be read. */
static int
run_lane(const struct service *service)
{
    char group[64];

    if (!service_await_schema(service))
        return service_stopping() ? 0 : 1;
    snprintf(group, sizeof group, "inservice-%s", service->core.name);
    return lane_run_workers(
        &(struct lane_options){.service = service, .group = group});
}

/* /livez answers from the first moment. */
static int
run_with_health(const struct service *service)
{
    char error[256];
    struct http_server *server = health_start(error);
    int status = 1;

    if (server == NULL)
        log_event(cannot_listen, log_str("reason", error));
    else if (health_announce(server))
        status = run_lane(service);
    http_stop(server, clock_monotonic() + SECONDS(2));
    return status;
}

/* No core file, and no debugger of another process of the same user: the memory
 * has keys and personal data. Test builds need both. */
static void
close_memory(void)
{
#ifndef FAILPOINTS
    setrlimit(RLIMIT_CORE, &(struct rlimit){0, 0});
    prctl(PR_SET_DUMPABLE, 0);
#endif
}

static int
service_run(const struct service *service)
{
    close_memory();
    catch_signals();
    log_event(starting, log_int("pid", getpid()), log_str("version", VERSION));
    metrics_begin(chassis_metrics);
    metrics_begin(service->metrics);
    metric_set(build_info, "version=\"" VERSION "\"", 1);
    process_set_reads(service->run != NULL);
    broker_watch_start();
    int status =
        service->run != NULL ? service->run(service) : run_with_health(service);
    broker_watch_stop();
    if (process_failed())
        status = 1;
    notify_manager("STOPPING=1");
    log_event(stopped, log_int("status", status));
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

    for (const struct handler *h = service->core.handlers; h->message != NULL;
         h++) {
        printf("%-4s %s\n", kinds[h->kind], h->message->name);
        print_list("facts", h->facts);
        print_list("orders", h->orders);
        print_list("refusals", h->refusals);
        if (h->routes != NULL && h->routes[0] != '\0')
            printf("    routes: %s\n", h->routes);
    }
    for (const struct output *o = service->outputs;
         o != NULL && o->message != NULL; o++)
        printf("says %s (key %s)  %s\n", o->message->name, o->key, o->help);
}

static void
usage_rows(const struct host_command *rows, FILE *out)
{
    for (; rows != NULL && rows->name != NULL; rows++)
        fprintf(out, "  %-14s %s\n", rows->name, rows->help);
}

static void
usage(const struct service *service, const char *program, FILE *out)
{
    fprintf(out,
            "usage: %s [--settings FILE] [COMMAND]\n\n"
            "without a command: runs until SIGTERM\n"
            "  --help         this text\n"
            "  --version      the version\n"
            "  migrate        brings the schema up to date (owner's "
            "connection)\n"
            "  doctor         looks at everything it needs, and says what to "
            "do\n"
            "  settings       documentation of all settings\n"
            "  messages       the messages it receives and sends\n"
            "  topics         the topics it reads and writes, and its group\n"
            "  metrics        documentation of all metrics\n"
            "  events         documentation of all log events\n"
            "  statements     SQL of its stores, from their columns\n"
            "  failpoints     names of failpoints (test builds)\n",
            program);
    usage_rows(operator_commands, out);
    usage_rows(service->host_commands, out);
}

/* Commands that need no settings. */
static bool
run_plain(const struct service *service, const char *name, int *ret_status)
{
    *ret_status = 0;
    if (strcmp(name, "--version") == 0)
        printf("%s %s\n", service->core.name, VERSION);
    else if (strcmp(name, "settings") == 0)
        settings_document(service->settings, stdout);
    else if (strcmp(name, "metrics") == 0)
        metrics_document(service->metrics, stdout);
    else if (strcmp(name, "events") == 0)
        events_document(service->events, stdout);
    else if (strcmp(name, "messages") == 0)
        print_handlers(service);
    else if (strcmp(name, "topics") == 0)
        topic_uses_print(service);
    else if (strcmp(name, "statements") == 0)
        store_statements(service->core.stores, stdout);
    else if (strcmp(name, "failpoints") == 0)
        failpoint_list(stdout);
    else
        return false;
    return true;
}

static const struct host_command *
command_find(const struct host_command *rows, const char *name)
{
    for (; rows != NULL && rows->name != NULL; rows++)
        if (strcmp(rows->name, name) == 0)
            return rows;
    return NULL;
}

static bool
is_command(const struct service *service, const char *name)
{
    return strcmp(name, "migrate") == 0 || strcmp(name, "doctor") == 0 ||
           command_find(operator_commands, name) != NULL ||
           command_find(service->host_commands, name) != NULL;
}

/* As at a start; how many lanes there are is known afterwards. */
static bool
schema_fits(const struct service *service)
{
    char error[256];

    if (migrate_check(service->core.name, service->migrations,
                      chassis_settings.database_url, error) == SCHEMA_FITS)
        return true;
    fprintf(stderr, "%s: %s\n", service->core.name, error);
    return false;
}

static int
run_command(const struct service *service, int argc, char **argv)
{
    const struct host_command *own =
        command_find(service->host_commands, argv[0]);

    if (strcmp(argv[0], "migrate") == 0)
        return migrate_run(service->core.name, service->migrations);
    if (strcmp(argv[0], "doctor") == 0)
        return doctor_run(service);
    if (own != NULL && own->plain)
        return own->run(argc - 1, argv + 1);
    if (!schema_fits(service))
        return 1;
    return own != NULL ? own->run(argc - 1, argv + 1)
                       : operator_run(service, argc, argv);
}

/* Commands that need no setting, and help. False: go on. */
static bool
is_answered(const struct service *service, int argc, char **argv,
            const char *program, int *ret_status)
{
    if (argc == 0)
        return false;
    if (run_plain(service, argv[0], ret_status))
        return true;
    bool help = strcmp(argv[0], "--help") == 0 || strcmp(argv[0], "help") == 0;
    if (!help && is_command(service, argv[0]))
        return false;
    if (!help)
        fprintf(stderr, "%s: no such command: %s\n", program, argv[0]);
    usage(service, program, help ? stdout : stderr);
    *ret_status = help ? 0 : 2;
    return true;
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
    if (is_answered(service, argc, argv, program, &status))
        return status;
    bool doctor = argc > 0 && strcmp(argv[0], "doctor") == 0;
    if (!settings_read(service->settings, file, doctor ? stdout : stderr))
        return doctor ? doctor_settings_refused() : 2;
    if (!log_open(service->core.name, chassis_settings.log_level))
        return 2;
    return argc > 0 ? run_command(service, argc, argv) : service_run(service);
}
