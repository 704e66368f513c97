/* Accepts connections and looks at the clock: one thread of each server.
 *
 * The library below would accept beyond its limit only to close at once, so
 * this thread accepts and hands over: at the limit of all connections the next
 * ones wait in the kernel, beyond the limit of one address they are closed.
 * When the server drains, what the kernel has already accepted is still taken.
 * Must never block in anything but its poll().
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "chassis/base/clock.h"
#include "chassis/http/http_internal.h"
#include "chassis/base/metrics.h"

enum { BACKLOG = 1024, WATCH_INTERVAL_MS = 100 };

static bool
bind_and_listen(struct http_server *server, const struct addrinfo *address)
{
    union {
        struct sockaddr any;
        struct sockaddr_in v4;
        struct sockaddr_in6 v6;
    } bound = {.v6 = {0}};
    socklen_t size = sizeof(bound);
    int one = 1;

    server->listener = socket(address->ai_family,
                              SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    if (server->listener < 0 ||
        setsockopt(server->listener, SOL_SOCKET, SO_REUSEADDR, &one,
                   sizeof(one)) < 0 ||
        bind(server->listener, address->ai_addr, address->ai_addrlen) < 0 ||
        listen(server->listener, BACKLOG) < 0 ||
        getsockname(server->listener, &bound.any, &size) < 0)
        return false;

    server->port = ntohs(bound.any.sa_family == AF_INET6 ? bound.v6.sin6_port
                                                         : bound.v4.sin_port);
    return true;
}

bool
http_listen(struct http_server *server)
{
    struct addrinfo hints = {.ai_flags = AI_NUMERICHOST | AI_PASSIVE,
                             .ai_socktype = SOCK_STREAM};
    struct addrinfo *found = NULL;
    char port[8];

    snprintf(port, sizeof(port), "%u", (unsigned)server->options.port);
    if (getaddrinfo(server->options.address, port, &hints, &found) != 0) {
        errno = EINVAL;
        return false;
    }
    bool listens = bind_and_listen(server, found);
    int error = errno;
    freeaddrinfo(found);
    errno = error;
    return listens;
}

static void
count_connections(int count)
{
    metric_set("http_connections", "", count);
}

/* The library keeps the count of each address; it closes what it refuses. */
static void
hand_over(struct http_server *server, int fd, const struct sockaddr *peer,
          socklen_t size)
{
    count_connections(atomic_fetch_add(&server->connections, 1) + 1);
    if (MHD_add_connection(server->instance.mhd_daemon, fd, peer, size) ==
        MHD_YES)
        return;
    metric_add("http_rejected_total", "reason=\"PER_ADDRESS\"", 1);
    http_accept_gone(server);
}

/* Takes what waits, up to the limit; while draining, all of it. */
static void
accept_some(struct http_server *server, bool all)
{
    struct sockaddr_storage peer;

    while (all ||
           atomic_load(&server->connections) < server->options.connection_max) {
        socklen_t size = sizeof(peer);
        int fd = accept4(server->listener, (struct sockaddr *)&peer, &size,
                         SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0)
            return;
        hand_over(server, fd, (const struct sockaddr *)&peer, size);
    }
}

static void
accept_last(struct http_server *server)
{
    accept_some(server, true);
    close(server->listener);
    server->listener = -1;
    atomic_store(&server->accepted_all, true);
}

static void *
accept_main(void *argument)
{
    struct http_server *server = argument;
    int64_t ticked = 0;

    while (!atomic_load(&server->stopping)) {
        bool room =
            atomic_load(&server->connections) < server->options.connection_max;
        struct pollfd ready[] = {
            {.fd = server->wake, .events = POLLIN},
            {.fd = room ? server->listener : -1, .events = POLLIN},
        };
        uint64_t wakes;
        (void)poll(ready, 2, WATCH_INTERVAL_MS);
        if (ready[0].revents != 0)
            (void)!read(server->wake, &wakes, sizeof(wakes));
        if (server->listener >= 0 && atomic_load(&server->draining))
            accept_last(server);
        else if (ready[1].revents != 0)
            accept_some(server, false);

        int64_t now = clock_monotonic();
        if (now - ticked >= MILLISECONDS(WATCH_INTERVAL_MS)) {
            http_watch_tick(server, now);
            ticked = now;
        }
    }
    return NULL;
}

bool
http_accept_start(struct http_server *server)
{
    server->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    server->threaded =
        server->wake >= 0 &&
        pthread_create(&server->thread, NULL, accept_main, server) == 0;
    return server->threaded;
}

void
http_accept_wake(struct http_server *server)
{
    uint64_t one = 1;
    (void)!write(server->wake, &one, sizeof(one));
}

void
http_accept_gone(struct http_server *server)
{
    int before = atomic_fetch_sub(&server->connections, 1);
    count_connections(before - 1);
    if (before >= server->options.connection_max)
        http_accept_wake(server);
}

void
http_accept_stop(struct http_server *server)
{
    if (!server->threaded)
        return;
    atomic_store(&server->stopping, true);
    http_accept_wake(server);
    pthread_join(server->thread, NULL);
    server->threaded = false;
}
