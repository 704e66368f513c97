/* The HTTP server over real sockets: bytes that are not plain HTTP get one 400
 * and a closed connection, never a handler; limits, deadlines, methods,
 * problems, conditional answers, streams, stopping. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "attributes.h"
#include "chassis/base/clock.h"

#include "http_fixture.h"
#include "raw_client.h"

static struct raw_answer answer;

#define HOST        "Host: a\r\n"
#define SECOND      "GET /v1/things/2 HTTP/1.1\r\n" HOST "\r\n"
#define GET1        "GET /v1/things/1 HTTP/1.1\r\n"
#define PUT1        "PUT /v1/things/1 HTTP/1.1\r\n" HOST
#define BYTES(text) text, sizeof(text) - 1

struct raw_case {
    const char *name;
    const char *bytes;
    size_t size;
    int status;
};

/* Sends the bytes on a connection of their own and reads to its end. */
static void
one_shot(const void *bytes, size_t size)
{
    int connection = raw_open(http_port(fixture_server));
    raw_send(connection, bytes, size);
    raw_read_all(connection, &answer);
    close(connection);
}

/* Sends a complete request that keeps the connection, reads the answer. */
static void
ask(const char *request)
{
    int connection = raw_open(http_port(fixture_server));
    raw_text(connection, request);
    raw_read(connection, strncmp(request, "HEAD", 4) == 0, &answer);
    close(connection);
}

