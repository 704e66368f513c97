/* The HTTP server: start, one exchange from request to answer, stop.
 *
 * ulfius has one endpoint; the route table chooses the handler. An exchange
 * passes in order: gate, path, route, query, body, the service's `before`, the
 * handler, the service's `after`. Each connection has a thread of its own, so a
 * handler may block. Must never run a handler for a request that the gate
 * refused, nor after the connection was cut.
 */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <unistd.h>

#include "chassis/base/clock.h"
#include "chassis/http/http_internal.h"
#include "chassis/base/log.h"
#include "chassis/base/metrics.h"
#include "chassis/base/settings.h"

enum {
    /* One request with its longest URI and headers fits; the library refuses
     * larger ones. */
    CONNECTION_MEMORY = 20 * 1024,
#ifdef FAILPOINTS /* sanitizers need more */
    CONNECTION_STACK = 2 * 1024 * 1024,
#else
    CONNECTION_STACK = 256 * 1024,
#endif
    /* The accepting thread keeps the limit. The library counts a connection a
     * little longer and would close those beyond its own. */
    LIBRARY_ROOM = 1024,
    WORKER_BLOCK = 16 * 1024,
    WORKER_BODY_KEPT = 64 * 1024,
    BODY_MAX = 64 * 1024,
    CONNECTIONS_MAX = 1024,
    STREAMS_MAX = 64,
    LARGE_MAX = 4,
    PENDING_TIMES = 4,
    OTHER_FILES = 512, /* of the process: databases, brokers, logs */
    SEND_BYTES_PER_SECOND = 32 * 1024, /* slower readers are cut */
};

static const int64_t default_deadline = SECONDS(10);
static const int64_t default_idle = SECONDS(15);
/* While draining, idle connections get this long for one more request, which
 * is answered with `Connection: close`. */
static const int64_t drain_grace = MILLISECONDS(500);

/* --- workers: one per running exchange ---------------------------------- */

struct http_worker *
http_worker_take(struct http_server *server)
{
    pthread_mutex_lock(&server->lock);
    struct http_worker *worker = server->workers;
    if (worker != NULL)
        server->workers = worker->next;
    pthread_mutex_unlock(&server->lock);
    if (worker != NULL)
        return worker;

    worker = calloc(1, sizeof(*worker));
    if (worker == NULL)
        out_of_memory(sizeof(*worker));
    worker->arena = arena_new(WORKER_BLOCK);
    worker->random_used = sizeof(worker->random);
    return worker;
}

void
http_worker_give(struct http_server *server, struct http_worker *worker)
{
    arena_reset(worker->arena);
    if (worker->body.capacity > WORKER_BODY_KEPT)
        bytes_free(&worker->body);
    bytes_clear(&worker->body);
    pthread_mutex_lock(&server->lock);
    worker->next = server->workers;
    server->workers = worker;
    pthread_mutex_unlock(&server->lock);
}

static void
workers_free(struct http_worker *worker)
{
    while (worker != NULL) {
        struct http_worker *next = worker->next;
        arena_free(worker->arena);
        bytes_free(&worker->body);
        free(worker);
        worker = next;
    }
}

/* --- one exchange ------------------------------------------------------- */

/* 415, with the types that the route takes. */
static void
refuse_type(struct http_request *request, struct http_response *response)
{
    const struct http_route *route = request->route;
    const char *types = http_content_types(route->body_types,
                                           strcmp(route->method, "PATCH") == 0);
    char *list = arena_strndup(request->arena, types, strlen(types));

    for (char *blank = list; (blank = strchr(blank, ' ')) != NULL;)
        *blank = ',';
    http_problem(request, response, "UNSUPPORTED_MEDIA_TYPE", NULL, 0);
    http_set_header(response, "Accept", list);
}

static bool
body_fits(struct http_exchange *exchange, struct http_response *response)
{
    struct http_request *request = exchange->request;
    const struct http_route *route = request->route;
    size_t max = 0;

    if (request->body_size == 0)
        return true;
    if (route->takes_body)
        max = route->body_max != 0 ? route->body_max
                                   : exchange->server->options.body_max;
    if (request->body_size > max) {
        http_problem(request, response, "TOO_LARGE", NULL, 0);
        return false;
    }
    if (!http_content_type_fits(http_header(request, "Content-Type"),
                                route->body_types,
                                strcmp(route->method, "PATCH") == 0) ||
        http_header(request, "Content-Encoding") != NULL) {
        refuse_type(request, response);
        return false;
    }
    return true;
}

