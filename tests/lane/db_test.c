/* The database's library against a real PostgreSQL: trips of several
 * statements, values and arrays in binary, and the four ends of a statement.
 */
#include "lane/fixture.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chassis/base/clock.h"
#include "chassis/base/settings.h"
#include "chassis/db/db.h"

static const struct sql_text queries[] = {
    {"arrays", "SELECT * FROM unnest($1::bool[], $2::bytea[], $3::int2[], "
               "$4::int4[], $5::int8[], $6::text[], $7::date[], "
               "$8::timestamptz[], $9::uuid[])"},
    {"begin_test", "BEGIN"},
    {"divide", "SELECT 100 / $1::int4"},
    {"insert_unit", "INSERT INTO unit VALUES ($1, $2, 1)"},
    {"kept", "SELECT * FROM unnest($1::bytea[], $2::bytea[], $3::uuid[], "
             "$4::text[])"},
    {"lock_unit", "LOCK TABLE unit"},
    {"number", "SELECT $1::int8"},
    {NULL, NULL},
};
static const struct sql_text *const tables[] = {queries, NULL};

static struct db *db;
static struct db_params params;

static struct db *
db_with(const struct sql_text *const *of, const char *url, int64_t timeout,
        enum db_end *ret_end)
{
    const struct db_options options = {
        .url = url,
        .name = "db-test",
        .schema = "account",
        .tables = of,
        .statement_timeout = timeout,
    };
    struct db *opened = NULL;
    char error[256];

    *ret_end = db_open_end(&options, &opened, error);
    return opened;
}

static int
begin(void **state)
{
    enum db_end end;

    (void)state;
    given_sql("TRUNCATE unit");
    db = db_with(tables, chassis_settings.database_url, SECONDS(10), &end);
    return db == NULL ? -1 : 0;
}

static int
end(void **state)
{
    (void)state;
    db_free(db);
    db_params_free(&params);
    return 0;
}

static void
send_number(int64_t number)
{
    db_clear(&params);
    db_int8(&params, number);
    db_send(db, "number", &params);
}

static void
send_unit(const char *code)
{
    db_clear(&params);
    db_text(&params, code);
    db_text(&params, "Name");
    db_send(db, "insert_unit", &params);
}

static void
send_quotient(int divisor)
{
    db_clear(&params);
    db_int4(&params, divisor);
    db_send(db, "divide", &params);
}

static void
assert_next_is(int64_t number)
{
    PGresult *rows = NULL;

    assert_int_equal(db_next(db, &rows), DB_OK);
    assert_int_equal(db_get_int(rows, 0, 0), number);
    PQclear(rows);
}

/* --- trips ---------------------------------------------------------------- */
static void
results_of_a_trip_come_in_order(void **state)
{
    (void)state;
    for (int64_t i = 0; i < 500; i++)
        send_number(i * INT64_C(10000000000));
    db_sync(db);
    for (int64_t i = 0; i < 500; i++)
        assert_next_is(i * INT64_C(10000000000));
    assert_int_equal(db_end_trip(db), DB_OK);
}

static void
a_trip_that_nobody_reads_is_skipped(void **state)
{
    (void)state;
    send_number(1);
    send_number(2);
    db_sync(db);
    assert_int_equal(db_skip_trip(db), DB_OK);
    send_number(3);
    db_sync(db);
    assert_next_is(3);
    assert_int_equal(db_end_trip(db), DB_OK);
}

/* --- the four ends ---------------------------------------------------------
 */
static void
assert_trip_fails(enum db_end expected, const char *sqlstate)
{
    db_sync(db);
    assert_int_equal(db_next(db, NULL), DB_OK);
    assert_int_equal(db_next(db, NULL), DB_OK);
    assert_int_equal(db_next(db, NULL), expected);
    if (sqlstate != NULL)
        assert_string_equal(db_sqlstate(db), sqlstate);
}

static void
assert_usable(void)
{
    assert_true(db_alive(db));
    assert_int_equal(db_rollback(db), DB_OK);
    send_number(7);
    db_sync(db);
    assert_next_is(7);
    assert_int_equal(db_end_trip(db), DB_OK);
}

static void
a_unique_violation_is_to_be_tried_again(void **state)
{
    (void)state;
    db_send(db, "begin_test", NULL);
    send_unit("A1");
    send_unit("A1");
    send_number(1); /* is never answered */
    assert_trip_fails(DB_RETRY, "23505");
    assert_usable();
    assert_int_equal(number_of("SELECT count(*) FROM unit"), 0);
}

