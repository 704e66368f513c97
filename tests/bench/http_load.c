/* HTTP load: kept connections, each with one request under way, by epoll.
 *
 *   http_load PORT CONNECTIONS SECONDS TARGETS METHOD PATH
 *
 * In PATH %p stands for the teacher's id and %o for their school's code. PATCH
 * changes the teacher by merge patch with a new Idempotency-Key each time and
 * the ETag of the answer before; only 200 counts, so it measures from request
 * to committed answer. Each connection has targets of its own. One thread: it
 * must never be what limits. Used by `make bench`.
 */
#include <errno.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "chassis/base/clock.h"

#include "load/load.h"

enum { ANSWER_MAX = 1 << 18, REQUEST_MAX = 2048, LATENCY_MAX = 1 << 22 };

struct connection {
    int fd;
    size_t target; /* the teacher of its present request */
    int64_t asked_at;
    size_t size;
    char answer[ANSWER_MAX];
};

struct load {
    unsigned port;
    size_t connection_count, target_count;
    const char *method, *path;
    bool changes;
    struct target *targets;
    struct connection *connections;
    int poller;
    int64_t *latency;
    size_t count, failed;
    unsigned long number;
};

static void
fail(const char *what)
{
    fprintf(stderr, "http_load: %s: %s\n", what, strerror(errno));
    exit(1);
}

static int
connect_to(unsigned port)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons((uint16_t)port)};
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0), one = 1;

    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (fd < 0 || connect(fd, (struct sockaddr *)&address, sizeof address) < 0)
        fail("connect");
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
    return fd;
}

/* --- requests ----------------------------------------------------------- */
static void
write_path(const struct load *load, const struct target *target, char *ret_path,
           size_t size)
{
    const char *mark = strchr(load->path, '%');

    if (mark == NULL) {
        snprintf(ret_path, size, "%s", load->path);
        return;
    }
    snprintf(ret_path, size, "%.*s%s%s", (int)(mark - load->path), load->path,
             mark[1] == 'o' ? target->organization : target->person_id,
             mark + 2);
}

static size_t
write_change(struct load *load, const struct target *target, char *out,
             size_t size)
{
    char body[160], key[UUID_TEXT];
    int length = snprintf(body, sizeof body,
                          "{\"email\":\"teacher%lu@example.tw\","
                          "\"unitNote\":\"note %lu\"}",
                          load->number, load->number);

    load->number++;
    uuid_v7(key);
    return (size_t)snprintf(out, size,
                            "Content-Type: application/merge-patch+json\r\n"
                            "Idempotency-Key: %s\r\nIf-Match: \"%lld\"\r\n"
                            "Prefer: wait=20\r\n"
                            "Content-Length: %d\r\n\r\n%s",
                            key, (long long)target->version, length, body);
}

static void
ask(struct load *load, struct connection *connection)
{
    const struct target *target = &load->targets[connection->target];
    char path[1024], request[REQUEST_MAX];
    size_t size;

    write_path(load, target, path, sizeof path);
    size = (size_t)snprintf(request, sizeof request,
                            "%s %s HTTP/1.1\r\nHost: 127.0.0.1\r\n"
                            "Authorization: Bearer %s\r\n",
                            load->method, path, target->token);
    size +=
        load->changes
            ? write_change(load, target, request + size, sizeof request - size)
            : (size_t)snprintf(request + size, sizeof request - size, "\r\n");
    connection->size = 0;
    connection->asked_at = clock_monotonic();
    if (send(connection->fd, request, size, MSG_NOSIGNAL) != (ssize_t)size)
        fail("send");
}

/* --- answers ------------------------------------------------------------ */
static const char *
header(const char *answer, const char *name)
{
    const char *found = strcasestr(answer, name);

    return found != NULL ? found + strlen(name) : NULL;
}

/* The size of the whole answer, 0 while it is not known. */
static size_t
whole_size(const struct connection *connection)
{
    const char *end = strstr(connection->answer, "\r\n\r\n");
    const char *length;

    if (end == NULL)
        return 0;
    length = header(connection->answer, "\r\nContent-Length:");
    if (length == NULL || length > end) {
        fprintf(stderr, "http_load: no Content-Length:\n%s\n",
                connection->answer);
        exit(1);
    }
    return (size_t)(end + 4 - connection->answer) + strtoul(length, NULL, 10);
}