/* One case a line, however long. */
/* clang-format off */
static const struct raw_case framing[] = {
    {"two lengths", BYTES(PUT1 "Content-Length: 0\r\nContent-Length: 45\r\n\r\n" SECOND), 400},
    {"two equal lengths", BYTES(PUT1 "Content-Length: 0\r\nContent-Length: 0\r\n\r\n" SECOND), 400},
    {"list of lengths", BYTES(PUT1 "Content-Length: 0, 0\r\n\r\n" SECOND), 400},
    {"length and chunks", BYTES(PUT1 "Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n" SECOND), 400},
    {"chunks and length", BYTES(PUT1 "Transfer-Encoding: chunked\r\nContent-Length: 5\r\n\r\n0\r\n\r\n" SECOND), 400},
    {"length +5", BYTES(PUT1 "Content-Length: +5\r\n\r\nhello" SECOND), 400},
    {"length -1", BYTES(PUT1 "Content-Length: -1\r\n\r\n" SECOND), 400},
    {"length 0x5", BYTES(PUT1 "Content-Length: 0x5\r\n\r\nhello" SECOND), 400},
    {"length empty", BYTES(PUT1 "Content-Length:\r\n\r\n" SECOND), 400},
    {"length with blank", BYTES(PUT1 "Content-Length: 1 2\r\n\r\n" SECOND), 400},
    {"encoding gzip", BYTES(PUT1 "Transfer-Encoding: gzip\r\n\r\n" SECOND), 400},
    {"encoding xchunked", BYTES(PUT1 "Transfer-Encoding: xchunked\r\n\r\n0\r\n\r\n" SECOND), 400},
    {"encoding chunked, chunked", BYTES(PUT1 "Transfer-Encoding: chunked, chunked\r\n\r\n0\r\n\r\n" SECOND), 400},
    {"two encodings", BYTES(PUT1 "Transfer-Encoding: chunked\r\nTransfer-Encoding: identity\r\n\r\n0\r\n\r\n" SECOND), 400},
    {"encoding in HTTP/1.0", BYTES("PUT /v1/things/1 HTTP/1.0\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" SECOND), 400},
    {"chunks", BYTES(PUT1 "Transfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n" SECOND), 411},
    {"chunks without a form", BYTES("GET /v1/things/1 HTTP/1.1\r\n" HOST "Transfer-Encoding: Chunked\r\n\r\n0\r\n\r\n" SECOND), 411},
    {"chunks with bare LF", BYTES(PUT1 "Transfer-Encoding: chunked\r\n\r\n2\n{}\n0\n\n" SECOND), 411},
    {"chunk extension with bare LF", BYTES(PUT1 "Transfer-Encoding: chunked\r\n\r\n2;\nxx\r\n30\r\n0\r\n\r\n" SECOND), 411},
    {"bad chunk size", BYTES(PUT1 "Transfer-Encoding: chunked\r\n\r\nzz\r\n\r\n" SECOND), 411},
    {"chunk too long", BYTES(PUT1 "Transfer-Encoding: chunked\r\n\r\n1\r\nab\r\n0\r\n\r\n" SECOND), 411},
    {"chunks for no route", BYTES("POST /nowhere HTTP/1.1\r\n" HOST "Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n" SECOND), 411},
    {"no host", BYTES(GET1 "\r\n" SECOND), 400},
    {"two hosts", BYTES(GET1 HOST HOST "\r\n" SECOND), 400},
    {"absolute target", BYTES("GET http://a/v1/things/1 HTTP/1.1\r\n" HOST "\r\n" SECOND), 400},
    {"star target", BYTES("OPTIONS * HTTP/1.1\r\n" HOST "\r\n" SECOND), 400},
    {"blank in target", BYTES("GET /v1/things/1 2 HTTP/1.1\r\n" HOST "\r\n" SECOND), 400},
    {"two blanks", BYTES("GET  /v1/things/1 HTTP/1.1\r\n" HOST "\r\n" SECOND), 400},
    {"NUL in target", BYTES("GET /v1/things/1\0x HTTP/1.1\r\n" HOST "\r\n" SECOND), 400},
    {"version and header in target", BYTES("GET /v1/things/1\0HTTP/1.1\0\0Host HTTP/1.1\r\n\r\n" SECOND), 400},
    {"version and name in target", BYTES("GET /v1/things/1\0HTTP/1.1\0\0X HTTP/1.1\r\n" HOST "\r\n" SECOND), 400},
    {"fragment", BYTES("GET /v1/things/1#x HTTP/1.1\r\n" HOST "\r\n" SECOND), 400},
    {"byte above 7f in target", BYTES("GET /v1/things/\xe9 HTTP/1.1\r\n" HOST "\r\n" SECOND), 400},
    {"blank in name", BYTES(GET1 HOST "X y: 1\r\n\r\n" SECOND), 400},
    {"blank before colon", BYTES(PUT1 "Content-Length : 3\r\n\r\nabc" SECOND), 400},
    {"empty name", BYTES(GET1 HOST ": 1\r\n\r\n" SECOND), 400},
    {"no colon", BYTES(GET1 HOST "Nonsense\r\n\r\n" SECOND), 400},
    {"bracket in name", BYTES(GET1 HOST "X[1]: 1\r\n\r\n" SECOND), 400},
    {"control in value", BYTES(GET1 HOST "X: a\x01z\r\n\r\n" SECOND), 400},
    {"DEL in value", BYTES(GET1 HOST "X: a\x7fz\r\n\r\n" SECOND), 400},
    {"NUL in value", BYTES(GET1 HOST "X: a\0z\r\n\r\n" SECOND), 400},
    {"two NUL in value", BYTES(GET1 HOST "X: a\0\0Y: z\r\n\r\n" SECOND), 400},
    {"four NUL at the end", BYTES(GET1 HOST "X: a\0\0\0\0\r\n\r\n" SECOND), 400},
    {"NUL in name", BYTES(GET1 HOST "X\0y: z\r\n\r\n" SECOND), 400},
    {"bare CR in value", BYTES(GET1 HOST "X: a\rContent-Length: 9\r\n\r\n" SECOND), 400},
    {"bare CR before CRLF", BYTES(GET1 HOST "X: a\r\r\n\r\n" SECOND), 400},
    {"bare LF", BYTES(GET1 HOST "X: a\nY: b\r\n\r\n" SECOND), 400},
    {"bare LF at the end", BYTES(GET1 HOST "X: a\r\n\n" SECOND), 400},
    {"bare LF after the request line", BYTES("GET /v1/things/1 HTTP/1.1\n" HOST "\r\n" SECOND), 400},
    {"folded line", BYTES(GET1 HOST "X: a\r\n b\r\n\r\n" SECOND), 400},
    {"folded host", BYTES(GET1 "Host: a\r\n\tb\r\n\r\n" SECOND), 400},
    {"folded length", BYTES(PUT1 "Content-Length:\r\n 5\r\n\r\nhello" SECOND), 400},
    {"blank first line of headers", BYTES(GET1 " X: a\r\n" HOST "\r\n" SECOND), 400},
    {"version 2", BYTES("GET /v1/things/1 HTTP/2.0\r\n" HOST "\r\n" SECOND), 505},
    {"preface of HTTP/2", BYTES("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"), 505},
    {"no version", BYTES("GET /v1/things/1\r\n" HOST "\r\n" SECOND), 400},
    {"lower-case version", BYTES("GET /v1/things/1 http/1.1\r\n" HOST "\r\n" SECOND), 400},
    {"version without digits", BYTES("GET /v1/things/1 HTTP/x.1\r\n" HOST "\r\n" SECOND), 400},
    {"blank after version", BYTES("GET /v1/things/1 HTTP/1.1 \r\n" HOST "\r\n" SECOND), 400},
};
/* clang-format on */

