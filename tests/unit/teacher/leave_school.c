/* LeaveSchool: the right to release a teacher, plans, the view of both schools.
 * T2 T11 T15. */
#include "given.h"

static void
test_leave(void **state)
{
    LeaveSchool *command;

    (void)state;
    given_teacher_at_north();
    command = given_leave(NORTH_CONTACT, NORTH, 1);
    assert_done(fixture, person, &command->base);
    const TeacherLeft *fact = SAID_ONCE(teacher_left);
    assert_string_equal(fact->organization, NORTH);
    assert_string_equal(fact->move_id, command->order->command_id);
    assert_int_equal(fact->post, POST_PRIMARY);
    assert_int_equal(fact->reason, LEAVE_RETIRED);
    assert_int_equal(fact->n_organizations, 0);
    assert_int_equal(fact->fact->version, 2);
    assert_posts("");
    assert_int_equal(state_now()->n_posts, 1);
    assert_string_equal(state_now()->posts[0]->until, TODAY);
    assert_int_equal(state_now()->posts[0]->reason, LEAVE_RETIRED);
}

/* The record stays; a school pulls the person like any other on file. */
static void
test_returns(void **state)
{
    RegisterTeacher *again;

    (void)state;
    given_teacher_at_north();
    assert_done(fixture, person, &given_leave(NORTH_CHIEF, NORTH, 1)->base);
    again = given_registration(SOUTH_CHIEF, SOUTH);
    assert_refused(fixture, person, &again->base, "TEACHER_ON_FILE");
    given_post(SOUTH_CHIEF, SOUTH, POST_PRIMARY, "");
    SAID_ONCE(teacher_registered);
    assert_posts(SOUTH "*");
}

static void
test_refusals(void **state)
{
    static const struct {
        const char *code;
        enum who who;
        const char *school;
        int64_t version;
        int reason;
        const char *day;
    } cases[] = {
        {"UNKNOWN_ACTOR", SYSTEM, NORTH, 1, LEAVE_MOVED, ""},
        {"ACTOR_NOT_KNOWN_YET", NEWCOMER, NORTH, 1, LEAVE_MOVED, ""},
        {"NOT_PERMITTED", NORTH_OPERATOR, NORTH, 1, LEAVE_MOVED, ""},
        {"NOT_PERMITTED", SOUTH_CHIEF, NORTH, 1, LEAVE_MOVED, ""},
        {"NOT_PERMITTED", CENTRE_CHIEF, NORTH, 1, LEAVE_MOVED, ""},
        {"NOT_PERMITTED", PLATFORM_CHIEF, NORTH, 1, LEAVE_MOVED, ""},
        {"NOT_PERMITTED", TEACHER, NORTH, 1, LEAVE_MOVED, ""},
        {"NOT_AT_THIS_SCHOOL", SOUTH_CHIEF, SOUTH, 1, LEAVE_MOVED, ""},
        {"CHANGED", NORTH_CHIEF, NORTH, 2, LEAVE_MOVED, ""},
        {"BAD_FORM", NORTH_CHIEF, NORTH, 1, 0, ""},
        {"BAD_FORM", NORTH_CHIEF, NORTH, 1, LEAVE_MOVED, "2026-07-31"},
        {"BAD_FORM", NORTH_CHIEF, NORTH, 1, LEAVE_MOVED, "2026-10-31"},
    };

    (void)state;
    given_teacher_at_north();
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        LeaveSchool *command =
            given_leave(cases[i].who, cases[i].school, cases[i].version);
        command->reason = (Inservice__Teacher__V1__LeaveReason)cases[i].reason;
        command->effective_on = wire_member(cases[i].day);
        print_message("row %zu %s\n", i, cases[i].code);
        assert_refused(fixture, person, &command->base, cases[i].code);
    }
    person = fixture_id(fixture, 7);
    assert_refused(fixture, person, &given_leave(NORTH_CHIEF, NORTH, 1)->base,
                   "NOT_AT_THIS_SCHOOL");
}

static void
test_nobody_releases_himself(void **state)
{
    LeaveSchool *command;

    (void)state;
    person = fixture_id(fixture, 902); /* the CONTACT is a teacher, too */
    given_post(NORTH_CHIEF, NORTH, POST_PRIMARY, "");
    command = given_leave(NORTH_CONTACT, NORTH, 1);
    assert_refused(fixture, person, &command->base, "SELF_ACTION");
}

