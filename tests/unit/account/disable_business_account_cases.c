/* DisableBusinessAccount: B16, B20, B22, B23. */
#include "given.h"

#define DISABLED &inservice__account__v1__business_account_disabled__descriptor

static DisableBusinessAccount *
disabling(struct fixture *f, unsigned by, unsigned n, const char *unit)
{
    DisableBusinessAccount *m =
        ARENA_NEW(fixture_arena(f), DisableBusinessAccount);

    inservice__account__v1__disable_business_account__init(m);
    m->order = order_by(f, by);
    m->account_id = given_account_id(f, n);
    m->organization = wire_member(unit);
    m->cause = (unsigned)DISABLED_MANAGER;
    return m;
}

static void
test_an_account_is_locked_out_at_once(void **state)
{
    struct fixture *f = *state;

    given_course(f, "C1", CONTACT, 3); /* waits for no course */
    assert_done(f, SCHOOL, &disabling(f, CHIEF, CONTACT, SCHOOL)->base);
    const struct business_account *account = account_now(f, CONTACT);
    assert_int_equal(account->status, ACCOUNT_DISABLED);
    assert_int_equal(account->disabled_version, 2);
    assert_string_equal(person_holder(f, CONTACT), account->account_id);
    const BusinessAccountDisabled *said = fixture_said(f, DISABLED);
    assert_int_equal(said->cause, DISABLED_MANAGER);
    assert_int_equal(said->fact->version, account->disabled_version);
    assert_refused(f, SCHOOL, &disabling(f, CHIEF, CONTACT, SCHOOL)->base,
                   "NOT_ACTIVE");
}

