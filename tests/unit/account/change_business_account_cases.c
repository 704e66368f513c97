/* ChangeBusinessAccount: B8, B9, B16, B20-B22, B24. */
#include "given.h"

#define CHANGED &inservice__account__v1__business_account_changed__descriptor
#define ROLE_NAMED                                                             \
    INSERVICE__ACCOUNT__V1__CHANGE_BUSINESS_ACCOUNT__ROLE_PRESENCE_ROLE
#define PERMISSIONS_NAMED                                                      \
    INSERVICE__ACCOUNT__V1__CHANGE_BUSINESS_ACCOUNT__PERMISSIONS_PRESENCE_PERMISSIONS

enum {
    COURSES = PERMISSION_COURSE_ENTRY | PERMISSION_COURSE_MANAGEMENT,
    BAM = PERMISSION_BUSINESS_ACCOUNT_MANAGEMENT,
    TAM = PERMISSION_TEACHER_ACCOUNT_MANAGEMENT,
    NONE_NAMED = 0,
};

/* To another role; NONE_NAMED: the role is not named. */
static ChangeBusinessAccount *
changing(struct fixture *f, unsigned by, unsigned n, const char *unit,
         unsigned role)
{
    ChangeBusinessAccount *m =
        ARENA_NEW(fixture_arena(f), ChangeBusinessAccount);

    inservice__account__v1__change_business_account__init(m);
    m->order = order_by(f, by);
    m->account_id = given_account_id(f, n);
    m->organization = wire_member(unit);
    if (role != NONE_NAMED) {
        m->role_presence_case = ROLE_NAMED;
        m->role = role;
    }
    return m;
}

static ChangeBusinessAccount *
narrowing(struct fixture *f, unsigned by, unsigned n, unsigned permissions)
{
    ChangeBusinessAccount *m = changing(f, by, n, SCHOOL, NONE_NAMED);

    m->permissions_presence_case = PERMISSIONS_NAMED;
    m->permissions = permissions;
    return m;
}

static void
forced(ChangeBusinessAccount *m, const char *reason)
{
    m->order->force = true;
    m->order->reason = wire_member(reason);
}

/* B16, B24: the new role with all of its permissions; then fewer of them. */
static void
test_b16_b24_a_role_is_changed_and_narrowed(void **state)
{
    struct fixture *f = *state;

    assert_done(f, SCHOOL,
                &changing(f, CHIEF, CONTACT, SCHOOL, ROLE_OPERATOR)->base);
    const struct business_account *account = account_now(f, CONTACT);
    assert_int_equal(account->role, ROLE_OPERATOR);
    assert_int_equal(account->permissions, COURSES | PERMISSION_STATISTICS);
    assert_int_equal(account->status, ACCOUNT_ACTIVE);
    const BusinessAccountChanged *said = fixture_said(f, CHANGED);
    assert_int_equal(said->n_fields, 2);
    assert_string_equal(said->fields[0], "role");
    assert_string_equal(said->fields[1], "permissions");
    assert_int_equal(said->fact->version, 2);

    assert_done(f, SCHOOL, &narrowing(f, CHIEF, CONTACT, COURSES)->base);
    assert_int_equal(account_now(f, CONTACT)->permissions, COURSES);
    assert_int_equal(account_now(f, CONTACT)->role, ROLE_OPERATOR);
    assert_done(f, SCHOOL, &narrowing(f, CHIEF, CONTACT, 0)->base);
    assert_int_equal(account_now(f, CONTACT)->permissions, PERMISSIONS_NONE);
}

static void
test_b24_never_wider_than_role_and_unit(void **state)
{
    struct fixture *f = *state;

    assert_refused(f, SCHOOL, &narrowing(f, CHIEF, CONTACT, TAM | BAM)->base,
                   "WIDER_THAN_ROLE");
    assert_string_equal(fixture_outcome(f)->refused->details[0]->pointer,
                        "/permissions");
    ChangeBusinessAccount *m =
        changing(f, CHIEF, CONTACT, SCHOOL, ROLE_OPERATOR);
    m->permissions_presence_case = PERMISSIONS_NAMED;
    m->permissions = TAM; /* a CONTACT's */
    assert_refused(f, SCHOOL, &m->base, "WIDER_THAN_ROLE");
    assert_refused(
        f, SCHOOL,
        &narrowing(f, CENTRE_CHIEF, CHIEF, PERMISSION_SYSTEM_ADMINISTRATION)
             ->base,
        "WIDER_THAN_ROLE");

    given_account(f, 10, COLLEGE, ROLE_OPERATOR, ACCOUNT_ACTIVE);
    assert_refused(
        f, COLLEGE,
        &changing(f, PLATFORM_CHIEF, 10, COLLEGE, ROLE_CONTACT)->base,
        "ROLE_NOT_FOR_KIND");
}

