/* csv.c: RFC 4180 as spreadsheets write it, and broken files. Every case reads
 * from memory of exactly the file's size, so that the sanitizers see a step too
 * far. */
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

/* Cells in brackets, records with a bar after them; a fault by its code. */
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

/* Readers differ on blanks before an opening quote: Excel and Python keep blank
 * and quotes, others drop them. So it is a fault. Inside an unquoted cell a
 * quote is kept by all that read it. */
static void
test_f20_blanks_before_a_quote(void **state)
{
    static const char *const files[][2] = {
        {"a, \"b\"", "QUOTE_MISPLACED@1"},
        {"a\n \"b,c\"", "[a]|QUOTE_MISPLACED@2"},
        {"a,\t\"b\"", "QUOTE_MISPLACED@1"},
        {"a,\xE3\x80\x80\"b\"", "QUOTE_MISPLACED@1"}, /* U+3000 */
        {"a,\xC2\xA0\"b\"", "QUOTE_MISPLACED@1"},     /* U+00A0 */
        {"  \"", "QUOTE_MISPLACED@1"},
        {"\xEF\xBB\xBF\"a\"", "QUOTE_MISPLACED@1"}, /* a second mark */
        {"\"a\" ,b", "QUOTE_MISPLACED@1"},
        {"a b\"c,d", "[a b\"c][d]|"},
        {"5\" x 7\",\"6\"\" x\"", "[5\" x 7\"][6\" x]|"},
        {"a , b", "[a ][ b]|"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(files); i++)
        expect(files[i][0], files[i][1]);
}

static void
test_f20_other_separators(void **state)
{
    static const char *const files[][2] = {
        {"a\tb\r\nc,d\t\"e\tf\"\r\n", "[a][b]|[c,d][e\tf]|"},
        {"a;b\n1,2;3", "[a][b]|[1,2][3]|"},
        {"a\tb,c\n", "[a\tb][c]|"},
        {"\"a,b\"\tc\n", "[a,b][c]|"},
        {"\"a\tb\n\",c;d", "[a\tb\n][c;d]|"},
        {"sep=,\r\na;b,c\r\n", "[a;b][c]|"},
        {"SEP=;\na,b;c", "[a,b][c]|"},
        {"sep=\t\ra\tb,c", "[a][b,c]|"},
        {"sep=|\na|b\n\"c", "[a][b]|QUOTE_UNCLOSED@2"},
        {"sep=;", ""},
        {"sep=\na,b", "[sep=]|[a][b]|"},
        {"sep=,x\na", "[sep=][x]|[a]|"},
        {"sep=\"\n", "[sep=\"]|"},
        {"a\rb,c\r\"d\re\"\r", "[a]|[b][c]|[d\re]|"},
        {"a", "[a]|"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(files); i++)
        expect(files[i][0], files[i][1]);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reads_what_it_should),
        cmocka_unit_test(test_f20_blanks_before_a_quote),
        cmocka_unit_test(test_f20_other_separators),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
