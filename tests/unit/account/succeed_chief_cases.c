/* SucceedChief: B2, B20-B22, and what the successor's enabling asks for. */
#include "given.h"

#define SUCCEEDED &inservice__account__v1__chief_succeeded__descriptor
#define ENABLED   &inservice__account__v1__business_account_enabled__descriptor
#define DISABLED  &inservice__account__v1__business_account_disabled__descriptor
#define CHANGED   &inservice__account__v1__business_account_changed__descriptor
#define DELETE    &inservice__account__v1__delete_business_account__descriptor

enum { NEW = 10, SECOND = 11 };

static SucceedChief *
succeeding(struct fixture *f, unsigned by, enum predecessor_fate fate)
{
    SucceedChief *m = ARENA_NEW(fixture_arena(f), SucceedChief);

    inservice__account__v1__succeed_chief__init(m);
    m->order = order_by(f, by);
    m->organization = wire_member(SCHOOL);
    m->successor_account_id = given_account_id(f, NEW);
    m->successor_person_id = given_person_id(f, NEW);
    m->successor_login = given_login(f, NEW);
    m->role_after = (unsigned)ROLE_CHIEF;
    m->predecessor_account_id = given_account_id(f, CHIEF);
    m->fate = (unsigned)fate;
    m->enabling = (unsigned)ENABLING_APPLICATION;
    m->evidence = (unsigned)EVIDENCE_NUMBER_CONFIRMED;
    return m;
}

static void
given_successor(struct fixture *f)
{
    given_account(f, NEW, SCHOOL, ROLE_CHIEF, ACCOUNT_PENDING);
}

static void
assert_succeeded(struct fixture *f)
{
    assert_true(account_leads(account_now(f, NEW)));
    assert_int_equal(unit_now(f, SCHOOL)->active_chiefs, 1);
    assert_int_equal(fixture_count(f, ENABLED), 1);
    const ChiefSucceeded *said = fixture_said(f, SUCCEEDED);
    assert_string_equal(said->successor_account_id, given_account_id(f, NEW));
    assert_string_equal(said->predecessor_account_id,
                        given_account_id(f, CHIEF));
    assert_string_equal(fixture_outcome(f)->done->subject,
                        given_account_id(f, NEW));
}

static void
test_b2_b22_the_last_chief_is_succeeded_and_disabled(void **state)
{
    struct fixture *f = *state;

    given_successor(f);
    assert_done(f, SCHOOL,
                &succeeding(f, CENTRE_CHIEF, PREDECESSOR_DISABLE)->base);
    assert_succeeded(f);
    assert_int_equal(fixture_count(f, DISABLED), 1);
    assert_int_equal(account_now(f, CHIEF)->status, ACCOUNT_DISABLED);
    assert_int_equal(account_now(f, CHIEF)->cause, DISABLED_MANAGER);
    assert_string_equal(person_holder(f, NEW), given_account_id(f, NEW));
}

static void
test_b22_the_predecessor_stays_in_another_role(void **state)
{
    static const enum role kept[] = {
        [PREDECESSOR_CONTACT] = ROLE_CONTACT,
        [PREDECESSOR_OPERATOR] = ROLE_OPERATOR,
    };

    for (int fate = PREDECESSOR_CONTACT; fate <= PREDECESSOR_OPERATOR; fate++) {
        void *world;
        given_world(&world);
        given_successor(world);
        assert_done(
            world, SCHOOL,
            &succeeding(world, CENTRE_CHIEF, (enum predecessor_fate)fate)
                 ->base);
        assert_succeeded(world);
        assert_int_equal(fixture_count(world, CHANGED), 1);
        const struct business_account *old = account_now(world, CHIEF);
        assert_int_equal(old->status, ACCOUNT_ACTIVE);
        assert_int_equal(old->role, kept[fate]);
        assert_int_equal(old->permissions,
                         permissions_default(kept[fate], KIND_PRIMARY_SCHOOL));
        forget_world(&world);
    }
    (void)state;
}

/* A DISABLED account may succeed, too. */
static void
test_b22_a_disabled_officer_succeeds(void **state)
{
    struct fixture *f = *state;

    given_account(f, NEW, SCHOOL, ROLE_OPERATOR, ACCOUNT_DISABLED);
    SucceedChief *m = succeeding(f, CENTRE_CHIEF, PREDECESSOR_DISABLE);
    assert_refused(f, SCHOOL, &m->base, "NOT_PENDING");
    m = succeeding(f, CENTRE_CHIEF, PREDECESSOR_DISABLE);
    m->enabling = (unsigned)ENABLING_DISABLED_ACCOUNT;
    assert_done(f, SCHOOL, &m->base);
    assert_succeeded(f);
    m = succeeding(f, CENTRE_CHIEF, PREDECESSOR_DISABLE);
    m->enabling = (unsigned)ENABLING_DISABLED_ACCOUNT;
    assert_refused(f, SCHOOL, &m->base, "NOT_DISABLED");
}