/* Finds the route; false: the response already holds the answer. */
static bool
find_route(struct http_exchange *exchange, struct http_response *response)
{
    struct http_request *request = exchange->request;
    const char *allow = NULL;

    switch (route_find(exchange->server->routes, request->method,
                       exchange->in->http_url, request->arena, request->params,
                       &request->route, &allow)) {
    case ROUTE_FOUND:
        return true;
    case ROUTE_OPTIONS:
        http_set_header(response, "Allow", allow);
        http_answer(response, 204);
        return false;
    case ROUTE_WRONG_METHOD:
        http_problem(request, response, "METHOD_NOT_ALLOWED", NULL, 0);
        http_set_header(response, "Allow", allow);
        return false;
    case ROUTE_BAD_PATH:
        http_problem(request, response, "BAD_FORM",
                     &(struct http_error){"", "BAD_ENCODING", NULL}, 1);
        return false;
    case ROUTE_UNKNOWN:
        break;
    }
    http_problem(request, response, "NOT_FOUND", NULL, 0);
    return false;
}

bool
http_exchange_find(struct http_exchange *exchange,
                   struct http_response *response)
{
    const struct http_options *options = &exchange->server->options;

    if (!find_route(exchange, response) || !http_query_read(exchange, response))
        return false;
    if (options->before != NULL)
        options->before(exchange->request, response);
    return response->status == 0;
}

static void
handle(struct http_exchange *exchange, struct http_response *response)
{
    struct http_request *request = exchange->request;

    if (!http_exchange_find(exchange, response) ||
        !body_fits(exchange, response))
        return;
    request->route->handle(request, response);
    if (response->status == 0) {
        log_event(http_no_answer, log_str("route", request->route->path));
        http_problem(request, response, "BROKEN", NULL, 0);
    }
}

/* Has nothing about a person. Probes, which come every second, get no line. */
static void
log_access(const struct http_exchange *exchange,
           const struct http_response *response, const char *method,
           const char *route, int64_t duration)
{
    const struct http_route *of = exchange->request->route;
    const char *wanted = chassis_settings.access_log;

    if (strcmp(wanted, "off") == 0 || (of != NULL && of->number == 0) ||
        (strcmp(wanted, "errors") == 0 && response->status < 400))
        return;
    log_event(request, log_str("method", method), log_str("route", route),
              log_int("status", response->status),
              log_int("duration_us", duration));
}

void
http_exchange_count(const struct http_exchange *exchange,
                    const struct http_response *response)
{
    const struct http_request *request = exchange->request;
    char labels[160];
    const char *route = request->route == NULL ? "none" : request->route->path;
    const char *method = request->route == NULL ? "any"
                         : exchange->head       ? "HEAD"
                                                : request->route->method;

    int64_t duration = clock_monotonic() - request->received_at;

    log_access(exchange, response, method, route, duration);
    int size = snprintf(labels, sizeof(labels), "method=\"%s\",route=\"%s\"",
                        method, route);
    if (size < 0 || (size_t)size + 16 > sizeof(labels))
        return;
    metric_observe(http_request_duration_seconds, labels, duration);
    snprintf(labels + size, sizeof(labels) - (size_t)size, ",status=\"%d\"",
             response->status);
    metric_add(http_requests_total, labels, 1);
}

void
http_exchange_open(struct http_exchange *exchange,
                   char ret_traceparent[HTTP_TRACEPARENT_TEXT])
{
    struct http_worker *worker = exchange->worker;
    const struct http_connection *connection = exchange->connection;
    const struct _u_request *in = exchange->in;
    struct http_request *request =
        ARENA_NEW(worker->arena, struct http_request);

    *request = (struct http_request){
        .method = exchange->head ? "GET" : in->http_verb,
        /* Before the body, ulfius has no path. */
        .path = in->url_path != NULL
                    ? in->url_path
                    : arena_strndup(worker->arena, in->http_url,
                                    strcspn(in->http_url, "?")),
        .body = in->binary_body,
        .body_size = in->binary_body_length,
        .traceparent = ret_traceparent,
        .received_at = connection->received_at,
        .arena = worker->arena,
        .context = exchange->server->options.context,
        .internal = exchange,
    };
    exchange->request = request;
    request->client = http_client_read(exchange);
    http_trace_read(worker, http_header(request, "traceparent"),
                    request->trace_id, ret_traceparent);
}

