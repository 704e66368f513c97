/* Answers that are written straight to the socket, and end the connection.
 *
 * For requests that no handler sees: refused by the gate, too slow, too many.
 * The library would answer them with pages of its own. After such an answer the
 * connection reads for a moment and discards it: a socket closed with unread
 * bytes would drop the answer.
 */
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>

#include "chassis/base/clock.h"
#include "chassis/base/metrics.h"
#include "chassis/http/http_internal.h"

enum { LINGER_MS = 500, LINGER_BYTES = 1024 * 1024, LINGER_PIECE = 4096 };

void
http_count_rejected(const char *reason)
{
    char labels[80];

    snprintf(labels, sizeof(labels), "reason=\"%s\"", reason);
    metric_add(http_rejected_total, labels, 1);
}

/* The status line and the headers that every such answer has. */
static void
head_write(struct bytes *out, int status)
{
    bytes_printf(out, "HTTP/1.1 %d %s\r\nConnection: close\r\n", status,
                 MHD_get_reason_phrase_for((unsigned)status));
    for (const struct http_pair *h = http_safe_headers; h->name != NULL; h++)
        bytes_printf(out, "%s: %s\r\n", h->name, h->value);
}

/* Asked in the connection's own thread. */
static bool
wants_english(const struct http_connection *connection)
{
    return connection->mhd != NULL && connection->uri != NULL &&
           http_wants_english(MHD_lookup_connection_value(
               connection->mhd, MHD_HEADER_KIND, "Accept-Language"));
}

static void
refusal_write(struct bytes *out, const struct http_server *server,
              const char *code, bool english)
{
    struct http_worker dice = {.random_used = sizeof(dice.random)};
    char trace[HTTP_TRACE_TEXT];
    char parent[HTTP_TRACEPARENT_TEXT];
    struct bytes body = {0};

    http_trace_read(&dice, NULL, trace, parent);
    struct problem problem = {
        .code = code, .trace_id = trace, .english = english};
    int status = problem_write(&body, server->options.describe, &problem);

    head_write(out, status);
    bytes_printf(out,
                 "Content-Type: application/problem+json\r\n"
                 "Content-Language: %s\r\n",
                 problem.english ? "en" : "zh-TW");
    if (status == 503)
        bytes_add_text(out, "Retry-After: 1\r\n");
    bytes_printf(out, "Content-Length: %zu\r\n\r\n", body.size);
    bytes_add(out, body.data, body.size);
    bytes_free(&body);
}

/* Less than the smallest send buffer: it goes out whole or not at all. */
static void
send_last(struct http_connection *connection, const struct bytes *out)
{
    (void)!send(connection->socket, out->data, out->size,
                MSG_NOSIGNAL | MSG_DONTWAIT);
    shutdown(connection->socket, SHUT_WR);
}

void
http_refusal_send(struct http_connection *connection, const char *code,
                  bool english)
{
    struct bytes out = {0};

    refusal_write(&out, connection->server, code, english);
    send_last(connection, &out);
    bytes_free(&out);
    http_count_rejected(code);
}

/* Until the client closes, half a second, or a megabyte. */
static void
linger(struct http_connection *connection)
{
    int64_t until = clock_monotonic() + MILLISECONDS(LINGER_MS);
    char piece[LINGER_PIECE];
    size_t total = 0;

    while (total < LINGER_BYTES) {
        int64_t left = (until - clock_monotonic()) / MILLISECONDS(1);
        struct pollfd ready = {.fd = connection->socket, .events = POLLIN};
        if (left <= 0 || poll(&ready, 1, (int)left) <= 0)
            break;
        ssize_t size =
            recv(connection->socket, piece, sizeof(piece), MSG_DONTWAIT);
        if (size <= 0)
            break;
        total += (size_t)size;
    }
    shutdown(connection->socket, SHUT_RDWR);
}

/* Only one thread answers: the one that moves it to STAGE_CUT. */
static bool
take_over(struct http_connection *connection)
{
    int stage = atomic_load(&connection->stage);
    int64_t deadline = atomic_load(&connection->deadline);

    return stage < STAGE_SENDING &&
           http_connection_move(connection, stage, STAGE_CUT, deadline);
}

void
http_connection_refuse(struct http_connection *connection, const char *code)
{
    if (!take_over(connection))
        return;
    http_refusal_send(connection, code, wants_english(connection));
    linger(connection);
}

void
http_connection_answer(struct http_exchange *exchange,
                       struct http_response *response)
{
    struct http_connection *connection = exchange->connection;
    struct bytes out = {0};
    if (!take_over(connection))
        return;

    http_answer_finish(exchange, response);
    head_write(&out, response->status);
    for (size_t i = 0; i < exchange->header_count; i++)
        bytes_printf(&out, "%s: %s\r\n", exchange->headers[i].name,
                     exchange->headers[i].value);
    bytes_printf(&out, "Content-Type: %s\r\nContent-Length: %zu\r\n\r\n",
                 response->content_type != NULL ? response->content_type
                                                : "application/json",
                 response->body.size);
    bytes_add(&out, response->body.data, response->body.size);
    send_last(connection, &out);
    bytes_free(&out);
    linger(connection);
}
