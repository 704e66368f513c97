/* code_tables_test.c: what an installation begins with is sound: codes the
 * owner takes, labels, no code twice, sets of titles that exist (T14). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "rules/utf8.h"

#include "gateway/data/code_tables.h"

static const struct code_table_seed *
table(const char *name)
{
    for (const struct code_table_seed *t = code_table_seeds; t->table; t++)
        if (strcmp(t->table, name) == 0)
            return t;
    fail_msg("no table %s", name);
    return NULL;
}

static int
times(const struct code_table_seed *seed, const char *code, size_t size)
{
    int count = 0;

    for (size_t i = 0; i < seed->count; i++)
        count += strlen(seed->rows[i].code) == size &&
                 strncmp(seed->rows[i].code, code, size) == 0;
    return count;
}

static void
test_rows(void **state)
{
    (void)state;
    for (const struct code_table_seed *t = code_table_seeds; t->table; t++) {
        assert_true(t->count > 2);
        for (size_t i = 0; i < t->count; i++) {
            const struct code_seed *row = &t->rows[i];
            size_t size = strlen(row->code);
            assert_true(size > 0 && size <= 32);
            assert_int_equal(strspn(row->code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_"),
                             size);
            assert_int_equal(times(t, row->code, size), 1);
            assert_true(row->label[0] != '\0' && utf8_one_line(row->label));
            assert_true(row->label_en[0] != '\0');
        }
    }
}

static void
test_members_are_titles(void **state)
{
    const struct code_table_seed *titles = table("title");
    const struct code_table_seed *sets = table("title_set");

    (void)state;
    for (size_t i = 0; i < sets->count; i++) {
        const char *member = sets->rows[i].members;
        assert_non_null(member);
        while (*member != '\0') {
            size_t size = strcspn(member, " ");
            assert_int_equal(times(titles, member, size), 1);
            member += size;
            member += strspn(member, " ");
        }
    }
    /* The letter's counts refer to this one (T8). */
    assert_int_equal(times(sets, "ADMINISTRATIVE_STAFF", 20), 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_members_are_titles),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
