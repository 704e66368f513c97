/* day_test.c: the calendar against known days, and against itself over the
 * whole range. Serves T1 (90 and 30 days), T6 (semesters). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "rules/day.h"

#define HOUR (INT64_C(3600) * 1000000)

static const struct {
    const char *text;
    day_number day;
} known[] = {
    {"1970-01-01", 0},      {"1970-01-02", 1},     {"1969-12-31", -1},
    {"2000-02-29", 11016},  {"2000-03-01", 11017}, {"2025-07-14", 20283},
    {"2025-08-01", 20301},  {"2026-01-31", 20484}, {"1900-01-01", -25567},
    {"2999-12-31", 376199},
};

static void
test_known_days(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof known / sizeof known[0]; i++) {
        day_number day = 0;
        char text[DAY_TEXT];
        assert_true(day_parse(known[i].text, &day));
        assert_int_equal(day, known[i].day);
        assert_string_equal(day_text(day, text), known[i].text);
    }
}

static void
test_every_day_comes_back(void **state)
{
    (void)state;
    for (day_number day = -25567; day <= 376199; day++) {
        day_number back = 0;
        char text[DAY_TEXT];
        assert_true(day_parse(day_text(day, text), &back));
        assert_int_equal(back, day);
        assert_int_equal(day_of(day_start(day)), day);
        assert_int_equal(day_of(day_start(day) - 1), day - 1);
    }
}

static void
test_what_is_no_day(void **state)
{
    static const char *const wrong[] = {
        "",           "2026",        "2026-8-1",    "2026-02-29", "2100-02-29",
        "2026-00-10", "2026-13-01",  "2026-04-31",  "2026-01-00", "1899-12-31",
        "3000-01-01", "2026-01-01 ", " 2026-01-01", "2026/01/01", "2026-01-0x",
        "+026-01-01", "2026-1-001",  "20260101",    "2026-01",
    };
    day_number day = 7;

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof wrong[0]; i++)
        if (day_parse(wrong[i], &day))
            fail_msg("%s was taken for a day", wrong[i]);
    assert_int_equal(day, 7);
}

/* A day begins at 16:00 UTC. */
static void
test_day_begins_in_taiwan(void **state)
{
    int64_t noon = 20301 * 24 * HOUR + 12 * HOUR;
    char text[DAY_TEXT];

    (void)state;
    assert_string_equal(day_text(day_of(noon), text), "2025-08-01");
    assert_string_equal(day_text(day_of(noon + 4 * HOUR - 1), text),
                        "2025-08-01");
    assert_string_equal(day_text(day_of(noon + 4 * HOUR), text), "2025-08-02");
    assert_int_equal(day_start(20301), 20301 * 24 * HOUR - 8 * HOUR);
    assert_int_equal(day_of(-9 * HOUR), -1);
}

static void
test_semesters(void **state)
{
    static const struct {
        const char *day;
        const char *semester;
    } cases[] = {
        {"2025-07-31", "113-2"}, {"2025-08-01", "114-1"},
        {"2025-12-31", "114-1"}, {"2026-01-31", "114-1"},
        {"2026-02-01", "114-2"}, {"2026-07-31", "114-2"},
        {"2010-09-01", "99-1"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        day_number day = 0;
        char text[SEMESTER_TEXT];
        assert_true(day_parse(cases[i].day, &day));
        assert_string_equal(day_semester(day, text), cases[i].semester);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_known_days),
        cmocka_unit_test(test_every_day_comes_back),
        cmocka_unit_test(test_what_is_no_day),
        cmocka_unit_test(test_day_begins_in_taiwan),
        cmocka_unit_test(test_semesters),
    };

    return cmocka_run_group_tests_name("rules/day", tests, NULL, NULL);
}
