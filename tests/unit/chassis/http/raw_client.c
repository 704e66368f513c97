/* The client of raw_client.h: blocking sockets, poll() with a deadline. */
#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "raw_client.h"

static void
must(bool holds, const char *what)
{
    if (holds)
        return;
    perror(what);
    abort();
}

static int64_t
now_ms(void)
{
    struct timespec now;
    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

int
raw_open(uint16_t port)
{
    return raw_open_from("127.0.0.1", port);
}

int
raw_open_from(const char *from, uint16_t port)
{
    struct sockaddr_in address = {.sin_family = AF_INET,
                                  .sin_port = htons(port)};
    struct sockaddr_in own = {.sin_family = AF_INET};
    int one = 1;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    int connection = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    must(connection >= 0, "socket");
    must(inet_pton(AF_INET, from, &own.sin_addr) == 1, from);
    must(setsockopt(connection, IPPROTO_IP, IP_BIND_ADDRESS_NO_PORT, &one,
                    sizeof(one)) == 0,
         "setsockopt");
    must(bind(connection, (struct sockaddr *)&own, sizeof(own)) == 0, "bind");
    must(connect(connection, (struct sockaddr *)&address, sizeof(address)) == 0,
         "connect");
    return connection;
}

void
raw_send(int connection, const void *bytes, size_t size)
{
    const char *at = bytes;
    while (size > 0) {
        ssize_t sent = send(connection, at, size, MSG_NOSIGNAL);
        if (sent < 0) /* the server may have closed: the reader will see */
            return;
        at += sent;
        size -= (size_t)sent;
    }
}

void
raw_text(int connection, const char *text)
{
    raw_send(connection, text, strlen(text));
}

static void
look(struct raw_answer *answer)
{
    answer->text[answer->size] = '\0';
    answer->responses = 0;
    for (const char *p = answer->text; (p = strstr(p, "HTTP/1.1 ")); p++)
        answer->responses++;
    if (strncmp(answer->text, "HTTP/1.1 ", 9) == 0)
        answer->status = (int)strtol(answer->text + 9, NULL, 10);
    const char *end = strstr(answer->text, "\r\n\r\n");
    answer->body = end == NULL ? "" : end + 4;
}

static bool
is_complete(const struct raw_answer *answer, bool head)
{
    if (strstr(answer->text, "\r\n\r\n") == NULL)
        return false;
    const char *length = raw_header(answer, "Content-Length");
    if (head || answer->status == 204 || answer->status == 304)
        return true;
    return length != NULL && strlen(answer->body) >= strtoul(length, NULL, 10);
}

/* One more piece; false at the end. */
static bool
read_more(int connection, struct raw_answer *answer, int64_t until)
{
    struct pollfd ready = {.fd = connection, .events = POLLIN};
    int64_t left = until - now_ms();

    if (left <= 0 || poll(&ready, 1, (int)left) <= 0)
        return false;
    ssize_t got = recv(connection, answer->text + answer->size,
                       RAW_ANSWER_MAX - answer->size, 0);
    if (got <= 0) {
        answer->closed = got == 0 || errno == ECONNRESET;
        return false;
    }
    answer->size += (size_t)got;
    look(answer);
    return true;
}

void
raw_read(int connection, bool head, struct raw_answer *ret_answer)
{
    int64_t until = now_ms() + RAW_PATIENCE_MS;

    memset(ret_answer, 0, offsetof(struct raw_answer, text) + 1);
    look(ret_answer);
    while (!is_complete(ret_answer, head) &&
           read_more(connection, ret_answer, until))
        continue;
}

void
raw_read_all(int connection, struct raw_answer *ret_answer)
{
    int64_t until = now_ms() + RAW_PATIENCE_MS;

    memset(ret_answer, 0, offsetof(struct raw_answer, text) + 1);
    look(ret_answer);
    while (read_more(connection, ret_answer, until))
        continue;
}

const char *
raw_header(const struct raw_answer *answer, const char *name)
{
    static char value[1024];
    size_t size = strlen(name);
    const char *end = strstr(answer->text, "\r\n\r\n");

    for (const char *line = strstr(answer->text, "\r\n");
         line != NULL && line < end; line = strstr(line, "\r\n")) {
        line += 2;
        if (strncasecmp(line, name, size) != 0 || line[size] != ':')
            continue;
        line += size + 1;
        line += strspn(line, " ");
        snprintf(value, sizeof(value), "%.*s", (int)strcspn(line, "\r\n"),
                 line);
        return value;
    }
    return NULL;
}

void
raw_insist_problem(const struct raw_answer *answer, const char *code)
{
    char member[80];

    snprintf(member, sizeof(member), "\"code\":\"%s\"", code);
    if (strstr(answer->body, member) == NULL)
        fail_msg("no %s in: %s", member, answer->text);
    assert_string_equal(raw_header(answer, "Content-Type"),
                        "application/problem+json");
    assert_non_null(strstr(answer->body, "\"traceId\":\""));
}
