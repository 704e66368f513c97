/* Everything that runs in the gateway, started and stopped.
 *
 * Called by service_main(). The door is made first, so that health is answered
 * while the database is away. Requests come in only after keys, tables and
 * threads are ready. Stopping uses the reverse order, so that requests inside
 * are still answered. The lane of views has its own thread. If that thread ends
 * by a fault, the process ends, because a read model that no longer changes
 * would be wrong. It ends, too, if its keys are no longer the database's. */
#include "gateway/gateway.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include "chassis/base/clock.h"
#include "chassis/base/process.h"
#include "chassis/http/health.h"
#include "chassis/lane/lane.h"
#include "chassis/lane/service_tables.h"
#include "chassis/service.h"

#include "rules/day.h"
#include "rules/refusals.h"

#include "gateway/events.h"
#include "gateway/identity/identity.h"
#include "gateway/keys.h"
#include "gateway/operations/operations.h"
#include "gateway/part.h"
#include "gateway/request/request.h"
#include "gateway/request/shared_read.h"
#include "gateway/routes.h"
#include "gateway/views/refold.h"

struct gateway gateway;

/* Forms are small; a route with larger bodies has its limit in the route table.
 */
enum { BODY_MAX = 16 * 1024 };
/* How long stopping waits for running handlers. */
#define DRAIN_HTTP SECONDS(8)
/* What stopping needs after the delay. */
static const int64_t drain_rest = SECONDS(10);
/* How often a running process compares its keys with the database's. */
static const int64_t keys_period = SECONDS(60);

/* --- the lane of views -------------------------------------------------- */
static struct {
    const struct service *service;
    struct lane *lane;
    pthread_t thread;
    atomic_bool stopping, ended;
    int status;
} views;

/* Stops after the process, because requests inside still wait for this lane. */
static bool
views_stopping(void)
{
    return atomic_load(&views.stopping);
}

static void *
views_run(void *unused)
{
    (void)unused;
    views.status = lane_run(views.lane);
    atomic_store(&views.ended, true);
    return NULL;
}

static bool
views_start(char ret_error[256])
{
    views.lane = lane_new(&(struct lane_options){
        .service = views.service,
        .group = "inservice-gateway",
        .silent = true,
        .stopping = views_stopping,
        .committed = operations_committed,
        .held = operations_held,
        .context = gateway.operations,
    });
    if (views.lane != NULL &&
        pthread_create(&views.thread, NULL, views_run, NULL) == 0)
        return true;
    lane_free(views.lane);
    snprintf(ret_error, 256, "the lane of views does not start");
    return false;
}

static void
views_stop(void)
{
    atomic_store(&views.stopping, true);
    pthread_join(views.thread, NULL);
    lane_free(views.lane);
}

/* The door closes, and all other parts stop, before the deadline. */
static bool
drain_is_sound(char ret_error[256])
{
    if (gateway_settings.drain_delay == 0 ||
        gateway_settings.drain_delay + drain_rest <=
            chassis_settings.drain_deadline)
        return true;
    snprintf(ret_error, 256,
             "INSERVICE_DRAIN_DEADLINE must be 10 s longer than "
             "INSERVICE_DRAIN_DELAY");
    return false;
}

static bool
networks_are_sound(const char *name, const char *list, char ret_error[256])
{
    struct http_networks networks;
    const char *bad = networks_parse(list, &networks);

    if (bad != NULL)
        snprintf(ret_error, 256,
                 "INSERVICE_%s has an item that is no address and no network: "
                 "\"%s\"",
                 name, bad);
    return bad == NULL;
}

/* Checks that the table of settings cannot express. */
bool
gateway_settings_sound(char ret_error[256])
{
    const struct {
        const char *name, *text;
    } days[] = {
        {"FOREIGN_NUMBERS_FROM", gateway_settings.foreign_numbers_from},
        {"OLD_NUMBERS_UNTIL", gateway_settings.old_numbers_until},
    };
    day_number day;

    if (!drain_is_sound(ret_error) ||
        !networks_are_sound("TRUSTED_PROXIES", gateway_settings.trusted_proxies,
                            ret_error) ||
        !networks_are_sound("METRICS_FROM", gateway_settings.metrics_from,
                            ret_error))
        return false;
    for (size_t i = 0; i < sizeof days / sizeof days[0]; i++) {
        if (day_parse(days[i].text, &day))
            continue;
        snprintf(ret_error, 256, "INSERVICE_%s is no day: \"%s\"", days[i].name,
                 days[i].text);
        return false;
    }
    return true;
}

bool
gateway_open(char ret_error[256])
{
    if (!gateway_settings_sound(ret_error) || !keys_open(ret_error))
        return false;
    gateway.pool = pool_new((size_t)gateway_settings.database_pool);
    gateway.reader = shared_reader_new();
    if (keys_compare(ret_error) == KEYS_FIT)
        return true;
    gateway_close();
    return false;
}

void
gateway_close(void)
{
    shared_reader_free(gateway.reader);
    pool_free(gateway.pool);
    keys_close();
}

/* --- HTTP --------------------------------------------------------------- */
static struct http_code_text
describe(const char *code, bool english)
{
    const struct refusal *refusal = refusal_find(code);

    if (refusal == NULL)
        return (struct http_code_text){0}; /* the server writes this answer
                                            * itself */
    if (english)
        return (struct http_code_text){refusal->status, refusal->title_en,
                                       refusal->title_en};
    return (struct http_code_text){refusal->status, refusal->title,
                                   refusal->detail};
}

