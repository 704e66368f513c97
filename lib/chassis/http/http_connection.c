/* The connections of the server, with their stages and deadlines.
 *
 * The library calls the four hooks below. The accepting thread walks the
 * registry and cuts slow connections, because the library's own timeout starts
 * again with every byte. Must never touch a socket after the library has closed
 * its connection.
 */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>

#include "chassis/base/clock.h"
#include "chassis/http/http_internal.h"
#include "chassis/base/metrics.h"

enum { DRAIN_STEP_MS = 5 };

_Thread_local struct http_connection *http_connection_here;

void
http_connection_register(struct http_connection *connection)
{
    struct http_server *server = connection->server;

    pthread_mutex_lock(&server->lock);
    connection->next = server->registry;
    connection->link = &server->registry;
    if (connection->next != NULL)
        connection->next->link = &connection->next;
    server->registry = connection;
    pthread_mutex_unlock(&server->lock);
}

void
http_connection_forget(struct http_connection *connection)
{
    struct http_server *server = connection->server;

    pthread_mutex_lock(&server->lock);
    *connection->link = connection->next;
    if (connection->next != NULL)
        connection->next->link = connection->link;
    pthread_mutex_unlock(&server->lock);
    http_crowd_leave(&server->sockets, &connection->client);
    free(connection);
}

/* The connection that was given to the library with this socket. */
static struct http_connection *
arrived(struct http_server *server, int socket)
{
    pthread_mutex_lock(&server->lock);
    struct http_connection **at = &server->arriving;
    while (*at != NULL && (*at)->socket != socket)
        at = &(*at)->after;
    struct http_connection *connection = *at;
    if (connection != NULL)
        *at = connection->after;
    pthread_mutex_unlock(&server->lock);
    return connection;
}

void
http_connection_vanish(struct http_server *server, int socket)
{
    struct http_connection *connection = arrived(server, socket);

    if (connection == NULL)
        return; /* the library's hook was called */
    http_connection_forget(connection);
    http_accept_gone(server);
}

void
http_connection_notify(void *server, struct MHD_Connection *mhd, void **context,
                       enum MHD_ConnectionNotificationCode code)
{
    const union MHD_ConnectionInfo *info;
    struct http_connection *connection = *context;

    if (code == MHD_CONNECTION_NOTIFY_STARTED) {
        info = MHD_get_connection_info(mhd, MHD_CONNECTION_INFO_CONNECTION_FD);
        connection = arrived(server, info == NULL ? -1 : info->connect_fd);
        if (connection != NULL)
            connection->mhd = mhd;
        *context = connection;
    } else if (connection != NULL) {
        http_connection_forget(connection);
        http_accept_gone(server);
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
    atomic_store(&connection->since, now);
    connection->uri = uri;
    connection->uri_size = strlen(uri);
    connection->info = ulfius_uri_logger(&own->instance, uri);
    http_connection_here = connection;

    int64_t deadline = connection->served ? now + own->options.request_deadline
                                          : atomic_load(&connection->deadline);
    connection->served = true;
    if (!http_connection_move(connection, STAGE_IDLE, STAGE_URI, deadline) &&
        !http_connection_move(connection, STAGE_ARRIVING, STAGE_URI, deadline))
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
    int64_t now = clock_monotonic();
    int64_t deadline =
        now + own->options.idle_timeout + own->options.request_deadline;
    atomic_store(&connection->since, now);
    if (connection->large) {
        connection->large = false;
        http_crowd_leave(&own->large, &connection->large_client);
        metric_set(http_large_bodies, "", shares_total(own->large.hosts));
    }
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

/* --- the library's error texts ------------------------------------------ */

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
        /* Before the thread's first request line. It was checked while the
         * connection was pending, so this is not expected. */
        http_count_rejected("REQUEST_LINE");
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

/* Whether it has been idle for longer than the load allows. */
static bool
idles_too_long(const struct http_connection *connection, int stage, int64_t now)
{
    char byte;

    if ((stage != STAGE_PENDING && stage != STAGE_IDLE) || connection->ready ||
        now - atomic_load(&connection->since) <= http_pressure_idle(connection))
        return false;
    return stage == STAGE_PENDING ||
           recv(connection->socket, &byte, 1, MSG_PEEK | MSG_DONTWAIT) <= 0;
}

static void
cut_late(struct http_connection *connection, int stage)
{
    const char *code = NULL;

    if (stage >= STAGE_ARRIVING && stage <= STAGE_BODY)
        code = "REQUEST_TOO_SLOW";
    else if (stage == STAGE_PENDING && connection->ready)
        code = "UNAVAILABLE";
    if (code != NULL)
        http_refusal_send(connection, code, false);
    else
        http_count_rejected(stage <= STAGE_IDLE ? "IDLE" : "UNREAD");
    shutdown(connection->socket, SHUT_RDWR);
}

/* Under the registry's lock, so that the socket stays this connection's. */
static void
watch_connection(struct http_connection *connection, int64_t now)
{
    int64_t deadline = atomic_load(&connection->deadline);
    int stage = atomic_load(&connection->stage);

    if (stage == STAGE_CUT && !connection->handed && deadline <= now)
        shutdown(connection->socket, SHUT_RDWR); /* it lingered long enough */
    if (stage == STAGE_HANDLING || stage == STAGE_STREAMING ||
        stage == STAGE_CUT ||
        (deadline > now && !idles_too_long(connection, stage, now)))
        return;
    /* The deadline again: between the two reads the stage may have moved on. */
    if (atomic_load(&connection->deadline) != deadline ||
        !atomic_compare_exchange_strong(&connection->stage, &stage, STAGE_CUT))
        return;
    cut_late(connection, stage);
}

void
http_watch_tick(struct http_server *server, int64_t now)
{
    pthread_mutex_lock(&server->lock);
    for (struct http_connection *c = server->registry; c != NULL; c = c->next)
        watch_connection(c, now);
    pthread_mutex_unlock(&server->lock);
}

/* Closes idle ones if `close_idle`; returns how many still work, with those
 * that the library has not announced yet. */
static int
drain_step(struct http_server *server, bool close_idle)
{
    pthread_mutex_lock(&server->lock);
    int busy =
        atomic_load(&server->connections) + atomic_load(&server->pending);
    for (struct http_connection *c = server->registry; c != NULL; c = c->next) {
        int stage;
        char byte;
        if (atomic_load(&c->stage) == STAGE_CUT) {
            busy--;
            continue;
        }
        stage = atomic_load(&c->stage);
        if (!close_idle || stage > STAGE_IDLE || c->ready ||
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
