/* UndoMove: posts are as before, for both schools, for 30 days. T1 T15. */
#include "given.h"

#include "chassis/base/clock.h"

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
test_undoings_that_are_refused(void **state)
{
    static const struct {
        const char *code;
        enum who who;
        int64_t version;
    } cases[] = {
        {"UNKNOWN_ACTOR", SYSTEM, 2},
        {"ACTOR_NOT_KNOWN_YET", NEWCOMER, 2},
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

/* R2: a former school does not read the record, so it gets no version. */
static void
test_r02_a_refusal_tells_a_former_school_no_version(void **state)
{
    static const struct {
        const char *code;
        enum who who;
        int64_t told;
    } cases[] = {
        {"CHANGED", NORTH_CHIEF, 0},          {"CHANGED", SOUTH_CHIEF, 2},
        {"CHANGED", CENTRE_CHIEF, 2},         {"CHANGED", PLATFORM_CHIEF, 2},
        {"NOT_PERMITTED", ELM_CHIEF, 0},      {"NOT_PERMITTED", TEACHER, 0},
        {"NOT_PERMITTED", NORTH_OPERATOR, 0},
    };
    const char *first = given_teacher_at_north();
    const char *second = given_post(SOUTH_CHIEF, SOUTH, POST_PRIMARY, "");

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        print_message("row %zu %s\n", i, cases[i].code);
        assert_refused(fixture, person,
                       &given_undo(cases[i].who, second, 1)->base,
                       cases[i].code);
        assert_int_equal(fixture_outcome(fixture)->refused->current_version,
                         cases[i].told);
    }
    assert_refused(fixture, person, &given_undo(NORTH_CHIEF, first, 2)->base,
                   "NOT_LATEST_MOVE");
    assert_int_equal(fixture_outcome(fixture)->refused->current_version, 0);
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

static const struct {
    enum who who;
    int seen_role;
    int64_t seen_version;
    int copy_role;
    const char *copy_school;
    int64_t copy_version;
    const char *code;
} chiefs[] = {
    {SOUTH_CONTACT, ROLE_CHIEF, 3, 0, SOUTH, 0, "HOLDS_CHIEF"},
    {SOUTH_CONTACT, 0, 0, ROLE_CHIEF, SOUTH, 4, "HOLDS_CHIEF"},
    {NORTH_CONTACT, ROLE_CHIEF, 3, 0, SOUTH, 0, "HOLDS_CHIEF"},
    {NORTH_CHIEF, 0, 0, ROLE_CHIEF, SOUTH, 4, "HOLDS_CHIEF"},
    {SOUTH_CHIEF, ROLE_CHIEF, 3, 0, SOUTH, 0, NULL},
    {CENTRE_CHIEF, ROLE_CHIEF, 3, 0, SOUTH, 0, NULL},
    {PLATFORM_CHIEF, ROLE_CHIEF, 3, 0, SOUTH, 0, NULL},
    {SOUTH_CONTACT, ROLE_CONTACT, 3, 0, SOUTH, 0, NULL},
    {SOUTH_CONTACT, ROLE_CONTACT, 9, ROLE_CHIEF, SOUTH, 4, "HOLDS_CHIEF"},
    {SOUTH_CONTACT, ROLE_CHIEF, 3, ROLE_CONTACT, SOUTH, 4, NULL},
    {SOUTH_CONTACT, 0, 0, ROLE_CHIEF, NORTH, 4, NULL},
};

/* R12: undoing an entry takes the person out of the school, and a CHIEF goes
 * only by a fellow CHIEF, the centre or the platform, as by a leave. */
static void
test_r12_undo_of_an_entry_of_a_chief(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(chiefs); i++) {
        given_nothing_more(state);
        given_schools(state);
        given_teacher_at_north();
        const char *move = given_post(SOUTH_CHIEF, SOUTH, POST_PRIMARY, "");
        if (chiefs[i].copy_version > 0)
            given_officer_of_person(chiefs[i].copy_role, ACCOUNT_ACTIVE,
                                    chiefs[i].copy_school,
                                    chiefs[i].copy_version);
        UndoMove *command = given_undo(chiefs[i].who, move, 2);
        command->officer_role =
            (Inservice__Common__V1__Role)chiefs[i].seen_role;
        command->officer_version = chiefs[i].seen_version;
        print_message("row %zu\n", i);
        fixture_assert_end(fixture, person, &command->base, chiefs[i].code,
                           __FILE__, __LINE__);
    }
}

/* A plan takes no teacher out of a school, whichever side drops it. */
static void
test_r12_plan_of_a_chief_is_dropped(void **state)
{
    const char *plan;

    (void)state;
    given_teacher_at_north();
    plan = given_post(SOUTH_CHIEF, SOUTH, POST_PRIMARY, NEXT_WEEK);
    given_officer_of_person(ROLE_CHIEF, ACCOUNT_ACTIVE, SOUTH, 4);
    assert_done(fixture, person, &given_undo(SOUTH_CONTACT, plan, 2)->base);
}

/* As for a leave: the officer does not end their own post. */
static void
test_officer_does_not_undo_own_entry(void **state)
{
    const char *move;

    (void)state;
    person =
        fixture_id(fixture, 904); /* the CHIEF of South is a teacher, too */
    given_post(NORTH_CHIEF, NORTH, POST_PRIMARY, "");
    move = given_post(SOUTH_CONTACT, SOUTH, POST_PRIMARY, "");
    assert_refused(fixture, person, &given_undo(SOUTH_CHIEF, move, 2)->base,
                   "SELF_ACTION");
    assert_done(fixture, person, &given_undo(SOUTH_CONTACT, move, 2)->base);
    /* Nor the move to another school, which would bring them back. */
    person = fixture_id(fixture, 901);
    given_post(NORTH_CONTACT, NORTH, POST_PRIMARY, "");
    move = given_post(SOUTH_CONTACT, SOUTH, POST_PRIMARY, "");
    assert_refused(fixture, person, &given_undo(NORTH_CHIEF, move, 2)->base,
                   "SELF_ACTION");
    assert_done(fixture, person, &given_undo(NORTH_CONTACT, move, 2)->base);
}

/* B20: an officer cannot undo a plan for themselves, whichever unit made it. */
static void
test_officer_does_not_drop_own_plan(void **state)
{
    LeaveSchool *leave;
    const char *plan;

    (void)state;
    person = fixture_id(fixture, 901); /* the CHIEF of North */
    given_post(NORTH_CONTACT, NORTH, POST_PRIMARY, "");
    plan = given_post(SOUTH_CONTACT, SOUTH, POST_PRIMARY, NEXT_WEEK);
    assert_refused(fixture, person, &given_undo(NORTH_CHIEF, plan, 2)->base,
                   "SELF_ACTION");
    assert_int_not_equal(fixture_timer(fixture, timer_of(plan)), DB_NO_TIME);
    assert_done(fixture, person, &given_undo(NORTH_CONTACT, plan, 2)->base);

    leave = given_planned_leave(NORTH_CONTACT, NORTH, version_now());
    plan = leave->order->command_id;
    assert_refused(fixture, person,
                   &given_undo(NORTH_CHIEF, plan, version_now())->base,
                   "SELF_ACTION");
    assert_done(fixture, person,
                &given_undo(NORTH_CONTACT, plan, version_now())->base);
}

/* No teacher comes back to a school that has closed since. */
static void
test_undo_at_a_closed_school(void **state)
{
    const char *move;

    (void)state;
    given_teacher_at_shut();
    move = given_post(SOUTH_CHIEF, SOUTH, POST_PRIMARY, "");
    assert_refused(fixture, person, &given_undo(SOUTH_CHIEF, move, 2)->base,
                   "ORGANIZATION_CLOSED");
    assert_refused(fixture, person, &given_undo(CENTRE_CHIEF, move, 2)->base,
                   "ORGANIZATION_CLOSED");
    move = given_post(ELM_CHIEF, ELM, POST_PRIMARY, "");
    assert_done(fixture, person, &given_undo(ELM_CHIEF, move, 3)->base);
    assert_posts(SOUTH "*");
}

/* F4: the planning school drops the plan for a new person; the record stays. */
static void
test_f04_plan_of_a_new_person_is_dropped(void **state)
{
    const char *plan;

    (void)state;
    plan = given_post(NORTH_CONTACT, NORTH, POST_PRIMARY, NEXT_WEEK);
    assert_refused(fixture, person, &given_undo(SOUTH_CHIEF, plan, 1)->base,
                   "NOT_PERMITTED");
    assert_done(fixture, person, &given_undo(NORTH_CONTACT, plan, 1)->base);
    assert_int_equal(fixture_timer(fixture, timer_of(plan)), DB_NO_TIME);
    assert_posts("");
    given_post(SOUTH_CHIEF, SOUTH, POST_PRIMARY, ""); /* after a look-up */
    SAID_ONCE(teacher_registered);
}

CASES(undo_move, CASE(test_undo_pull), CASE(test_undo_leave),
      CASE(test_undo_restores_all), CASE(test_undo_entry), CASE(test_undo_plan),
      CASE(test_undo_in_turn), CASE(test_undoings_that_are_refused),
      CASE(test_r02_a_refusal_tells_a_former_school_no_version),
      CASE(test_thirty_days), CASE(test_r12_undo_of_an_entry_of_a_chief),
      CASE(test_r12_plan_of_a_chief_is_dropped),
      CASE(test_officer_does_not_undo_own_entry),
      CASE(test_officer_does_not_drop_own_plan),
      CASE(test_undo_at_a_closed_school),
      CASE(test_f04_plan_of_a_new_person_is_dropped));
