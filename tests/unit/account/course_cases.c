/* CourseStateChanged and CourseOwnerSettled: B15, C1, C2. */
#include "given.h"

#define STATE   &inservice__account__v1__business_account_state__descriptor
#define RECOUNT &inservice__account__v1__recount_courses__descriptor
#define TOPIC   "inservice.course.event.v1"

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
given_version(struct fixture *f, unsigned n, int64_t version)
{
    GIVEN_ACCOUNT_CHANGED(f, n, it->row.version = version);
}

static RecountCourses
recounting(struct fixture *f, unsigned n)
{
    RecountCourses m;

    inservice__account__v1__recount_courses__init(&m);
    m.order = order_by(f, 0);
    m.account_id = given_account_id(f, n);
    m.organization = wire_member(SCHOOL);
    return m;
}

/* The order that the last fact has given to this service. */
static void
recount(struct fixture *f, unsigned n)
{
    const RecountCourses *said = fixture_said(f, RECOUNT);

    assert_non_null(said);
    assert_string_equal(said->account_id, given_account_id(f, n));
    assert_int_equal(fixture_deliver(f), 1);
    assert_null(fixture_code(f));
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
    recount(f, LEAVER);
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
    given_version(f, LEAVER, 2);
    hear_settled(f, LEAVER, 2, "C2"); /* handed on and confirmed */
    assert_false(course_is_open(course_now(f, "C2")));
}

static void
test_an_older_settling_is_ignored(void **state)
{
    struct fixture *f = *state;

    given_account(f, LEAVER, SCHOOL, ROLE_OPERATOR, ACCOUNT_DISABLED);
    given_version(f, LEAVER, 4);
    hear_settled(f, LEAVER, 3, NULL);
    hear_settled(f, LEAVER, 2, NULL);
    assert_int_equal(settled_now(f, LEAVER), 3);
    /* neither was about the disabling in force */
    assert_false(account_now(f, LEAVER)->settled);
    assert_int_equal(account_now(f, LEAVER)->row.version, 4);
}

/* R13: an answer to a version that the account has not reached, of an account
 * that does not exist, or of another unit's account is set aside. It leaves
 * nothing that could hide the true answer. */
static void
test_r13_a_settling_ahead_of_the_account_is_set_aside(void **state)
{
    struct fixture *f = *state;

    given_account(f, LEAVER, SCHOOL, ROLE_OPERATOR, ACCOUNT_DISABLED);
    given_account(f, 11, OTHER, ROLE_OPERATOR, ACCOUNT_DISABLED);
    fixture_expect_broken(f);
    hear_settled(f, LEAVER, 2, NULL);
    fixture_expect_broken(f);
    hear_settled(f, LEAVER, INT64_MAX, "C1");
    fixture_expect_broken(f);
    hear_settled(f, 12, 1, NULL);
    fixture_expect_broken(f);
    hear_settled(f, 11, 1, NULL);
    assert_int_equal(settled_now(f, LEAVER), 0);
    assert_int_equal(settled_now(f, 11), 0);
    assert_null(course_now(f, "C1"));

    hear_settled(f, LEAVER, 1, NULL);
    assert_int_equal(settled_now(f, LEAVER), 1);
    assert_true(account_now(f, LEAVER)->settled);
}

/* R13: a mark that an earlier build took too high hides nothing. */
static void
test_r13_an_old_mark_that_is_too_high_counts_for_nothing(void **state)
{
    struct fixture *f = *state;

    given_account(f, LEAVER, SCHOOL, ROLE_OPERATOR, ACCOUNT_DISABLED);
    given_settled(f, LEAVER, 900);
    hear_settled(f, LEAVER, 1, NULL);
    assert_int_equal(settled_now(f, LEAVER), 1);
    assert_true(account_now(f, LEAVER)->settled);
}

/* R6, B23: what a settled account still has open follows a course that is
 * handed on, to a colleague and back. */
static void
test_r06_a_course_handed_on_is_counted_once(void **state)
{
    struct fixture *f = *state;

    given_account(f, LEAVER, SCHOOL, ROLE_OPERATOR, ACCOUNT_DISABLED);
    given_course(f, "C1", LEAVER, RUNNING);
    hear_settled(f, LEAVER, 1, "C2"); /* known from the settling only */
    assert_int_equal(account_now(f, LEAVER)->open_courses, 2);
    hear_course(f, "C1", CONTACT, RUNNING, 2);
    recount(f, LEAVER);
    assert_int_equal(account_now(f, LEAVER)->open_courses, 1);
    hear_course(f, "C2", CONTACT, RUNNING, 1);
    recount(f, LEAVER);
    assert_int_equal(account_now(f, LEAVER)->open_courses, 0);
    hear_course(f, "C2", LEAVER, RUNNING, 2);
    assert_int_equal(account_now(f, LEAVER)->open_courses, 1);
    /* The same owner again: no account is counted again. */
    hear_course(f, "C2", LEAVER, RUNNING, 3);
    assert_int_equal(fixture_count(f, RECOUNT), 0);
}

static void
test_r06_counting_is_the_systems(void **state)
{
    struct fixture *f = *state;
    RecountCourses m = recounting(f, LEAVER);

    given_account(f, LEAVER, OTHER, ROLE_OPERATOR, ACCOUNT_DISABLED);
    m.order = order_by(f, CHIEF);
    assert_refused(f, SCHOOL, &m.base, "NOT_PERMITTED");
    m = recounting(f, LEAVER);
    assert_refused(f, SCHOOL, &m.base, "NOT_FOUND");
    m = recounting(f, CONTACT); /* not settled: it shows no number */
    assert_done(f, SCHOOL, &m.base);
    assert_int_equal(account_now(f, CONTACT)->row.version, 1);
}

CASES(course, CASE(test_the_newest_version_of_a_course_counts),
      CASE(test_a_state_not_known_here_counts_as_open),
      CASE(test_rubbish_is_set_aside), CASE(test_settling_shows_what_is_open),
      CASE(test_settling_holds_a_course_open_that_seemed_closed),
      CASE(test_an_older_settling_is_ignored),
      CASE(test_r13_a_settling_ahead_of_the_account_is_set_aside),
      CASE(test_r13_an_old_mark_that_is_too_high_counts_for_nothing),
      CASE(test_r06_a_course_handed_on_is_counted_once),
      CASE(test_r06_counting_is_the_systems));
