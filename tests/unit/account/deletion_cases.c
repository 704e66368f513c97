/* RequestDeletion, WithdrawDeletion, and the deletion that follows by itself:
 * B13, B15, B20, B23. */
#include "given.h"

#define REQUESTED &inservice__account__v1__deletion_requested__descriptor
#define WITHDRAWN &inservice__account__v1__deletion_withdrawn__descriptor
#define DELETED   &inservice__account__v1__business_account_deleted__descriptor
#define DELETE    &inservice__account__v1__delete_business_account__descriptor
#define TOPIC     "inservice.course.event.v1"

enum { LEAVER = 10, RUNNING = 5, CONFIRMED = 8 };

static RequestDeletion *
requesting(struct fixture *f, unsigned by, unsigned n)
{
    RequestDeletion *m = ARENA_NEW(fixture_arena(f), RequestDeletion);

    inservice__account__v1__request_deletion__init(m);
    m->order = order_by(f, by);
    m->account_id = given_account_id(f, n);
    m->organization = wire_member(SCHOOL);
    return m;
}

static WithdrawDeletion *
withdrawing(struct fixture *f, unsigned by, unsigned n)
{
    WithdrawDeletion *m = ARENA_NEW(fixture_arena(f), WithdrawDeletion);

    inservice__account__v1__withdraw_deletion__init(m);
    m->order = order_by(f, by);
    m->account_id = given_account_id(f, n);
    m->organization = wire_member(SCHOOL);
    return m;
}

static DisableBusinessAccount *
disabling(struct fixture *f, unsigned by, unsigned n)
{
    DisableBusinessAccount *m =
        ARENA_NEW(fixture_arena(f), DisableBusinessAccount);

    inservice__account__v1__disable_business_account__init(m);
    m->order = order_by(f, by);
    m->account_id = given_account_id(f, n);
    m->organization = wire_member(SCHOOL);
    m->cause = (unsigned)DISABLED_MANAGER;
    return m;
}

static void
hear_settled(struct fixture *f, unsigned n, int64_t version)
{
    CourseOwnerSettled m;

    inservice__course__v1__course_owner_settled__init(&m);
    m.account_id = given_account_id(f, n);
    m.organization = wire_member(SCHOOL);
    m.account_version = version;
    fixture_hear(f, TOPIC_EVENT, TOPIC, SCHOOL, m.account_id, 0, &m.base);
}

static void
hear_course(struct fixture *f, const char *course_id, unsigned owner, int state)
{
    CourseStateChanged m;

    inservice__course__v1__course_state_changed__init(&m);
    m.course_id = wire_member(course_id);
    m.owner_account_id = given_account_id(f, owner);
    m.organization = wire_member(SCHOOL);
    m.state = (unsigned)state;
    m.course_version = 9;
    fixture_hear(f, TOPIC_EVENT, TOPIC, SCHOOL, course_id, 0, &m.base);
}

static void
given_operator(struct fixture *f)
{
    given_account(f, LEAVER, SCHOOL, ROLE_OPERATOR, ACCOUNT_ACTIVE);
}

static void
given_requested(struct fixture *f, enum account_status status)
{
    given_account(f, LEAVER, SCHOOL, ROLE_OPERATOR, status);
    GIVEN_ACCOUNT_CHANGED(f, LEAVER, it->deletion_requested_at = FIXTURE_START);
}

/* The order that the last message gave is carried out. */
static void
assert_deleted_by_itself(struct fixture *f)
{
    assert_int_equal(fixture_count(f, DELETE), 1);
    assert_int_equal(fixture_deliver(f), 1);
    assert_null(fixture_code(f));
    assert_int_equal(fixture_count(f, DELETED), 1);
    assert_int_equal(account_now(f, LEAVER)->status, ACCOUNT_DELETED);
    assert_null(person_holder(f, LEAVER));
    assert_null(login_holder(f, given_login(f, LEAVER)));
}

