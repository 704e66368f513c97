/* Time as text, the order of ids, and derived ids that never change. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <pthread.h>
#include <stdbool.h>
#include <string.h>

#include <cmocka.h>

#include "attributes.h"
#include "chassis/base/clock.h"

static void
times_are_written_in_utc(void **state)
{
    (void)state;
    static const struct {
        int64_t at;
        const char *text, *day;
    } rows[] = {
        {0, "1970-01-01T00:00:00.000000Z", "1970-01-01"},
        {-1, "1969-12-31T23:59:59.999999Z", "1970-01-01"},
        {SECONDS(1785513600) + 7, "2026-07-31T16:00:00.000007Z", "2026-08-01"},
        {SECONDS(1785513600) - 1, "2026-07-31T15:59:59.999999Z", "2026-07-31"},
        {SECONDS(951782400), "2000-02-29T00:00:00.000000Z", "2000-02-29"},
    };
    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        char text[28], day[11];
        assert_string_equal(clock_text(rows[i].at, text), rows[i].text);
        assert_string_equal(clock_day(rows[i].at, day), rows[i].day);
    }
}

static void
the_wall_clock_can_be_shifted(void **state)
{
    (void)state;
    int64_t before = clock_now();
    clock_shift(DAYS(400));
    assert_true(clock_now() - before >= DAYS(400));
    clock_shift(0);
    assert_true(clock_now() - before < DAYS(1));
    assert_true(clock_monotonic() > 0);
}

static void
ids_of_version_7_rise_even_when_the_clock_falls(void **state)
{
    (void)state;
    char last[UUID_TEXT], next[UUID_TEXT];
    uuid_v7(last);
    for (int i = 0; i < 20000; i++) {
        if (i == 10000)
            clock_shift(-DAYS(1));
        uuid_v7(next);
        assert_int_equal(strlen(next), 36);
        assert_int_equal(next[14], '7');
        assert_non_null(strchr("89ab", next[19]));
        assert_true(strcmp(last, next) < 0);
        memcpy(last, next, sizeof(last));
    }
    clock_shift(0);
}

enum { IDS = 5000 };

static void *
make_ids(void *ids)
{
    for (int i = 0; i < IDS; i++)
        uuid_v7(((char(*)[UUID_TEXT])ids)[i]);
    return NULL;
}

static void
threads_never_share_a_tick(void **state)
{
    (void)state;
    static char ids[2][IDS][UUID_TEXT];
    pthread_t threads[2];
    for (int i = 0; i < 2; i++)
        pthread_create(&threads[i], NULL, make_ids, ids[i]);
    for (int i = 0; i < 2; i++)
        pthread_join(threads[i], NULL);

    /* Both rows rise, so merging them finds every equal pair. The time and
     * the fraction take the first 18 characters. */
    size_t a = 0, b = 0;
    while (a < IDS && b < IDS) {
        int order = strncmp(ids[0][a], ids[1][b], 18);
        assert_int_not_equal(order, 0);
        if (order < 0)
            a++;
        else
            b++;
    }
}

static void
derived_ids_never_change(void **state)
{
    (void)state;
    char id[UUID_TEXT], other[UUID_TEXT];
    uuid_derive((const char *const[]){"suspend", "fact-1"}, 2, id);
    /* Computed once by another implementation of BLAKE2b. */
    assert_string_equal(id, "a89f3080-cb76-8d8e-bf8f-15218120d94c");
    uuid_derive((const char *const[]){"suspendf", "act-1"}, 2, other);
    assert_string_not_equal(id, other);
    uuid_derive((const char *const[]){"suspend", "fact-1", ""}, 3, other);
    assert_string_not_equal(id, other);
    assert_int_equal(id[14], '8');
}

static void
only_canonical_ids_are_read(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "",
        "0198f1c2-7d3e-7abc-8def-0123456789a",
        "0198f1c2-7d3e-7abc-8def-0123456789abc",
        "0198F1c2-7d3e-7abc-8def-0123456789ab",
        "0198f1c2+7d3e-7abc-8def-0123456789ab",
        "0198f1c2-7d3e-7abc-8def-0123456789ag",
        "0198f1c27d3e-7abc--8def-0123456789ab",
    };
    static const char right[] = "0198f1c2-7d3e-7abc-8def-0123456789ab";
    uint8_t bytes[16];
    char text[UUID_TEXT];

    for (size_t i = 0; i < COUNT_OF(wrong); i++)
        assert_false(uuid_parse(wrong[i], bytes));
    assert_false(uuid_parse(NULL, bytes));
    assert_true(uuid_parse(right, bytes));
    uuid_format(bytes, text);
    assert_string_equal(text, right);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_are_written_in_utc),
        cmocka_unit_test(the_wall_clock_can_be_shifted),
        cmocka_unit_test(ids_of_version_7_rise_even_when_the_clock_falls),
        cmocka_unit_test(threads_never_share_a_tick),
        cmocka_unit_test(derived_ids_never_change),
        cmocka_unit_test(only_canonical_ids_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
