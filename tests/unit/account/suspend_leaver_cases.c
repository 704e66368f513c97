/* The move saga (T15): from the teacher service's facts, in the person's lane,
 * to the suspension in the unit's lane. */
#include "given.h"

#define DISABLED &inservice__account__v1__business_account_disabled__descriptor
#define SUSPEND  &inservice__account__v1__suspend_leaver__descriptor
#define TOPIC    "inservice.teacher.event.v1"

static Inservice__Common__V1__Fact *
fact(struct fixture *f, int64_t version)
{
    Inservice__Common__V1__Fact *head =
        ARENA_NEW(fixture_arena(f), Inservice__Common__V1__Fact);

    inservice__common__v1__fact__init(head);
    head->version = version;
    return head;
}

static char **
codes(struct fixture *f, const char *one, const char *other)
{
    char **list = ARENA_ARRAY(fixture_arena(f), char *, 2);

    list[0] = wire_member(one);
    list[1] = wire_member(other);
    return list;
}

static void
hear(struct fixture *f, unsigned n, int64_t version, ProtobufCMessage *message)
{
    const char *person = given_person_id(f, n);

    fixture_hear(f, TOPIC_EVENT, TOPIC, person, person, version, message);
}

static void
hear_left(struct fixture *f, unsigned n, int64_t version, const char *left)
{
    TeacherLeft m;

    inservice__teacher__v1__teacher_left__init(&m);
    m.fact = fact(f, version);
    m.person_id = given_person_id(f, n);
    m.move_id = given_account_id(f, 900);
    m.organization = wire_member(left);
    hear(f, n, version, &m.base);
}

static void
hear_transferred(struct fixture *f, unsigned n, int64_t version,
                 const char *from, const char *to, const char *also)
{
    TeacherTransferred m;

    inservice__teacher__v1__teacher_transferred__init(&m);
    m.fact = fact(f, version);
    m.person_id = given_person_id(f, n);
    m.move_id = given_account_id(f, 900);
    m.from_organization = wire_member(from);
    m.to_organization = wire_member(to);
    m.organizations = codes(f, to, also);
    m.n_organizations = also == NULL ? 1 : 2;
    hear(f, n, version, &m.base);
}

static void
hear_registered(struct fixture *f, unsigned n, int64_t version,
                const char *unit)
{
    TeacherRegistered m;

    inservice__teacher__v1__teacher_registered__init(&m);
    m.fact = fact(f, version);
    m.person_id = given_person_id(f, n);
    m.organization = wire_member(unit);
    m.organizations = codes(f, unit, NULL);
    m.n_organizations = 1;
    hear(f, n, version, &m.base);
}

static const struct affiliation *
posts_now(struct fixture *f, unsigned n)
{
    return fixture_row(f, &affiliations, given_person_id(f, n));
}

static void
test_a_leaver_is_suspended(void **state)
{
    struct fixture *f = *state;

    hear_left(f, CONTACT, 5, SCHOOL);
    assert_null(posts_now(f, CONTACT)->organizations);
    assert_int_equal(posts_now(f, CONTACT)->version, 5);
    assert_int_equal(account_now(f, CONTACT)->status, ACCOUNT_ACTIVE);
    assert_int_equal(fixture_deliver(f), 1);
    const struct business_account *account = account_now(f, CONTACT);
    assert_int_equal(account->status, ACCOUNT_DISABLED);
    assert_int_equal(account->cause, DISABLED_LEFT_UNIT);
    assert_int_equal(account->teacher.version, 5);
    const BusinessAccountDisabled *said = fixture_said(f, DISABLED);
    assert_string_equal(said->move_id, given_account_id(f, 900));
}

static void
test_a_fact_heard_twice_has_one_effect(void **state)
{
    struct fixture *f = *state;

    hear_left(f, CONTACT, 5, SCHOOL);
    assert_int_equal(fixture_deliver(f), 1);
    hear_left(f, CONTACT, 5, SCHOOL);
    assert_int_equal(fixture_deliver(f), 1);
    assert_string_equal(fixture_code(f), "NOT_ACTIVE");
    hear_left(f, CONTACT, 4, OTHER);
    assert_int_equal(posts_now(f, CONTACT)->version, 5);
}