static void
test_b13_the_holder_asks_and_takes_it_back(void **state)
{
    struct fixture *f = *state;

    given_operator(f);
    assert_done(f, SCHOOL, &requesting(f, LEAVER, LEAVER)->base);
    assert_int_equal(fixture_count(f, REQUESTED), 1);
    assert_true(account_now(f, LEAVER)->deletion_requested_at != DB_NO_TIME);
    assert_int_equal(account_now(f, LEAVER)->status, ACCOUNT_ACTIVE);
    assert_done(f, SCHOOL, &requesting(f, LEAVER, LEAVER)->base); /* again */
    assert_int_equal(fixture_count(f, REQUESTED), 0);
    assert_int_equal(account_now(f, LEAVER)->row.version, 2);

    assert_done(f, SCHOOL, &withdrawing(f, LEAVER, LEAVER)->base);
    assert_int_equal(fixture_count(f, WITHDRAWN), 1);
    assert_true(account_now(f, LEAVER)->deletion_requested_at == DB_NO_TIME);
    assert_done(f, SCHOOL, &withdrawing(f, LEAVER, LEAVER)->base); /* again */
    assert_int_equal(fixture_count(f, WITHDRAWN), 0);
    assert_int_equal(account_now(f, LEAVER)->row.version, 3);
}

/* B13: only the holder asks. B15: a request alone deletes nothing. */
static void
test_b13_only_the_holder(void **state)
{
    static const struct {
        unsigned by, n;
        const char *code;
    } cases[] = {
        {CHIEF, LEAVER, "NOT_PERMITTED"},
        {CENTRE_CHIEF, LEAVER, "NOT_PERMITTED"},
        {FOREIGN_CHIEF, LEAVER, "NOT_PERMITTED"},
        {0, LEAVER, "UNKNOWN_ACTOR"},
        {CHIEF, 99, "NOT_FOUND"},
    };
    struct fixture *f = *state;

    given_operator(f);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        assert_refused(f, SCHOOL, &requesting(f, cases[i].by, cases[i].n)->base,
                       cases[i].code);
        assert_refused(f, SCHOOL,
                       &withdrawing(f, cases[i].by, cases[i].n)->base,
                       cases[i].code);
    }
    given_account(f, 11, SCHOOL, ROLE_OPERATOR, ACCOUNT_PENDING);
    GIVEN_ACCOUNT_CHANGED(f, 11, it->person_id = given_person_id(f, LEAVER));
    assert_refused(f, SCHOOL, &requesting(f, LEAVER, 11)->base, "NOT_ACTIVE");
    assert_refused(f, SCHOOL, &withdrawing(f, LEAVER, 11)->base, "NOT_ACTIVE");
    RequestDeletion *m = requesting(f, LEAVER, LEAVER);
    expect_version(m->order, 9);
    assert_refused(f, SCHOOL, &m->base, "CHANGED");
    WithdrawDeletion *back = withdrawing(f, LEAVER, LEAVER);
    expect_version(back->order, 9);
    assert_refused(f, SCHOOL, &back->base, "CHANGED");
}

/* B13, B15: asked for, disabled by the approver, settled: deleted. */
static void
test_b13_b15_a_settled_account_is_deleted_by_itself(void **state)
{
    struct fixture *f = *state;

    given_operator(f);
    assert_done(f, SCHOOL, &requesting(f, LEAVER, LEAVER)->base);
    assert_done(f, SCHOOL, &disabling(f, CHIEF, LEAVER)->base);
    assert_int_equal(fixture_count(f, DELETE), 0); /* courses unknown */
    hear_settled(f, LEAVER, 3);
    assert_deleted_by_itself(f);
}

static void
test_b13_b15_the_last_course_finishes_it(void **state)
{
    struct fixture *f = *state;

    given_requested(f, ACCOUNT_DISABLED);
    given_course(f, "C1", LEAVER, RUNNING);
    given_course(f, "C2", LEAVER, RUNNING);
    hear_settled(f, LEAVER, 1);
    assert_int_equal(fixture_count(f, DELETE), 0);
    hear_course(f, "C1", LEAVER, CONFIRMED);
    assert_int_equal(fixture_count(f, DELETE), 0);
    hear_course(f, "C2", LEAVER, CONFIRMED);
    assert_deleted_by_itself(f);
}

