/* ConfirmTeacher and ReviewSchool. T6. Today is in the semester 115-1. */
#include "given.h"

#include "chassis/base/clock.h"

#define NOW  "115-1"
#define NEXT "115-2"
#define LAST "114-2"

static ConfirmTeacher *
confirming(enum who who, const char *semester, int64_t version)
{
    ConfirmTeacher *m = ARENA_NEW(fixture_arena(fixture), ConfirmTeacher);

    inservice__teacher__v1__confirm_teacher__init(m);
    m->order = given_order_on(who, version);
    m->person_id = wire_member(person);
    m->semester = wire_member(semester);
    return m;
}

static ReviewSchool *
reviewing(enum who who, const char *school, const char *semester)
{
    ReviewSchool *m = ARENA_NEW(fixture_arena(fixture), ReviewSchool);

    inservice__teacher__v1__review_school__init(m);
    m->order = given_order(who);
    m->organization = wire_member(school);
    m->semester = wire_member(semester);
    m->seen_position = m->roster_position = 77;
    m->teacher_count = 12;
    return m;
}

static void
test_t6_teachers_confirm_their_record(void **state)
{
    (void)state;
    given_teacher_at_north();
    assert_done(fixture, person, &confirming(TEACHER, NOW, 1)->base);
    const TeacherConfirmed *fact = SAID_ONCE(teacher_confirmed);
    assert_string_equal(fact->semester, NOW);
    assert_string_equal(state_now()->confirmed_semester, NOW);
    assert_int_equal(state_now()->confirmed_at, FIXTURE_START);
    assert_int_equal(version_now(), 2);
    /* An edit afterwards leaves it. */
    UpdateTeacher *update = given_update(NORTH_CHIEF, 2);
    update->unit_note = wire_member("導師");
    update->unit_note_presence_case =
        INSERVICE__TEACHER__V1__UPDATE_TEACHER__UNIT_NOTE_PRESENCE_UNIT_NOTE;
    assert_done(fixture, person, &update->base);
    assert_string_equal(state_now()->confirmed_semester, NOW);
}

static void
test_t6_what_is_not_confirmed(void **state)
{
    ConfirmTeacher *m;

    (void)state;
    assert_refused(fixture, person, &confirming(TEACHER, NOW, 1)->base,
                   "NOT_FOUND");
    given_teacher_at_north();
    assert_refused(fixture, person, &confirming(NORTH_CHIEF, NOW, 1)->base,
                   "NOT_PERMITTED");
    assert_refused(fixture, person, &confirming(SYSTEM, NOW, 1)->base,
                   "UNKNOWN_ACTOR");
    assert_refused(fixture, person, &confirming(TEACHER, NOW, 9)->base,
                   "CHANGED");
    assert_refused(fixture, person, &confirming(TEACHER, LAST, 1)->base,
                   "SEMESTER_NOT_OPEN");
    assert_refused(fixture, person, &confirming(TEACHER, NEXT, 1)->base,
                   "SEMESTER_NOT_OPEN");
    m = confirming(TEACHER, NOW, 1);
    m->order->actor->account_version += 9;
    assert_refused(fixture, person, &m->base, "ACTOR_NOT_KNOWN_YET");
}

/* The letter of July asks for it before August. */
static void
test_t6_a_semester_opens_before_it_begins(void **state)
{
    (void)state;
    assert_true(semester_is_open(NOW, FIXTURE_START));
    assert_true(semester_is_open(NOW, FIXTURE_START - DAYS(40)));
    assert_true(semester_is_open(LAST, FIXTURE_START - DAYS(40)));
    assert_false(semester_is_open(NOW, FIXTURE_START - DAYS(50)));
    assert_false(semester_is_open("", FIXTURE_START));
}

static void
test_t6_an_officer_reviews_the_school(void **state)
{
    (void)state;
    assert_done(fixture, NORTH, &reviewing(NORTH_CONTACT, NORTH, NOW)->base);
    SAID_ONCE(school_reviewed);
    const SchoolReviewState *now =
        fixture_said(fixture, DESCRIPTOR(school_review_state));
    assert_string_equal(now->reviewer_account_id, given_account(NORTH_CONTACT));
    assert_int_equal(now->reviewed_at, FIXTURE_START);
    assert_int_equal(now->teacher_count, 12);
    assert_int_equal(now->fact->version, 1);
    assert_done(fixture, NORTH, &reviewing(NORTH_CHIEF, NORTH, NOW)->base);
    now = fixture_said(fixture, DESCRIPTOR(school_review_state));
    assert_int_equal(now->fact->version, 2);
}

static void
test_t6_what_is_not_reviewed(void **state)
{
    static const struct {
        enum who who;
        const char *school, *semester, *code;
    } cases[] = {
        {NORTH_OPERATOR, NORTH, NOW, "NOT_PERMITTED"},
        {SOUTH_CHIEF, NORTH, NOW, "NOT_PERMITTED"},
        {CENTRE_CHIEF, NORTH, NOW, "NOT_PERMITTED"},
        {PLATFORM_CHIEF, NORTH, NOW, "NOT_PERMITTED"},
        {PLATFORM_CHIEF, PLATFORM, NOW, "UNIT_HAS_NO_TEACHERS"},
        {TEACHER, NORTH, NOW, "NOT_PERMITTED"},
        {SYSTEM, NORTH, NOW, "UNKNOWN_ACTOR"},
        {NORTH_CHIEF, NORTH, LAST, "SEMESTER_NOT_OPEN"},
        {NORTH_CHIEF, NORTH, "", "SEMESTER_NOT_OPEN"},
        {NORTH_CHIEF, NORTH, "字字字字", "BAD_FORM"},
        {NORTH_CHIEF, "字字字字", NOW, "BAD_FORM"},
    };
    ReviewSchool *m;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_refused(
            fixture, cases[i].school,
            &reviewing(cases[i].who, cases[i].school, cases[i].semester)->base,
            cases[i].code);
    m = reviewing(NORTH_CHIEF, NORTH, NOW);
    m->roster_position++;
    assert_refused(fixture, NORTH, &m->base, "ROSTER_CHANGED");
    m = reviewing(NORTH_CHIEF, NORTH, NOW);
    m->order->actor->account_version += 9;
    assert_refused(fixture, NORTH, &m->base, "ACTOR_NOT_KNOWN_YET");
}

CASES(reviews, CASE(test_t6_teachers_confirm_their_record),
      CASE(test_t6_what_is_not_confirmed),
      CASE(test_t6_a_semester_opens_before_it_begins),
      CASE(test_t6_an_officer_reviews_the_school),
      CASE(test_t6_what_is_not_reviewed));
