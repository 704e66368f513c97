/* The connections of the server: who is there, in which stage, until when.
 *
 * The library calls the four hooks below; the watch thread walks the registry
 * and cuts what is too slow, because the library's own timeout starts again
 * with every byte. Refusals that need no handler are written to the socket
 * from here and end the connection, so that the library's own error pages are
 * never seen once a request line was read. Must never touch a socket after
 * the library was told that its connection is closed.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "chassis/base/clock.h"
#include "chassis/http/http_internal.h"
#include "chassis/base/log.h"
#include "chassis/base/metrics.h"

enum { DRAIN_STEP_MS = 5 };

_Thread_local struct http_connection *http_connection_here;

static void
name_client(struct http_connection *connection, const struct sockaddr *peer)
{
    struct http_address address;
    bool known = address_of_socket(peer, &address);

    client_name(known ? &address : NULL, &connection->client);
    connection->proxied =
        known &&
        networks_have(&connection->server->options.trusted_proxies, &address);
}

static void
connection_open(struct http_server *server, struct MHD_Connection *mhd,
                void **context)
{
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD);
    const union MHD_ConnectionInfo *peer =
        MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CLIENT_ADDRESS);
    struct http_connection *connection = calloc(1, sizeof(*connection));
    if (connection == NULL)
        out_of_memory(sizeof(*connection));

    connection->server = server;
    connection->mhd = mhd;
    connection->socket = info == NULL ? -1 : info->connect_fd;
    atomic_store(&connection->deadline,
                 clock_monotonic() + server->options.request_deadline);
    name_client(connection, peer == NULL ? NULL : peer->client_addr);

    pthread_mutex_lock(&server->lock);
    connection->next = server->registry;
    connection->link = &server->registry;
    if (connection->next != NULL)
        connection->next->link = &connection->next;
    server->registry = connection;
    pthread_mutex_unlock(&server->lock);
    *context = connection;
}

static void
connection_close(struct http_connection *connection)
{
    struct http_server *server = connection->server;

    pthread_mutex_lock(&server->lock);
    *connection->link = connection->next;
    if (connection->next != NULL)
        connection->next->link = connection->link;
    pthread_mutex_unlock(&server->lock);
    free(connection);
    http_accept_gone(server);
}

void
http_connection_notify(void *server, struct MHD_Connection *mhd, void **context,
                       enum MHD_ConnectionNotificationCode code)
{
    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        connection_open(server, mhd, context);
    } else if (*context != NULL) {
        connection_close(*context);
        *context = NULL;
    }
}

/* The request line was read; the headers may still be missing. */
void *
http_connection_uri(void *server, const char *uri, struct MHD_Connection *mhd)
{
    struct http_server *own = server;
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    struct http_connection *connection = info->socket_context;
    int64_t now = clock_monotonic();

    connection->received_at = now;
    connection->uri = uri;
    connection->uri_size = strlen(uri);
    connection->info = ulfius_uri_logger(&own->instance, uri);
    http_connection_here = connection;

    int64_t deadline = connection->served ? now + own->options.request_deadline
                                          : atomic_load(&connection->deadline);
    connection->served = true;
    if (!http_connection_move(connection, STAGE_IDLE, STAGE_URI, deadline))
        return connection->info;
    const char *code = gate_target(uri, connection->uri_size);
    if (code != NULL)
        http_connection_refuse(connection, code);
    return connection->info;
}

void
http_connection_completed(void *server, struct MHD_Connection *mhd,
                          void **context, enum MHD_RequestTerminationCode code)
{
    struct http_server *own = server;
    const union MHD_ConnectionInfo *info =
        MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
    struct http_connection *connection = info->socket_context;

    mhd_request_completed(&own->instance, mhd, context, code);
    if (connection == NULL)
        return;
    connection->info = NULL;
    connection->uri = NULL;
    int64_t deadline = clock_monotonic() + own->options.idle_timeout +
                       own->options.request_deadline;
    int stage = atomic_load(&connection->stage);
    if (stage != STAGE_CUT)
        (void)http_connection_move(connection, stage, STAGE_IDLE, deadline);
}

bool
http_connection_move(struct http_connection *connection, int from, int to,
                     int64_t deadline)
{
    /* The deadline first where it is later: the watch must never see the new
     * stage with the old, passed deadline. */
    int64_t before = atomic_load(&connection->deadline);
    if (deadline > before)
        atomic_store(&connection->deadline, deadline);
    if (!atomic_compare_exchange_strong(&connection->stage, &from, to))
        return false;
    atomic_store(&connection->deadline, deadline);
    return true;
}

static void
refusal_write(struct bytes *out, struct http_server *server, const char *code)
{
    struct http_worker dice = {.random_used = sizeof(dice.random)};
    char trace[HTTP_TRACE_TEXT];
    char parent[HTTP_TRACEPARENT_TEXT];
    struct bytes body = {0};

    http_trace_read(&dice, NULL, trace, parent);
    struct problem problem = {.code = code, .trace_id = trace};
    int status = problem_write(&body, server->options.describe, &problem);

    bytes_printf(out, "HTTP/1.1 %d %s\r\n", status,
                 MHD_get_reason_phrase_for((unsigned)status));
    bytes_add_text(out, "Content-Type: application/problem+json\r\n"
                        "Content-Language: zh-TW\r\nConnection: close\r\n");
    for (const struct http_pair *h = http_safe_headers; h->name != NULL; h++)
        bytes_printf(out, "%s: %s\r\n", h->name, h->value);
    bytes_printf(out, "Content-Length: %zu\r\n\r\n", body.size);
    bytes_add(out, body.data, body.size);
    bytes_free(&body);
}

