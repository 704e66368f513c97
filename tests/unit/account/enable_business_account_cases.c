/* EnableBusinessAccount: B3, B8-B11, B18, B20, B21, B24, B25, T15. */
#include "enabling.h"

#define ENABLED &inservice__account__v1__business_account_enabled__descriptor
#define UNIT    &inservice__account__v1__organization_state__descriptor

static void
test_an_application_becomes_an_account(void **state)
{
    struct fixture *f = *state;

    given_applicant(f, 10);
    assert_done(f, SCHOOL, &enabling_operator(f, 10)->base);
    const struct business_account *account = account_now(f, 10);
    assert_int_equal(account->status, ACCOUNT_ACTIVE);
    assert_int_equal(account->role, ROLE_OPERATOR);
    assert_int_equal(account->permissions,
                     permissions_default(ROLE_OPERATOR, KIND_PRIMARY_SCHOOL));
    assert_int_equal(account->row.version, 2);
    assert_string_equal(person_holder(f, 10), account->account_id);
    const struct unit_load *load = fixture_row(f, &unit_loads, SCHOOL);
    assert_int_equal(load->pending, 0);
    const BusinessAccountEnabled *said = fixture_said(f, ENABLED);
    assert_int_equal(said->status_before, ACCOUNT_PENDING);
    assert_int_equal(said->fact->version, 2);
    assert_int_equal(fixture_count(f, UNIT), 0); /* the unit is as it was */
}

static void
test_a_chief_more_is_a_version_of_the_unit(void **state)
{
    struct fixture *f = *state;

    given_account(f, 10, SCHOOL, ROLE_CONTACT, ACCOUNT_PENDING);
    assert_done(f, SCHOOL,
                &enabling(f, CENTRE_CHIEF, 10, SCHOOL, ROLE_CHIEF)->base);
    const OrganizationState *unit = fixture_said(f, UNIT);
    assert_int_equal(unit->active_chiefs, 2);
    assert_int_equal(unit->fact->version, 2);
    assert_string_equal(fixture_outcome(f)->done->subject,
                        given_account_id(f, 10));
}

static void
test_a_chief_without_management_leads_nothing(void **state)
{
    struct fixture *f = *state;

    given_account(f, 10, SCHOOL, ROLE_CHIEF, ACCOUNT_PENDING);
    EnableBusinessAccount *m =
        enabling(f, CENTRE_CHIEF, 10, SCHOOL, ROLE_CHIEF);
    m->permissions = PERMISSION_COURSE_ENTRY;
    assert_done(f, SCHOOL, &m->base);
    assert_int_equal(account_now(f, 10)->permissions, PERMISSION_COURSE_ENTRY);
    assert_int_equal(unit_now(f, SCHOOL)->active_chiefs, 1);
}

/* The approvers of each role at each kind of unit (B8-B10, B20, B21). */
static void
test_approvers(void **state)
{
    static const struct {
        unsigned by;
        const char *unit;
        enum role role;
        const char *code;
    } cases[] = {
        {CHIEF, SCHOOL, ROLE_OPERATOR, NULL},
        {CHIEF, SCHOOL, ROLE_CONTACT, NULL},
        {CHIEF, SCHOOL, ROLE_CHIEF, "NOT_PERMITTED"},
        {CONTACT, SCHOOL, ROLE_OPERATOR, "NOT_PERMITTED"},
        {CENTRE_CHIEF, SCHOOL, ROLE_CHIEF, NULL},
        {CENTRE_CHIEF, SCHOOL, ROLE_OPERATOR, "NOT_PERMITTED"},
        {PLATFORM_CHIEF, SCHOOL, ROLE_CHIEF, "NOT_PERMITTED"},
        {FOREIGN_CHIEF, SCHOOL, ROLE_OPERATOR, "NOT_FOUND"},
        {0, SCHOOL, ROLE_OPERATOR, "UNKNOWN_ACTOR"},
        {PLATFORM_CHIEF, COLLEGE, ROLE_OPERATOR, NULL},
        {PLATFORM_CHIEF, COLLEGE, ROLE_CHIEF, "ROLE_NOT_FOR_KIND"},
        {CENTRE_CHIEF, COLLEGE, ROLE_OPERATOR, "NOT_FOUND"},
        {PLATFORM_CHIEF, CENTRE, ROLE_CHIEF, NULL},
        {CENTRE_CHIEF, CENTRE, ROLE_CONTACT, NULL},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        unsigned n = 10 + (unsigned)i;
        given_account(*state, n, cases[i].unit, ROLE_OPERATOR, ACCOUNT_PENDING);
        fixture_assert_end(
            *state, cases[i].unit,
            &enabling(*state, cases[i].by, n, cases[i].unit, cases[i].role)
                 ->base,
            cases[i].code, __FILE__, __LINE__);
    }
}

