/* The lane's shell against real servers: its rows, its messages, and its answer
 * to another process, a lost database or a broken message. */
#include "lane/fixture.h"

#include <stdio.h>

#include "chassis/lane/operator.h"

#define PERSON "00000000-0000-8000-8000-000000000001"

/* --- invariants at the end of every case -------------------------------- */
static void
assert_journal_is_whole(void)
{
    assert_int_equal(number_of("SELECT count(*) FROM lane l WHERE l.seq <> "
                               "(SELECT count(*) FROM journal j "
                               "WHERE j.lane = l.lane)"),
                     0);
}

/* A drained lane leaves nothing for the next owner to publish. */
static void
assert_all_is_published(void)
{
    assert_int_equal(
        number_of("SELECT count(*) FROM lane WHERE seq <> published_seq"), 0);
    assert_journal_is_whole();
}

static int64_t
decided(void)
{
    return number_of("SELECT count(*) FROM inbox");
}

static bool
one_is_decided(void)
{
    return decided() >= 1;
}

static bool
two_are_decided(void)
{
    return decided() >= 2;
}

static bool
three_are_decided(void)
{
    return decided() >= 3;
}

static bool
four_are_decided(void)
{
    return decided() >= 4;
}

/* --- taking, giving back ------------------------------------------------ */
static void
a_lane_is_taken_and_given_back(void **state)
{
    (void)state;
    given_command("A1", "North");
    given_command("B2", "South");
    given_command("A1", "North again");
    run_until(three_are_decided);
    assert_all_is_published();
    assert_int_equal(number_of("SELECT count(*) FROM unit"), 2);
    assert_int_equal(number_of("SELECT sum(next_offset) FROM lane_input"), 3);
    assert_int_equal(records_of(TOPIC_OUTCOME), 3);
    assert_int_equal(records_of(TOPIC_STATE), 2);

    /* The next owner begins where the first one ended. */
    given_command("C3", "East");
    run_until(four_are_decided);
    assert_all_is_published();
    assert_int_equal(records_of(TOPIC_OUTCOME), 4);
    assert_int_equal(records_of(TOPIC_STATE), 3);
}

static void
a_drain_ends_the_batch_and_publishes_it(void **state)
{
    char code[8];

    (void)state;
    for (int i = 0; i < 400; i++) {
        snprintf(code, sizeof(code), "U%d", i);
        given_command(code, "Unit");
    }
    run_until(one_is_decided);
    assert_all_is_published();
    assert_in_range(decided(), 1, 400);
    assert_int_equal(number_of("SELECT sum(next_offset) FROM lane_input"),
                     decided());
    assert_int_equal(records_of(TOPIC_OUTCOME), decided());
}

/* The rows after a crash between COMMIT and publishing: above published_seq. */
static void
rows_that_were_not_published_are_published_by_the_next_owner(void **state)
{
    (void)state;
    given_command("A1", "North");
    given_command("A1", "North again");
    given_command("A1", "North once more");
    run_until(three_are_decided);
    int64_t outcomes = records_of(TOPIC_OUTCOME);
    int64_t states = records_of(TOPIC_STATE);

    given_sql("UPDATE lane SET published_seq = 0");
    given_command("B2", "South");
    run_until(four_are_decided);
    assert_all_is_published();
    assert_int_equal(records_of(TOPIC_OUTCOME), 2 * outcomes + 1);
    assert_int_equal(records_of(TOPIC_STATE), 2 * states + 1);
    assert_int_equal(number_of("SELECT count(*) FROM unit"), 2);
}

/* The state says which operation it completes, also when the next owner
 * publishes it; a refusal has an outcome. */
static void
a_state_answers_a_request(void **state)
{
    static const char operation[] = "00000004-0000-8000-8000-000000000001";
    char sql[128];

    (void)state;
    given_request("A1", "North", operation);
    run_until(one_is_decided);
    assert_all_is_published();
    assert_int_equal(records_of(TOPIC_OUTCOME), 0);
    assert_int_equal(records_of(TOPIC_STATE), 1);
    snprintf(sql, sizeof(sql),
             "SELECT count(*) FROM journal WHERE kind = 3 AND completes = '%s'",
             operation);
    assert_int_equal(number_of(sql), 1);

    given_sql("UPDATE lane SET published_seq = 0");
    given_request("A1", "North again", operation); /* CODE_TAKEN */
    run_until(two_are_decided);
    assert_all_is_published();
    assert_int_equal(records_of(TOPIC_OUTCOME), 1);
    assert_int_equal(records_of(TOPIC_STATE), 2);
}

/* --- another owner ------------------------------------------------------ */
static bool
is_taken(void)
{
    return number_of("SELECT count(*) FROM lane_input") == 2 * lane_count();
}

/* While this owner holds the lane, another one decides the first message of
 * it: the tables say so, this owner's memory does not. */
static bool rival_was_there;

static bool
rival_decides_first(void)
{
    char sql[200];

    if (rival_was_there || !is_taken())
        return one_is_decided();
    rival_was_there = true;
    snprintf(sql, sizeof(sql),
             "UPDATE lane_input SET next_offset = 1 WHERE lane = %d "
             "AND topic = 'inservice.account.command.v1'",
             lane_of("A1"));
    given_sql(sql);
    given_command("A1", "Decided by the rival");
    given_command("A1", "Decided here");
    return false;
}

static void
a_lane_that_another_owner_has_moved_is_taken_again(void **state)
{
    (void)state;
    rival_was_there = false;
    run_until(rival_decides_first);
    assert_all_is_published();
    assert_int_equal(decided(), 1);
    assert_int_equal(number_of("SELECT count(*) FROM unit "
                               "WHERE name = 'Decided here'"),
                     1);
    assert_int_equal(records_of(TOPIC_OUTCOME), 1);
}

