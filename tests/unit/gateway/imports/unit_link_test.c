/* unit_link.c: rows against each other and against known units; the waves. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "rules/field_faults.h"

#include "gateway/imports/unit_list.h"

#include "for_case.h"

static const struct stored_unit blank = {
    .cells = {"", "", "", "", "", "", "", "", "", "", ""}, .open = true};

static struct stored_unit
known_unit(const char *code, enum organization_kind kind, const char *county,
           const char *parent)
{
    struct stored_unit unit = blank;

    unit.kind = kind;
    unit.cells[UNIT_CODE] = code;
    unit.cells[UNIT_NAME] = "名";
    unit.cells[UNIT_COUNTY] = county;
    unit.cells[UNIT_PARENT] = parent;
    if (kind != KIND_REGIONAL_CENTRE)
        unit.cells[UNIT_CENTRE] = "C-1";
    return unit;
}

static struct unit_list
link_rows(const char *rows)
{
    struct stored_unit known[] = {
        known_unit("C-1", KIND_REGIONAL_CENTRE, "宜蘭縣", ""),
        known_unit("C-2", KIND_REGIONAL_CENTRE, "花蓮縣", ""),
        known_unit("C-3", KIND_REGIONAL_CENTRE, "花蓮縣", ""),
        known_unit("C-4", KIND_REGIONAL_CENTRE, "臺東縣", ""),
        known_unit("K-1", KIND_KINDERGARTEN, "宜蘭縣", ""),
        known_unit("K-1-1", KIND_KINDERGARTEN, "宜蘭縣", "K-1"),
        known_unit("U-1", KIND_UNIVERSITY, "宜蘭縣", ""),
        known_unit("014998", KIND_PRIMARY_SCHOOL, "宜蘭縣", ""),
        known_unit("000007", KIND_KINDERGARTEN, "宜蘭縣", ""),
        known_unit("0021", KIND_UNIVERSITY, "宜蘭縣", ""),
        known_unit("991K01", KIND_KINDERGARTEN, "宜蘭縣", ""),
        known_unit("15", KIND_PRIMARY_SCHOOL, "宜蘭縣", ""),
        known_unit("000015", KIND_PRIMARY_SCHOOL, "宜蘭縣", ""),
    };
    const char *file = arena_printf(
        arena, "code,name,kind,county,managing_centre,parent_code\n%s", rows);
    struct unit_list list;
    struct file_fault fault;

    known[3].open = false;
    assert_true(unit_list_read(&list, arena, file, strlen(file), &fault));
    unit_list_link(&list, arena_copy(arena, known, sizeof known),
                   COUNT_OF(known));
    return list;
}

/* The last row decides: its first fault, or its state. */
static const struct {
    const char *rows;
    enum row_state state;
    const char *fault;
} cases[] = {
    {"1,a,國小,宜蘭縣,C-1,\n", ROW_NEW, NULL},
    {"1,a,國小,宜蘭縣,,\n", ROW_NEW, NULL},
    {"1,a,國小,臺北市,,\n", ROW_FAULTY, "CENTRE_UNKNOWN"},
    {"1,a,國小,臺東縣,,\n", ROW_FAULTY, "CENTRE_UNKNOWN"}, /* closed */
    {"1,a,國小,花蓮縣,,\n", ROW_FAULTY, "CENTRE_AMBIGUOUS"},
    {"1,a,國小,花蓮縣,C-3,\n", ROW_NEW, NULL},
    {"1,a,國小,宜蘭縣,K-1,\n", ROW_FAULTY, "CENTRE_UNKNOWN"},
    {"1,a,國小,宜蘭縣,C-9,\n", ROW_FAULTY, "CENTRE_UNKNOWN"},
    {"C-9,a,教育局,臺北市,,\n1,a,國小,臺北市,,\n", ROW_NEW, NULL},
    {"1,a,國小,臺北市,C-9,\nC-9,a,教育局,臺北市,,\n", ROW_NEW, NULL},
    {"C-9,,教育局,臺北市,,\n1,a,國小,臺北市,,\n", ROW_FAULTY, "CENTRE_UNKNOWN"},
    {"C-9,a,教育局,臺北市,C-1,\n", ROW_FAULTY, "CENTRE_NOT_ALLOWED"},
    {"9,a,大學,臺北市,,\n", ROW_NEW, NULL},
    {"9,a,大學,臺北市,X,\n", ROW_FAULTY, "CENTRE_UNKNOWN"},
    {"1,a,國小,宜蘭縣,,\n1,b,國小,宜蘭縣,,\n", ROW_FAULTY, "CODE_TWICE"},
    {"1,a,幼兒園,宜蘭縣,,K-1\n", ROW_NEW, NULL},
    {"1,a,幼兒園,宜蘭縣,,K-9\n", ROW_FAULTY, "PARENT_UNKNOWN"},
    {"1,a,幼兒園,宜蘭縣,,1\n", ROW_FAULTY, "PARENT_UNKNOWN"},
    {"1,a,幼兒園,宜蘭縣,,U-1\n", ROW_FAULTY, "PARENT_UNKNOWN"},
    {"1,a,幼兒園,宜蘭縣,,K-1-1\n", ROW_FAULTY, "PARENT_IS_BRANCH"},
    {"1,a,大學,宜蘭縣,,K-1\n", ROW_FAULTY, "PARENT_NOT_ALLOWED"},
    {"2,a,幼兒園,宜蘭縣,,\n3,a,幼兒園,宜蘭縣,,2\n1,a,幼兒園,宜蘭縣,,3\n",
     ROW_FAULTY, "PARENT_IS_BRANCH"},
    {"K-1,名,幼兒園,宜蘭縣,,\n", ROW_SAME, NULL},
    {"K-1,別名,幼兒園,宜蘭縣,,\n", ROW_DIFFERING, NULL},
    {"K-1,名,國小,宜蘭縣,,\n", ROW_DIFFERING, NULL},
    {"K-1,名,幼兒園,花蓮縣,,\n", ROW_DIFFERING, NULL},
    {"K-1-1,名,幼兒園,宜蘭縣,C-1,K-1\n", ROW_SAME, NULL},
};