static void
test_a_disabled_account_is_active_again(void **state)
{
    struct fixture *f = *state;

    given_account(f, 10, SCHOOL, ROLE_OPERATOR, ACCOUNT_DISABLED);
    GIVEN_ACCOUNT_CHANGED(f, 10, it->settled = true);
    assert_done(f, SCHOOL, &enabling_operator(f, 10)->base);
    const struct business_account *account = account_now(f, 10);
    assert_int_equal(account->status, ACCOUNT_ACTIVE);
    assert_int_equal(account->cause, 0);
    assert_int_equal(account->disabled_version, 0);
    assert_false(account->settled);
}

static void
test_states_that_cannot_be_enabled(void **state)
{
    struct fixture *f = *state;

    given_account(f, 12, SCHOOL, ROLE_CHIEF, ACCOUNT_DISABLED);
    GIVEN_CHANGED(f, organization, &organizations, SCHOOL,
                  it->status = ORGANIZATION_SUSPENDED);
    assert_refused(f, SCHOOL,
                   &enabling(f, CENTRE_CHIEF, 12, SCHOOL, ROLE_CHIEF)->base,
                   "ORGANIZATION_CLOSED");
}

static void
test_nobody_enables_himself(void **state)
{
    struct fixture *f = *state;

    given_applicant(f, 10);
    GIVEN_ACCOUNT_CHANGED(f, 10, it->person_id = given_person_id(f, CHIEF));
    EnableBusinessAccount *m = enabling_person(f, 10, CHIEF);
    assert_refused(f, SCHOOL, &m->base, "SELF_ACTION");
    /* R1: our own row knows the person, whatever the order says. */
    m = enabling_person(f, 10, CHIEF);
    m->order->actor->person_id = given_person_id(f, 99);
    assert_refused(f, SCHOOL, &m->base, "SELF_ACTION");
}

static void
test_narrower_but_never_wider(void **state)
{
    struct fixture *f = *state;

    given_applicant(f, 10);
    EnableBusinessAccount *m = enabling_operator(f, 10);
    m->permissions = PERMISSION_TEACHER_ACCOUNT_MANAGEMENT;
    assert_refused(f, SCHOOL, &m->base, "WIDER_THAN_ROLE");
    /* The approver learns which one to leave out. */
    const Inservice__Common__V1__Refused *refused = fixture_outcome(f)->refused;
    assert_int_equal(refused->n_details, 1);
    assert_string_equal(refused->details[0]->pointer, "/permissions");
    assert_non_null(
        strstr(refused->details[0]->text, "TEACHER_ACCOUNT_MANAGEMENT"));
    m = enabling_operator(f, 10);
    m->permissions = PERMISSION_STATISTICS;
    assert_done(f, SCHOOL, &m->base);
    assert_int_equal(account_now(f, 10)->permissions, PERMISSION_STATISTICS);
}

static void
test_only_the_account_of_this_unit_and_version(void **state)
{
    struct fixture *f = *state;

    given_applicant(f, 10);
    assert_refused(f, OTHER,
                   &enabling(f, FOREIGN_CHIEF, 10, OTHER, ROLE_OPERATOR)->base,
                   "NOT_FOUND");
    EnableBusinessAccount *m = enabling_operator(f, 10);
    expect_version(m->order, 3);
    assert_refused(f, SCHOOL, &m->base, "CHANGED");
}

static void
test_the_number_must_be_the_applicants(void **state)
{
    struct fixture *f = *state;

    given_applicant(f, 10);
    EnableBusinessAccount *m = enabling_person(f, 10, 99);
    assert_refused(f, SCHOOL, &m->base, "IDENTITY_NOT_CONFIRMED");
    m = enabling_operator(f, 10);
    m->person_id = wire_member("");
    assert_refused(f, SCHOOL, &m->base, "IDENTITY_NOT_CONFIRMED");
    m = enabling_operator(f, 10);
    m->login = given_login(f, CONTACT);
    assert_refused(f, SCHOOL, &m->base, "LOGIN_TAKEN");
}

/* B11, B25: two units apply for one person; the first enabling wins. */
static void
test_one_account_per_person(void **state)
{
    struct fixture *f = *state;

    given_applicant(f, 10);
    given_account(f, 11, OTHER, ROLE_OPERATOR, ACCOUNT_PENDING);
    GIVEN_ACCOUNT_CHANGED(f, 11, it->person_id = given_person_id(f, 10));
    assert_done(f, SCHOOL, &enabling_operator(f, 10)->base);
    EnableBusinessAccount *m =
        enabling(f, FOREIGN_CHIEF, 11, OTHER, ROLE_OPERATOR);
    m->person_id = given_person_id(f, 10);
    assert_refused(f, OTHER, &m->base, "ACCOUNT_HELD_ELSEWHERE");
    const Inservice__Common__V1__Refused *refused = fixture_outcome(f)->refused;
    assert_int_equal(refused->n_details, 1);
    assert_string_equal(refused->details[0]->text, SCHOOL);
}