/* The state is on another topic. */
static void
test_a_state_before_the_fact_hinders_nothing(void **state)
{
    struct fixture *f = *state;

    given_posts(f, CONTACT, NULL, 6);
    hear_left(f, CONTACT, 5, SCHOOL);
    assert_int_equal(posts_now(f, CONTACT)->version, 6);
    assert_int_equal(fixture_deliver(f), 1);
    assert_int_equal(account_now(f, CONTACT)->status, ACCOUNT_DISABLED);
}

static void
test_a_transfer_suspends_at_the_old_school(void **state)
{
    struct fixture *f = *state;

    hear_transferred(f, CONTACT, 5, SCHOOL, OTHER, NULL);
    assert_string_equal(posts_now(f, CONTACT)->organizations, OTHER);
    assert_int_equal(fixture_deliver(f), 1);
    assert_int_equal(account_now(f, CONTACT)->status, ACCOUNT_DISABLED);
    hear_transferred(f, CONTACT, 5, SCHOOL, OTHER, NULL);
    assert_int_equal(fixture_deliver(f), 1);
    assert_string_equal(fixture_code(f), "NOT_ACTIVE");
}

static void
test_a_secondary_post_keeps_the_account(void **state)
{
    struct fixture *f = *state;

    hear_transferred(f, CONTACT, 5, SCHOOL, OTHER, SCHOOL);
    assert_string_equal(posts_now(f, CONTACT)->organizations, OTHER " " SCHOOL);
    assert_int_equal(fixture_deliver(f), 0);
}

static void
test_a_registration_suspends_nobody(void **state)
{
    struct fixture *f = *state;

    hear_registered(f, CONTACT, 3, SCHOOL);
    assert_string_equal(posts_now(f, CONTACT)->organizations, SCHOOL);
    assert_int_equal(fixture_deliver(f), 0);
    hear_registered(f, CONTACT, 2, OTHER);
    assert_string_equal(posts_now(f, CONTACT)->organizations, SCHOOL);
}

static void
test_the_last_chief_is_not_suspended(void **state)
{
    struct fixture *f = *state;

    hear_left(f, CHIEF, 5, SCHOOL);
    assert_int_equal(fixture_deliver(f), 1);
    assert_string_equal(fixture_code(f), "LAST_CHIEF");
    assert_int_equal(account_now(f, CHIEF)->status, ACCOUNT_ACTIVE);
    given_account(f, 10, SCHOOL, ROLE_CHIEF, ACCOUNT_ACTIVE);
    hear_left(f, CHIEF, 6, SCHOOL);
    assert_int_equal(fixture_deliver(f), 1);
    assert_int_equal(unit_now(f, SCHOOL)->active_chiefs, 1);
}

static void
test_an_older_fact_undoes_no_enabling(void **state)
{
    struct fixture *f = *state;

    GIVEN_ACCOUNT_CHANGED(f, CONTACT, it->teacher.version = 6);
    hear_left(f, CONTACT, 6, SCHOOL);
    assert_int_equal(fixture_deliver(f), 1);
    assert_string_equal(fixture_code(f), "TEACHER_CHANGED");
}

/* Rule 11: the teacher service lives again from a backup; its versions count
 * from where that was, and yet are the newer word. */
static void
test_a_fact_after_a_restore_is_newer(void **state)
{
    struct fixture *f = *state;

    GIVEN_ACCOUNT_CHANGED(f, CONTACT, it->teacher.version = 6;
                          it->teacher.incarnation = 1);
    fixture_raise_incarnation(f, 2);
    hear_left(f, CONTACT, 3, SCHOOL);
    assert_int_equal(fixture_deliver(f), 1);
    const struct business_account *account = account_now(f, CONTACT);
    assert_int_equal(account->status, ACCOUNT_DISABLED);
    assert_int_equal(account->teacher.version, 3);
    assert_int_equal(account->teacher.incarnation, 2);
    fixture_raise_incarnation(f, 1);
    GIVEN_ACCOUNT_CHANGED(f, CONTACT, it->status = ACCOUNT_ACTIVE);
    hear_left(f, CONTACT, 9, SCHOOL); /* sent before, received late */
    assert_int_equal(fixture_deliver(f), 1);
    assert_string_equal(fixture_code(f), "TEACHER_CHANGED");
}

static void
test_who_has_no_account_there(void **state)
{
    struct fixture *f = *state;

    hear_left(f, CONTACT, 5, OTHER);
    assert_int_equal(fixture_deliver(f), 1);
    assert_string_equal(fixture_code(f), "NOT_FOUND");
    given_account(f, 10, SCHOOL, ROLE_OPERATOR, ACCOUNT_DISABLED);
    hear_left(f, 10, 5, SCHOOL);
    assert_int_equal(fixture_deliver(f), 1);
    assert_string_equal(fixture_code(f), "NOT_ACTIVE");
}