/* A CHIEF who was disarmed and disabled gets all of a CHIEF, so that the unit
 * keeps one who leads. */
static void
test_b22_a_disarmed_chief_succeeds(void **state)
{
    struct fixture *f = *state;
    SucceedChief *m = succeeding(f, CENTRE_CHIEF, PREDECESSOR_DISABLE);

    given_account(f, NEW, SCHOOL, ROLE_CHIEF, ACCOUNT_DISABLED);
    struct business_account disarmed = *account_now(f, NEW);
    disarmed.permissions = PERMISSION_STATISTICS;
    fixture_put(f, &business_accounts, &disarmed);
    m->enabling = (unsigned)ENABLING_DISABLED_ACCOUNT;
    m->permissions = PERMISSION_STATISTICS;
    assert_refused(f, SCHOOL, &m->base, "BAD_FORM");
    m->order = order_by(f, CENTRE_CHIEF);
    m->permissions = PERMISSIONS_NONE;
    assert_done(f, SCHOOL, &m->base);
    assert_succeeded(f);
}

/* B20, B21: the approver of CHIEFs, and neither of the two. */
static void
test_b20_b21_approvers(void **state)
{
    static const struct {
        unsigned by;
        const char *code;
    } cases[] = {
        {CHIEF, "NOT_PERMITTED"},
        {CONTACT, "NOT_PERMITTED"},
        {PLATFORM_CHIEF, "NOT_PERMITTED"},
        {FOREIGN_CHIEF, "NOT_FOUND"},
        {0, "UNKNOWN_ACTOR"},
    };
    struct fixture *f = *state;

    given_successor(f);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_refused(f, SCHOOL,
                       &succeeding(f, cases[i].by, PREDECESSOR_DISABLE)->base,
                       cases[i].code);

    /* The platform's own: another CHIEF of it, not the predecessor. */
    given_account(f, SECOND, "PLT", ROLE_CHIEF, ACCOUNT_PENDING);
    SucceedChief *m = succeeding(f, PLATFORM_CHIEF, PREDECESSOR_DISABLE);
    m->organization = wire_member("PLT");
    m->successor_account_id = given_account_id(f, SECOND);
    m->successor_person_id = given_person_id(f, SECOND);
    m->successor_login = given_login(f, SECOND);
    m->predecessor_account_id = given_account_id(f, PLATFORM_CHIEF);
    assert_refused(f, "PLT", &m->base, "SELF_ACTION");
}

static void
test_b22_the_predecessor_is_an_active_chief_here(void **state)
{
    static const unsigned others[] = {CONTACT, FOREIGN_CHIEF, SECOND, 99};
    struct fixture *f = *state;

    given_successor(f);
    given_account(f, SECOND, SCHOOL, ROLE_CHIEF, ACCOUNT_DISABLED);
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        SucceedChief *m = succeeding(f, CENTRE_CHIEF, PREDECESSOR_DISABLE);
        m->predecessor_account_id = given_account_id(f, others[i]);
        assert_refused(f, SCHOOL, &m->base, "NOT_A_CHIEF");
    }
    SucceedChief *m = succeeding(f, CENTRE_CHIEF, PREDECESSOR_DISABLE);
    m->predecessor_version = 9;
    assert_refused(f, SCHOOL, &m->base, "CHANGED");
    assert_int_equal(account_now(f, NEW)->status, ACCOUNT_PENDING);
}

/* B22: the successor manages accounts, and the command says what becomes of
 * the predecessor. */
static void
test_b22_the_successor_leads(void **state)
{
    struct fixture *f = *state;
    SucceedChief *m;

    given_successor(f);
    m = succeeding(f, CENTRE_CHIEF, PREDECESSOR_DISABLE);
    m->role_after = (unsigned)ROLE_CONTACT;
    assert_refused(f, SCHOOL, &m->base, "BAD_FORM");
    assert_refused(
        f, SCHOOL,
        &succeeding(f, CENTRE_CHIEF, PREDECESSOR_FATE_UNSPECIFIED)->base,
        "BAD_FORM");
    m = succeeding(f, CENTRE_CHIEF, PREDECESSOR_DISABLE);
    m->permissions_given = true;
    m->permissions = PERMISSION_STATISTICS;
    assert_refused(f, SCHOOL, &m->base, "BAD_FORM");
    m->order = order_by(f, CENTRE_CHIEF);
    m->permissions = PERMISSION_BUSINESS_ACCOUNT_MANAGEMENT;
    assert_done(f, SCHOOL, &m->base);
    assert_succeeded(f);
}

