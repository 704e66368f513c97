/* Kafka's topics are lost and PostgreSQL is whole (P2), or PostgreSQL comes
 * from a backup (P6): what the operator's commands refuse, and what they bring
 * back. */
#include "lane/fixture.h"

#include "chassis/db/db.h"
#include "chassis/lane/operator.h"

#define PERSON "00000000-0000-8000-8000-000000000001"

static const struct rebuild_wish no_wish, drop_missing = {.drop_missing = true};

static int64_t
decided(void)
{
    return number_of("SELECT count(*) FROM inbox");
}

static bool
copy_is_new(void)
{
    return number_of("SELECT version FROM copy WHERE name = 'Lin'") == 2;
}

static bool
three_are_decided(void)
{
    return decided() >= 3;
}

static bool
six_are_decided(void)
{
    return decided() >= 6;
}

static bool
all_is_published(void)
{
    return number_of("SELECT count(*) FROM lane WHERE seq <> published_seq") ==
           0;
}

static bool
six_are_decided_and_published(void)
{
    return six_are_decided() && all_is_published();
}

static void
given_three_units(void)
{
    given_command("A1", "North");
    given_command("B2", "South");
    given_command("C3", "East");
    run_until(three_are_decided);
    assert_int_equal(records_of(TOPIC_STATE), 3);
}

/* --- rebuild-views ------------------------------------------------------ */
static void
p02_copies_are_kept_when_their_topic_ends_early(void **state)
{
    (void)state;
    given_teacher(PERSON, "Lim", 1);
    given_teacher(PERSON, "Lin", 2);
    run_until(copy_is_new);
    given_lost_topics();
    assert_int_equal(rebuild_views(&fixture_service, &no_wish), 1);
    assert_int_equal(rebuild_views(&fixture_service, &drop_missing), 1);
    assert_true(copy_is_new());
}

static void
p02_copies_are_kept_when_their_topic_tells_less(void **state)
{
    (void)state;
    given_teacher(PERSON, "Lim", 1);
    given_teacher(PERSON, "Lin", 2);
    run_until(copy_is_new);
    given_lost_topics();
    given_sql("UPDATE lane_input SET next_offset = 0");
    assert_int_equal(rebuild_views(&fixture_service, &no_wish), 1);
    assert_true(copy_is_new());
    assert_int_equal(rebuild_views(&fixture_service, &drop_missing), 0);
    assert_int_equal(number_of("SELECT count(*) FROM copy"), 0);
}

/* --- republish --all ---------------------------------------------------- */
static void
p02_every_state_is_said_again(void **state)
{
    (void)state;
    given_three_units();
    assert_int_equal(say_all_again(&fixture_service, NULL, NULL), 0);
    run_until(six_are_decided);
    assert_int_equal(records_of(TOPIC_STATE), 6);
    assert_int_equal(number_of("SELECT count(*) FROM unit WHERE version = 1"),
                     3);
}

static bool
five_are_decided(void)
{
    return decided() >= 5;
}

static void
p02_saying_again_goes_on_after_a_key(void **state)
{
    (void)state;
    given_three_units();
    assert_int_equal(say_all_again(&fixture_service,
                                   "inservice.account.v1.OrganizationState",
                                   "A1"),
                     0);
    run_until(five_are_decided);
    assert_int_equal(records_of(TOPIC_STATE), 5);
    assert_int_equal(say_all_again(&fixture_service, "NoState", "A1"), 2);
}

/* --- audit-state -------------------------------------------------------- */
static void
p02_a_state_missing_on_the_topic_is_found_and_said(void **state)
{
    (void)state;
    given_three_units();
    assert_int_equal(audit_state(&fixture_service), 0);
    given_sql("INSERT INTO unit (code, name, version) VALUES ('D4', 'West', "
              "4), ('E5', 'Mid', 1)");
    given_sql("UPDATE unit SET version = 2 WHERE code = 'A1'");
    assert_int_equal(audit_state(&fixture_service), 1);
    run_until(six_are_decided_and_published);
    assert_int_equal(records_of(TOPIC_STATE), 6);
    assert_int_equal(audit_state(&fixture_service), 0);
}

static void
p02_an_empty_topic_beside_a_full_table_fails(void **state)
{
    (void)state;
    assert_int_equal(audit_state(&fixture_service), 0);
    given_three_units();
    given_lost_topics();
    assert_int_equal(audit_state(&fixture_service), 1);
    assert_int_equal(records_of(TOPIC_COMMAND), 0);
}

/* --- topics-lost -------------------------------------------------------- */
static void
p02_topics_that_are_whole_are_left_alone(void **state)
{
    (void)state;
    given_three_units();
    assert_int_equal(topics_lost(&fixture_service, false), 1);
    assert_int_equal(number_of("SELECT max(incarnation) FROM lane"), 1);
    assert_int_equal(number_of("SELECT sum(next_offset) FROM lane_input"), 3);

    assert_int_equal(topics_lost(&fixture_service, true), 0);
    assert_true(number_of("SELECT min(incarnation) FROM lane") > 1);
    run_until(six_are_decided_and_published);
    assert_int_equal(audit_state(&fixture_service), 0);
}

