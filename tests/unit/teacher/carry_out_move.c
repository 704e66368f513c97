/* CarryOutMove: the timer's command, against the posts as they stand. T1 T2. */
#include "given.h"

static void
test_pull_when_due(void **state)
{
    const char *move_id;

    (void)state;
    given_teacher_at_north();
    move_id = given_post(SOUTH_CHIEF, SOUTH, POST_PRIMARY, NEXT_WEEK);
    assert_true(fixture_fire(fixture, timer_of(move_id)));
    const TeacherTransferred *fact = SAID_ONCE(teacher_transferred);
    assert_string_equal(fact->from_organization, NORTH);
    assert_string_equal(fact->fact->actor_account_id, "");
    assert_int_equal(fact->fact->version, 3);
    assert_posts(SOUTH "*");
    assert_string_equal(state_now()->posts[0]->since, NEXT_WEEK);
    assert_string_equal(state_now()->posts[1]->until, NEXT_WEEK);
}

/* A timer may come twice; the second time there is nothing left to do. */
static void
test_twice(void **state)
{
    const char *move_id;

    (void)state;
    given_teacher_at_north();
    move_id = given_post(SOUTH_CHIEF, SOUTH, POST_PRIMARY, NEXT_WEEK);
    assert_true(fixture_fire(fixture, timer_of(move_id)));
    assert_true(fixture_fire(fixture, timer_of(move_id)));
    assert_null(fixture_code(fixture));
    assert_said_nothing_of(DESCRIPTOR(teacher_state));
    assert_int_equal(version_now(), 3);
}

static void
test_new_teacher_when_due(void **state)
{
    const char *move_id =
        given_post(NORTH_CHIEF, NORTH, POST_PRIMARY, NEXT_WEEK);

    (void)state;
    assert_true(fixture_fire(fixture, timer_of(move_id)));
    SAID_ONCE(teacher_registered);
    assert_posts(NORTH "*");
}

static void
test_leave_when_due(void **state)
{
    LeaveSchool *command;

    (void)state;
    given_teacher_at_north();
    command = given_planned_leave(NORTH_CHIEF, NORTH, 1);
    assert_true(fixture_fire(fixture, timer_of(command->order->command_id)));
    const TeacherLeft *fact = SAID_ONCE(teacher_left);
    assert_int_equal(fact->reason, LEAVE_RETIRED);
    assert_posts("");
}

/* Both schools planned the same day: in either order the teacher ends up South.
 */
static void
test_push_and_pull_on_one_day(void **state)
{
    for (int push_first = 0; push_first < 2; push_first++) {
        LeaveSchool *leave;
        const char *pull;

        given_nothing_more(state);
        given_schools(state);
        given_teacher_at_north();
        leave = given_planned_leave(NORTH_CHIEF, NORTH, 1);
        pull = given_post(SOUTH_CHIEF, SOUTH, POST_PRIMARY, NEXT_WEEK);
        if (push_first)
            assert_true(
                fixture_fire(fixture, timer_of(leave->order->command_id)));
        assert_true(fixture_fire(fixture, timer_of(pull)));
        assert_posts(SOUTH "*");
    }
}

/* Pulled to South today; the plan for a lesser post there is pointless. */
static void
test_dropped_when_already_there(void **state)
{
    const char *move_id;

    (void)state;
    given_teacher_at_north();
    move_id = given_post(SOUTH_CHIEF, SOUTH, POST_SECONDARY, NEXT_WEEK);
    given_post(SOUTH_CHIEF, SOUTH, POST_PRIMARY, "");
    assert_true(fixture_fire(fixture, timer_of(move_id)));
    assert_true(((const MoveUndone *)SAID_ONCE(move_undone))->planned);
    assert_posts(SOUTH "*");
}

/* Two schools plan a move, a third pulls today: the state has all of it. */
static void
test_plans_that_a_pull_made_pointless(void **state)
{
    const char *entry, *first, *second, *pull;

    (void)state;
    entry = given_teacher_at_north();
    first = given_post(SOUTH_CHIEF, SOUTH, POST_PRIMARY, NEXT_WEEK);
    second = given_post(SOUTH_CHIEF, SOUTH, POST_SECONDARY, NEXT_WEEK);
    pull = given_post(ELM_CHIEF, ELM, POST_PRIMARY, "");
    const TeacherState *now = state_now();
    assert_int_equal(now->n_moves, 4);
    assert_string_equal(now->moves[0]->move_id, second); /* planned still */
    assert_string_equal(now->moves[1]->move_id, pull);
    assert_string_equal(now->moves[2]->move_id, first);
    assert_true(now->moves[2]->undone_at > 0);
    assert_int_equal(now->moves[2]->done_at, 0);
    assert_string_equal(now->moves[3]->move_id, entry); /* of before */
}

/* It was open when the move was planned. */
static void
test_dropped_when_school_is_shut(void **state)
{
    const char *plan;

    (void)state;
    given_teacher_at_north();
    given_shut(true);
    plan = given_post(SHUT_CHIEF, SHUT, POST_PRIMARY, NEXT_WEEK);
    given_shut(false);
    assert_true(fixture_fire(fixture, timer_of(plan)));
    SAID_ONCE(move_undone);
    assert_posts(NORTH "*");
}