/* --- messages that fail -------------------------------------------------- */
static bool
four_of_five_are_decided(void)
{
    return decided() >= 4 && number_of("SELECT count(*) FROM parked") >= 2;
}

static bool
all_are_decided(void)
{
    return decided() >= 6;
}

static void
a_batch_is_split_until_the_message_that_fails_is_alone(void **state)
{
    char lane[8], topic[] = "inservice.account.command.v1";
    char *release[] = {(char[]){"parked"}, (char[]){"release"}, topic,
                       (char[]){"BAD"}, lane};

    (void)state;
    snprintf(lane, sizeof(lane), "%d", lane_of("BAD"));
    given_command("A1", "North");
    given_command("B2", "South");
    given_command("BAD", "WRONG");
    given_command("BAD", "Waits for the one before");
    given_command("C3", "East");
    given_command("D4", "West");
    run_until(four_of_five_are_decided);
    assert_all_is_published();
    assert_int_equal(number_of("SELECT count(*) FROM unit"), 4);
    assert_int_equal(number_of("SELECT count(*) FROM parked "
                               "WHERE key = 'BAD'"),
                     2);
    assert_int_equal(records_of(TOPIC_DLQ), 1);

    /* The cause is gone; both run in their order. */
    given_sql("ALTER TABLE unit DROP CONSTRAINT unit_name");
    assert_int_equal(operator_run(&fixture_service, 5, release), 0);
    run_until(all_are_decided);
    assert_all_is_published();
    assert_int_equal(number_of("SELECT count(*) FROM parked"), 0);
    assert_int_equal(number_of("SELECT count(*) FROM unit "
                               "WHERE code = 'BAD' AND name = 'WRONG'"),
                     1);
}

static void
a_key_that_cannot_be_decided_waits_alone(void **state)
{
    (void)state;
    given_command("BAD", "BROKEN");
    given_command("A1", "North");
    given_command("BAD", "Waits for the one before");
    given_command("B2", "South");
    given_command("C3", "East");
    run_until(three_are_decided);
    assert_all_is_published();
    assert_int_equal(number_of("SELECT count(*) FROM parked "
                               "WHERE key = 'BAD'"),
                     2);
    assert_int_equal(number_of("SELECT count(*) FROM unit"), 3);

    /* The next owner knows the parked key from the table. */
    given_command("BAD", "Waits, too");
    given_command("D4", "West");
    run_until(four_are_decided);
    assert_int_equal(number_of("SELECT count(*) FROM parked"), 3);
}

/* --- the database is away ------------------------------------------------ */
static int asked_while_away;

static bool
database_goes_and_comes_back(void)
{
    if (asked_while_away == 0 && is_taken()) {
        asked_while_away = 1;
        given_sql("ALTER ROLE inservice_account NOLOGIN");
        (void)number_of("SELECT count(pg_terminate_backend(pid)) FROM "
                        "pg_stat_activity WHERE usename = 'inservice_account'");
        given_command("A1", "North");
        given_command("B2", "South");
        given_command("C3", "East");
    } else if (asked_while_away > 0 && ++asked_while_away == 5) {
        given_sql("ALTER ROLE inservice_account LOGIN");
    }
    return three_are_decided();
}

static void
the_lane_goes_on_when_the_database_is_back(void **state)
{
    (void)state;
    asked_while_away = 0;
    run_until(database_goes_and_comes_back);
    assert_true(asked_while_away >= 5);
    assert_all_is_published();
    assert_int_equal(decided(), 3);
    assert_int_equal(number_of("SELECT count(*) FROM unit"), 3);
    assert_int_equal(records_of(TOPIC_STATE), 3);
}

/* --- copies -------------------------------------------------------------- */
static const struct rebuild_wish no_wish, drop_missing = {.drop_missing = true};

static bool
copy_is_new(void)
{
    return number_of("SELECT version FROM copy WHERE name = 'Lin'") == 2;
}

static void
copies_are_rebuilt_from_their_topic(void **state)
{
    (void)state;
    given_teacher(PERSON, "Lim", 1);
    given_teacher(PERSON, "Lin", 2);
    run_until(copy_is_new);
    given_sql("UPDATE copy SET name = 'nonsense'");
    given_sql("INSERT INTO copy VALUES "
              "('00000000-0000-8000-8000-00000000dead', 'nobody', 1, 1)");
    assert_int_equal(rebuild_views(&fixture_service, &no_wish), 1);
    assert_int_equal(number_of("SELECT count(*) FROM copy"), 2);
    assert_int_equal(rebuild_views(&fixture_service, &drop_missing), 0);
    assert_true(copy_is_new());
    assert_int_equal(number_of("SELECT count(*) FROM copy"), 1);
}

#define CASE(name)                                                             \
    cmocka_unit_test_setup_teardown(name, fixture_begin, fixture_end)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_lane_is_taken_and_given_back),
        CASE(a_drain_ends_the_batch_and_publishes_it),
        CASE(rows_that_were_not_published_are_published_by_the_next_owner),
        CASE(a_state_answers_a_request),
        CASE(a_lane_that_another_owner_has_moved_is_taken_again),
        CASE(a_batch_is_split_until_the_message_that_fails_is_alone),
        CASE(a_key_that_cannot_be_decided_waits_alone),
        CASE(the_lane_goes_on_when_the_database_is_back),
        CASE(copies_are_rebuilt_from_their_topic),
    };
    return cmocka_run_group_tests(tests, fixture_start, fixture_stop);
}