static const struct chief_case {
    int seen_role;
    int64_t seen_version;
    int copy_role;
    int copy_status;
    const char *copy_school;
    int64_t copy_version;
    enum who who;
    const char *code;
} chief_cases[] = {
    {ROLE_CHIEF, 3, 0, 0, NORTH, 0, NORTH_CONTACT, "HOLDS_CHIEF"},
    {ROLE_OPERATOR, 3, ROLE_CHIEF, ACCOUNT_ACTIVE, NORTH, 4, NORTH_CONTACT,
     "HOLDS_CHIEF"},
    /* A claim may not lower a CHIEF. */
    {ROLE_OPERATOR, 9, ROLE_CHIEF, ACCOUNT_ACTIVE, NORTH, 4, NORTH_CONTACT,
     "HOLDS_CHIEF"},
    {0, 9, ROLE_CHIEF, ACCOUNT_ACTIVE, NORTH, 4, NORTH_CONTACT, "HOLDS_CHIEF"},
    {ROLE_CHIEF, 9, ROLE_OPERATOR, ACCOUNT_ACTIVE, NORTH, 4, NORTH_CONTACT,
     "HOLDS_CHIEF"},
    {ROLE_CHIEF, 3, 0, 0, NORTH, 0, OTHER_CENTRE_CHIEF, "NOT_PERMITTED"},
    {ROLE_CHIEF, 3, 0, 0, NORTH, 0, NORTH_CHIEF, NULL},
    {ROLE_CHIEF, 3, 0, 0, NORTH, 0, CENTRE_CHIEF, NULL},
    {ROLE_CHIEF, 3, ROLE_OPERATOR, ACCOUNT_ACTIVE, NORTH, 4, NORTH_CONTACT,
     NULL},
    {ROLE_OPERATOR, 3, ROLE_CHIEF, ACCOUNT_ACTIVE, SOUTH, 4, NORTH_CONTACT,
     NULL},
};

/* T15: the newer of the gateway's record and our copy decides whether the
 * teacher is a CHIEF; then only another CHIEF or the managing centre may. */
static void
test_holds_chief(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(chief_cases); i++) {
        const struct chief_case *one = &chief_cases[i];

        given_nothing_more(state);
        given_schools(state);
        given_teacher_at_north();
        if (one->copy_version > 0)
            given_officer_of_person(one->copy_role, one->copy_status,
                                    one->copy_school, one->copy_version);
        LeaveSchool *command = given_leave(one->who, NORTH, 1);
        command->officer_role = (Inservice__Common__V1__Role)one->seen_role;
        command->officer_version = one->seen_version;
        print_message("row %zu\n", i);
        fixture_assert_end(fixture, person, &command->base, one->code, __FILE__,
                           __LINE__);
    }
}

static void
test_leaves_secondary_school(void **state)
{
    (void)state;
    given_teacher_at_north();
    given_post(SOUTH_CHIEF, SOUTH, POST_SECONDARY, "");
    assert_done(fixture, person, &given_leave(SOUTH_CHIEF, SOUTH, 2)->base);
    const TeacherLeft *fact = SAID_ONCE(teacher_left);
    assert_int_equal(fact->post, POST_SECONDARY);
    assert_organizations(fact->organizations, fact->n_organizations, NORTH);
    assert_posts(NORTH "*");
}

static void
test_planned_leave(void **state)
{
    LeaveSchool *command, *again;

    (void)state;
    given_teacher_at_north();
    command = given_planned_leave(NORTH_CHIEF, NORTH, 1);
    const MovePlanned *fact = SAID_ONCE(move_planned);
    assert_string_equal(fact->from_organization, NORTH);
    assert_string_equal(fact->to_organization, "");
    assert_int_equal(fact->reason, LEAVE_RETIRED);
    assert_posts(NORTH "*");

    again = given_leave(NORTH_CHIEF, NORTH, 2); /* today after all */
    assert_done(fixture, person, &again->base);
    const MoveUndone *undone = SAID_ONCE(move_undone);
    assert_string_equal(undone->move_id, command->order->command_id);
    SAID_ONCE(teacher_left);
    assert_int_equal(
        fixture_timer(fixture, timer_of(command->order->command_id)),
        DB_NO_TIME);
}

/* A pull closes the post; the old school's plan has nothing left to do. */
static void
test_pull_overtakes_planned_leave(void **state)
{
    LeaveSchool *command;

    (void)state;
    given_teacher_at_north();
    command = given_planned_leave(NORTH_CHIEF, NORTH, 1);
    given_post(SOUTH_CHIEF, SOUTH, POST_PRIMARY, "");
    SAID_ONCE(teacher_transferred);
    const MoveUndone *undone = SAID_ONCE(move_undone);
    assert_string_equal(undone->move_id, command->order->command_id);
}

/* The owner says which day is the last, because it alone has the setting. */
static void
test_t01_the_last_day_is_named(void **state)
{
    LeaveSchool *command;

    (void)state;
    given_teacher_at_north();
    command = given_leave(NORTH_CHIEF, NORTH, 1);
    command->effective_on = wire_member("2026-10-31");
    assert_refused(fixture, person, &command->base, "BAD_FORM");
    const Inservice__Common__V1__Refused *refused =
        fixture_outcome(fixture)->refused;
    assert_int_equal(refused->n_details, 1);
    assert_string_equal(refused->details[0]->code, "OUT_OF_RANGE");
    assert_string_equal(refused->details[0]->text, "2026-10-30");
}

CASES(leave_school, CASE(test_leave), CASE(test_returns), CASE(test_refusals),
      CASE(test_t01_the_last_day_is_named), CASE(test_nobody_releases_himself),
      CASE(test_holds_chief), CASE(test_leaves_secondary_school),
      CASE(test_planned_leave), CASE(test_pull_overtakes_planned_leave));