static void
take(struct load *load, struct connection *connection)
{
    struct target *target = &load->targets[connection->target];
    long status = strtol(connection->answer + 9, NULL, 10);
    const char *etag = header(connection->answer, "\r\nETag: \"");

    if (status == 200 && load->count < LATENCY_MAX)
        load->latency[load->count++] = clock_monotonic() - connection->asked_at;
    if (status != 200 && load->failed++ == 0)
        fprintf(stderr, "http_load: first failure:\n%s\n", connection->answer);
    if (load->changes && etag != NULL)
        target->version = strtoll(etag, NULL, 10);
    connection->target += load->connection_count;
    if (connection->target >= load->target_count)
        connection->target %= load->connection_count;
}

static bool
receive(struct load *load, struct connection *connection)
{
    size_t room = ANSWER_MAX - 1 - connection->size;
    ssize_t got = recv(connection->fd, connection->answer + connection->size,
                       room, MSG_DONTWAIT);

    if (got <= 0) {
        if (got < 0 && errno == EAGAIN)
            return false;
        fail(got == 0 ? "connection closed" : "recv");
    }
    connection->size += (size_t)got;
    connection->answer[connection->size] = '\0';
    size_t whole = whole_size(connection);
    if (whole == 0 || connection->size < whole)
        return false;
    take(load, connection);
    return true;
}

/* --- the run ------------------------------------------------------------ */
static void
open_connections(struct load *load)
{
    load->connections =
        load_alloc(load->connection_count, sizeof *load->connections);
    load->latency = load_alloc(LATENCY_MAX, sizeof *load->latency);
    load->poller = epoll_create1(EPOLL_CLOEXEC);
    for (size_t i = 0; i < load->connection_count; i++) {
        struct connection *connection = &load->connections[i];
        struct epoll_event event = {.events = EPOLLIN, .data.ptr = connection};
        connection->fd = connect_to(load->port);
        connection->target = i % load->target_count;
        if (epoll_ctl(load->poller, EPOLL_CTL_ADD, connection->fd, &event) < 0)
            fail("epoll_ctl");
    }
}

/* No new request after `end`; what is under way is waited for. */
static int64_t
run(struct load *load, int64_t end)
{
    struct epoll_event events[256];
    size_t under_way = load->connection_count;
    int64_t ended = 0;

    for (size_t i = 0; i < load->connection_count; i++)
        ask(load, &load->connections[i]);
    while (under_way > 0) {
        int count = epoll_wait(load->poller, events, 256, 30000);
        if (count == 0)
            fail("no answer for 30 s");
        for (int i = 0; i < count; i++) {
            struct connection *connection = events[i].data.ptr;
            if (!receive(load, connection))
                continue;
            ended = clock_monotonic();
            if (ended < end)
                ask(load, connection);
            else
                under_way--;
        }
    }
    return ended;
}

int
main(int argc, char **argv)
{
    struct load load = {.poller = -1};

    if (argc != 7) {
        fprintf(stderr, "usage: http_load PORT CONNECTIONS SECONDS TARGETS "
                        "METHOD PATH\n");
        return 2;
    }
    load.port = (unsigned)strtoul(argv[1], NULL, 10);
    load.connection_count = strtoul(argv[2], NULL, 10);
    load.targets = targets_read(argv[4], &load.target_count);
    load.method = argv[5];
    load.path = argv[6];
    load.changes = strcmp(load.method, "PATCH") == 0;
    load.number = (unsigned long)clock_now();
    if (load.target_count < load.connection_count) {
        fprintf(stderr, "http_load: fewer targets than connections\n");
        return 2;
    }
    open_connections(&load);
    double seconds = strtod(argv[3], NULL);
    int64_t began = clock_monotonic();
    int64_t ended = run(&load, began + (int64_t)(seconds * (double)SECONDS(1)));
    load_report(load.latency, load.count, load.failed, ended - began);
    return load.failed == 0 ? 0 : 1;
}