static const char *
code_of(int status)
{
    return status == 505   ? "HTTP_VERSION_UNKNOWN"
           : status == 411 ? "LENGTH_REQUIRED"
                           : "BAD_FRAMING";
}

/* Later on a connection the library closes it without a word. */
/* clang-format off */
static const struct raw_case first_lines[] = {
    {"no target", BYTES("GET\r\n" HOST "\r\n" SECOND), 400},
    {"no target, a blank", BYTES("GET \r\n" HOST "\r\n" SECOND), 400},
    {"blank before method", BYTES(" GET /v1/things/1 HTTP/1.1\r\n" HOST "\r\n" SECOND), 400},
    {"bracket in method", BYTES("G[T /v1/things/1 HTTP/1.1\r\n" HOST "\r\n" SECOND), 400},
    {"NUL in method", BYTES("G\0T /v1/things/1 HTTP/1.1\r\n" HOST "\r\n" SECOND), 400},
    {"tab for a blank", BYTES("GET\t/v1/things/1 HTTP/1.1\r\n" HOST "\r\n" SECOND), 400},
    {"nothing of HTTP", BYTES("\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03"), 400},
    {"empty lines", BYTES("\r\n\r\nGET / HTTP/1.1\r\n" HOST "\r\n"), 400},
};
/* clang-format on */

static void
insist_refused(const struct raw_case *cases, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        const struct raw_case *c = &cases[i];
        int before = fixture_handled;
        one_shot(c->bytes, c->size);
        const char *connection = raw_header(&answer, "Connection");
        if (answer.responses != 1 || answer.status != c->status ||
            !answer.closed || fixture_handled != before || connection == NULL ||
            strcasecmp(connection, "close") != 0)
            fail_msg("%s: %d responses, status %d, closed %d, handlers %d\n%s",
                     c->name, answer.responses, answer.status, answer.closed,
                     fixture_handled - before, answer.text);
        raw_insist_problem(&answer, code_of(c->status));
    }
}

/* Chunks are never read (a program before this one may read them in another
 * way), and the first line of a connection is refused like any other. */
static void
test_s04_s13_one_refusal_and_closed(void **state)
{
    (void)state;
    insist_refused(framing, COUNT_OF(framing));
    insist_refused(first_lines, COUNT_OF(first_lines));
}

