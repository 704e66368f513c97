/* Connections that are accepted and have no thread yet.
 *
 * A connection waits here until its first request line is complete: a silent
 * one costs a socket and a few hundred bytes, no thread. A line that is not
 * HTTP is answered here. Called by the accepting thread alone, which owns a
 * pending connection until it gives it to the library; other threads may only
 * cut it (stage and shutdown), and it is then closed here.
 */
#include <errno.h>
#include <limits.h>
#include <netinet/in.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "chassis/base/arena.h"
#include "chassis/base/clock.h"
#include "chassis/base/metrics.h"
#include "chassis/http/http_internal.h"

enum { ADMITTED = 8 };

static void
count_pending(struct http_server *server, int by)
{
    metric_set(http_connections_pending, "",
               atomic_fetch_add(&server->pending, by) + by);
}

static void
name_client(struct http_connection *connection, const struct sockaddr *peer)
{
    struct http_address address;
    bool known = address_of_socket(peer, &address);

    client_name(known ? &address : NULL, &connection->client);
    connection->proxied =
        known &&
        networks_have(&connection->server->options.trusted_proxies, &address);
    memcpy(&connection->peer, peer,
           peer->sa_family == AF_INET6 ? sizeof(struct sockaddr_in6)
                                       : sizeof(struct sockaddr_in));
}

/* A connection of a trusted proxy is counted, but has no limit. */
static bool
take_share(struct http_connection *connection)
{
    struct http_crowd *sockets = &connection->server->sockets;
    if (!connection->proxied)
        return http_crowd_enter(sockets, &connection->client);

    struct http_crowd all = {.hosts = sockets->hosts,
                             .networks = sockets->networks,
                             .host_max = INT64_MAX,
                             .network_max = INT64_MAX};
    return http_crowd_enter(&all, &connection->client);
}

void
http_pending_open(struct http_server *server, int socket,
                  const struct sockaddr *peer)
{
    struct http_connection *connection = calloc(1, sizeof(*connection));
    int64_t now = clock_monotonic();
    if (connection == NULL)
        out_of_memory(sizeof(*connection));

    connection->server = server;
    connection->socket = socket;
    atomic_store(&connection->stage, STAGE_PENDING);
    atomic_store(&connection->since, now);
    atomic_store(&connection->deadline, now + server->options.request_deadline);
    name_client(connection, peer);
    if (!take_share(connection)) {
        http_count_rejected("PER_ADDRESS");
        close(socket);
        free(connection);
        return;
    }
    http_connection_register(connection);
    count_pending(server, 1);
    struct epoll_event event = {.events = EPOLLIN | EPOLLRDHUP | EPOLLET,
                                .data.ptr = connection};
    (void)epoll_ctl(server->poll, EPOLL_CTL_ADD, socket, &event);
}

static void
pending_close(struct http_connection *connection)
{
    struct http_server *server = connection->server;

    close(connection->socket);
    http_connection_forget(connection);
    count_pending(server, -1);
}

/* --- waiting for a place ------------------------------------------------ */

static void
ready_add(struct http_connection *connection)
{
    struct http_server *server = connection->server;

    connection->ready = true;
    connection->heavy = http_pressure_weight(connection) > 0;
    connection->after = NULL;
    struct http_queue *queue = &server->ready[connection->heavy];
    *queue->end = connection;
    queue->end = &connection->after;
    server->ready_count++;
}

static void
ready_remove(struct http_connection *connection)
{
    struct http_server *server = connection->server;
    struct http_queue *queue = &server->ready[connection->heavy];
    struct http_connection **at = &queue->first;

    if (!connection->ready)
        return;
    while (*at != connection)
        at = &(*at)->after;
    *at = connection->after;
    if (*at == NULL)
        queue->end = at;
    connection->ready = false;
    server->ready_count--;
}

/* Gives the socket to the library; its thread reads again the bytes that were
 * only peeked at here. */
