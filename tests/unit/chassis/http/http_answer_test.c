/* The answers of the HTTP server: methods, paths, queries, problems in two
 * languages, JSON, conditional answers, headers, traces, streams, a clean end.
 */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "attributes.h"
#include "chassis/base/clock.h"
#include "chassis/base/metrics.h"

#include "http_fixture.h"
#include "raw_client.h"

static struct raw_answer answer;

/* "METHOD target", further header lines, a body; reads the answer. */
static void
ask(const char *line, const char *headers, const char *body)
{
    static char request[8192];
    int connection = raw_open(http_port(fixture_server));
    char length[64] = "";

    if (body != NULL)
        snprintf(length, sizeof(length), "Content-Length: %zu\r\n",
                 strlen(body));
    snprintf(request, sizeof(request), "%s HTTP/1.1\r\nHost: a\r\n%s%s\r\n%s",
             line, headers, length, body == NULL ? "" : body);
    raw_text(connection, request);
    raw_read(connection, strncmp(line, "HEAD", 4) == 0, &answer);
    close(connection);
}

static void
insist(int status, const char *text)
{
    if (answer.status != status || strstr(answer.text, text) == NULL)
        fail_msg("wanted %d with %s: %s", status, text, answer.text);
}

static void
methods_and_paths(void **state)
{
    (void)state;
    ask("GET /v1/nowhere", "", NULL);
    insist(404, "\"code\":\"NOT_FOUND\"");
    ask("GET /v1/things/1/", "", NULL);
    insist(404, "NOT_FOUND");
    ask("GET //v1/things/1", "", NULL);
    insist(404, "NOT_FOUND");
    ask("GET /", "", NULL);
    insist(404, "NOT_FOUND");
    ask("DELETE /v1/things/1", "", NULL);
    insist(405, "\"code\":\"METHOD_NOT_ALLOWED\"");
    assert_string_equal(raw_header(&answer, "Allow"),
                        "GET, HEAD, PUT, PATCH, OPTIONS");
    ask("BREW /v1/things/1/leave", "", NULL);
    insist(405, "Allow: POST, OPTIONS");
    ask("OPTIONS /v1/things/1", "", NULL);
    insist(204, "Allow: GET, HEAD, PUT, PATCH, OPTIONS");
    assert_string_equal(answer.body, "");
    ask("HEAD /v1/things/1", "", NULL);
    insist(200, "ETag: \"3\"");
    assert_string_equal(answer.body, "");
    assert_true(strlen(raw_header(&answer, "Content-Length")) >= 2);
    ask("HEAD /v1/nowhere", "", NULL);
    insist(404, "application/problem+json");
    assert_string_equal(answer.body, "");
}

static void
segments_are_decoded_alone(void **state)
{
    static const char *const bad[] = {
        "%",      "%4",    "%zz",       "a%00b",  "%ff",
        "%c0%af", "%2f",   "..%2f..",   "%2e%2e", ".",
        "..",     "a%5cb", "%ed%a0%80", "%e7%8e", "%F5%80%80%80",
    };
    char line[100];
    (void)state;

    ask("GET /v1/things/%e7%8e%8b%20a+b%26%3D", "", NULL);
    insist(200, "{\"id\":\"王 a+b&=\"");
    ask("GET /v1/%74hings/1", "", NULL);
    insist(200, "{\"id\":\"1\"");
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        snprintf(line, sizeof(line), "GET /v1/things/%s", bad[i]);
        ask(line, "", NULL);
        if (answer.status != 400)
            fail_msg("%s: %s", line, answer.text);
        insist(400, "BAD_FORM");
    }
}

static void
queries_are_closed(void **state)
{
    (void)state;
    ask("GET /v1/things/1?wide=%E5%B8%AB+x%2B&&limit=7", "", NULL);
    insist(200, "\"wide\":\"師 x+\"");
    ask("GET /v1/things/1?id=9", "", NULL);
    insist(400, "{\"pointer\":\"?id\",\"code\":\"UNKNOWN_PARAMETER\"");
    ask("GET /v1/things?limit=1", "", NULL);
    insist(400, "\"pointer\":\"?limit\"");
    ask("GET /v1/things/1?wide=%ff", "", NULL);
    insist(400, "{\"pointer\":\"?wide\",\"code\":\"BAD_ENCODING\"");
    ask("GET /v1/things/1?wide=%00", "", NULL);
    insist(400, "BAD_ENCODING");
    ask("GET /v1/things/1?%=1", "", NULL);
    insist(400, "{\"pointer\":\"?\"");
    ask("GET /v1/things/1?", "", NULL);
    insist(200, "\"wide\":null");
}