/* T15, rule 8: our copy counts, if it has reached what the gateway saw. */
static void
test_posts_elsewhere(void **state)
{
    static const struct {
        const char *copy;
        int64_t copy_version;
        const char *seen;
        int64_t seen_version;
        const char *code;
    } cases[] = {
        {NULL, 0, "", 0, NULL}, /* no teacher */
        {SCHOOL, 3, SCHOOL, 3, NULL},
        {OTHER " " SCHOOL, 4, SCHOOL, 3, NULL}, /* a secondary post */
        {OTHER, 3, SCHOOL, 3, "NOT_AT_THIS_SCHOOL"},
        {OTHER, 4, SCHOOL, 3, "NOT_AT_THIS_SCHOOL"},
        {NULL, 4, SCHOOL, 3, "NOT_AT_THIS_SCHOOL"}, /* left meanwhile */
        {SCHOOL, 3, OTHER, 3, NULL},                /* a wrong name is none */
        {SCHOOL, 3, "", 0, NULL},
        {OTHER, 3, "", 0, "NOT_AT_THIS_SCHOOL"},
        {OTHER, 3, SCHOOL, 4, "TEACHER_NOT_KNOWN_YET"},
        {SCHOOL, 3, SCHOOL, 4, NULL}, /* newer, with the same posts */
        {NULL, 3, "", 4, "TEACHER_NOT_KNOWN_YET"},
        {NULL, 0, SCHOOL, 1, "TEACHER_NOT_KNOWN_YET"},    /* no copy */
        {SCHOOL "1", 3, SCHOOL, 3, "NOT_AT_THIS_SCHOOL"}, /* another code */
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct fixture *f = *state;
        unsigned n = 10 + (unsigned)i;
        EnableBusinessAccount *m =
            enabling_teacher(f, n, cases[i].copy, cases[i].copy_version,
                             cases[i].seen, cases[i].seen_version);
        fixture_assert_end(f, SCHOOL, &m->base, cases[i].code, __FILE__,
                           __LINE__);
        if (cases[i].code == NULL)
            assert_int_equal(account_now(f, n)->teacher.version,
                             cases[i].copy_version);
    }
}

/* Rule 11: a mark from before the restore is older. */
static void
test_posts_after_a_restore_are_newer(void **state)
{
    struct fixture *f = *state;

    given_applicant(f, 10);
    given_posts(f, 10, OTHER, 3);
    GIVEN_CHANGED(f, affiliation, &affiliations_elsewhere,
                  given_person_id(f, 10), it->incarnation = 2);
    EnableBusinessAccount *m = enabling_operator(f, 10);
    with_record(f, m, 8, SCHOOL);
    m->teacher_incarnation = 1;
    assert_refused(f, SCHOOL, &m->base, "NOT_AT_THIS_SCHOOL");
    GIVEN_CHANGED(f, affiliation, &affiliations_elsewhere,
                  given_person_id(f, 10), it->organizations = SCHOOL);
    m = enabling_operator(f, 10);
    with_record(f, m, 8, SCHOOL);
    m->teacher_incarnation = 1;
    assert_done(f, SCHOOL, &m->base);
    assert_int_equal(account_now(f, 10)->teacher.version, 3);
    assert_int_equal(account_now(f, 10)->teacher.incarnation, 2);
}

static void
test_a_unit_without_teachers_takes_seconded_ones(void **state)
{
    struct fixture *f = *state;

    given_account(f, 10, CENTRE, ROLE_CONTACT, ACCOUNT_PENDING);
    given_posts(f, 10, SCHOOL, 3);
    assert_done(f, CENTRE,
                &enabling(f, CENTRE_CHIEF, 10, CENTRE, ROLE_CONTACT)->base);
}

/* B3: no number of accounts is too many. */
static void
test_a_unit_has_as_many_as_it_needs(void **state)
{
    struct fixture *f = *state;

    for (unsigned n = 20; n < 50; n++) {
        given_applicant(f, n);
        assert_done(f, SCHOOL, &enabling_operator(f, n)->base);
        assert_int_equal(account_now(f, n)->status, ACCOUNT_ACTIVE);
    }
}

CASES(enable_business_account, CASE(test_an_application_becomes_an_account),
      CASE(test_a_chief_more_is_a_version_of_the_unit),
      CASE(test_a_chief_without_management_leads_nothing), CASE(test_approvers),
      CASE(test_a_disabled_account_is_active_again),
      CASE(test_states_that_cannot_be_enabled),
      CASE(test_nobody_enables_himself), CASE(test_narrower_but_never_wider),
      CASE(test_only_the_account_of_this_unit_and_version),
      CASE(test_the_number_must_be_the_applicants),
      CASE(test_one_account_per_person), CASE(test_posts_elsewhere),
      CASE(test_posts_after_a_restore_are_newer),
      CASE(test_a_unit_without_teachers_takes_seconded_ones),
      CASE(test_a_unit_has_as_many_as_it_needs));