/* B23: a course that is handed to a colleague frees the leaver. */
static void
test_b13_b23_handing_the_last_course_on_finishes_it(void **state)
{
    struct fixture *f = *state;

    given_requested(f, ACCOUNT_DISABLED);
    given_course(f, "C1", LEAVER, RUNNING);
    hear_settled(f, LEAVER, 1);
    hear_course(f, "C1", CONTACT, RUNNING);
    assert_int_equal(fixture_deliver(f), 1); /* counted again */
    assert_deleted_by_itself(f);
}

/* A suspended holder, signed in with their teacher account, asks. */
static void
test_b13_the_holder_of_a_disabled_account_asks(void **state)
{
    struct fixture *f = *state;
    RequestDeletion *m;

    given_account(f, LEAVER, SCHOOL, ROLE_OPERATOR, ACCOUNT_DISABLED);
    hear_settled(f, LEAVER, 1);
    assert_int_equal(fixture_count(f, DELETE), 0);
    struct officer_row seen = {.account_id = given_account_id(f, 20),
                               .person_id = given_person_id(f, LEAVER),
                               .status = ACCOUNT_ACTIVE,
                               .version = 1};
    fixture_put(f, &officers, &seen);
    m = requesting(f, 0, LEAVER);
    Inservice__Common__V1__Actor actor;
    inservice__common__v1__actor__init(&actor);
    actor.account_id = given_account_id(f, 20);
    actor.account_version = 1;
    actor.person_id = given_person_id(f, LEAVER);
    m->order->actor = &actor;
    assert_done(f, SCHOOL, &m->base);
    assert_deleted_by_itself(f);
}

/* Taken back in time, or enabled again: nothing is deleted. */
static void
test_b13_nothing_is_deleted_that_is_not_asked_for(void **state)
{
    struct fixture *f = *state;
    DeleteBusinessAccount *m =
        ARENA_NEW(fixture_arena(f), DeleteBusinessAccount);

    given_account(f, LEAVER, SCHOOL, ROLE_OPERATOR, ACCOUNT_DISABLED);
    given_settled(f, LEAVER, 1);
    inservice__account__v1__delete_business_account__init(m);
    GIVE_ACCOUNT(f, m, 0, LEAVER, SCHOOL);
    assert_refused(f, SCHOOL, &m->base, "UNKNOWN_ACTOR");
}

/* Without a course system the disabling itself finishes it. */
static void
test_b13_b23_without_a_course_system(void **state)
{
    struct fixture *f = *state;
    SuspendLeaver suspend;

    account_settings.course_system = "absent";
    given_requested(f, ACCOUNT_ACTIVE);
    assert_done(f, SCHOOL, &disabling(f, CHIEF, LEAVER)->base);
    assert_deleted_by_itself(f);

    given_account(f, 11, SCHOOL, ROLE_OPERATOR, ACCOUNT_ACTIVE);
    GIVEN_ACCOUNT_CHANGED(f, 11, it->deletion_requested_at = FIXTURE_START);
    inservice__account__v1__suspend_leaver__init(&suspend);
    suspend.order = order_by(f, 0);
    suspend.organization = wire_member(SCHOOL);
    suspend.person_id = given_person_id(f, 11);
    suspend.teacher_version = suspend.teacher_incarnation = 1;
    assert_done(f, SCHOOL, &suspend.base);
    assert_int_equal(fixture_count(f, DELETE), 1);
    account_settings.course_system = "present";
}

CASES(deletion, CASE(test_b13_the_holder_asks_and_takes_it_back),
      CASE(test_b13_only_the_holder),
      CASE(test_b13_b15_a_settled_account_is_deleted_by_itself),
      CASE(test_b13_b15_the_last_course_finishes_it),
      CASE(test_b13_b23_handing_the_last_course_on_finishes_it),
      CASE(test_b13_the_holder_of_a_disabled_account_asks),
      CASE(test_b13_nothing_is_deleted_that_is_not_asked_for),
      CASE(test_b13_b23_without_a_course_system));