static void
p02_nothing_begins_again_while_a_process_runs(void **state)
{
    char error[256];
    const struct sql_text *const none[] = {NULL};
    const struct db_options options = {
        .url = chassis_settings.database_url,
        .name = "account",
        .schema = "account",
        .tables = none,
        .statement_timeout = SECONDS(5),
    };

    (void)state;
    given_three_units();
    given_lost_topics();
    struct db *process = db_open(&options, error);
    assert_non_null(process);
    assert_int_equal(restored(&fixture_service), 1);
    assert_int_equal(topics_lost(&fixture_service, true), 1);
    assert_int_equal(number_of("SELECT max(incarnation) FROM lane"), 1);
    db_free(process);
}

/* Commands on their way are sent again by the client, and get one answer; the
 * journal and every state come again; copies stay and go on. */
static void
p02_new_topics_get_everything_that_was_said(void **state)
{
    struct given late;

    (void)state;
    given_three_units();
    given_teacher(PERSON, "Lim", 1);
    given_teacher(PERSON, "Lin", 2);
    run_until(copy_is_new);
    int64_t outcomes = records_of(TOPIC_OUTCOME);
    make_command("D4", "West", &late);
    send_command(&late);
    given_lost_topics();
    given_sql("INSERT INTO parked (lane, topic, position, key, type, id, "
              "source, sequence, incarnation, entity_version, at, reason) "
              "VALUES (0, 'inservice.teacher.state.v1', 1, 'k', '', '', '', 0, "
              "0, 0, now(), 'test')");

    assert_int_equal(topics_lost(&fixture_service, false), 0);
    assert_int_equal(number_of("SELECT position FROM parked"), -1);
    given_sql("DELETE FROM parked");
    send_command(&late);
    send_command(&late);
    run_until(six_are_decided_and_published);
    assert_int_equal(number_of("SELECT count(*) FROM unit"), 4);
    assert_true(number_of("SELECT min(incarnation) FROM lane") > 1);
    /* The three of the journal, the three that were asked for, D4. */
    assert_int_equal(records_of(TOPIC_STATE), 3 + 3 + 1);
    assert_in_range(records_of(TOPIC_OUTCOME), outcomes + 3 + 1,
                    outcomes + 3 + 2);
    assert_true(copy_is_new());
    assert_int_equal(audit_state(&fixture_service), 0);
    assert_int_equal(topics_lost(&fixture_service, false), 1);
}

/* Rows of the journal that no topic needs any more are left out. */
static void
p02_what_is_too_old_for_its_topic_is_not_sent_again(void **state)
{
    (void)state;
    given_three_units();
    given_sql("UPDATE journal SET at = now() - interval '3 days' "
              "WHERE kind = 1");
    given_lost_topics();
    assert_int_equal(topics_lost(&fixture_service, false), 0);
    run_until(six_are_decided_and_published);
    assert_int_equal(records_of(TOPIC_STATE), 6);
    assert_int_equal(records_of(TOPIC_OUTCOME), 3);
    assert_int_equal(number_of("SELECT count(*) FROM journal j JOIN lane l "
                               "ON l.lane = j.lane "
                               "WHERE j.seq > l.published_seq"),
                     0);
}

/* --- restored ----------------------------------------------------------- */
/* Rule 11. The first command may have been decided in time, before the database
 * was lost; the second was sent later. */
static void
p06_no_time_limit_before_the_end_of_the_topic(void **state)
{
    (void)state;
    given_three_units();
    given_expired("D4", "West");
    assert_int_equal(restored(&fixture_service), 0);
    int64_t first = number_of("SELECT min(incarnation) FROM lane");
    assert_true(first > 1);
    given_expired("E5", "Mid");
    run_until(five_are_decided);
    assert_int_equal(
        number_of("SELECT count(*) FROM unit WHERE code IN ('D4', 'E5')"), 1);
    assert_int_equal(
        number_of(
            "SELECT count(*) FROM journal WHERE code = 'EXPIRED_COMMAND'"),
        1);

    /* The same backup again, in which the incarnation is 1. */
    given_sql("UPDATE lane SET incarnation = 1");
    assert_int_equal(restored(&fixture_service), 0);
    assert_true(number_of("SELECT min(incarnation) FROM lane") >= first);
}

#define CASE(name)                                                             \
    cmocka_unit_test_setup_teardown(name, fixture_begin, fixture_end)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(p02_copies_are_kept_when_their_topic_ends_early),
        CASE(p02_copies_are_kept_when_their_topic_tells_less),
        CASE(p02_every_state_is_said_again),
        CASE(p02_saying_again_goes_on_after_a_key),
        CASE(p02_a_state_missing_on_the_topic_is_found_and_said),
        CASE(p02_an_empty_topic_beside_a_full_table_fails),
        CASE(p02_topics_that_are_whole_are_left_alone),
        CASE(p02_nothing_begins_again_while_a_process_runs),
        CASE(p02_new_topics_get_everything_that_was_said),
        CASE(p06_no_time_limit_before_the_end_of_the_topic),
        CASE(p02_what_is_too_old_for_its_topic_is_not_sent_again),
    };
    return cmocka_run_group_tests(tests, fixture_start, fixture_stop);
}
