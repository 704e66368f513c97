/* code_file_test.c: the files of code tables. The first tables of an
 * installation are sound and have the codes of the ministry's letter (T8, T9,
 * T14); a file with a fault is refused with its row. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "gateway/code_tables/code_file.h"

typedef Inservice__Teacher__V1__ReviseCodeTable ReviseCodeTable;
typedef Inservice__Teacher__V1__CodeRow CodeRow;

enum { TABLES_MAX = 16 };

static struct arena *arena;
static ReviseCodeTable *tables[TABLES_MAX];
static size_t table_count;

static int
setup(void **state)
{
    (void)state;
    arena = arena_new(0);
    table_count = 0;
    while (code_file_tables[table_count] != NULL) {
        const char *name = code_file_tables[table_count], *fault = "";
        const char *text = code_file_built_in(name);
        assert_non_null(text);
        tables[table_count] =
            code_file_read(arena, name, text, strlen(text), &fault);
        if (tables[table_count] == NULL)
            fail_msg("%s: %s", name, fault);
        table_count++;
    }
    return 0;
}

static int
teardown(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

static const ReviseCodeTable *
table(const char *name)
{
    for (size_t i = 0; i < table_count; i++)
        if (strcmp(tables[i]->table, name) == 0)
            return tables[i];
    fail_msg("no table %s", name);
    return NULL;
}

static const CodeRow *
labelled(const char *name, const char *label)
{
    const ReviseCodeTable *of = table(name);

    for (size_t i = 0; i < of->n_rows; i++)
        if (strcmp(of->rows[i]->label, label) == 0)
            return of->rows[i];
    fail_msg("no %s in %s", label, name);
    return NULL;
}

static const CodeRow *
coded(const char *name, const char *code)
{
    const ReviseCodeTable *of = table(name);

    for (size_t i = 0; i < of->n_rows; i++)
        if (strcmp(of->rows[i]->code, code) == 0)
            return of->rows[i];
    fail_msg("no %s in %s", code, name);
    return NULL;
}

static bool
has_member(const CodeRow *set, const char *code)
{
    for (size_t i = 0; i < set->n_members; i++)
        if (strcmp(set->members[i], code) == 0)
            return true;
    return false;
}

static void
test_tables_agree(void **state)
{
    (void)state;
    for (size_t i = 0; i < table_count; i++) {
        const char *fault =
            code_file_check(arena, tables, table_count, tables[i]);
        if (fault != NULL)
            fail_msg("%s: %s", tables[i]->table, fault);
        for (size_t r = 0; r < tables[i]->n_rows; r++)
            assert_int_equal(tables[i]->rows[r]->position, r + 1);
    }
}

/* The titles, stages and subjects that the field uses. */
static void
test_r19_what_the_letter_names(void **state)
{
    static const char *const titles[] = {
        "校長",         "園長",     "主任",           "組長",
        "合格專任教師", "導師",     "代理教師(合格)", "代理教師(未具證)",
        "代課教師",     "兼任教師", "鐘點教師",       "專任輔導教師",
        "特教教師",     "教保員",   "教學支援人員",   "外籍教師",
        "實習教師",     "行政職員", "護理師",
    };
    static const char *const stages[][2] = {
        {"50", "幼兒園"}, {"40", "國小"}, {"30", "國中"},
        {"10", "高中"},   {"20", "高職"}, {"60", "特教"},
    };
    size_t vocational = 0;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(titles); i++)
        labelled("title", titles[i]);
    for (size_t i = 0; i < COUNT_OF(stages); i++)
        assert_string_equal(labelled("stage", stages[i][1])->code,
                            stages[i][0]);
    assert_string_equal(labelled("subject", "公民與社會")->group,
                        "SOCIAL_STUDIES");
    for (size_t i = 0; i < table("subject")->n_rows; i++)
        vocational +=
            strcmp(table("subject")->rows[i]->group, "VOCATIONAL") == 0;
    assert_int_equal(vocational, 15);
}

