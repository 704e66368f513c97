/* UndoMove: posts are as before, for both schools, for 30 days. T1 T15. */
#include "given.h"

static void
test_undo_pull(void **state)
{
    const char *move_id;

    (void)state;
    given_teacher_at_north();
    move_id = given_post(SOUTH_CHIEF, SOUTH, POST_PRIMARY, "");
    assert_done(fixture, person, &given_undo(NORTH_CONTACT, move_id, 2)->base);
    const MoveUndone *fact = SAID_ONCE(move_undone);
    assert_string_equal(fact->move_id, move_id);
    assert_false(fact->planned);
    assert_string_equal(fact->from_organization, NORTH);
    assert_string_equal(fact->to_organization, SOUTH);
    assert_organizations(fact->organizations, fact->n_organizations, NORTH);
    assert_int_equal(fact->fact->version, 3);
    assert_posts(NORTH "*");
    assert_string_equal(state_now()->posts[0]->title, "T01");
    assert_int_equal(state_now()->n_posts, 1);
    assert_int_equal(state_now()->moves[0]->undone_at, FIXTURE_START);
}

static void
test_undo_leave(void **state)
{
    LeaveSchool *leave;

    (void)state;
    given_teacher_at_north();
    leave = given_leave(NORTH_CHIEF, NORTH, 1);
    assert_done(fixture, person, &leave->base);
    assert_done(fixture, person,
                &given_undo(CENTRE_CHIEF, leave->order->command_id, 2)->base);
    assert_posts(NORTH "*");
}

/* The secondary post that became the primary one is a secondary one again. */
static void
test_undo_restores_all(void **state)
{
    const char *move_id;

    (void)state;
    given_teacher_at_north();
    given_post(SOUTH_CHIEF, SOUTH, POST_SECONDARY, "");
    move_id = given_post(SOUTH_CHIEF, SOUTH, POST_PRIMARY, "");
    assert_posts(SOUTH "*");
    assert_done(fixture, person, &given_undo(SOUTH_CHIEF, move_id, 3)->base);
    assert_posts(NORTH "* " SOUTH);
}

static void
test_undo_entry(void **state)
{
    const char *move_id = given_teacher_at_north();

    (void)state;
    assert_done(fixture, person, &given_undo(PLATFORM_CHIEF, move_id, 1)->base);
    assert_posts("");
    assert_int_equal(version_now(), 2); /* the record stays (T13) */
}

static void
test_undo_plan(void **state)
{
    const char *move_id;

    (void)state;
    given_teacher_at_north();
    move_id = given_post(SOUTH_CHIEF, SOUTH, POST_PRIMARY, NEXT_WEEK);
    assert_done(fixture, person, &given_undo(NORTH_CHIEF, move_id, 2)->base);
    assert_true(((const MoveUndone *)SAID_ONCE(move_undone))->planned);
    assert_posts(NORTH "*");
    assert_int_equal(fixture_timer(fixture, timer_of(move_id)), DB_NO_TIME);
}

/* One after the other, from the last: each time as it was before. */
static void
test_undo_in_turn(void **state)
{
    const char *first = given_teacher_at_north();
    const char *second = given_post(SOUTH_CHIEF, SOUTH, POST_PRIMARY, "");

    (void)state;
    assert_refused(fixture, person, &given_undo(NORTH_CHIEF, first, 2)->base,
                   "NOT_LATEST_MOVE");
    assert_done(fixture, person, &given_undo(NORTH_CHIEF, second, 2)->base);
    assert_refused(fixture, person, &given_undo(NORTH_CHIEF, second, 3)->base,
                   "NOT_LATEST_MOVE");
    assert_done(fixture, person, &given_undo(NORTH_CHIEF, first, 3)->base);
    assert_posts("");
}

static void
test_refusals(void **state)
{
    static const struct {
        const char *code;
        enum who who;
        int64_t version;
    } cases[] = {
        {"UNKNOWN_ACTOR", SYSTEM, 2},
        {"NOT_PERMITTED", NORTH_OPERATOR, 2},
        {"NOT_PERMITTED", ELM_CHIEF, 2},
        {"NOT_PERMITTED", OTHER_CENTRE_CHIEF, 2},
        {"NOT_PERMITTED", TEACHER, 2},
        {"CHANGED", NORTH_CHIEF, 1},
    };
    const char *move_id;

    (void)state;
    given_teacher_at_north();
    move_id = given_post(SOUTH_CHIEF, SOUTH, POST_PRIMARY, "");
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        print_message("row %zu %s\n", i, cases[i].code);
        assert_refused(
            fixture, person,
            &given_undo(cases[i].who, move_id, cases[i].version)->base,
            cases[i].code);
    }
    assert_refused(fixture, person, &given_undo(NORTH_CHIEF, person, 2)->base,
                   "NOT_LATEST_MOVE");
}

static void
test_thirty_days(void **state)
{
    const char *move_id = given_teacher_at_north();
    UndoMove *command;

    (void)state;
    fixture_set_now(fixture, FIXTURE_START + DAYS(30) + 1);
    command = given_undo(NORTH_CHIEF, move_id, 1);
    assert_refused(fixture, person, &command->base, "UNDO_TOO_LATE");
    fixture_set_now(fixture, FIXTURE_START + DAYS(30));
    command = given_undo(NORTH_CHIEF, move_id, 1);
    assert_done(fixture, person, &command->base);
}

const struct CMUnitTest undo_move_cases[] = {
    CASE(test_undo_pull),  CASE(test_undo_leave),  CASE(test_undo_restores_all),
    CASE(test_undo_entry), CASE(test_undo_plan),   CASE(test_undo_in_turn),
    CASE(test_refusals),   CASE(test_thirty_days),
};
CASES(undo_move);