static struct {
    struct http_server *server;
    atomic_bool open; /* all parts run */
} door;

/* Health and documents (routes without a number) need no other part. */
static void
door_check(struct http_request *request, struct http_response *response)
{
    if (request->route->number != 0 && !atomic_load(&door.open))
        request_unavailable(request, response, "starting");
}

/* Our own headers that have one value. */
static const char *const single_headers[] = {
    "Idempotency-Key", "Receipt", "Verification-Token", "Last-Event-ID", NULL};

/* Listens; requests wait for door.open. */
static bool
door_start(char ret_error[256])
{
    bool forwarded = strcmp(gateway_settings.proxy_header, "Forwarded") == 0;
    struct http_options options = {
        .address = chassis_settings.listen_address,
        .port = (uint16_t)chassis_settings.listen_port,
        .routes = gateway_routes,
        .describe = describe,
        .before = door_check,
        .single_headers = single_headers,
        .connection_max = (int)gateway_settings.connection_max,
        .body_max = BODY_MAX,
        .connection_per_host_max = (int)gateway_settings.connection_per_ip_max,
        .connection_per_network_max =
            (int)gateway_settings.connection_per_network_max,
        .stream_max = (int)gateway_settings.stream_max,
        .large_max = (int)gateway_settings.large_bodies_max,
        .request_deadline = SECONDS(10),
        .idle_timeout = SECONDS(60),
        .client_header = forwarded ? CLIENT_FORWARDED : CLIENT_X_FORWARDED_FOR,
    };

    if (!routes_fill(ret_error))
        return false;
    if (networks_parse(gateway_settings.trusted_proxies,
                       &options.trusted_proxies) != NULL) {
        snprintf(ret_error, 256, "INSERVICE_TRUSTED_PROXIES");
        return false;
    }
    door.server = http_start(&options, ret_error);
    return door.server != NULL;
}

static void
door_stop(void)
{
    http_stop(door.server, clock_monotonic() + DRAIN_HTTP);
    door.server = NULL;
}

/* The server has listened since the start; now the door opens. */
static bool
entrance_open(char ret_error[256])
{
    (void)ret_error;
    atomic_store(&door.open, true);
    return true;
}

/* --- the process -------------------------------------------------------- */

static bool
health_begin(char ret_error[256])
{
    if (health_announce(door.server))
        return true;
    snprintf(ret_error, 256, "PORT_FILE cannot be written");
    return false;
}

/* Not an error: the process was stopped while it waited. */
static bool
schema_await(char ret_error[256])
{
    if (service_await_schema(views.service))
        return true;
    if (!service_stopping())
        snprintf(ret_error, 256, "the schema does not fit");
    return false;
}

static bool
operations_begin(char ret_error[256])
{
    gateway.operations = operations_start(ret_error);
    return gateway.operations != NULL;
}

static void
operations_end(void)
{
    operations_stop(gateway.operations);
}

/* Health is answered after the second row has started, requests after the last.
 * At the end the door closes first, so that the other parts still serve the
 * requests inside. */
static const struct part parts[] = {
    {"settings", gateway_settings_sound, NULL},
    {"door", door_start, door_stop},
    {"health", health_begin, NULL},
    {"schema", schema_await, NULL},
    {"pool", gateway_open, gateway_close},
    {"folded names", refold, NULL},
    {"operations", operations_begin, operations_end},
    {"sessions", sessions_start, sessions_stop},
    {"mail", mail_start, mail_stop},
    {"imports", imports_start, imports_stop},
    {"retention", retention_start, retention_stop},
    {"views", views_start, views_stop},
    {"entrance", entrance_open, door_stop},
};

/* The database may have been replaced (a backup, another installation). */
static bool
keys_still_fit(void)
{
    char error[256];

    if (keys_compare(error) != KEYS_DIFFER)
        return true;
    log_event(keys_differ, log_str("reason", error));
    return false;
}

/* Load balancers learn of the end some time later than we do. */
static void
await_drain_delay(void)
{
    int64_t end = clock_monotonic() + gateway_settings.drain_delay;

    http_leave(door.server);
    while (clock_monotonic() < end && !atomic_load(&views.ended))
        nanosleep(&(const struct timespec){0, 20000000}, NULL);
}

/* Until a signal stops the process, or the views or the keys cannot go on.
 * Returns the exit status. */
static int
serve(void)
{
    int64_t next = clock_monotonic() + keys_period;

    while (!service_stopping() && !atomic_load(&views.ended)) {
        nanosleep(&(const struct timespec){0, 20000000}, NULL);
        if (clock_monotonic() < next)
            continue;
        next = clock_monotonic() + keys_period;
        if (!keys_still_fit())
            return 1;
    }
    await_drain_delay();
    return 0;
}

int
gateway_run(const struct service *service)
{
    char error[256];

    views.service = service;
    size_t running = parts_start(parts, COUNT_OF(parts), error);
    bool all = running == COUNT_OF(parts);
    bool stopped = service_stopping() && error[0] == '\0';
    int status = 0;
    if (all)
        status = serve();
    else if (!stopped)
        log_event(cannot_start, log_str("part", parts[running].name),
                  log_str("reason", error));
    parts_stop(parts, running);
    if (status != 0)
        return status;
    return all ? views.status : stopped ? 0 : 1;
}