static void
test_it_is_the_systems_alone(void **state)
{
    struct fixture *f = *state;
    SuspendLeaver m;

    inservice__account__v1__suspend_leaver__init(&m);
    m.order = order_by(f, PLATFORM_CHIEF);
    m.organization = wire_member(SCHOOL);
    m.person_id = given_person_id(f, CONTACT);
    m.teacher_version = 9;
    assert_refused(f, SCHOOL, &m.base, "NOT_PERMITTED");
}

static void
hear_undone_at(struct fixture *f, unsigned n, int64_t version, const char *from,
               const char *to, bool planned)
{
    MoveUndone m;

    inservice__teacher__v1__move_undone__init(&m);
    m.fact = fact(f, version);
    m.person_id = given_person_id(f, n);
    m.move_id = given_account_id(f, 900);
    m.planned = planned;
    m.from_organization = wire_member(from);
    m.to_organization = wire_member(to);
    m.organizations = codes(f, from, NULL);
    m.n_organizations = 1;
    hear(f, n, version, &m.base);
}

static void
hear_undone(struct fixture *f, unsigned n, int64_t version, bool planned)
{
    hear_undone_at(f, n, version, SCHOOL, OTHER, planned);
}

static void
test_undoing_the_move_restores_the_account(void **state)
{
    struct fixture *f = *state;

    given_account(f, 10, SCHOOL, ROLE_CHIEF, ACCOUNT_ACTIVE);
    hear_transferred(f, 10, 5, SCHOOL, OTHER, NULL);
    assert_int_equal(fixture_deliver(f), 1);
    assert_int_equal(unit_now(f, SCHOOL)->active_chiefs, 1);
    hear_undone(f, 10, 6, false);
    assert_int_equal(fixture_count(f, SUSPEND), 1); /* at the other school */
    assert_int_equal(fixture_deliver(f), 2);
    const struct business_account *account = account_now(f, 10);
    assert_int_equal(account->status, ACCOUNT_ACTIVE);
    assert_int_equal(account->role, ROLE_CHIEF);
    assert_int_equal(account->teacher.version, 6);
    assert_int_equal(unit_now(f, SCHOOL)->active_chiefs, 2);
    const BusinessAccountEnabled *said = fixture_said(
        f, &inservice__account__v1__business_account_enabled__descriptor);
    assert_string_equal(said->move_id, given_account_id(f, 900));
}

static void
test_undoing_a_plan_restores_nothing(void **state)
{
    hear_undone(*state, CONTACT, 6, true);
    assert_int_equal(fixture_deliver(*state), 0);
    assert_null(posts_now(*state, CONTACT));
}

/* A leave that replaces a plan: both facts are of one version. */
static void
test_a_dropped_plan_does_not_hide_the_leave(void **state)
{
    struct fixture *f = *state;

    given_account(f, 10, SCHOOL, ROLE_CHIEF, ACCOUNT_ACTIVE);
    hear_undone(f, 10, 6, true);
    hear_left(f, 10, 6, SCHOOL);
    assert_int_equal(fixture_count(f, SUSPEND), 1);
    assert_int_equal(fixture_deliver(f), 1);
    assert_int_equal(account_now(f, 10)->status, ACCOUNT_DISABLED);
}

static void
test_only_what_the_move_suspended_is_resumed(void **state)
{
    struct fixture *f = *state;
    ResumeBusinessAccount m;

    inservice__account__v1__resume_business_account__init(&m);
    m.organization = wire_member(SCHOOL);
    m.person_id = given_person_id(f, CONTACT);
    m.move_id = given_account_id(f, 900);
    m.teacher_version = 5;
    m.order = order_by(f, CHIEF);
    assert_refused(f, SCHOOL, &m.base, "NOT_PERMITTED");
    m.order = order_by(f, 0);
    assert_refused(f, SCHOOL, &m.base, "NOT_DISABLED");
    hear_left(f, CONTACT, 5, SCHOOL);
    assert_int_equal(fixture_deliver(f), 1);
    m.order = order_by(f, 0);
    assert_refused(f, SCHOOL, &m.base, "TEACHER_CHANGED");
    m.order = order_by(f, 0);
    m.teacher_version = 6;
    m.move_id = given_account_id(f, 901); /* another move */
    assert_refused(f, SCHOOL, &m.base, "NOT_DISABLED");
    m.move_id = given_account_id(f, 900);
    GIVEN_CHANGED(f, organization, &organizations, SCHOOL,
                  it->status = ORGANIZATION_CLOSED);
    m.order = order_by(f, 0);
    m.teacher_version = 6;
    assert_refused(f, SCHOOL, &m.base, "ORGANIZATION_CLOSED");
    m.order = order_by(f, 0);
    m.person_id = given_person_id(f, 99);
    assert_refused(f, SCHOOL, &m.base, "NOT_FOUND");
}