/* B10, B11, B24, B25, T15: the successor's enabling asks for the same. */
static void
test_b11_b24_b25_the_enabling_of_a_successor(void **state)
{
    struct fixture *f = *state;
    SucceedChief *m;

    given_successor(f);
    m = succeeding(f, CENTRE_CHIEF, PREDECESSOR_DISABLE);
    m->evidence = 0;
    assert_refused(f, SCHOOL, &m->base, "IDENTITY_NOT_CONFIRMED");
    m = succeeding(f, CENTRE_CHIEF, PREDECESSOR_DISABLE);
    m->successor_login = given_login(f, CONTACT);
    assert_refused(f, SCHOOL, &m->base, "LOGIN_TAKEN");
    m = succeeding(f, CENTRE_CHIEF, PREDECESSOR_DISABLE);
    m->permissions = 63;
    assert_refused(f, SCHOOL, &m->base, "WIDER_THAN_ROLE");
    m = succeeding(f, CENTRE_CHIEF, PREDECESSOR_DISABLE);
    expect_version(m->order, 9);
    assert_refused(f, SCHOOL, &m->base, "CHANGED");

    given_posts(f, NEW, OTHER, 1);
    m = succeeding(f, CENTRE_CHIEF, PREDECESSOR_DISABLE);
    assert_refused(f, SCHOOL, &m->base, "NOT_AT_THIS_SCHOOL");
    char *here[] = {wire_member(SCHOOL)};
    m = succeeding(f, CENTRE_CHIEF, PREDECESSOR_DISABLE);
    m->teacher_version = 2; /* our copy is late */
    m->teacher_incarnation = 1;
    m->teacher_organizations = here;
    m->n_teacher_organizations = 1;
    assert_refused(f, SCHOOL, &m->base, "TEACHER_NOT_KNOWN_YET");
    given_posts(f, NEW, SCHOOL, 1);

    struct holder_claim held = {.person_id = given_person_id(f, NEW),
                                .account_id = given_account_id(f, 99),
                                .organization = OTHER};
    fixture_put(f, &holder_claims, &held);
    m = succeeding(f, CENTRE_CHIEF, PREDECESSOR_DISABLE);
    m->teacher_organizations = here;
    m->n_teacher_organizations = 1;
    assert_refused(f, SCHOOL, &m->base, "ACCOUNT_HELD_ELSEWHERE");
}

static void
test_b10_o3_only_where_a_chief_may_begin(void **state)
{
    struct fixture *f = *state;

    given_account(f, NEW, COLLEGE, ROLE_OPERATOR, ACCOUNT_PENDING);
    SucceedChief *m = succeeding(f, PLATFORM_CHIEF, PREDECESSOR_DISABLE);
    m->organization = wire_member(COLLEGE);
    assert_refused(f, COLLEGE, &m->base, "ROLE_NOT_FOR_KIND");

    GIVEN_CHANGED(f, organization, &organizations, COLLEGE,
                  it->status = ORGANIZATION_CLOSED);
    m->order = order_by(f, PLATFORM_CHIEF);
    assert_refused(f, COLLEGE, &m->base, "ORGANIZATION_CLOSED");
}

/* B13: the predecessor has asked for deletion, and no course system is there.
 */
static void
test_b13_a_released_predecessor_is_deleted_by_itself(void **state)
{
    struct fixture *f = *state;

    given_successor(f);
    GIVEN_ACCOUNT_CHANGED(f, CHIEF, it->deletion_requested_at = FIXTURE_START);
    account_settings.course_system = "absent";
    assert_done(f, SCHOOL,
                &succeeding(f, CENTRE_CHIEF, PREDECESSOR_DISABLE)->base);
    assert_int_equal(fixture_count(f, DELETE), 1);
    account_settings.course_system = "present";
}

CASES(succeed_chief, CASE(test_b2_b22_the_last_chief_is_succeeded_and_disabled),
      CASE(test_b22_the_predecessor_stays_in_another_role),
      CASE(test_b22_a_disabled_officer_succeeds),
      CASE(test_b22_a_disarmed_chief_succeeds), CASE(test_b20_b21_approvers),
      CASE(test_b22_the_predecessor_is_an_active_chief_here),
      CASE(test_b22_the_successor_leads),
      CASE(test_b11_b24_b25_the_enabling_of_a_successor),
      CASE(test_b10_o3_only_where_a_chief_may_begin),
      CASE(test_b13_a_released_predecessor_is_deleted_by_itself));
