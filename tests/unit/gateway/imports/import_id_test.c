/* import_id.c: the id of a row's command finds its row, and no other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "gateway/imports/import.h"

static const char one[] = "01a20ba9-dd05-70fd-bda7-544fd474b04a";
static const char other[] = "01a20ba9-dd05-70fd-bda7-544fd474b04b";

static void
id_and_row_are_each_others(void **state)
{
    static const int32_t rows[] = {2, 3, 255, 256, 100001, INT32_MAX};
    char id[UUID_TEXT], again[UUID_TEXT];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        int32_t row = 0;
        import_command_id(one, rows[i], id);
        import_command_id(one, rows[i], again);
        assert_string_equal(id, again);
        assert_true(import_command_row(one, id, &row));
        assert_int_equal(row, rows[i]);
        assert_false(import_command_row(other, id, &row));
    }
}

static void
other_commands_are_no_rows(void **state)
{
    int32_t row = 7;

    (void)state;
    assert_false(import_command_row(one, one, &row));
    assert_false(import_command_row(one, "", &row));
    assert_false(import_command_row("", one, &row));
    assert_int_equal(row, 7);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(id_and_row_are_each_others),
        cmocka_unit_test(other_commands_are_no_rows),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