/* It works again some day; after a merger FollowMerger redirects the plan. */
static void
test_o3_a_suspended_or_merging_school_takes_the_teacher_later(void **state)
{
    static const enum organization_state states[] = {ORGANIZATION_SUSPENDED,
                                                     ORGANIZATION_MERGED_INTO};

    for (size_t i = 0; i < COUNT_OF(states); i++) {
        given_nothing_more(state);
        given_schools(state);
        given_teacher_at_north();
        const char *plan =
            given_post(SOUTH_CHIEF, SOUTH, POST_PRIMARY, NEXT_WEEK);
        given_school_state(SOUTH, states[i], NULL);
        assert_true(fixture_fire(fixture, timer_of(plan)));
        assert_said_nothing_of(DESCRIPTOR(teacher_state));
        given_school_state(SOUTH, ORGANIZATION_ACTIVE, NULL);
        assert_true(fixture_fire(fixture, timer_of(plan)));
        assert_posts(SOUTH "*");
    }
}

static void
test_not_for_officers(void **state)
{
    CarryOutMove command;
    const char *move_id;

    (void)state;
    given_teacher_at_north();
    move_id = given_post(SOUTH_CHIEF, SOUTH, POST_PRIMARY, NEXT_WEEK);
    inservice__teacher__v1__carry_out_move__init(&command);
    command.order = given_order(SOUTH_CHIEF);
    command.person_id = wire_member(person);
    command.move_id = wire_member(move_id);
    assert_refused(fixture, person, &command.base, "NOT_PERMITTED");
}

/* R3: a leave today, then the other school's plan comes due: it takes the
 * teacher from nowhere, and so says the plan from the leave on. */
static void
test_r03_plan_after_a_leave_enters_from_nowhere(void **state)
{
    const char *pull, *leave_id;
    LeaveSchool *leave;

    (void)state;
    given_teacher_at_north();
    pull = given_post(SOUTH_CHIEF, SOUTH, POST_PRIMARY, NEXT_WEEK);
    leave = given_leave(NORTH_CHIEF, NORTH, 2);
    leave_id = leave->order->command_id;
    assert_done(fixture, person, &leave->base);
    assert_string_equal(state_now()->moves[0]->move_id, pull);
    assert_string_equal(state_now()->moves[0]->from_organization, "");

    assert_done(fixture, person, &given_undo(NORTH_CHIEF, leave_id, 3)->base);
    assert_string_equal(state_now()->moves[0]->move_id, pull);
    assert_string_equal(state_now()->moves[0]->from_organization, NORTH);

    assert_done(fixture, person, &given_leave(NORTH_CHIEF, NORTH, 4)->base);
    assert_true(fixture_fire(fixture, timer_of(pull)));
    SAID_ONCE(teacher_registered);
    assert_said_nothing_of(DESCRIPTOR(teacher_transferred));
    assert_string_equal(state_now()->moves[0]->from_organization, "");
    assert_posts(SOUTH "*");
}

/* R3: a secondary post takes no teacher from a school, whatever happens there.
 */
static void
test_r03_secondary_plan_keeps_its_from(void **state)
{
    const char *plan;

    (void)state;
    given_teacher_at_north();
    plan = given_post(SOUTH_CHIEF, SOUTH, POST_SECONDARY, NEXT_WEEK);
    given_post(ELM_CHIEF, ELM, POST_PRIMARY, "");
    assert_string_equal(state_now()->moves[0]->move_id, plan);
    assert_string_equal(state_now()->moves[0]->from_organization, "");
}

/* R3: a leave is carried out of the post as it then is. */
static void
test_r03_leave_of_a_post_that_became_primary(void **state)
{
    LeaveSchool *leave;

    (void)state;
    given_teacher_at_north();
    given_post(SOUTH_CHIEF, SOUTH, POST_SECONDARY, "");
    leave = given_planned_leave(SOUTH_CHIEF, SOUTH, 2);
    given_post(SOUTH_CHIEF, SOUTH, POST_PRIMARY, "");
    assert_true(fixture_fire(fixture, timer_of(leave->order->command_id)));
    assert_int_equal(((const TeacherLeft *)SAID_ONCE(teacher_left))->post,
                     POST_PRIMARY);
    assert_int_equal(state_now()->moves[0]->post, POST_PRIMARY);
    assert_posts("");
}

/* An entry is undone: the plan to leave has nothing left to do. */
static void
test_r03_leave_of_an_entry_undone_is_dropped(void **state)
{
    const char *entry = given_teacher_at_north();
    LeaveSchool *leave = given_leave(NORTH_CHIEF, NORTH, 1);

    (void)state;
    leave->effective_on = wire_member(NEXT_WEEK);
    assert_done(fixture, person, &leave->base);
    assert_done(fixture, person, &given_undo(NORTH_CHIEF, entry, 2)->base);
    assert_int_equal(fixture_count(fixture, DESCRIPTOR(move_undone)), 2);
    assert_int_equal(fixture_timer(fixture, timer_of(leave->order->command_id)),
                     DB_NO_TIME);
}