/* B8, B9, B21: the officers who may, by the account's old and new role. */
static void
test_b8_b9_b21_approvers(void **state)
{
    static const struct {
        unsigned by;
        enum role from, to;
        const char *code;
    } cases[] = {
        {CHIEF, ROLE_OPERATOR, ROLE_CONTACT, NULL},
        {CHIEF, ROLE_CONTACT, ROLE_CHIEF, "NOT_PERMITTED"},
        {CHIEF, ROLE_CHIEF, ROLE_CONTACT, "NOT_PERMITTED"},
        {CENTRE_CHIEF, ROLE_CONTACT, ROLE_CHIEF, NULL},
        {CENTRE_CHIEF, ROLE_CHIEF, ROLE_CONTACT, NULL},
        {CENTRE_CHIEF, ROLE_OPERATOR, ROLE_CONTACT, "NOT_PERMITTED"},
        {PLATFORM_CHIEF, ROLE_CHIEF, ROLE_CONTACT, "NOT_PERMITTED"},
        {PLATFORM_CHIEF, ROLE_OPERATOR, ROLE_CONTACT, "NOT_PERMITTED"},
        {CONTACT, ROLE_OPERATOR, ROLE_CONTACT, "NOT_PERMITTED"},
        {FOREIGN_CHIEF, ROLE_OPERATOR, ROLE_CONTACT, "NOT_FOUND"},
        {0, ROLE_OPERATOR, ROLE_CONTACT, "UNKNOWN_ACTOR"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        unsigned n = 10 + (unsigned)i;
        given_account(*state, n, SCHOOL, cases[i].from, ACCOUNT_ACTIVE);
        fixture_assert_end(
            *state, SCHOOL,
            &changing(*state, cases[i].by, n, SCHOOL, cases[i].to)->base,
            cases[i].code, __FILE__, __LINE__);
    }
}

static void
test_b20_no_officer_changes_their_own(void **state)
{
    struct fixture *f = *state;

    assert_refused(f, SCHOOL, &narrowing(f, CHIEF, CHIEF, BAM)->base,
                   "SELF_ACTION");
    assert_refused(f, SCHOOL,
                   &changing(f, CONTACT, CONTACT, SCHOOL, ROLE_CHIEF)->base,
                   "SELF_ACTION");
}

/* B22: demoted or disarmed, the last CHIEF is removed. */
static void
test_b22_the_last_chief_is_neither_demoted_nor_disarmed(void **state)
{
    struct fixture *f = *state;
    ChangeBusinessAccount *m;

    m = changing(f, CENTRE_CHIEF, CHIEF, SCHOOL, ROLE_CONTACT);
    assert_refused(f, SCHOOL, &m->base, "LAST_CHIEF");
    m = narrowing(f, CENTRE_CHIEF, CHIEF, TAM | COURSES);
    assert_refused(f, SCHOOL, &m->base, "LAST_CHIEF");
    m = narrowing(f, CENTRE_CHIEF, CHIEF, TAM);
    forced(m, " "); /* no reason */
    assert_refused(f, SCHOOL, &m->base, "LAST_CHIEF");
    /* Other permissions may go: the CHIEF still manages accounts. */
    m = narrowing(f, CENTRE_CHIEF, CHIEF, BAM);
    assert_done(f, SCHOOL, &m->base);
    assert_int_equal(unit_now(f, SCHOOL)->active_chiefs, 1);
    assert_int_equal(unit_now(f, SCHOOL)->row.version, 1);
    m = narrowing(f, CENTRE_CHIEF, CHIEF, TAM);
    forced(m, "under investigation");
    assert_done(f, SCHOOL, &m->base);
    assert_int_equal(unit_now(f, SCHOOL)->active_chiefs, 0);
    /* Disarmed already: nothing more is lost. */
    m = changing(f, CENTRE_CHIEF, CHIEF, SCHOOL, ROLE_CONTACT);
    assert_done(f, SCHOOL, &m->base);
}

/* B22: one of two may be demoted; a disarmed second one does not count. */
static void
test_b22_a_disarmed_chief_does_not_count(void **state)
{
    struct fixture *f = *state;

    given_account(f, 10, SCHOOL, ROLE_CHIEF, ACCOUNT_ACTIVE);
    assert_done(f, SCHOOL, &narrowing(f, CENTRE_CHIEF, 10, TAM)->base);
    assert_int_equal(unit_now(f, SCHOOL)->active_chiefs, 1);
    ChangeBusinessAccount *m =
        changing(f, CENTRE_CHIEF, CHIEF, SCHOOL, ROLE_OPERATOR);
    assert_refused(f, SCHOOL, &m->base, "LAST_CHIEF");
    m = narrowing(f, CENTRE_CHIEF, 10, BAM | TAM);
    assert_done(f, SCHOOL, &m->base);
    m = changing(f, CENTRE_CHIEF, CHIEF, SCHOOL, ROLE_OPERATOR);
    assert_done(f, SCHOOL, &m->base);
    assert_int_equal(unit_now(f, SCHOOL)->active_chiefs, 1);
}

static void
test_b22_a_kindergartens_last_chief_is_demoted_without_force(void **state)
{
    struct fixture *f = *state;

    given_unit(f, "K1", KIND_KINDERGARTEN, CENTRE, 0);
    given_account(f, 10, "K1", ROLE_CHIEF, ACCOUNT_ACTIVE);
    assert_done(f, "K1",
                &changing(f, CENTRE_CHIEF, 10, "K1", ROLE_CONTACT)->base);
    assert_int_equal(unit_now(f, "K1")->active_chiefs, 0);
}

/* A promotion gives the unit a CHIEF. */
static void
test_b21_a_promoted_officer_counts(void **state)
{
    struct fixture *f = *state;

    assert_done(f, SCHOOL,
                &changing(f, CENTRE_CHIEF, CONTACT, SCHOOL, ROLE_CHIEF)->base);
    assert_int_equal(unit_now(f, SCHOOL)->active_chiefs, 2);
    assert_true(account_leads(account_now(f, CONTACT)));
}

static void
test_b16_only_an_active_account_is_changed(void **state)
{
    struct fixture *f = *state;

    given_account(f, 10, SCHOOL, ROLE_OPERATOR, ACCOUNT_DISABLED);
    given_account(f, 11, SCHOOL, ROLE_OPERATOR, ACCOUNT_PENDING);
    for (unsigned n = 10; n <= 11; n++)
        assert_refused(f, SCHOOL,
                       &changing(f, CHIEF, n, SCHOOL, ROLE_CONTACT)->base,
                       "NOT_ACTIVE");
    ChangeBusinessAccount *m =
        changing(f, CHIEF, CONTACT, SCHOOL, ROLE_OPERATOR);
    expect_version(m->order, 9);
    assert_refused(f, SCHOOL, &m->base, "CHANGED");
    m = changing(f, CHIEF, CONTACT, SCHOOL, NONE_NAMED);
    assert_refused(f, SCHOOL, &m->base, "BAD_FORM");
}

/* Nothing else is wanted: done, without a new version. */
static void
test_b16_the_same_again_is_done_and_says_nothing(void **state)
{
    struct fixture *f = *state;

    assert_done(f, SCHOOL,
                &changing(f, CHIEF, CONTACT, SCHOOL, ROLE_CONTACT)->base);
    assert_int_equal(fixture_count(f, CHANGED), 0);
    assert_int_equal(account_now(f, CONTACT)->row.version, 1);
}

CASES(change_business_account,
      CASE(test_b16_b24_a_role_is_changed_and_narrowed),
      CASE(test_b24_never_wider_than_role_and_unit),
      CASE(test_b8_b9_b21_approvers),
      CASE(test_b20_no_officer_changes_their_own),
      CASE(test_b22_the_last_chief_is_neither_demoted_nor_disarmed),
      CASE(test_b22_a_disarmed_chief_does_not_count),
      CASE(test_b22_a_kindergartens_last_chief_is_demoted_without_force),
      CASE(test_b21_a_promoted_officer_counts),
      CASE(test_b16_only_an_active_account_is_changed),
      CASE(test_b16_the_same_again_is_done_and_says_nothing));