static void
hand_over(struct http_connection *connection)
{
    struct http_server *server = connection->server;
    union {
        struct sockaddr_in6 v6;
        struct sockaddr any;
    } peer = {.v6 = connection->peer};
    socklen_t size = peer.any.sa_family == AF_INET6
                         ? sizeof(struct sockaddr_in6)
                         : sizeof(struct sockaddr_in);
    int socket = connection->socket;
    int64_t deadline = atomic_load(&connection->deadline);
    if (!http_connection_move(connection, STAGE_PENDING, STAGE_ARRIVING,
                              deadline))
        return; /* cut meanwhile: an event will close it */

    (void)epoll_ctl(server->poll, EPOLL_CTL_DEL, socket, NULL);
    pthread_mutex_lock(&server->lock);
    connection->handed = true;
    connection->after = server->arriving;
    server->arriving = connection;
    pthread_mutex_unlock(&server->lock);
    count_pending(server, -1);
    metric_set(http_connections, "",
               atomic_fetch_add(&server->connections, 1) + 1);
    if (MHD_add_connection(server->instance.mhd_daemon, socket, &peer.any,
                           size) == MHD_YES)
        return;
    http_count_rejected("LIBRARY");
    http_connection_vanish(server, socket);
}

/* Some of one queue: starting a thread costs as much as many checks, and the
 * others wait meanwhile. */
static bool
admit(struct http_server *server, bool heavy)
{
    int places = atomic_load(&server->draining)
                     ? INT_MAX
                     : http_pressure_places(server, heavy);
    struct http_queue *queue = &server->ready[heavy];

    for (int i = 0; i < ADMITTED && queue->first != NULL &&
                    atomic_load(&server->connections) < places;
         i++) {
        struct http_connection *connection = queue->first;
        ready_remove(connection);
        hand_over(connection);
    }
    return queue->first != NULL && atomic_load(&server->connections) < places;
}

bool
http_pending_admit(struct http_server *server)
{
    bool more = admit(server, false);
    return admit(server, true) || more;
}

/* --- incoming bytes ----------------------------------------------------- */

/* Discards bytes from the client. False: it has closed. */
static bool
swallow(struct http_connection *connection)
{
    char piece[4096];
    ssize_t size;

    do
        size = recv(connection->socket, piece, sizeof(piece), MSG_DONTWAIT);
    while (size > 0);
    return size < 0;
}

/* The client has a moment to read the answer: it was cut with a deadline. */
static void
refuse(struct http_connection *connection, const char *code)
{
    int64_t until = clock_monotonic() + MILLISECONDS(500);

    if (!http_connection_move(connection, STAGE_PENDING, STAGE_CUT, until))
        return;
    (void)!swallow(connection);
    http_refusal_send(connection, code, false);
}

/* True: the connection goes on. */
static bool
look(struct http_connection *connection)
{
    char bytes[FIRST_LINE_ROOM];
    bool whole = false;

    if (atomic_load(&connection->stage) == STAGE_CUT)
        return swallow(connection);
    if (connection->ready)
        return true;
    ssize_t size =
        recv(connection->socket, bytes, sizeof(bytes), MSG_PEEK | MSG_DONTWAIT);
    if (size == 0 || (size < 0 && errno != EAGAIN && errno != EINTR))
        return false;
    if (size < 0)
        return true;
    const char *code = first_line_check(bytes, (size_t)size, &whole);
    if (code != NULL)
        refuse(connection, code);
    else if (whole)
        ready_add(connection);
    return true;
}

void
http_pending_look(struct http_connection *connection)
{
    if (look(connection))
        return;
    ready_remove(connection);
    pending_close(connection);
}

/* A connection that the library does not have yet; NULL: there is none. */
static struct http_connection *
pending_first(struct http_server *server)
{
    pthread_mutex_lock(&server->lock);
    struct http_connection *connection = server->registry;
    while (connection != NULL && connection->handed)
        connection = connection->next;
    pthread_mutex_unlock(&server->lock);
    return connection;
}

/* The library's threads still forget theirs, so each step looks again. */
void
http_pending_close_all(struct http_server *server)
{
    struct http_connection *connection;

    while ((connection = pending_first(server)) != NULL)
        pending_close(connection);
}
