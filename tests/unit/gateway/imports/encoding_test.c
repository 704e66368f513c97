/* encoding.c: UTF-8 with and without mark, UTF-16, CP950 with characters that
 * users drew, broken bytes, and files that are no text. */
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
    /* UTF-16 with its mark, both ways round; a pair; an odd byte; a half */
    {"\xFF\xFE\x61\x00\x09\x00\x0B\x57", 8, "a\t國", "UTF-16"},
    {"\xFE\xFF\x57\x0B\x00\x0A", 6, "國\n", "UTF-16"},
    {"\xFF\xFE\x42\xD8\xB7\xDF", 6, "𠮷", "UTF-16"},
    {"\xFF\xFE\x61\x00\x62", 5, "a�", "UTF-16"},
    {"\xFF\xFE\x42\xD8\x61\x00", 6, "�a", "UTF-16"},
    {"\xFF\xFE", 2, "", "UTF-16"},
    {"\xFF\xFE\x61\x00\x00\x00", 6, NULL, NULL},
    {"a\0b", 3, NULL, NULL},
    {"\xFF\xFF", 2, "��", "CP950"},
};

/* As Windows reads them: private-use characters at both ends of each range, the
 * ETEN characters, and the neighbours of the ranges. */
static void
test_f11_what_users_have_drawn(void **state)
{
    static const struct {
        const char *bytes, *text;
    } cells[] = {
        {"\xFA\x40", "\uE000"}, {"\xFE\xFE", "\uE310"}, {"\xFA\x7E", "\uE03E"},
        {"\xFA\xA1", "\uE03F"}, {"\xFA\xFE", "\uE09C"}, {"\xFB\x40", "\uE09D"},
        {"\x8E\x40", "\uE311"}, {"\xA0\xFE", "\uEEB7"}, {"\x81\x40", "\uEEB8"},
        {"\x8D\xFE", "\uF6B0"}, {"\xC6\xA1", "\uF6B1"}, {"\xC8\xFE", "\uF848"},
        {"\xF9\xD6", "碁"},     {"\xF9\xD7", "銹"},     {"\xF9\xD8", "裏"},
        {"\xF9\xD9", "墻"},     {"\xF9\xDA", "恒"},     {"\xF9\xDB", "粧"},
        {"\xF9\xDC", "嫺"},     {"\xF9\xFE", "▓"},      {"\xA3\xE1", "€"},
        {"\xA1\x45", "‧"},
    };
    struct arena *arena = arena_new(0);

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cells); i++) {
        /* 國 in CP950 on both sides, so that nothing else is swallowed. */
        const char *file =
            arena_printf(arena, "\xB0\xEA%s\xB0\xEA,a\n", cells[i].bytes);
        const char *wanted = arena_printf(arena, "國%s國,a\n", cells[i].text);
        struct text text;
        assert_true(text_decode(arena, file, strlen(file), &text));
        assert_string_equal(text.encoding, "CP950");
        text.data[text.size] = '\0';
        assert_string_equal(text.data, wanted);
    }
    arena_free(arena);
}

/* A broken byte costs its cell, neither the comma after it nor the file. */
static void
test_f11_broken_bytes_stay_in_their_cell(void **state)
{
    static const struct {
        const char *bytes, *text, *encoding;
    } files[] = {
        {"\xB0\xEA,\xB0,\xB0\xEA\n", "國,�,國\n", "CP950"},
        {"\xB0\xEA\xFF\n", "國�\n", "CP950"},
        {"\xB0\xEA\xB0\"\n", "國�\"\n", "CP950"},
        {"\xB0\xEA\xB0\r\n", "國�\r\n", "CP950"},
        {"\xB0\xEA\xB0", "國�", "CP950"},
        {"國小,\xFF,國中\n", "國小,�,國中\n", "UTF-8"},
        {"國小\xE5\x9C,國中\n", "國小��,國中\n", "UTF-8"},
        {"\xEF\xBB\xBF\xB0\xEA,a\n", "��,a\n", "UTF-8"},
        {"國\xED\xA0\x80,國小\n", "國���,國小\n", "UTF-8"},
    };
    struct arena *arena = arena_new(0);

    (void)state;
    for (size_t i = 0; i < COUNT_OF(files); i++) {
        struct text text;
        assert_true(
            text_decode(arena, files[i].bytes, strlen(files[i].bytes), &text));
        text.data[text.size] = '\0';
        assert_string_equal(text.data, files[i].text);
        assert_string_equal(text.encoding, files[i].encoding);
    }
    arena_free(arena);
}

/* Where every character is broken, it is no text. */
static void
test_f11_noise_is_no_text(void **state)
{
    struct arena *arena = arena_new(0);
    char noise[5000];
    struct text text;

    (void)state;
    memset(noise, 0xFF, sizeof noise);
    assert_false(text_decode(arena, noise, sizeof noise, &text));
    assert_true(text_decode(arena, noise, 16, &text));
    assert_false(text_decode(arena, noise, 17, &text));
    memset(noise, 'a', sizeof noise);
    memset(noise, 0xFF, 66);
    assert_true(text_decode(arena, noise, sizeof noise, &text));
    memset(noise, 0xFF, 67);
    assert_false(text_decode(arena, noise, sizeof noise, &text));
    arena_free(arena);
}

static void
test_r15_spreadsheets_are_known(void **state)
{
    (void)state;
    assert_true(file_is_spreadsheet("PK\x03\x04rest", 8));
    assert_true(file_is_spreadsheet("\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1", 8));
    assert_false(file_is_spreadsheet("PK,code", 7));
    assert_false(file_is_spreadsheet("PK", 2));
    assert_false(file_is_spreadsheet(NULL, 0));
}

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
        cmocka_unit_test(test_f11_what_users_have_drawn),
        cmocka_unit_test(test_f11_broken_bytes_stay_in_their_cell),
        cmocka_unit_test(test_f11_noise_is_no_text),
        cmocka_unit_test(test_r15_spreadsheets_are_known),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