static void
a_statement_that_the_server_rejects_is_our_fault(void **state)
{
    (void)state;
    db_send(db, "begin_test", NULL);
    send_unit("A1");
    send_quotient(0);
    send_unit("B2");
    assert_trip_fails(DB_FAULT, "22012");
    assert_usable();
    assert_int_equal(number_of("SELECT count(*) FROM unit"), 0);
}

static void
a_lock_that_is_held_is_to_be_tried_again(void **state)
{
    enum db_end opened;

    (void)state;
    db_free(db);
    db = db_with(tables, chassis_settings.database_url, MILLISECONDS(300),
                 &opened);
    assert_non_null(db);
    given_sql("BEGIN");
    given_sql("LOCK TABLE unit");
    db_send(db, "begin_test", NULL);
    send_number(1);
    db_send(db, "lock_unit", NULL);
    assert_trip_fails(DB_RETRY, NULL);
    given_sql("ROLLBACK");
    assert_usable();
}

static void
a_lost_connection_is_reported(void **state)
{
    (void)state;
    db_send(db, "begin_test", NULL);
    send_unit("A1");
    db_sync(db);
    assert_int_equal(db_next(db, NULL), DB_OK);
    assert_int_equal(db_next(db, NULL), DB_OK);
    assert_int_equal(db_end_trip(db), DB_OK);
    assert_int_equal(number_of("SELECT count(pg_terminate_backend(pid, 10000)) "
                               "FROM pg_stat_activity "
                               "WHERE application_name = 'db-test'"),
                     1);
    assert_int_equal(db_query(db, "begin_test", NULL, NULL), DB_LOST);
    assert_false(db_alive(db));
    assert_int_equal(db_rollback(db), DB_LOST);
    assert_int_equal(number_of("SELECT count(*) FROM unit"), 0);
}

static void
opening_says_why_it_fails(void **state)
{
    static const struct sql_text wrong[] = {
        {"wrong", "SELECT nothing FROM unit"}, {NULL, NULL}};
    static const struct sql_text *const wrong_tables[] = {wrong, NULL};
    enum db_end ended;

    (void)state;
    assert_null(db_with(wrong_tables, chassis_settings.database_url, SECONDS(5),
                        &ended));
    assert_int_equal(ended, DB_FAULT);
    assert_null(
        db_with(tables, "postgresql://127.0.0.1:1/none", SECONDS(5), &ended));
    assert_int_equal(ended, DB_LOST);
}

/* --- values -----------------------------------------------------------------
 */
struct values {
    bool flag;
    struct db_blob bytes;
    int32_t small, middle;
    int64_t large;
    const char *text, *day;
    int64_t at;
    const char *id;
};

static const struct db_column columns[] = {
    DB_COLUMN(values, flag, DB_BOOL),  DB_COLUMN(values, bytes, DB_BYTES),
    DB_COLUMN(values, small, DB_INT2), DB_COLUMN(values, middle, DB_INT4),
    DB_COLUMN(values, large, DB_INT8), DB_COLUMN(values, text, DB_TEXT),
    DB_COLUMN(values, day, DB_DATE),   DB_COLUMN(values, at, DB_TIME),
    DB_COLUMN(values, id, DB_UUID),    {0},
};

static void
assert_values(const struct values *got, const struct values *expected)
{
    assert_int_equal(got->flag, expected->flag);
    assert_int_equal(got->bytes.size, expected->bytes.size);
    if (expected->bytes.size > 0)
        assert_memory_equal(got->bytes.data, expected->bytes.data,
                            expected->bytes.size);
    assert_int_equal(got->small, expected->small);
    assert_int_equal(got->middle, expected->middle);
    assert_int_equal(got->large, expected->large);
    assert_int_equal(got->at, expected->at);
    assert_string_equal(got->text, expected->text);
    assert_string_equal(got->day, expected->day);
    assert_string_equal(got->id, expected->id);
}

