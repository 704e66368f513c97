/* shared_read_test.c: of one answer for many requests each gets its own rows
 * and no other's, also when others ask for the same; without a database each
 * request fails.
 */
#include <arpa/inet.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "chassis/base/clock.h"
#include "chassis/service.h"

#include "gateway/request/shared_read.h"

enum { READS = 5, COLUMNS = 2 };

/* A statement's answer, binary: a text, and in the last column whose row. */
static PGresult *
answer(void)
{
    static char text[] = "text", which[] = "which";
    PGresult *all = PQmakeEmptyPGresult(NULL, PGRES_TUPLES_OK);
    PGresAttDesc columns[COLUMNS] = {
        {.name = text, .format = 1, .typid = DB_TEXT, .typlen = -1},
        {.name = which, .format = 1, .typid = DB_INT8, .typlen = 8},
    };

    assert_non_null(all);
    assert_true(PQsetResultAttrs(all, COLUMNS, columns));
    return all;
}

static void
add_row(PGresult *all, const char *text, uint32_t which)
{
    uint32_t number[2] = {0, htonl(which)};
    char value[32], bytes[sizeof number];
    int row = PQntuples(all);

    snprintf(value, sizeof value, "%s", text == NULL ? "" : text);
    memcpy(bytes, number, sizeof bytes);
    assert_true(
        PQsetvalue(all, row, 0, value, text == NULL ? -1 : (int)strlen(value)));
    assert_true(PQsetvalue(all, row, 1, bytes, sizeof bytes));
}

static void
expect_texts(const PGresult *mine, const char *const *texts)
{
    int row = 0;

    for (; texts[row] != NULL; row++)
        assert_string_equal(db_get_text(mine, row, 0), texts[row]);
    assert_int_equal(PQntuples(mine), row);
}

#define EXPECT_TEXTS(mine, ...)                                                \
    expect_texts(mine, (const char *const[]){__VA_ARGS__, NULL})

static void
line_up(struct shared_read *reads, struct shared_read **ret_reads)
{
    for (size_t i = 0; i < READS; i++) {
        reads[i] = (struct shared_read){
            .query = i % 2 == 0 ? SHARED_TEACHER : SHARED_TEACHER_COMMAND};
        ret_reads[i] = &reads[i];
    }
}

static void
clear_all(struct shared_read *reads)
{
    for (size_t i = 0; i < READS; i++) {
        shared_read_clear(&reads[i]);
        assert_null(reads[i].part[0]);
        assert_null(reads[i].part[1]);
    }
}

/* Two with the same token, one without a session: rows come in any order. */
static void
sessions_go_to_those_who_asked(void **state)
{
    struct shared_read reads[READS], *all_reads[READS];
    PGresult *all = answer();

    (void)state;
    line_up(reads, all_reads);
    add_row(all, "fourth", 4);
    add_row(all, "first", 1);
    add_row(all, "fifth", 5);
    add_row(all, "first", 3);
    shared_read_deal(all, all_reads, READS, SHARED_QUERIES);
    PQclear(all);
    EXPECT_TEXTS(reads[0].part[0], "first");
    assert_int_equal(PQntuples(reads[1].part[0]), 0);
    EXPECT_TEXTS(reads[2].part[0], "first");
    EXPECT_TEXTS(reads[3].part[0], "fourth");
    EXPECT_TEXTS(reads[4].part[0], "fifth");
    for (size_t i = 0; i < READS; i++)
        assert_null(reads[i].part[1]);
    clear_all(reads);
}

/* Each read gets its statement's rows, or an empty result. */
static void
rows_go_to_their_query(void **state)
{
    struct shared_read reads[READS], *all_reads[READS];
    PGresult *teachers = answer(), *commands = answer();

    (void)state;
    line_up(reads, all_reads);
    add_row(teachers, "one", 1);
    add_row(teachers, NULL, 1);
    add_row(teachers, "five", 5);
    add_row(commands, "four", 4);
    shared_read_deal(teachers, all_reads, READS, SHARED_TEACHER);
    shared_read_deal(commands, all_reads, READS, SHARED_TEACHER_COMMAND);
    PQclear(teachers);
    PQclear(commands);
    assert_int_equal(PQntuples(reads[0].part[1]), 2);
    assert_string_equal(db_get_text(reads[0].part[1], 0, 0), "one");
    assert_true(db_is_null(reads[0].part[1], 1, 0));
    assert_int_equal(PQntuples(reads[1].part[1]), 0);
    assert_int_equal(PQntuples(reads[2].part[1]), 0);
    EXPECT_TEXTS(reads[3].part[1], "four");
    EXPECT_TEXTS(reads[4].part[1], "five");
    clear_all(reads);
}

static void
without_a_database_nobody_reads(void **state)
{
    static const char nobody_listens[] = "postgresql://127.0.0.1:1/nothing";
    struct shared_reader *reader = shared_reader_new();
    struct shared_read read = {
        .query = SHARED_TEACHER,
        .id = "0190b7e2-4c00-8000-8000-000000000001",
    };

    (void)state;
    chassis_settings.database_url = nobody_listens;
    for (int i = 0; i < 3; i++) {
        assert_false(
            shared_read(reader, &read, clock_monotonic() + SECONDS(10)));
        assert_int_equal(read.end, DB_LOST);
        shared_read_clear(&read);
    }
    shared_reader_free(reader);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sessions_go_to_those_who_asked),
        cmocka_unit_test(rows_go_to_their_query),
        cmocka_unit_test(without_a_database_nobody_reads),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