/* R12: the right to let a CHIEF go is checked on the day, too, not only when
 * planned. */
static void
test_r12_leave_of_somebody_who_became_chief(void **state)
{
    static const struct {
        enum who who;
        int role, status;
        const char *school;
        bool leaves;
    } cases[] = {
        {NORTH_CONTACT, ROLE_CHIEF, ACCOUNT_ACTIVE, NORTH, false},
        {NORTH_CHIEF, ROLE_CHIEF, ACCOUNT_ACTIVE, NORTH, true},
        {NORTH_CONTACT, ROLE_CONTACT, ACCOUNT_ACTIVE, NORTH, true},
        {NORTH_CONTACT, ROLE_CHIEF, ACCOUNT_DISABLED, NORTH, true},
        {NORTH_CONTACT, ROLE_CHIEF, ACCOUNT_ACTIVE, SOUTH, true},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        given_nothing_more(state);
        given_schools(state);
        given_teacher_at_north();
        LeaveSchool *leave = given_planned_leave(cases[i].who, NORTH, 1);
        const char *timer = timer_of(leave->order->command_id);
        given_officer_of_person(cases[i].role, cases[i].status, cases[i].school,
                                1);
        print_message("row %zu\n", i);
        assert_true(fixture_fire(fixture, timer));
        assert_null(fixture_code(fixture));
        assert_int_equal(fixture_count(fixture, DESCRIPTOR(teacher_left)),
                         cases[i].leaves);
        assert_int_equal(version_now(), cases[i].leaves ? 3 : 2);
    }
}

/* R12: it waits, day by day, for the centre or for the role to end. */
static void
test_r12_put_off_until_decided(void **state)
{
    day_number day = 0;

    for (int by_centre = 0; by_centre < 2; by_centre++) {
        given_nothing_more(state);
        given_schools(state);
        given_teacher_at_north();
        LeaveSchool *leave = given_planned_leave(NORTH_CONTACT, NORTH, 1);
        const char *timer = timer_of(leave->order->command_id);
        given_officer_of_person(ROLE_CHIEF, ACCOUNT_ACTIVE, NORTH, 1);
        assert_true(day_parse(NEXT_WEEK, &day));
        for (int n = 1; n <= 3; n++) {
            assert_true(fixture_fire(fixture, timer));
            assert_int_equal(fixture_timer(fixture, timer), day_start(day + n));
        }
        if (by_centre) {
            LeaveSchool *decided = given_leave(CENTRE_CHIEF, NORTH, 2);
            assert_done(fixture, person, &decided->base);
            assert_int_equal(fixture_timer(fixture, timer), DB_NO_TIME);
        } else {
            given_officer_of_person(ROLE_CONTACT, ACCOUNT_ACTIVE, NORTH, 2);
            assert_true(fixture_fire(fixture, timer));
        }
        SAID_ONCE(teacher_left);
        assert_posts("");
    }
}

/* R12's relatives: a pull needs no release, whatever role the person has by
 * then; a leave is a leave though the school has closed. */
static void
test_r12_pull_of_a_chief_and_leave_of_a_closed_school(void **state)
{
    const char *pull;
    LeaveSchool *leave;

    (void)state;
    given_teacher_at_north();
    pull = given_post(SOUTH_CONTACT, SOUTH, POST_PRIMARY, NEXT_WEEK);
    given_officer_of_person(ROLE_CHIEF, ACCOUNT_ACTIVE, NORTH, 1);
    assert_true(fixture_fire(fixture, timer_of(pull)));
    SAID_ONCE(teacher_transferred);

    given_nothing_more(state);
    given_schools(state);
    given_teacher_at_shut();
    given_shut(true);
    leave = given_planned_leave(SHUT_CHIEF, SHUT, 1);
    given_shut(false);
    assert_true(fixture_fire(fixture, timer_of(leave->order->command_id)));
    SAID_ONCE(teacher_left);
}

CASES(carry_out_move, CASE(test_pull_when_due), CASE(test_twice),
      CASE(test_new_teacher_when_due), CASE(test_leave_when_due),
      CASE(test_push_and_pull_on_one_day),
      CASE(test_dropped_when_already_there),
      CASE(test_plans_that_a_pull_made_pointless),
      CASE(test_dropped_when_school_is_shut),
      CASE(test_o3_a_suspended_or_merging_school_takes_the_teacher_later),
      CASE(test_not_for_officers),
      CASE(test_r03_plan_after_a_leave_enters_from_nowhere),
      CASE(test_r03_secondary_plan_keeps_its_from),
      CASE(test_r03_leave_of_a_post_that_became_primary),
      CASE(test_r03_leave_of_an_entry_undone_is_dropped),
      CASE(test_r12_leave_of_somebody_who_became_chief),
      CASE(test_r12_put_off_until_decided),
      CASE(test_r12_pull_of_a_chief_and_leave_of_a_closed_school));
