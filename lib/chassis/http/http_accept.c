/* Accepts connections and checks deadlines: one thread of each server.
 *
 * It keeps each connection until its first request line has come, then gives it
 * to the library, which starts its thread. When places are short, it closes
 * others. While the server drains, it still takes connections that the kernel
 * has accepted. Must never block in anything except its epoll_wait().
 */
#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <stdio.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <unistd.h>

#include "chassis/base/clock.h"
#include "chassis/http/http_internal.h"
#include "chassis/base/metrics.h"

enum { BACKLOG = 4096, WATCH_INTERVAL_MS = 100, BURST = 64, EVENTS = 64 };

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

/* Takes waiting connections, a few at a time; while draining, all of them. */
static void
accept_some(struct http_server *server, bool all)
{
    struct sockaddr_storage peer;

    for (int i = 0; all || (i < BURST && atomic_load(&server->pending) <
                                             server->pending_max);
         i++) {
        socklen_t size = sizeof(peer);
        int fd = accept4(server->listener, (struct sockaddr *)&peer, &size,
                         SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (fd < 0)
            return;
        http_pending_open(server, fd, (const struct sockaddr *)&peer);
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

/* Watches the listener while there is room. */
static void
watch_listener(struct http_server *server)
{
    bool room = atomic_load(&server->pending) < server->pending_max;
    struct epoll_event event = {.events = room ? EPOLLIN : 0,
                                .data.ptr = &server->listener};

    if (server->listener < 0 || room == server->listens)
        return;
    if (epoll_ctl(server->poll, EPOLL_CTL_MOD, server->listener, &event) == 0)
        server->listens = room;
}

/* Waits for events and handles each. */
static void
accept_wait(struct http_server *server, int timeout)
{
    struct epoll_event events[EVENTS];
    uint64_t wakes;
    int count = epoll_wait(server->poll, events, EVENTS, timeout);

    for (int i = 0; i < count; i++) {
        void *of = events[i].data.ptr;
        if (of == &server->wake)
            (void)!read(server->wake, &wakes, sizeof(wakes));
        else if (of != &server->listener)
            http_pending_look(of);
        else if (!atomic_load(&server->draining))
            accept_some(server, false);
    }
}

static void *
accept_main(void *argument)
{
    struct http_server *server = argument;
    int64_t ticked = 0;
    bool more = false;

    while (!atomic_load(&server->stopping)) {
        accept_wait(server, more ? 0 : WATCH_INTERVAL_MS);
        if (server->listener >= 0 && atomic_load(&server->draining))
            accept_last(server);
        more = http_pending_admit(server);
        int64_t now = clock_monotonic();
        http_pressure_relieve(server, now);
        watch_listener(server);
        if (now - ticked >= MILLISECONDS(WATCH_INTERVAL_MS)) {
            http_watch_tick(server, now);
            ticked = now;
        }
    }
    return NULL;
}

static bool
poll_open(struct http_server *server)
{
    struct epoll_event wake = {.events = EPOLLIN, .data.ptr = &server->wake};
    struct epoll_event listener = {.events = EPOLLIN,
                                   .data.ptr = &server->listener};

    server->poll = epoll_create1(EPOLL_CLOEXEC);
    server->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    server->listens = true;
    return server->poll >= 0 && server->wake >= 0 &&
           epoll_ctl(server->poll, EPOLL_CTL_ADD, server->wake, &wake) == 0 &&
           epoll_ctl(server->poll, EPOLL_CTL_ADD, server->listener,
                     &listener) == 0;
}

bool
http_accept_start(struct http_server *server)
{
    server->threaded =
        poll_open(server) &&
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

    metric_set(http_connections, "", before - 1);
    /* Only then can others wait for a place. */
    if (before >= server->options.connection_max / 2)
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
    http_pending_close_all(server);
}