static void
problems_speak_two_languages(void **state)
{
    static const struct {
        const char *header;
        bool english;
    } cases[] = {
        {"", false},
        {"Accept-Language: en\r\n", true},
        {"Accept-Language: en-GB, zh;q=0.5\r\n", true},
        {"Accept-Language: en;q=0.5, zh-TW\r\n", false},
        {"Accept-Language: zh-TW,zh;q=0.9,en;q=0.8\r\n", false},
        {"Accept-Language: fr, en;q=0.3\r\n", true},
        {"Accept-Language: *\r\n", false},
        {"Accept-Language: eng, ;;q=, q=0\r\n", false},
    };
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        ask("GET /v1/refusals/NAME_MISSING", cases[i].header, NULL);
        insist(422, cases[i].english ? "\"title\":\"Name missing\""
                                     : "\"title\":\"缺少姓名\"");
        assert_string_equal(raw_header(&answer, "Content-Language"),
                            cases[i].english ? "en" : "zh-TW");
    }
    insist(422, "\"type\":\"/problems/NAME_MISSING\"");
    insist(422, "\"status\":422");
    insist(422, "\"errors\":[{\"pointer\":\"/name\"");
    insist(422, "\"version\":7}");
}

static void
refusals_say_when_to_come_again(void **state)
{
    (void)state;
    ask("GET /v1/refusals/TOO_MANY_REQUESTS", "", NULL);
    insist(429, "Retry-After: 60\r\n");
    ask("GET /v1/refusals/UNAVAILABLE", "", NULL);
    insist(503, "Retry-After: 1\r\n");
    ask("GET /v1/refusals/NAME_MISSING", "", NULL);
    assert_null(raw_header(&answer, "Retry-After"));
}

static void
nothing_internal_shows(void **state)
{
    (void)state;
    ask("GET /v1/refusals/SECRET_TABLE_NAME", "Accept-Language: en\r\n", NULL);
    insist(500, "\"code\":\"BROKEN\"");
    assert_null(strstr(answer.text, "SECRET_TABLE_NAME"));
    ask("GET /v1/nothing", "", NULL);
    insist(500, "\"code\":\"BROKEN\"");
}

static void
bodies_are_json_objects(void **state)
{
    static char deep[200];
    static const struct {
        const char *body;
        const char *code;
    } cases[] = {
        {"{\"a\":1,\"a\":2}", "DUPLICATE_MEMBER"},
        {"{\"a\":{\"b\":1,\"b\":2}}", "DUPLICATE_MEMBER"},
        {"[1]", "NOT_AN_OBJECT"},
        {"1", "NOT_JSON"},
        {"{\"a\":\"\\u0000\"}", "NOT_JSON"},
        {"{\"a\":\"\xff\"}", "NOT_JSON"},
        {"{\"a\":1} x", "NOT_JSON"},
        {"{\"a\":", "NOT_JSON"},
        {deep, "TOO_DEEP"},
    };
    char code[60];
    (void)state;

    for (int i = 0; i < 33; i++)
        memcpy(deep + 5 * i, "{\"a\":", 5);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        ask("PUT /v1/things/1", "Content-Type: application/json\r\n",
            cases[i].body);
        snprintf(code, sizeof(code), "{\"pointer\":\"\",\"code\":\"%s\"",
                 cases[i].code);
        insist(400, code);
    }
    ask("PUT /v1/things/1", "Content-Type: application/json\r\n", "");
    insist(400, "BODY_MISSING");
    ask("PUT /v1/things/1", "Content-Type: application/json\r\n",
        "{\"a\":\"{{{{\",\"b\":[]}");
    insist(201, "{\"members\":2}");
}

static void
headers_are_safe(void **state)
{
    (void)state;
    ask("PUT /v1/things/1", "Content-Type: application/json\r\n", "{}");
    insist(201, "X-Content-Type-Options: nosniff\r\n");
    insist(201, "Cache-Control: no-store\r\n");
    insist(201, "Content-Security-Policy: default-src 'none'");
    insist(201, "Referrer-Policy: no-referrer\r\n");
    insist(201, "X-Note: one  Set-Cookie: evil=1\r\n");
    assert_non_null(strcasestr(answer.text, "set-cookie: a=1\r\n"));
    assert_non_null(strcasestr(answer.text, "set-cookie: b=2\r\n"));
    assert_null(raw_header(&answer, "Server"));
    assert_null(raw_header(&answer, "Access-Control-Allow-Origin"));
    ask("GET /v1/things/1", "Cookie: other=1; session=abc\r\n", NULL);
    insist(200, "\"cookie\":\"abc\"");
}