/* The answer of a connection that was already moved to STAGE_CUT. */
static void
refusal_send(struct http_connection *connection, const char *code)
{
    char labels[80];
    struct bytes out = {0};

    refusal_write(&out, connection->server, code);
    /* Less than the smallest send buffer: it goes out whole or not at all. */
    (void)!send(connection->socket, out.data, out.size,
                MSG_NOSIGNAL | MSG_DONTWAIT);
    shutdown(connection->socket, SHUT_RDWR);
    bytes_free(&out);
    snprintf(labels, sizeof(labels), "reason=\"%s\"", code);
    metric_add("http_rejected_total", labels, 1);
}

void
http_connection_refuse(struct http_connection *connection, const char *code)
{
    int stage = atomic_load(&connection->stage);
    int64_t deadline = atomic_load(&connection->deadline);

    if (stage >= STAGE_SENDING ||
        !http_connection_move(connection, stage, STAGE_CUT, deadline))
        return;
    refusal_send(connection, code);
}

/* --- what the library complains about ----------------------------------- */

struct complaint {
    unsigned status;
    const char *code;
};

static const struct complaint complaints[] = {
    {MHD_HTTP_URI_TOO_LONG, "URI_TOO_LONG"},
    {MHD_HTTP_REQUEST_HEADER_FIELDS_TOO_LARGE, "HEADERS_TOO_LARGE"},
    {MHD_HTTP_CONTENT_TOO_LARGE, "TOO_LARGE"},
    {MHD_HTTP_HTTP_VERSION_NOT_SUPPORTED, "HTTP_VERSION_UNKNOWN"},
};

void
http_connection_complaint(void *server, const char *format, va_list args)
{
    static const char page[] = "Error processing request (HTTP response code";
    struct http_connection *here = http_connection_here;
    (void)server;

    if (strncmp(format, page, sizeof(page) - 1) != 0)
        return;
    if (here == NULL) {
        /* Before the thread's first request line nobody says which connection
         * it is: the library's own page goes out, once, and it closes. */
        metric_add("http_rejected_total", "reason=\"REQUEST_LINE\"", 1);
        return;
    }
    unsigned status = va_arg(args, unsigned);
    const char *code = "BAD_FRAMING";
    for (size_t i = 0; i < COUNT_OF(complaints); i++) {
        if (complaints[i].status == status)
            code = complaints[i].code;
    }
    http_connection_refuse(here, code);
}

/* --- the watch ---------------------------------------------------------- */

/* Under the registry's lock, so that the socket stays this connection's. */
static void
watch_connection(struct http_connection *connection, int64_t now)
{
    int64_t deadline = atomic_load(&connection->deadline);
    int stage = atomic_load(&connection->stage);

    if (deadline > now || stage == STAGE_HANDLING || stage == STAGE_STREAMING ||
        stage == STAGE_CUT)
        return;
    /* The deadline again: between the two reads the stage may have moved on. */
    if (atomic_load(&connection->deadline) != deadline ||
        !atomic_compare_exchange_strong(&connection->stage, &stage, STAGE_CUT))
        return;
    if (stage == STAGE_URI || stage == STAGE_BODY) {
        refusal_send(connection, "REQUEST_TOO_SLOW");
        return;
    }
    shutdown(connection->socket, SHUT_RDWR);
    metric_add("http_rejected_total",
               stage == STAGE_IDLE ? "reason=\"IDLE\"" : "reason=\"UNREAD\"",
               1);
}

void
http_watch_tick(struct http_server *server, int64_t now)
{
    pthread_mutex_lock(&server->lock);
    for (struct http_connection *c = server->registry; c != NULL; c = c->next)
        watch_connection(c, now);
    pthread_mutex_unlock(&server->lock);
}

/* Closes what idles if `close_idle`; returns how many are still at work, with
 * those that the library has not yet announced. */
static int
drain_step(struct http_server *server, bool close_idle)
{
    pthread_mutex_lock(&server->lock);
    int busy = atomic_load(&server->connections);
    for (struct http_connection *c = server->registry; c != NULL; c = c->next) {
        int stage = STAGE_IDLE;
        char byte;
        if (atomic_load(&c->stage) == STAGE_CUT) {
            busy--;
            continue;
        }
        if (!close_idle || atomic_load(&c->stage) != STAGE_IDLE ||
            recv(c->socket, &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0 ||
            !atomic_compare_exchange_strong(&c->stage, &stage, STAGE_CUT))
            continue;
        shutdown(c->socket, SHUT_RDWR);
        busy--;
    }
    pthread_mutex_unlock(&server->lock);
    return busy;
}

void
http_connections_drain(struct http_server *server, int64_t idle_from,
                       int64_t deadline)
{
    const struct timespec step = {.tv_nsec = DRAIN_STEP_MS * 1000000L};

    for (;;) {
        int64_t now = clock_monotonic();
        int busy = drain_step(server, now >= idle_from);
        if (now >= deadline ||
            (busy == 0 && atomic_load(&server->accepted_all)))
            return;
        nanosleep(&step, NULL);
    }
}