static void
exchange_run(struct http_exchange *exchange, struct _u_response *out)
{
    struct http_server *server = exchange->server;
    struct http_worker *worker = exchange->worker;
    char traceparent[HTTP_TRACEPARENT_TEXT];
    struct http_response response = {
        .body = worker->body, .arena = worker->arena, .internal = exchange};

    http_exchange_open(exchange, traceparent);
    log_trace(exchange->request->trace_id);
    handle(exchange, &response);
    if (server->options.after != NULL)
        server->options.after(exchange->request, &response);
    http_answer_give(exchange, &response, out);
    http_exchange_count(exchange, &response);
    log_trace(NULL);
    json_decref(exchange->json);
    worker->body = response.body;
}

/* ulfius' only endpoint: the request is complete. */
static int
on_request(const struct _u_request *in, struct _u_response *out, void *context)
{
    struct http_server *server = context;
    struct http_connection *connection = http_connection_here;
    int64_t deadline = atomic_load(&connection->deadline);

    if (http_connection_move(connection, STAGE_URI, STAGE_BODY, deadline))
        gate_run(connection);
    out->status = 400; /* not read: the connection was cut */
    if (!http_connection_move(connection, STAGE_BODY, STAGE_HANDLING, deadline))
        return U_CALLBACK_COMPLETE;

    struct http_exchange exchange = {
        .server = server,
        .connection = connection,
        .worker = http_worker_take(server),
        .in = in,
        .head = strcmp(in->http_verb, "HEAD") == 0,
    };
    exchange_run(&exchange, out);
    http_worker_give(server, exchange.worker);

    int64_t size = (int64_t)out->binary_body_length;
    atomic_store(&connection->since, clock_monotonic());
    (void)http_connection_move(
        connection, STAGE_HANDLING,
        exchange.stream != NULL ? STAGE_STREAMING : STAGE_SENDING,
        clock_monotonic() + server->options.request_deadline +
            SECONDS(size / SEND_BYTES_PER_SECOND));
    return U_CALLBACK_COMPLETE;
}

/* --- start and stop ----------------------------------------------------- */

static void
fill_defaults(struct http_server *server)
{
    struct http_options *o = &server->options;
    o->body_max = o->body_max != 0 ? o->body_max : BODY_MAX;
    o->connection_max =
        o->connection_max > 0 ? o->connection_max : CONNECTIONS_MAX;
    o->stream_max = o->stream_max > 0 ? o->stream_max : STREAMS_MAX;
    o->large_max = o->large_max > 0 ? o->large_max : LARGE_MAX;
    o->request_deadline =
        o->request_deadline > 0 ? o->request_deadline : default_deadline;
    o->idle_timeout = o->idle_timeout > 0 ? o->idle_timeout : default_idle;
    server->body_limit = o->body_max;
    for (const struct http_route *r = o->routes; r->path != NULL; r++) {
        if (r->body_max > server->body_limit)
            server->body_limit = r->body_max;
    }
}

/* A silent connection costs a socket and no thread, so there may be more, up to
 * the number of files that the process may have. */
static void
count_files(struct http_server *server)
{
    int wanted = PENDING_TIMES * server->options.connection_max;
    rlim_t all =
        (rlim_t)(wanted + server->options.connection_max) + OTHER_FILES;
    struct rlimit limit;

    server->pending_max = server->options.connection_max;
    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return;
    if (limit.rlim_cur < all) {
        limit.rlim_cur = limit.rlim_max < all ? limit.rlim_max : all;
        (void)setrlimit(RLIMIT_NOFILE, &limit);
    }
    if (limit.rlim_cur >= all)
        server->pending_max = wanted;
}

/* The limits of connections, streams and large bodies at the same time. */
static void
crowds_open(struct http_server *server)
{
    const struct http_options *o = &server->options;

    http_crowd_open(&server->sockets,
                    o->connection_max + server->pending_max + LIBRARY_ROOM,
                    o->connection_per_host_max, o->connection_per_network_max);
    http_crowd_open(&server->streams, 2 * o->stream_max,
                    (o->stream_max + 3) / 4, (o->stream_max + 1) / 2);
    http_crowd_open(&server->large, o->large_max, (o->large_max + 1) / 2,
                    o->large_max);
}