static void
unchanged_is_304(void **state)
{
    static const char *const same[] = {"\"3\"", "W/\"3\"", "\"1\", \"3\"",
                                       "*",     "* ",      ", \"3\""};
    static const char *const other[] = {"\"31\"",    "3",  "\"1\"",    "",
                                        "*anything", "**", "*, \"1\"", ", *"};
    char header[80];
    (void)state;

    for (size_t i = 0; i < COUNT_OF(same); i++) {
        snprintf(header, sizeof(header), "If-None-Match: %s\r\n", same[i]);
        ask("GET /v1/things/1", header, NULL);
        insist(304, "ETag: \"3\"");
        assert_string_equal(answer.body, "");
    }
    for (size_t i = 0; i < COUNT_OF(other); i++) {
        snprintf(header, sizeof(header), "If-None-Match: %s\r\n", other[i]);
        ask("GET /v1/things/1", header, NULL);
        insist(200, "\"id\"");
    }
    ask("POST /v1/things/1/leave", "If-None-Match: \"3\"\r\n", NULL);
    insist(200, "\"id\"");
}

static void
traces_are_passed_on(void **state)
{
    static const char id[] = "0af7651916cd43dd8448eb211c80319c";
    static const char *const bad[] = {
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-x",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0",
        "x",
    };
    char header[120];
    (void)state;

    snprintf(header, sizeof(header),
             "traceparent: 00-%s-b7ad6b7169203331-00\r\n", id);
    ask("GET /v1/things/1", header, NULL);
    insist(200, "\"trace\":\"00-0af7651916cd43dd8448eb211c80319c-");
    assert_null(strstr(answer.body, "b7ad6b7169203331"));
    insist(200, "-00\"");
    ask("GET /v1/nowhere", header, NULL);
    insist(404, "\"traceId\":\"0af7651916cd43dd8448eb211c80319c\"");
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        snprintf(header, sizeof(header), "traceparent: %s\r\n", bad[i]);
        ask("GET /v1/things/1", header, NULL);
        insist(200, "\"trace\":\"00-");
        assert_null(strcasestr(answer.body, id));
    }
}

static void
streams_are_capped(void **state)
{
    int first = raw_open(http_port(fixture_server));
    (void)state;

    ask("HEAD /v1/streams/short", "", NULL);
    insist(200, "text/event-stream");
    raw_text(first, "GET /v1/streams/short HTTP/1.1\r\nHost: a\r\n\r\n");
    raw_read_all(first, &answer);
    close(first);
    insist(200, "data: 1\n\n");
    assert_true(answer.closed);

    first = raw_open(http_port(fixture_server));
    raw_text(first, "GET /v1/streams/endless HTTP/1.1\r\nHost: a\r\n\r\n");
    raw_read(first, true, &answer);
    insist(200, "text/event-stream");
    ask("GET /v1/streams/short", "", NULL);
    insist(503, "Retry-After: 5");
    insist(503, "\"code\":\"UNAVAILABLE\"");
    close(first);
}

/* The longest answer to the longest request; a longer header is left out. */
static void
test_s13_long_headers_are_answered(void **state)
{
    static char request[20000], filler[8192];
    (void)state;

    memset(filler, 'y', sizeof(filler) - 1);
    for (int size = 256; size <= 6000; size += size < 2048 ? 256 : 1000) {
        int connection = raw_open(http_port(fixture_server));
        snprintf(request, sizeof(request),
                 "GET /v1/links/%d?wide=%.*s HTTP/1.1\r\nHost: a\r\n"
                 "X: %.*s\r\n\r\n",
                 size, 8100, filler, 8100, filler);
        raw_text(connection, request);
        raw_read(connection, false, &answer);
        close(connection);
        insist(200, "{}");
        assert_int_equal(raw_header(&answer, "Link") != NULL, size <= 2048);
    }
}

static void
exchanges_are_counted(void **state)
{
    struct bytes text CLEANUP(bytes_free) = {0};
    (void)state;

    ask("DELETE /v1/things/1", "", NULL);
    ask("GET /v1/things/77", "", NULL);
    metrics_print(&text);
    assert_non_null(strstr(bytes_text(&text),
                           "http_requests_total{method=\"GET\","
                           "route=\"/v1/things/{id}\",status=\"200\"}"));
    assert_non_null(
        strstr(bytes_text(&text), "route=\"none\",status=\"405\"}"));
    assert_non_null(strstr(bytes_text(&text), "http_connections "));
    assert_null(strstr(bytes_text(&text), "77\""));
}