/* The same on a connection that served a good request before. */
static void
refused_after_a_good_one(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(framing); i++) {
        const struct raw_case *c = &framing[i];
        int connection = raw_open(http_port(fixture_server));
        raw_text(connection, SECOND);
        raw_read(connection, false, &answer);
        assert_int_equal(answer.status, 200);
        raw_send(connection, c->bytes, c->size);
        raw_read_all(connection, &answer);
        close(connection);
        if (answer.responses != 1 || answer.status != c->status ||
            !answer.closed)
            fail_msg("%s: %s", c->name, answer.text);
        raw_insist_problem(&answer, code_of(c->status));
    }
}

static void
limits_have_their_status(void **state)
{
    static char request[64 * 1024];
    (void)state;

    memset(request, 'x', sizeof(request));
    memcpy(request, "GET /", 5);
    snprintf(request + 9000, 100, " HTTP/1.1\r\n" HOST "\r\n");
    one_shot(request, strlen(request));
    assert_int_equal(answer.status, 414);
    assert_int_equal(answer.responses, 1);
    raw_insist_problem(&answer, "URI_TOO_LONG");

    memset(request, 'x', sizeof(request));
    memcpy(request, "GET /", 5);
    one_shot(request, sizeof(request));
    assert_int_equal(answer.status, 414);

    for (size_t size = 9000; size < 60000; size += 25000) {
        memset(request, 'x', sizeof(request));
        memcpy(request, GET1 "X: ", sizeof(GET1 "X: ") - 1);
        snprintf(request + size, 100, "\r\n" HOST "\r\n");
        one_shot(request, strlen(request));
        assert_int_equal(answer.status, 431);
        assert_int_equal(answer.responses, 1);
        raw_insist_problem(&answer, "HEADERS_TOO_LARGE");
    }
    ask(GET1 HOST "\r\n");
    assert_int_equal(answer.status, 200);
}

/* A PUT with `size` bytes of JSON. */
static void
put_sized(size_t size, const char *type)
{
    static char body[300 * 1024];
    char head[200];
    int connection = raw_open(http_port(fixture_server));

    memset(body, ' ', sizeof(body));
    memcpy(body, "{}", 2);
    snprintf(head, sizeof(head), PUT1 "Content-Length: %zu\r\n%s\r\n", size,
             type);
    raw_text(connection, head);
    raw_send(connection, body, size < sizeof(body) ? size : sizeof(body));
    raw_read(connection, false, &answer);
    close(connection);
}

static void
bodies_are_measured(void **state)
{
    (void)state;
    put_sized(1000, "Content-Type: application/json\r\n");
    assert_int_equal(answer.status, 201);
    put_sized(1001, "Content-Type: application/json\r\n");
    assert_int_equal(answer.status, 413);
    raw_insist_problem(&answer, "TOO_LARGE");
    put_sized(4097, "Content-Type: application/json\r\n"); /* truncated below */
    assert_int_equal(answer.status, 413);
    put_sized(200000, "Content-Type: application/json\r\n");
    assert_int_equal(answer.status, 413);
    put_sized(2000000000, "Content-Type: application/json\r\n");
    assert_int_equal(answer.status, 413);
    raw_insist_problem(&answer, "TOO_LARGE");

    ask("POST /v1/things/1/leave HTTP/1.1\r\n" HOST "Content-Length: 2\r\n"
        "Content-Type: application/json\r\n\r\n{}");
    assert_int_equal(answer.status, 413);
}

static void
expectations_are_refused_early(void **state)
{
    (void)state;
    one_shot(
        BYTES(PUT1 "Content-Length: 9999\r\nExpect: 100-continue\r\n\r\n"));
    assert_int_equal(answer.status, 413);
    assert_int_equal(answer.responses, 1);
    assert_true(answer.closed);
}

