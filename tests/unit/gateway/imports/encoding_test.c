/* encoding.c: UTF-8 with and without mark, CP950, and what is neither. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "gateway/imports/encoding.h"

static const struct {
    const char *bytes;
    size_t size;
    const char *text, *encoding; /* NULL: no text */
} cases[] = {
    {"", 0, "", "UTF-8"},
    {"\xEF\xBB\xBF", 3, "", "UTF-8"},
    {"code", 4, "code", "UTF-8"},
    {"\xEF\xBB\xBF國小", 9, "國小", "UTF-8"},
    {"國小", 6, "國小", "UTF-8"},
    /* 臺北市 in CP950 */
    {"\xBB\x4F\xA5\x5F\xA5\xAB", 6, "臺北市", "CP950"},
    {"a,\xB0\xEA\xA4\x70", 6, "a,國小", "CP950"},
    {"\xB0", 1, NULL, NULL},             /* half a character */
    {"\xFF\xFE\x61\x00", 4, NULL, NULL}, /* UTF-16 */
    {"a\0b", 3, NULL, NULL},
    {"\xC0\x80", 2, NULL, NULL},
};

static void
finds_the_text(void **state)
{
    struct arena *arena = arena_new(0);
    struct text text;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        bool read = text_decode(arena, cases[i].bytes, cases[i].size, &text);
        assert_int_equal(read, cases[i].text != NULL);
        if (!read)
            continue;
        assert_int_equal(text.size, strlen(cases[i].text));
        assert_memory_equal(text.data, cases[i].text, text.size);
        assert_string_equal(text.encoding, cases[i].encoding);
        text.data[text.size] = '\0'; /* the spare byte is there */
    }
    arena_free(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(finds_the_text),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