static void
test_disablers(void **state)
{
    static const struct {
        unsigned by;
        enum role role;
        const char *code;
    } cases[] = {
        {CENTRE_CHIEF, ROLE_OPERATOR, NULL},
        {PLATFORM_CHIEF, ROLE_OPERATOR, NULL},
        {PLATFORM_CHIEF, ROLE_CHIEF, NULL},
        {CENTRE_CHIEF, ROLE_CHIEF, NULL},
        {CHIEF, ROLE_CHIEF, "NOT_PERMITTED"},
        {CONTACT, ROLE_OPERATOR, "NOT_PERMITTED"},
        {FOREIGN_CHIEF, ROLE_OPERATOR, "NOT_FOUND"},
        {0, ROLE_OPERATOR, "UNKNOWN_ACTOR"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        unsigned n = 10 + (unsigned)i;
        given_account(*state, n, SCHOOL, cases[i].role, ACCOUNT_ACTIVE);
        fixture_assert_end(*state, SCHOOL,
                           &disabling(*state, cases[i].by, n, SCHOOL)->base,
                           cases[i].code, __FILE__, __LINE__);
    }
}

static void
test_nobody_disables_himself_or_another_version(void **state)
{
    struct fixture *f = *state;

    given_account(f, 10, SCHOOL, ROLE_CHIEF, ACCOUNT_ACTIVE);
    assert_refused(f, SCHOOL, &disabling(f, CHIEF, CHIEF, SCHOOL)->base,
                   "SELF_ACTION");
    DisableBusinessAccount *m = disabling(f, CENTRE_CHIEF, 10, SCHOOL);
    expect_version(m->order, 9);
    assert_refused(f, SCHOOL, &m->base, "CHANGED");
    assert_int_equal(fixture_outcome(f)->refused->current_version, 1);
}

/* B22: two CHIEFs; the first goes, the last stays unless the centre forces. */
static void
test_the_last_chief_stays(void **state)
{
    struct fixture *f = *state;

    given_account(f, 10, SCHOOL, ROLE_CHIEF, ACCOUNT_ACTIVE);
    assert_done(f, SCHOOL, &disabling(f, CENTRE_CHIEF, 10, SCHOOL)->base);
    assert_int_equal(unit_now(f, SCHOOL)->active_chiefs, 1);
    assert_int_equal(unit_now(f, SCHOOL)->row.version, 2);

    DisableBusinessAccount *m = disabling(f, CENTRE_CHIEF, CHIEF, SCHOOL);
    assert_refused(f, SCHOOL, &m->base, "LAST_CHIEF");
    m = disabling(f, CENTRE_CHIEF, CHIEF, SCHOOL);
    m->order->force = true; /* without a reason */
    assert_refused(f, SCHOOL, &m->base, "LAST_CHIEF");
    m = disabling(f, CENTRE_CHIEF, CHIEF, SCHOOL);
    m->order->force = true;
    m->order->reason = wire_member("\u200B \u3000"); /* no visible letter */
    assert_refused(f, SCHOOL, &m->base, "LAST_CHIEF");
    m = disabling(f, PLATFORM_CHIEF, CHIEF, SCHOOL);
    m->order->force = true;
    m->order->reason = wire_member("not the platform's to force");
    assert_refused(f, SCHOOL, &m->base, "LAST_CHIEF");
    m = disabling(f, CENTRE_CHIEF, CHIEF, SCHOOL);
    m->order->force = true;
    m->order->reason = wire_member("died");
    assert_done(f, SCHOOL, &m->base);
    assert_int_equal(unit_now(f, SCHOOL)->active_chiefs, 0);
}

static void
test_the_platforms_last_chief_never_goes(void **state)
{
    struct fixture *f = *state;

    given_account(f, 10, "PLT", ROLE_CHIEF, ACCOUNT_ACTIVE);
    GIVEN_CHANGED(f, organization, &organizations, "PLT",
                  it->active_chiefs = 1);
    DisableBusinessAccount *m = disabling(f, PLATFORM_CHIEF, 10, "PLT");
    m->order->force = true;
    m->order->reason = wire_member("I want it");
    assert_refused(f, "PLT", &m->base, "LAST_CHIEF");
}

/* B22: a kindergarten's last CHIEF goes without force; a school's does not. */
static void
test_b22_a_kindergartens_last_chief_may_go(void **state)
{
    static const struct {
        enum organization_kind kind;
        const char *code;
    } cases[] = {
        {KIND_KINDERGARTEN, NULL},
        {KIND_PRIMARY_SCHOOL, "LAST_CHIEF"},
        {KIND_JUNIOR_HIGH, "LAST_CHIEF"},
        {KIND_SENIOR_HIGH, "LAST_CHIEF"},
        {KIND_SPECIAL_SCHOOL, "LAST_CHIEF"},
    };
    static const char *const units[] = {"K1", "P1", "J1", "S1", "X1"};
    struct fixture *f = *state;

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        unsigned n = 10 + (unsigned)i;
        given_unit(f, units[i], cases[i].kind, CENTRE, 0);
        given_account(f, n, units[i], ROLE_CHIEF, ACCOUNT_ACTIVE);
        fixture_assert_end(f, units[i],
                           &disabling(f, CENTRE_CHIEF, n, units[i])->base,
                           cases[i].code, __FILE__, __LINE__);
    }
    assert_int_equal(unit_now(f, "K1")->active_chiefs, 0);
    assert_int_equal(unit_now(f, "K1")->row.version, 2);
}

/* LEFT_UNIT and the end of a unit are never a person's wish. */
static void
test_r01_a_person_disables_for_one_cause(void **state)
{
    static const enum disabled_cause others[] = {
        DISABLED_CAUSE_UNSPECIFIED, DISABLED_UNIT_CLOSED, DISABLED_MERGED,
        DISABLED_LEFT_UNIT};
    struct fixture *f = *state;

    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        DisableBusinessAccount *m = disabling(f, CHIEF, CONTACT, SCHOOL);
        m->cause = (unsigned)others[i];
        assert_refused(f, SCHOOL, &m->base, "BAD_FORM");
    }
}

static void
test_a_centre_may_lose_its_chief(void **state)
{
    struct fixture *f = *state;

    assert_done(f, CENTRE,
                &disabling(f, PLATFORM_CHIEF, CENTRE_CHIEF, CENTRE)->base);
    assert_int_equal(unit_now(f, CENTRE)->active_chiefs, 0);
}

CASES(disable_business_account, CASE(test_an_account_is_locked_out_at_once),
      CASE(test_disablers),
      CASE(test_nobody_disables_himself_or_another_version),
      CASE(test_the_last_chief_stays),
      CASE(test_the_platforms_last_chief_never_goes),
      CASE(test_b22_a_kindergartens_last_chief_may_go),
      CASE(test_r01_a_person_disables_for_one_cause),
      CASE(test_a_centre_may_lose_its_chief));
