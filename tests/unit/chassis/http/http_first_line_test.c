/* The first request line, with every number of its bytes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "chassis/http/http_internal.h"

static const char *const good[] = {
    "GET / HTTP/1.1\r\n",
    "\r\nGET / HTTP/1.0\r\n",
    "GET / HTTP/1.2\r\n",
    "M-SEARCH! /a?b=c%20 HTTP/1.1\r\n",
    "GET anything-the-gate-sees HTTP/1.1\r\n",
};

static const struct {
    const char *text, *code;
} bad[] = {
    {"\n", "BAD_FRAMING"},
    {"\r\n\r\n", "BAD_FRAMING"},
    {"\rG", "BAD_FRAMING"},
    {"\x16\x03\x01", "BAD_FRAMING"},
    {"GET\n", "BAD_FRAMING"},
    {"GET / HTTP/1.1\n", "BAD_FRAMING"},
    {"GET /\r\n", "BAD_FRAMING"},
    {"GET  / HTTP/1.1\r\n", "BAD_FRAMING"},
    {"GET /  HTTP/1.1\r\n", "BAD_FRAMING"},
    {"GET / HTTP/1.1 \r\n", "BAD_FRAMING"},
    {"GET / HTTP/11\r\n", "BAD_FRAMING"},
    {"GET / HTTP/1.11\r\n", "BAD_FRAMING"},
    {"GET / HTTP/0.9\r\n", "HTTP_VERSION_UNKNOWN"},
    {"GET / HTTP/3.0\r\n", "HTTP_VERSION_UNKNOWN"},
    {"PRI * HTTP/2.0\r\n", "HTTP_VERSION_UNKNOWN"},
};

/* An exact copy, so that the sanitizer sees each byte too far. */
static const char *
check(const char *text, size_t size, bool *ret_whole)
{
    char *copy = malloc(size > 0 ? size : 1);
    assert_non_null(copy);
    memcpy(copy, text, size);
    const char *code = first_line_check(copy, size, ret_whole);
    free(copy);
    return code;
}

static void
test_s13_lines_are_read_piece_by_piece(void **state)
{
    bool whole;
    (void)state;

    for (size_t i = 0; i < COUNT_OF(good); i++) {
        size_t size = strlen(good[i]);
        for (size_t part = 0; part <= size; part++) {
            assert_null(check(good[i], part, &whole));
            assert_int_equal(whole, part == size);
        }
    }
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        const char *code = check(bad[i].text, strlen(bad[i].text), &whole);
        if (code == NULL || strcmp(code, bad[i].code) != 0 || whole)
            fail_msg("%s: %s", bad[i].text, code != NULL ? code : "good");
    }
}

static void
endless_lines_are_too_long(void **state)
{
    static char text[FIRST_LINE_ROOM];
    bool whole;
    (void)state;

    memset(text, 'x', sizeof(text));
    memcpy(text, "GET /", 5);
    assert_null(check(text, sizeof(text) - 3, &whole));
    assert_false(whole);
    assert_string_equal(check(text, sizeof(text), &whole), "URI_TOO_LONG");
    memset(text, 'x', sizeof(text));
    assert_string_equal(check(text, sizeof(text), &whole), "URI_TOO_LONG");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_s13_lines_are_read_piece_by_piece),
        cmocka_unit_test(endless_lines_are_too_long),
    };
    return cmocka_run_group_tests_name("first line", tests, NULL, NULL);
}
