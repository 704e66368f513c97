/* csv.c: RFC 4180 as spreadsheets write it, and what it does with files that
 * are broken. Every case reads from memory of exactly the file's size, so that
 * the sanitizers see a step too far.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "chassis/base/bytes.h"

#include "gateway/imports/csv.h"

enum { CELLS_MAX = 4 };

/* Cells in brackets, records with a bar behind; a fault by its code. */
static void
expect(const char *file, const char *wanted)
{
    size_t size = strlen(file), count;
    char *text = malloc(size + 1), *cells[CELLS_MAX];
    struct bytes got = {0};
    struct csv csv;
    enum csv_news news;

    assert_non_null(text);
    memcpy(text, file, size + 1);
    csv_open(&csv, text, size);
    while ((news = csv_next(&csv, cells, CELLS_MAX, &count)) == CSV_RECORD) {
        for (size_t i = 0; i < count; i++)
            bytes_printf(&got, "[%s]", cells[i]);
        bytes_printf(&got, "|");
    }
    if (news == CSV_FAULT)
        bytes_printf(&got, "%s@%d", csv.fault, csv.record);
    assert_string_equal(bytes_text(&got), wanted);
    bytes_free(&got);
    free(text);
}

static const struct {
    const char *file, *wanted;
} cases[] = {
    {"", ""},
    {"a", "[a]|"},
    {"a,b\r\nc,d\r\n", "[a][b]|[c][d]|"},
    {"a,b\nc,d", "[a][b]|[c][d]|"},
    {"a\rb\r", "[a]|[b]|"},
    {"a,\r\n,b\r\n", "[a][]|[][b]|"},
    {"a,", "[a][]|"},
    {"\n\na\n", "[]|[]|[a]|"},
    {"001301,0", "[001301][0]|"},
    {"\"a\",\"b,c\"\r\n", "[a][b,c]|"},
    {"\"a\"\"b\",\"\"\"\"", "[a\"b][\"]|"},
    {"\"\",x", "[][x]|"},
    {"\"line\r\none\",b\r\nc", "[line\r\none][b]|[c]|"},
    {"a\"b,c\"", "[a\"b][c\"]|"},
    {"=\"0001\",b", "[=\"0001\"][b]|"},
    {" a , b ", "[ a ][ b ]|"},
    {"a,b,c,d", "[a][b][c][d]|"},
    {"a,b,c,d,e", "TOO_MANY_CELLS@1"},
    {"a\n\"b", "[a]|QUOTE_UNCLOSED@2"},
    {"a\n\"b\"\"", "[a]|QUOTE_UNCLOSED@2"},
    {"\"", "QUOTE_UNCLOSED@1"},
    {"\"a\"b\n", "QUOTE_MISPLACED@1"},
    {"\"a\" ,b", "QUOTE_MISPLACED@1"},
};

static void
reads_what_it_should(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        expect(cases[i].file, cases[i].wanted);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_what_it_should),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