static void
each_row_is_held_against_the_others(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct unit_list list = link_rows(cases[i].rows);
        const struct unit_line *last = &list.lines[list.count - 1];
        assert_int_equal(last->state, cases[i].state);
        assert_int_equal(last->fault_count, cases[i].fault != NULL);
        if (cases[i].fault == NULL)
            continue;
        assert_string_equal(last->faults[0].code, cases[i].fault);
        assert_non_null(cell_fault_text(cases[i].fault));
    }
}

/* Codes that a spreadsheet changed (known units are called 名), and codes in
 * another case. The last row decides. */
static const struct {
    const char *rows;
    enum row_state state;
    const char *fault;
} codes[] = {
    {"14998,名,國小,宜蘭縣,,\n", ROW_FAULTY, "ZEROS_LOST"},
    {"14998, 名 ,國小,花蓮縣,C-2,\n", ROW_FAULTY, "ZEROS_LOST"},
    {"14998,別名,國小,宜蘭縣,,\n", ROW_NEW, NULL},
    {"7,名,幼兒園,宜蘭縣,,\n", ROW_FAULTY, "ZEROS_LOST"},
    {"21,名,大學,宜蘭縣,,\n", ROW_FAULTY, "ZEROS_LOST"},
    {"021,名,大學,宜蘭縣,,\n", ROW_FAULTY, "ZEROS_LOST"},
    {"014998,名,國小,宜蘭縣,,\n", ROW_SAME, NULL},
    {"=\"014998\",名,國小,宜蘭縣,,\n", ROW_SAME, NULL},
    {"149980,名,國小,宜蘭縣,,\n", ROW_NEW, NULL},
    {"15,名,國小,宜蘭縣,,\n", ROW_SAME, NULL}, /* there as it is, too */
    {"034601,甲,國小,宜蘭縣,,\n34601,甲,國小,宜蘭縣,,\n", ROW_FAULTY,
     "ZEROS_LOST"},
    {"034601,甲,國小,宜蘭縣,,\n34601,乙,國小,宜蘭縣,,\n", ROW_NEW, NULL},
    {"1,a,幼兒園,宜蘭縣,,7\n", ROW_FAULTY, "ZEROS_LOST"},
    {"1,a,幼兒園,宜蘭縣,,8\n", ROW_FAULTY, "PARENT_UNKNOWN"},
    {"991k01,名,幼兒園,宜蘭縣,,\n", ROW_SAME, NULL},
    {"９９１ｋ０１,名,幼兒園,宜蘭縣,c-1,\n", ROW_SAME, NULL},
    {"1,a,幼兒園,宜蘭縣,c-1,991k01\n", ROW_NEW, NULL},
    {"991X02,甲,國小,宜蘭縣,,\n991x02,甲,國小,宜蘭縣,,\n", ROW_FAULTY,
     "CODE_TWICE"},
    {"c-9,a,教育局,臺北市,,\n1,a,國小,臺北市,,\n", ROW_NEW, NULL},
};