static void
content_types_are_checked(void **state)
{
    (void)state;
    put_sized(2, "Content-Type: application/json; charset=utf-8\r\n");
    assert_int_equal(answer.status, 201);
    put_sized(2, "Content-Type: application/json; charset=big5\r\n");
    assert_int_equal(answer.status, 415);
    put_sized(2, "Content-Type: text/plain\r\n");
    assert_int_equal(answer.status, 415);
    raw_insist_problem(&answer, "UNSUPPORTED_MEDIA_TYPE");
    assert_string_equal(raw_header(&answer, "Accept"), "application/json");
    put_sized(2, "Content-Type: application/x-www-form-urlencoded\r\n");
    assert_int_equal(answer.status, 415);
    put_sized(2, "");
    assert_int_equal(answer.status, 415);
    put_sized(2,
              "Content-Type: application/json\r\nContent-Encoding: gzip\r\n");
    assert_int_equal(answer.status, 415);
    put_sized(2, "Content-Type: application/merge-patch+json\r\n");
    assert_int_equal(answer.status, 415);
    ask("PATCH /v1/things/1 HTTP/1.1\r\n" HOST "Content-Length: 2\r\n"
        "Content-Type: application/merge-patch+json\r\n\r\n{}");
    assert_int_equal(answer.status, 201);
    ask("PATCH /v1/things/1 HTTP/1.1\r\n" HOST "Content-Length: 2\r\n\r\n{}");
    assert_string_equal(raw_header(&answer, "Accept"),
                        "application/json,application/merge-patch+json");
}

/* Drips one byte a time until the server answers; the time it took. */
static int64_t
drip(const char *start, const char *forever)
{
    int connection = raw_open(http_port(fixture_server));
    int64_t begin = clock_monotonic();
    int64_t until = begin + SECONDS(8);

    raw_text(connection, start);
    do {
        raw_text(connection, forever);
        usleep(20000); /* the pace of the attack, not a wait */
    } while (recv(connection, answer.text, 1, MSG_PEEK | MSG_DONTWAIT) < 0 &&
             clock_monotonic() < until);
    raw_read_all(connection, &answer);
    close(connection);
    return clock_monotonic() - begin;
}

static void
drips_are_cut(void **state)
{
    (void)state;
    assert_in_range(drip(GET1 "X: ", "a"), SECONDS(1), SECONDS(4));
    assert_int_equal(answer.status, 408);
    raw_insist_problem(&answer, "REQUEST_TOO_SLOW");
    assert_in_range(drip(PUT1 "Content-Length: 900\r\n\r\n", "a"), SECONDS(1),
                    SECONDS(4));
    assert_int_equal(answer.status, 408);
    assert_in_range(drip("GET /", "a"), SECONDS(1), SECONDS(4));
    assert_int_equal(answer.responses, 0);
    assert_true(answer.closed);
}

static void
connections_are_kept(void **state)
{
    int connection = raw_open(http_port(fixture_server));
    (void)state;

    for (int i = 0; i < 50; i++) {
        raw_text(connection, GET1 HOST "\r\n");
        raw_read(connection, false, &answer);
        assert_int_equal(answer.status, 200);
        assert_false(answer.closed);
    }
    raw_text(connection,
             GET1 HOST "\r\n" SECOND "HEAD /v1/things/1 HTTP/1.1\r\n" HOST
                       "Connection: close\r\n\r\n");
    raw_read_all(connection, &answer);
    assert_int_equal(answer.responses, 3);
    assert_true(answer.closed);
    close(connection);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_s04_s13_one_refusal_and_closed),
    cmocka_unit_test(refused_after_a_good_one),
    cmocka_unit_test(limits_have_their_status),
    cmocka_unit_test(bodies_are_measured),
    cmocka_unit_test(expectations_are_refused_early),
    cmocka_unit_test(content_types_are_checked),
    cmocka_unit_test(drips_are_cut),
    cmocka_unit_test(connections_are_kept),
};

int
main(void)
{
    return cmocka_run_group_tests_name("chassis/http", tests, fixture_start,
                                       fixture_stop);
}