/* T15a: whose account of the main kindergarten rests on a post at a branch. */
static void
given_kindergarten(struct fixture *f)
{
    given_unit(f, "K1", KIND_KINDERGARTEN, CENTRE, 0);
    given_account(f, 40, "K1", ROLE_OPERATOR, ACCOUNT_ACTIVE);
    given_branch(f, "K1-01", KIND_KINDERGARTEN, "K1");
    given_branch(f, "K1-02", KIND_KINDERGARTEN, "K1");
}

static void
test_t15a_leaving_the_branch_suspends_at_the_main_one(void **state)
{
    struct fixture *f = *state;

    given_kindergarten(f);
    hear_left(f, 40, 5, "K1-01");
    assert_int_equal(fixture_deliver(f), 2); /* at the branch there is none */
    assert_int_equal(account_now(f, 40)->status, ACCOUNT_DISABLED);
    assert_int_equal(account_now(f, 40)->cause, DISABLED_LEFT_UNIT);
    hear_undone_at(f, 40, 6, "K1-01", "", false);
    assert_int_equal(fixture_deliver(f), 2);
    assert_int_equal(account_now(f, 40)->status, ACCOUNT_ACTIVE);
}

static void
test_t15a_another_branch_still_supports_the_account(void **state)
{
    struct fixture *f = *state;

    given_kindergarten(f);
    hear_transferred(f, 40, 5, "K1-01", "K1-02", NULL);
    assert_int_equal(fixture_deliver(f), 1); /* the branch's own account */
    hear_transferred(f, 40, 6, "K1-02", "K1", NULL);
    fixture_deliver(f);
    hear_transferred(f, 40, 7, "K1", "K1-01", NULL);
    assert_int_equal(fixture_deliver(f), 0);
    assert_int_equal(account_now(f, 40)->status, ACCOUNT_ACTIVE);
    hear_transferred(f, 40, 8, "K1-01", SCHOOL, NULL);
    fixture_deliver(f);
    assert_int_equal(account_now(f, 40)->status, ACCOUNT_DISABLED);
}

/* B22, T15: a fact takes no last CHIEF away, a kindergarten's neither. */
static void
test_t15_a_kindergartens_last_chief_is_not_suspended(void **state)
{
    struct fixture *f = *state;

    given_unit(f, "K1", KIND_KINDERGARTEN, CENTRE, 0);
    given_account(f, 40, "K1", ROLE_CHIEF, ACCOUNT_ACTIVE);
    hear_left(f, 40, 5, "K1");
    fixture_deliver(f);
    assert_string_equal(fixture_code(f), "LAST_CHIEF");
    assert_int_equal(account_now(f, 40)->status, ACCOUNT_ACTIVE);
}

CASES(suspend_leaver,
      CASE(test_t15a_leaving_the_branch_suspends_at_the_main_one),
      CASE(test_t15a_another_branch_still_supports_the_account),
      CASE(test_t15_a_kindergartens_last_chief_is_not_suspended),
      CASE(test_a_leaver_is_suspended),
      CASE(test_a_fact_heard_twice_has_one_effect),
      CASE(test_a_state_before_the_fact_hinders_nothing),
      CASE(test_a_transfer_suspends_at_the_old_school),
      CASE(test_a_secondary_post_keeps_the_account),
      CASE(test_a_registration_suspends_nobody),
      CASE(test_the_last_chief_is_not_suspended),
      CASE(test_an_older_fact_undoes_no_enabling),
      CASE(test_a_fact_after_a_restore_is_newer),
      CASE(test_who_has_no_account_there), CASE(test_it_is_the_systems_alone),
      CASE(test_undoing_the_move_restores_the_account),
      CASE(test_undoing_a_plan_restores_nothing),
      CASE(test_a_dropped_plan_does_not_hide_the_leave),
      CASE(test_only_what_the_move_suspended_is_resumed));