static bool
daemon_start(struct http_server *server)
{
    const struct http_options *o = &server->options;
    struct _u_instance *instance = &server->instance;
    intptr_t idle_s = (intptr_t)((o->idle_timeout + 999999) / 1000000);
    struct MHD_OptionItem items[] = {
        {MHD_OPTION_EXTERNAL_LOGGER, (intptr_t)http_connection_complaint,
         server},
        {MHD_OPTION_NOTIFY_CONNECTION, (intptr_t)http_connection_notify,
         server},
        {MHD_OPTION_NOTIFY_COMPLETED, (intptr_t)http_connection_completed,
         server},
        {MHD_OPTION_URI_LOG_CALLBACK, (intptr_t)http_connection_uri, server},
        {MHD_OPTION_CONNECTION_LIMIT, o->connection_max + LIBRARY_ROOM, NULL},
        {MHD_OPTION_CONNECTION_TIMEOUT, idle_s, NULL},
        {MHD_OPTION_CONNECTION_MEMORY_LIMIT, CONNECTION_MEMORY, NULL},
        {MHD_OPTION_THREAD_STACK_SIZE, CONNECTION_STACK, NULL},
        {MHD_OPTION_END, 0, NULL},
    };

    if (ulfius_init_instance(instance, server->port, NULL, NULL) != U_OK)
        return false;
    instance->max_post_body_size = server->body_limit + 1;
    instance->allowed_post_processor = U_POST_PROCESS_NONE;
    instance->check_utf8 = 0;
    ulfius_set_default_endpoint(instance, on_request, server);
    return ulfius_start_framework_with_mhd_options(
               instance,
               MHD_USE_THREAD_PER_CONNECTION | MHD_USE_INTERNAL_POLLING_THREAD |
                   MHD_USE_POLL | MHD_USE_ITC | MHD_USE_ERROR_LOG |
                   MHD_USE_NO_LISTEN_SOCKET,
               items) == U_OK;
}

static void
server_free(struct http_server *server)
{
    ulfius_clean_instance(&server->instance);
    if (server->listener >= 0)
        close(server->listener);
    if (server->wake >= 0)
        close(server->wake);
    if (server->poll >= 0)
        close(server->poll);
    http_crowd_close(&server->sockets);
    http_crowd_close(&server->streams);
    http_crowd_close(&server->large);
    workers_free(server->workers);
    route_table_free(server->routes);
    pthread_mutex_destroy(&server->lock);
    free(server);
}

struct http_server *
http_start(const struct http_options *options, char ret_error[256])
{
    struct http_server *server = calloc(1, sizeof(*server));
    if (server == NULL)
        out_of_memory(sizeof(*server));
    server->options = *options;
    server->listener = -1;
    server->wake = -1;
    server->poll = -1;
    for (size_t i = 0; i < COUNT_OF(server->ready); i++)
        server->ready[i].end = &server->ready[i].first;
    pthread_mutex_init(&server->lock, NULL);
    fill_defaults(server);
    count_files(server);
    crowds_open(server);

    server->routes = route_table_new(options->routes, ret_error);
    if (server->routes == NULL) {
        server_free(server);
        return NULL;
    }
    if (!http_listen(server)) {
        snprintf(ret_error, 256, "cannot listen on %s port %u: %s",
                 options->address, (unsigned)options->port, strerror(errno));
        server_free(server);
        return NULL;
    }
    http_early_install();
    if (!daemon_start(server) || !http_accept_start(server)) {
        snprintf(ret_error, 256, "cannot start the HTTP threads");
        ulfius_stop_framework(&server->instance);
        server_free(server);
        return NULL;
    }
    return server;
}

uint16_t
http_port(const struct http_server *server)
{
    return server->port;
}

void
http_leave(struct http_server *server)
{
    atomic_store(&server->leaving, true);
}

void
http_stop(struct http_server *server, int64_t deadline)
{
    if (server == NULL)
        return;
    http_leave(server);
    atomic_store(&server->draining, true);
    http_accept_wake(server);
    http_connections_drain(server, clock_monotonic() + drain_grace, deadline);
    /* No connection may be given to a library that is stopping. */
    http_accept_stop(server);
    ulfius_stop_framework(&server->instance);
    server_free(server);
}
