/* CourseStateChanged and CourseOwnerSettled: B15, C1, C2. */
#include "given.h"

#define STATE &inservice__account__v1__business_account_state__descriptor
#define TOPIC "inservice.course.event.v1"

enum { LEAVER = 10, RUNNING = 5, CONFIRMED = 8 };

static void
hear_course(struct fixture *f, const char *course_id, unsigned owner, int state,
            int64_t version)
{
    CourseStateChanged m;

    inservice__course__v1__course_state_changed__init(&m);
    m.course_id = wire_member(course_id);
    m.owner_account_id = given_account_id(f, owner);
    m.organization = wire_member(SCHOOL);
    m.title = wire_member("研習");
    m.state = (unsigned)state;
    m.course_version = version;
    fixture_hear(f, TOPIC_EVENT, TOPIC, SCHOOL, course_id, 0, &m.base);
}

static void
hear_settled(struct fixture *f, unsigned n, int64_t version, const char *open)
{
    CourseOwnerSettled m;
    char *ids[1] = {wire_member(open)};

    inservice__course__v1__course_owner_settled__init(&m);
    m.account_id = given_account_id(f, n);
    m.organization = wire_member(SCHOOL);
    m.account_version = version;
    m.open_course_ids = ids;
    m.n_open_course_ids = open == NULL ? 0 : 1;
    fixture_hear(f, TOPIC_EVENT, TOPIC, SCHOOL, m.account_id, 0, &m.base);
}

static const struct course_guard *
course_now(struct fixture *f, const char *course_id)
{
    return fixture_row(f, &course_guards, course_id);
}

static int64_t
settled_now(struct fixture *f, unsigned n)
{
    const struct course_settled *row =
        fixture_row(f, &courses_settled, given_account_id(f, n));

    return row == NULL ? 0 : row->account_version;
}

static void
test_the_newest_version_of_a_course_counts(void **state)
{
    struct fixture *f = *state;

    hear_course(f, "C1", CONTACT, RUNNING, 2);
    hear_course(f, "C1", CONTACT, CONFIRMED, 1);
    assert_int_equal(course_now(f, "C1")->state, RUNNING);
    hear_course(f, "C1", CHIEF, RUNNING, 3); /* handed to a colleague */
    assert_string_equal(course_now(f, "C1")->account_id,
                        given_account_id(f, CHIEF));
    assert_int_equal(account_now(f, CHIEF)->row.version, 1);
}

/* C2: whatever a later course system calls it, it blocks a deletion. */
static void
test_a_state_not_known_here_counts_as_open(void **state)
{
    struct fixture *f = *state;

    hear_course(f, "C1", CONTACT, CONFIRMED, 1);
    hear_course(f, "C1", CONTACT, 1 << 20, 2);
    assert_int_equal(course_now(f, "C1")->state, 0);
    assert_true(course_is_open(course_now(f, "C1")));
    hear_course(f, "C1", CONTACT, CONFIRMED, 3);
    assert_false(course_is_open(course_now(f, "C1")));
}

static void
test_rubbish_is_set_aside(void **state)
{
    struct fixture *f = *state;
    CourseOwnerSettled m;

    fixture_expect_broken(f);
    hear_course(f, "", CONTACT, RUNNING, 2);
    inservice__course__v1__course_owner_settled__init(&m);
    m.account_id = wire_member("nobody");
    m.organization = wire_member(SCHOOL);
    fixture_expect_broken(f);
    fixture_hear(f, TOPIC_EVENT, TOPIC, SCHOOL, "nobody", 0, &m.base);
}

static void
test_settling_shows_what_is_open(void **state)
{
    struct fixture *f = *state;

    given_account(f, LEAVER, SCHOOL, ROLE_OPERATOR, ACCOUNT_DISABLED);
    given_course(f, "C1", LEAVER, RUNNING);
    hear_settled(f, LEAVER, 1, "C2"); /* not heard of before */
    assert_int_equal(settled_now(f, LEAVER), 1);
    assert_true(course_is_open(course_now(f, "C2")));
    const BusinessAccountState *shown = fixture_said(f, STATE);
    assert_true(shown->settled);
    assert_int_equal(shown->open_courses, 2);
    assert_int_equal(shown->fact->version, 2);

    hear_course(f, "C1", LEAVER, CONFIRMED, 2);
    assert_int_equal(account_now(f, LEAVER)->open_courses, 1);
    hear_course(f, "C2", CHIEF, RUNNING, 1);
    hear_course(f, "C9", LEAVER, CONFIRMED, 1);
    assert_int_equal(account_now(f, LEAVER)->open_courses, 0);
    assert_int_equal(account_now(f, LEAVER)->disabled_version, 1);
}

static void
test_settling_holds_a_course_open_that_seemed_closed(void **state)
{
    struct fixture *f = *state;

    given_account(f, LEAVER, SCHOOL, ROLE_OPERATOR, ACCOUNT_DISABLED);
    given_course(f, "C1", LEAVER, CONFIRMED);
    given_course(f, "C2", CHIEF, CONFIRMED);
    hear_settled(f, LEAVER, 1, "C1");
    assert_true(course_is_open(course_now(f, "C1")));
    hear_settled(f, LEAVER, 2, "C2"); /* handed on and confirmed */
    assert_false(course_is_open(course_now(f, "C2")));
}

static void
test_an_older_settling_is_ignored(void **state)
{
    struct fixture *f = *state;

    given_account(f, LEAVER, SCHOOL, ROLE_OPERATOR, ACCOUNT_DISABLED);
    hear_settled(f, LEAVER, 3, NULL);
    hear_settled(f, LEAVER, 2, NULL);
    assert_int_equal(settled_now(f, LEAVER), 3);
    /* neither was about the disabling in force */
    assert_false(account_now(f, LEAVER)->settled);
    assert_int_equal(account_now(f, LEAVER)->row.version, 1);
}

static const struct CMUnitTest cases[] = {
    CASE(test_the_newest_version_of_a_course_counts),
    CASE(test_a_state_not_known_here_counts_as_open),
    CASE(test_rubbish_is_set_aside),
    CASE(test_settling_shows_what_is_open),
    CASE(test_settling_holds_a_course_open_that_seemed_closed),
    CASE(test_an_older_settling_is_ignored),
};
CASES(course, cases);