/* The counts of T8 go by the set, people read the class: they agree. */
static void
test_r19_staff_are_one_set_and_one_class(void **state)
{
    const CodeRow *staff = coded("title_set", "ADMINISTRATIVE_STAFF");
    const CodeRow *supervised = labelled("title_set", "統合視導");

    (void)state;
    for (size_t i = 0; i < table("title")->n_rows; i++) {
        const CodeRow *title = table("title")->rows[i];
        bool is_staff = strcmp(title->group, "ADMINISTRATIVE_STAFF") == 0;
        assert_int_equal(has_member(staff, title->code), is_staff);
        assert_false(is_staff && has_member(supervised, title->code));
    }
    assert_true(
        has_member(supervised, labelled("title", "合格專任教師")->code));
    assert_true(
        has_member(supervised, labelled("title", "代理教師(未具證)")->code));
    assert_false(has_member(supervised, labelled("title", "鐘點教師")->code));
}

/* As a spreadsheet may leave it. */
static void
test_a_clerks_file(void **state)
{
    static const char text[] = "\xEF\xBB\xBF"
                               "label,code,valid_until,valid_from,,\r\n"
                               "\"校長, 園長\",T01,2027-08-01,2020-08-01,,\r\n"
                               ",,,,,\r\n"
                               "\r\n"
                               "主任,T02,,,,\r\n";
    const char *fault = "";
    const ReviseCodeTable *of =
        code_file_read(arena, "title", text, sizeof text - 1, &fault);

    (void)state;
    assert_string_equal(fault, "");
    assert_non_null(of);
    assert_int_equal(of->n_rows, 2);
    assert_string_equal(of->rows[0]->label, "校長, 園長");
    assert_string_equal(of->rows[0]->valid_from, "2020-08-01");
    assert_string_equal(of->rows[1]->code, "T02");
    assert_string_equal(of->rows[1]->group, "");
}

static void
test_faults_name_their_row(void **state)
{
    static const struct {
        const char *text, *fault;
    } cases[] = {
        {"", "row 0: there are no rows"},
        {"code,label\n", "row 1: there are no rows"},
        {"code\nT01\n", "row 1: the columns code and label must be there"},
        {"code,label,code\n", "row 1: column \"code\" is unknown or comes "
                              "twice"},
        {"code,label,color\n", "row 1: column \"color\" is unknown or comes "
                               "twice"},
        {"code,label\nT01,a\nT01,b\n", "row 3: code: comes twice"},
        {"code,label\nT 1,a\n", "row 2: code: 1 to 32 letters, digits, _ and "
                                "-"},
        {"code,label\nT01,\n", "row 2: label: empty, or characters that "
                               "cannot be used"},
        {"code,label\nT01,a,b\n", "row 2: more cells than headings"},
        {"code,label\nT01,\"a\n", "row 2: QUOTE_UNCLOSED"},
        {"code,label,group\nT01,a,x y\n", "row 2: group: not a code"},
        {"code,label,valid_from\nT01,a,114/8/1\n",
         "row 2: valid_from, valid_until: a day is written 2026-08-01"},
        {"code,label,valid_from,valid_until\nT01,a,2026-08-01,2026-08-01\n",
         "row 2: valid_until: must be later than valid_from"},
        {"code,label,members\nT01,a,T02;T03\n",
         "row 2: members: codes with a blank between, at most 200"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const char *fault = "";
        assert_null(code_file_read(arena, "title", cases[i].text,
                                   strlen(cases[i].text), &fault));
        assert_string_equal(fault, cases[i].fault);
    }
}

static void
test_references_must_be_there(void **state)
{
    static const char titles[] = "code,label,group\nT01,a,NONE\n";
    static const char sets[] = "code,label,members\nS,a,PRINCIPAL NONE\n";
    const char *fault;

    (void)state;
    assert_string_equal(code_file_check(arena, tables, table_count,
                                        code_file_read(arena, "title", titles,
                                                       strlen(titles), &fault)),
                        "T01: the group \"NONE\" is not in title_class");
    assert_string_equal(code_file_check(arena, tables, table_count,
                                        code_file_read(arena, "title_set", sets,
                                                       strlen(sets), &fault)),
                        "S: the member \"NONE\" is not in title");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_tables_agree),
        cmocka_unit_test(test_r19_what_the_letter_names),
        cmocka_unit_test(test_r19_staff_are_one_set_and_one_class),
        cmocka_unit_test(test_a_clerks_file),
        cmocka_unit_test(test_faults_name_their_row),
        cmocka_unit_test(test_references_must_be_there),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