static void
structs_go_as_binary_arrays_and_come_back(void **state)
{
    struct values rows[] = {
        {true,
         {(const uint8_t *)"\0\xff", 2},
         -32768,
         INT32_MIN,
         INT64_MIN,
         "臺北",
         "1900-01-01",
         -1,
         "00000000-0000-8000-8000-00000000000f"},
        {false,
         {(const uint8_t *)"", 0},
         32767,
         INT32_MAX,
         INT64_MAX,
         "",
         "2999-12-31",
         INT64_C(1785513600123456),
         "ffffffff-ffff-8fff-bfff-ffffffffffff"},
    };
    const void *const structs[] = {&rows[0], &rows[1]};
    struct arena *arena = arena_new(0);
    PGresult *result = NULL;

    (void)state;
    db_clear(&params);
    db_encode(columns, structs, 2, &params);
    assert_int_equal(db_query(db, "arrays", &params, &result), DB_OK);
    assert_int_equal(PQntuples(result), 2);
    for (int i = 0; i < 2; i++) {
        struct values got = {0};
        db_decode(columns, result, i, arena, &got);
        assert_values(&got, &rows[i]);
    }
    PQclear(result);
    arena_free(arena);
}

/* A struct that keeps its bytes and its id in other ways. */
struct kept {
    char id[UUID_TEXT];
    struct {
        const uint8_t *data;
        size_t size;
    } part;
    uint8_t digest[2];
    const char *note;
};

static void
members_in_arrays_and_in_pairs_go_the_same(void **state)
{
    static const struct db_column kept_columns[] = {
        DB_COLUMN_INSIDE(kept, digest, DB_BYTES),
        DB_COLUMN_PAIR("part", kept, part.data, part.size),
        DB_COLUMN_INSIDE(kept, id, DB_UUID),
        DB_TEXT_OR_NULL(kept, note),
        {0},
    };
    static const char id[] = "00000000-0000-8000-8000-00000000000f";
    struct kept full = {
        .part = {(const uint8_t *)"part", 4}, .digest = {0, 9}, .note = "note"};
    const struct kept empty = {.id = "", .note = ""};
    const void *const structs[] = {&full, &empty};
    struct arena *arena = arena_new(0);
    PGresult *result = NULL;
    size_t size;

    (void)state;
    snprintf(full.id, sizeof full.id, "%s", id);
    db_clear(&params);
    db_encode(kept_columns, structs, 2, &params);
    assert_int_equal(db_query(db, "kept", &params, &result), DB_OK);
    assert_memory_equal(db_get_bytes(result, 0, 0, &size), "\0\x09", 2);
    assert_int_equal(size, sizeof full.digest);
    assert_memory_equal(db_get_bytes(result, 0, 1, &size), "part", 4);
    assert_int_equal(size, full.part.size);
    assert_string_equal(db_copy_uuid(arena, result, 0, 2), id);
    assert_string_equal(db_get_text(result, 0, 3), "note");
    for (int column = 1; column < 4; column++)
        assert_true(db_is_null(result, 1, column));
    PQclear(result);
    arena_free(arena);
}

static void
what_is_absent_is_null(void **state)
{
    struct values row = {.at = DB_NO_TIME};
    const void *const structs[] = {&row};
    PGresult *result = NULL;

    (void)state;
    db_clear(&params);
    db_encode(columns, structs, 1, &params);
    assert_int_equal(db_query(db, "arrays", &params, &result), DB_OK);
    for (int column = 5; column < 9; column++)
        assert_true(db_is_null(result, 0, column));
    assert_null(db_get_text(result, 0, 5));
    assert_int_equal(db_get_time(result, 0, 7), DB_NO_TIME);
    PQclear(result);
}

static void
an_empty_array_has_no_rows(void **state)
{
    PGresult *result = NULL;

    (void)state;
    db_clear(&params);
    db_encode(columns, NULL, 0, &params);
    assert_int_equal(db_query(db, "arrays", &params, &result), DB_OK);
    assert_int_equal(PQntuples(result), 0);
    PQclear(result);
}

#define CASE(name) cmocka_unit_test_setup_teardown(name, begin, end)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(results_of_a_trip_come_in_order),
        CASE(a_trip_that_nobody_reads_is_skipped),
        CASE(a_unique_violation_is_to_be_tried_again),
        CASE(a_statement_that_the_server_rejects_is_our_fault),
        CASE(a_lock_that_is_held_is_to_be_tried_again),
        CASE(a_lost_connection_is_reported),
        CASE(opening_says_why_it_fails),
        CASE(structs_go_as_binary_arrays_and_come_back),
        CASE(members_in_arrays_and_in_pairs_go_the_same),
        CASE(what_is_absent_is_null),
        CASE(an_empty_array_has_no_rows),
    };
    return cmocka_run_group_tests(tests, fixture_start, fixture_stop);
}
