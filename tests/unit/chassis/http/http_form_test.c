/* The server's reading of a query, before a handler sees it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "chassis/http/http_internal.h"

#include "http_fixture.h"
#include "raw_client.h"

static struct raw_answer answer;

static void
ask(const char *query)
{
    char request[512];
    int connection = raw_open(http_port(fixture_server));

    snprintf(request, sizeof request,
             "GET /v1/things/1?%s HTTP/1.1\r\nHost: a\r\n\r\n", query);
    raw_text(connection, request);
    raw_read(connection, false, &answer);
    close(connection);
}

/* One way for all parameters of all routes. */
static void
f15_values_are_checked_before_the_handler(void **state)
{
    static const struct {
        const char *query, *fault;
    } cases[] = {
        {"wide=", "?wide\",\"code\":\"EMPTY_PARAMETER"},
        {"wide", "?wide\",\"code\":\"EMPTY_PARAMETER"},
        {"limit=1&wide=", "?wide\",\"code\":\"EMPTY_PARAMETER"},
        {"kind=a&kind=", "?kind\",\"code\":\"EMPTY_PARAMETER"},
        {"wide=a&wide=a", "?wide\",\"code\":\"REPEATED_PARAMETER"},
        {"limit=1&wide=a&limit=2", "?limit\",\"code\":\"REPEATED_PARAMETER"},
        {"limit=12345", "?limit\",\"code\":\"BAD_PARAMETER"},
        {"kind=a&kind=12345", "?kind\",\"code\":\"BAD_PARAMETER"},
        {"kind=12345&limit=", "?kind\",\"code\":\"BAD_PARAMETER"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        ask(cases[i].query);
        if (answer.status != 400 || !strstr(answer.text, cases[i].fault))
            fail_msg("%s: %s", cases[i].query, answer.text);
    }
    ask("kind=a&kind=b&limit=1&wide=12345");
    assert_int_equal(answer.status, 200);
    assert_non_null(strstr(answer.text, "\"wide\":\"12345\""));
}

static const struct {
    const char *type;
    bool fits;
} content_types[] = {
    {"application/json", true},
    {"application/json; charset=utf8", true},
    {"application/json; charset=UTF-8", true},
    {"application/json;charset=\"utf-8\"", true},
    {"Application/JSON ; Charset=\"UTF8\"; x=y", true},
    {"application/json; profile=\"charset=big5\"", true},
    {"application/json;", true},
    {"application/json; charset=utf-16", false},
    {"application/json; charset=utf-8x", false},
    {"application/json; charset=utf", false},
    {"application/json; charset=\"utf-8", false},
    {"application/json; charset=", false},
    {"application/json; charset", false},
    {"application/json; charset=us-ascii", false},
    {"application/json; charset=utf-8; charset=big5", false},
    {"application/json; xcharset=big5", true},
    {"application/jsonx; charset=utf-8", false},
    {"application/json, text/plain", false},
    {"application/json,text/plain", false},
    {"application/json , application/json", false},
    {"application/json text/plain", false},
    {"application/json; charset=utf-8, text/plain", false},
    {"application/json;x=y,text/plain", false},
    {"application/json; x=\"y\", text/plain", false},
    {"text/plain, application/json", false},
    {"", false},
    {",", false},
};

/* JSON is UTF-8, in whatever way it is spelled; nothing else is. */
static void
test_f18_charsets(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof content_types / sizeof content_types[0]; i++)
        if (http_content_type_fits(content_types[i].type, NULL, false) !=
            content_types[i].fits)
            fail_msg("%s", content_types[i].type);
    assert_true(
        http_content_type_fits("text/csv; charset=big5", "text/csv", false));
    assert_true(http_content_type_fits("b/c", "a/b b/c", false));
    assert_false(
        http_content_type_fits("text/csv, text/plain", "text/csv", false));
    assert_false(
        http_content_type_fits("text/csv;x=y,text/csv", "text/csv", false));
    assert_false(http_content_type_fits("a/b b/c", "a/b b/c", false));
}

/* A second value of a header that has one is found, in whatever case; lists and
 * headers that are not read may be repeated. */
static void
test_f06_repeated_headers(void **state)
{
    static const char *const single[] = {"Idempotency-Key", "Receipt", NULL};
    static const struct {
        const char *name;
        bool once;
    } cases[] = {
        {"Authorization", true},    {"CONTENT-TYPE", true},
        {"content-encoding", true}, {"Cookie", true},
        {"idempotency-key", true},  {"RECEIPT", true},
        {"If-Match", false},        {"If-None-Match", false},
        {"Prefer", false},          {"Accept", false},
        {"X-Forwarded-For", false}, {"Authorizatio", false},
        {"Authorizations", false},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        struct gate_seen seen = {0};
        for (size_t other = 0; other < sizeof cases / sizeof cases[0]; other++)
            assert_false(gate_header_again(single, cases[other].name, &seen));
        assert_int_equal(gate_header_again(single, cases[i].name, &seen),
                         cases[i].once);
    }
    struct gate_seen seen = {0};
    assert_false(gate_header_again(NULL, "Receipt", &seen));
    assert_false(gate_header_again(NULL, "Receipt", &seen));
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_f18_charsets),
    cmocka_unit_test(test_f06_repeated_headers),
    cmocka_unit_test(f15_values_are_checked_before_the_handler),
};

int
main(void)
{
    return cmocka_run_group_tests_name("chassis/http_form", tests,
                                       fixture_start, fixture_stop);
}