static void
test_f09_f10_codes_in_their_one_form(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(codes); i++) {
        struct unit_list list = link_rows(codes[i].rows);
        const struct unit_line *last = &list.lines[list.count - 1];
        if (last->state != codes[i].state ||
            last->fault_count != (codes[i].fault != NULL))
            fail_msg("%s: state %d, %zu faults", codes[i].rows,
                     (int)last->state, last->fault_count);
        if (codes[i].fault == NULL)
            continue;
        assert_string_equal(last->faults[0].code, codes[i].fault);
        assert_non_null(cell_fault_text(codes[i].fault));
    }
}

/* Everything that linking looks up is asked for. */
static void
test_f09_codes_that_may_have_been_are_asked_for(void **state)
{
    struct unit_list list = link_rows("14998,a,國小,宜蘭縣,,\n"
                                      "0021,b,大學,宜蘭縣,,\n"
                                      "991K01-1,c,幼兒園,宜蘭縣,C-1,7\n");
    static const char wanted[] = "14998 014998 C-1 0021 00021 000021 991K01-1 "
                                 "C-1 7 07 007 0007 00007 000007 ";
    struct bytes got = {0};
    size_t count;
    const char **asked = unit_list_codes(&list, &count);

    (void)state;
    for (size_t i = 0; i < count; i++)
        bytes_printf(&got, "%s ", asked[i]);
    assert_string_equal(bytes_text(&got), wanted);
    bytes_free(&got);
}

/* A mark for a lost character has to be accepted, in new rows only. */
static void
test_f03_marks_of_lost_characters_are_warned_of(void **state)
{
    struct unit_list list = link_rows("1,縣立瓦?國小,國小,宜蘭縣,,\n"
                                      "K-1,名?,幼兒園,宜蘭縣,,\n"
                                      "2,瓦?國小,學店,宜蘭縣,,\n"
                                      "3,甲國小,國小,宜蘭縣,,\n"
                                      "4,瓦□國小,國小,宜蘭縣,,\n");
    struct bytes report = {0};

    (void)state;
    assert_int_equal(list.warned, 2);
    assert_true(list.lines[0].warned && list.lines[4].warned);
    assert_int_equal(list.lines[0].state, ROW_NEW);
    assert_int_equal(list.lines[1].state, ROW_DIFFERING);
    assert_int_equal(list.warnings.count, 1);
    unit_list_report(&list, &report);
    assert_non_null(strstr(bytes_text(&report),
                           "\"warnings\":[{\"column\":\"name\","
                           "\"code\":\"TEXT_PERHAPS_LOST\""));
    assert_non_null(
        strstr(bytes_text(&report), "\"first\":2,\"last\":6,\"count\":2}]"));
    assert_string_equal(unit_faults_json(arena, &list.lines[0]),
                        "[{\"column\":\"name\",\"code\":\"TEXT_PERHAPS_LOST\","
                        "\"value\":\"縣立瓦?國小\"}]");
    assert_null(unit_faults_json(arena, &list.lines[3]));
    bytes_free(&report);
}

