/* Bodies that are refused before they come: too large for the route, without
 * the right to send one, or too many large ones at a time. A refusal that ends
 * its connection.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "attributes.h"
#include "chassis/base/clock.h"
#include "chassis/base/metrics.h"

#include "http_fixture.h"
#include "raw_client.h"

static struct raw_answer answer;

#define HOST "Host: a\r\n"

/* The announcement alone; the body never comes. */
static void
announce(const char *line, const char *headers)
{
    char head[400];
    int connection = raw_open(http_port(fixture_server));
    int64_t begin = clock_monotonic();

    snprintf(head, sizeof(head), "%s HTTP/1.1\r\n" HOST "%s\r\n", line,
             headers);
    raw_text(connection, head);
    raw_read_all(connection, &answer);
    close(connection);
    assert_in_range(clock_monotonic() - begin, 0, MILLISECONDS(1000));
    assert_int_equal(answer.responses, 1);
    assert_true(answer.closed);
}

/* Each route's own limit, before the body is read. */
static void
test_s03_bodies_are_refused_before_they_come(void **state)
{
    (void)state;
    announce("PUT /v1/things/1", "Content-Length: 8388608\r\n");
    assert_int_equal(answer.status, 413);
    raw_insist_problem(&answer, "TOO_LARGE");
    announce("PUT /v1/things/1", "Content-Length: 1001\r\n");
    assert_int_equal(answer.status, 413);
    announce("PATCH /v1/things/1", "Content-Length: 4097\r\n");
    assert_int_equal(answer.status, 413);
    announce("GET /v1/things/1", "Content-Length: 4097\r\n");
    assert_int_equal(answer.status, 413);
    announce("POST /v1/nowhere", "Content-Length: 4097\r\n");
    assert_int_equal(answer.status, 413);
    announce("POST /v1/%zz", "Content-Length: 4097\r\n");
    assert_int_equal(answer.status, 413);
    announce("BREW /v1/files", "Content-Length: 99999\r\n");
    assert_int_equal(answer.status, 413);
    announce("POST /v1/files", "Pass: yes\r\nContent-Length: 100001\r\n");
    assert_int_equal(answer.status, 413);
    announce("PUT /v1/things/1", "Content-Length: 999999999999999999\r\n"
                                 "Accept-Language: en\r\n");
    assert_int_equal(answer.status, 413);
    assert_non_null(strstr(answer.body, "larger than accepted"));
}

/* A caller who may not send the file is refused before sending it. */
static void
test_s03_the_right_comes_before_the_body(void **state)
{
    int before = fixture_handled;
    (void)state;

    announce("POST /v1/files", "Content-Length: 90000\r\n");
    assert_int_equal(answer.status, 429);
    raw_insist_problem(&answer, "TOO_MANY_REQUESTS");
    assert_non_null(raw_header(&answer, "Retry-After"));
    announce("POST /v1/files", "Content-Length: 10\r\n"
                               "Expect: 100-continue\r\n");
    assert_int_equal(answer.status, 429);
    announce("POST /v1/files?odd=1", "Content-Length: 10\r\n");
    assert_int_equal(answer.status, 400);
    raw_insist_problem(&answer, "BAD_FORM");
    assert_int_equal(fixture_handled, before);
}

static int
send_part(const char *from, size_t size)
{
    char head[200];
    int connection = raw_open_from(from, http_port(fixture_server));

    snprintf(head, sizeof(head),
             "POST /v1/files HTTP/1.1\r\n" HOST "Pass: yes\r\n"
             "Content-Type: text/csv\r\nContent-Length: %zu\r\n\r\nx",
             size);
    raw_text(connection, head);
    return connection;
}

/* Waits until `wanted` large bodies are on their way. */
static void
wait_for_places(int wanted)
{
    int64_t until = clock_monotonic() + SECONDS(5);
    char line[50];
    bool there;

    snprintf(line, sizeof(line), "\ninservice_http_large_bodies %d\n", wanted);
    do {
        struct bytes text CLEANUP(bytes_free) = {0};
        metrics_print(&text);
        there = strstr(bytes_text(&text), line) != NULL;
    } while (!there && clock_monotonic() < until);
    assert_true(there);
}

/* Two places, one of them for one host; small files need none. */
static char rest[50000]; /* of a body */

/* A large body of another client. The connection is closed. */
static void
read_answer_to_large(const char *address)
{
    int other = send_part(address, sizeof(rest));

    raw_send(other, rest, sizeof(rest) - 1);
    raw_read(other, false, &answer);
    close(other);
}

static void
test_s03_few_large_bodies_at_a_time(void **state)
{
    (void)state;
    memset(rest, 'x', sizeof(rest));
    int one = send_part("127.0.1.1", sizeof(rest));
    wait_for_places(1);
    read_answer_to_large("127.0.1.1");
    assert_int_equal(answer.status, 503);
    raw_insist_problem(&answer, "UNAVAILABLE");
    assert_string_equal(raw_header(&answer, "Retry-After"), "1");

    int other = send_part("127.0.1.1", 1);
    raw_read(other, false, &answer);
    assert_int_equal(answer.status, 200);
    close(other);
    wait_for_places(1);
    read_answer_to_large("127.0.2.1");
    assert_int_equal(answer.status, 200);

    wait_for_places(1);
    raw_send(one, rest, sizeof(rest) - 1);
    raw_read(one, false, &answer);
    assert_int_equal(answer.status, 200);
    /* The place is free again, on the same connection too. */
    for (int i = 0; i < 3; i++) {
        raw_text(one,
                 "POST /v1/files HTTP/1.1\r\n" HOST "Pass: yes\r\n"
                 "Content-Type: text/csv\r\nContent-Length: 50000\r\n\r\n");
        raw_send(one, rest, sizeof(rest));
        raw_read(one, false, &answer);
        assert_int_equal(answer.status, 200);
    }
    close(one);
}

/* A client that is refused cheaply cannot ask again on the same connection. */
static void
a_refusal_can_end_its_connection(void **state)
{
    static const char *const lines[] = {"Last: 1\r\n", ""};
    char request[256];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(lines); i++) {
        int connection = raw_open(http_port(fixture_server));
        snprintf(request, sizeof(request),
                 "GET /v1/refusals/UNAVAILABLE HTTP/1.1\r\nHost: a\r\n%s\r\n",
                 lines[i]);
        raw_text(connection, request);
        if (i == 0) {
            raw_read_all(connection, &answer);
            assert_int_equal(answer.status, 503);
            assert_non_null(strstr(answer.text, "Connection: close\r\n"));
            assert_true(answer.closed);
        } else {
            raw_read(connection, false, &answer);
            assert_null(strstr(answer.text, "Connection: close"));
            assert_false(answer.closed);
        }
        close(connection);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_s03_bodies_are_refused_before_they_come),
        cmocka_unit_test(test_s03_the_right_comes_before_the_body),
        cmocka_unit_test(test_s03_few_large_bodies_at_a_time),
        cmocka_unit_test(a_refusal_can_end_its_connection),
    };
    return cmocka_run_group_tests_name("http_admit", tests, fixture_start,
                                       fixture_stop);
}