/* --- stopping ----------------------------------------------------------- */

static _Atomic int running;

static void
get_slow(struct http_request *request, struct http_response *response)
{
    const struct timespec step = {.tv_nsec = 300000000};
    (void)request;
    running++;
    nanosleep(&step, NULL);
    bytes_add_text(&response->body, "{}");
    http_answer(response, 200);
}

static const struct http_route one_route[] = {
    {.method = "GET", .path = "/slow", .handle = get_slow},
    {.path = NULL},
};

static void *
stop(void *server)
{
    http_stop(server, clock_monotonic() + SECONDS(5));
    return NULL;
}

static void
running_handlers_finish(void **state)
{
    struct http_options options = {.address = "127.0.0.1", .routes = one_route};
    char error[256];
    struct http_server *server = http_start(&options, error);
    int idle = raw_open(http_port(server));
    int busy = raw_open(http_port(server));
    int64_t until = clock_monotonic() + SECONDS(5);
    pthread_t thread;
    (void)state;

    raw_text(busy, "GET /slow HTTP/1.1\r\nHost: a\r\n\r\n");
    while (running == 0 && clock_monotonic() < until)
        usleep(1000);
    pthread_create(&thread, NULL, stop, server);
    raw_read_all(busy, &answer);
    insist(200, "Connection: close");
    assert_true(answer.closed);
    raw_read_all(idle, &answer);
    assert_int_equal(answer.responses, 0);
    assert_true(answer.closed);
    pthread_join(thread, NULL);
    assert_true(clock_monotonic() < until);
    close(idle);
    close(busy);
}

/* Opens two connections, asks on a third; returns the first two. */
static struct http_server *
start_limited(int all, int per_ip, int ret_connections[2])
{
    struct http_options options = {.address = "127.0.0.1",
                                   .routes = one_route,
                                   .connection_max = all,
                                   .connection_per_host_max = per_ip};
    char error[256];
    struct http_server *server = http_start(&options, error);

    for (int i = 0; i < 2; i++) {
        ret_connections[i] = raw_open(http_port(server));
        raw_text(ret_connections[i], "GET / HTTP/1.1\r\nHost: a\r\n\r\n");
        raw_read(ret_connections[i], false, &answer);
        assert_int_equal(answer.status, 404);
    }
    return server;
}

static void
connections_are_limited(void **state)
{
    int open[2];
    (void)state;

    struct http_server *server = start_limited(10, 2, open);
    int third = raw_open(http_port(server));
    raw_read_all(third, &answer);
    assert_true(answer.closed);
    assert_int_equal(answer.responses, 0);
    close(third);
    close(open[0]);
    close(open[1]);
    http_stop(server, clock_monotonic() + SECONDS(5));
}

static void
wrong_tables_do_not_start(void **state)
{
    static const struct http_route twice[] = {
        {.method = "GET", .path = "/a/{b}", .handle = get_slow},
        {.method = "GET", .path = "/a/{c}", .handle = get_slow},
        {.path = NULL},
    };
    static const struct http_route empty[] = {
        {.method = "GET", .path = "/a//b", .handle = get_slow},
        {.path = NULL},
    };
    struct http_options options = {.address = "127.0.0.1", .routes = twice};
    char error[256];
    (void)state;

    assert_null(http_start(&options, error));
    assert_string_equal(error, "route GET /a/{c}: given twice");
    options.routes = empty;
    assert_null(http_start(&options, error));
    options.routes = twice + 1;
    options.address = "nowhere";
    assert_null(http_start(&options, error));
    assert_non_null(strstr(error, "cannot listen"));
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(methods_and_paths),
    cmocka_unit_test(segments_are_decoded_alone),
    cmocka_unit_test(queries_are_closed),
    cmocka_unit_test(problems_speak_two_languages),
    cmocka_unit_test(refusals_say_when_to_come_again),
    cmocka_unit_test(nothing_internal_shows),
    cmocka_unit_test(bodies_are_json_objects),
    cmocka_unit_test(headers_are_safe),
    cmocka_unit_test(unchanged_is_304),
    cmocka_unit_test(traces_are_passed_on),
    cmocka_unit_test(streams_are_capped),
    cmocka_unit_test(test_s13_long_headers_are_answered),
    cmocka_unit_test(exchanges_are_counted),
    cmocka_unit_test(running_handlers_finish),
    cmocka_unit_test(connections_are_limited),
    cmocka_unit_test(wrong_tables_do_not_start),
};

int
main(void)
{
    return cmocka_run_group_tests_name("chassis/http_answer", tests,
                                       fixture_start, fixture_stop);
}