static void
centre_of_the_county_is_given_and_told(void **state)
{
    struct unit_list list =
        link_rows("1,a,國小,宜蘭縣,,\n2,b,國小,宜蘭縣,C-2,\n");
    struct bytes report = {0};

    (void)state;
    assert_true(list.lines[0].defaulted);
    assert_string_equal(list.lines[0].cells[UNIT_CENTRE], "C-1");
    assert_false(list.lines[1].defaulted);
    assert_string_equal(list.lines[1].cells[UNIT_CENTRE], "C-2");
    unit_list_report(&list, &report);
    assert_non_null(strstr(bytes_text(&report),
                           "\"centresOfCounties\":[{\"county\":\"宜蘭縣\","
                           "\"managingCentre\":\"C-1\",\"count\":1}]"));
    assert_non_null(strstr(unit_cells_json(arena, &list.lines[0]),
                           "\"centreOfCounty\":true"));
    bytes_free(&report);
}

static void
waves_begin_with_what_others_refer_to(void **state)
{
    struct unit_list list =
        link_rows("1,a,幼兒園,臺北市,,2\n2,b,幼兒園,臺北市,,\n"
                  "C-9,c,教育局,臺北市,,\n9,d,大學,臺北市,,\n");

    (void)state;
    assert_int_equal(list.in_state[ROW_NEW], 4);
    assert_int_equal(list.lines[0].wave, WAVE_BRANCHES);
    assert_int_equal(list.lines[1].wave, WAVE_UNITS);
    assert_int_equal(list.lines[2].wave, WAVE_CENTRES);
    assert_int_equal(list.lines[3].wave, WAVE_UNITS);
}

static void
each_cause_is_told_once(void **state)
{
    struct unit_list list =
        link_rows("1,a,學店,宜蘭縣,,\n2,a,國小,宜蘭縣,,\n3,a,學店,宜蘭縣,,\n"
                  "4,,學店,宜蘭縣,,\n");

    (void)state;
    assert_int_equal(list.in_state[ROW_FAULTY], 3);
    assert_int_equal(list.causes.count, 2);
    assert_string_equal(list.causes.rows[0].fault.code, "KIND_UNKNOWN");
    assert_int_equal(list.causes.rows[0].first, 2);
    assert_int_equal(list.causes.rows[0].last, 5);
    assert_int_equal(list.causes.rows[0].count, 3);
    assert_int_equal(list.causes.rows[1].count, 1);
}

static void
differences_are_shown_with_what_is_there(void **state)
{
    struct unit_list list = link_rows("K-1,別名,國小,宜蘭縣,,\n");

    (void)state;
    assert_string_equal(
        unit_faults_json(arena, &list.lines[0]),
        "[{\"column\":\"name\",\"code\":\"DIFFERS\",\"value\":\"名\"},"
        "{\"column\":\"kind\",\"code\":\"DIFFERS\",\"value\":\"幼兒園\"}]");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_row_is_held_against_the_others),
        cmocka_unit_test(test_f09_f10_codes_in_their_one_form),
        cmocka_unit_test(test_f09_codes_that_may_have_been_are_asked_for),
        cmocka_unit_test(test_f03_marks_of_lost_characters_are_warned_of),
        cmocka_unit_test(centre_of_the_county_is_given_and_told),
        cmocka_unit_test(waves_begin_with_what_others_refer_to),
        cmocka_unit_test(each_cause_is_told_once),
        cmocka_unit_test(differences_are_shown_with_what_is_there),
    };

    return cmocka_run_group_tests(tests, arena_begin, arena_end);
}
