/* view_organization, view_officer, view_teacher_account: the newest version
 * stays, whatever comes when; nothing is said. T15 T16 O3. */
#include "given.h"

#define STATE_TOPIC "inservice.account.state.v1"

static Inservice__Common__V1__Fact *
given_fact(int64_t version)
{
    Inservice__Common__V1__Fact *fact =
        ARENA_NEW(fixture_arena(fixture), Inservice__Common__V1__Fact);

    inservice__common__v1__fact__init(fact);
    fact->version = version;
    return fact;
}

static void
hear_unit(int64_t version, int status)
{
    OrganizationState unit;

    inservice__account__v1__organization_state__init(&unit);
    unit.fact = given_fact(version);
    unit.code = wire_member(NORTH);
    unit.kind = (Inservice__Common__V1__OrganizationKind)KIND_PRIMARY_SCHOOL;
    unit.status = (Inservice__Common__V1__OrganizationStatus)status;
    unit.managing_centre = wire_member(CENTRE);
    fixture_hear(fixture, TOPIC_STATE, STATE_TOPIC, NORTH, NORTH, version,
                 &unit.base);
}

static void
test_organization(void **state)
{
    static const struct {
        int64_t version;
        int status;
        int64_t kept;
    } cases[] = {{2, 1, 2}, {1, 3, 2}, {2, 3, 2}, {3, 2, 3}, {7, 3, 7}};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        hear_unit(cases[i].version, cases[i].status);
        const struct organization_copy *copy =
            fixture_row(fixture, &organization_copies, NORTH);
        assert_int_equal(copy->version, cases[i].kept);
        assert_string_equal(copy->managing_centre, CENTRE);
        assert_int_equal(copy->kind, KIND_PRIMARY_SCHOOL);
        if (cases[i].kept == cases[i].version && i != 2)
            assert_int_equal(copy->status, cases[i].status);
        else
            assert_int_equal(copy->status, 1);
    }
}

static void
hear_officer(int64_t version, int role)
{
    BusinessAccountState account;

    inservice__account__v1__business_account_state__init(&account);
    account.fact = given_fact(version);
    account.account_id = wire_member(given_account(NORTH_CHIEF));
    account.person_id = wire_member(person);
    account.organization = wire_member(NORTH);
    account.role = (Inservice__Common__V1__Role)role;
    account.permissions = 19;
    account.status = (Inservice__Account__V1__AccountStatus)ACCOUNT_ACTIVE;
    fixture_hear(fixture, TOPIC_STATE, STATE_TOPIC, NORTH, account.account_id,
                 version, &account.base);
}

static void
test_officer(void **state)
{
    const struct officer_copy *copy;

    (void)state;
    hear_officer(4, ROLE_CHIEF);
    hear_officer(3, ROLE_OPERATOR);
    copy = fixture_row(fixture, &officer_copies, given_account(NORTH_CHIEF));
    assert_int_equal(copy->version, 4);
    assert_int_equal(copy->role, ROLE_CHIEF);
    assert_int_equal(copy->permissions, 19);
    assert_int_equal(copy->status, ACCOUNT_ACTIVE);
    assert_string_equal(copy->organization, NORTH);
    assert_string_equal(copy->person_id, person);
    hear_officer(5, ROLE_CONTACT);
    copy = fixture_row(fixture, &officer_copies, given_account(NORTH_CHIEF));
    assert_int_equal(copy->role, ROLE_CONTACT);
}

/* No owner sends a state without version: parked, an operator must look. */
static void
test_states_without_head(void **state)
{
    OrganizationState unit;
    BusinessAccountState account;
    TeacherAccountState teacher;

    (void)state;
    inservice__account__v1__organization_state__init(&unit);
    unit.code = wire_member(NORTH);
    fixture_expect_broken(fixture);
    fixture_hear(fixture, TOPIC_STATE, STATE_TOPIC, NORTH, NORTH, 9,
                 &unit.base);

    inservice__account__v1__business_account_state__init(&account);
    account.account_id = wire_member(given_account(NORTH_CHIEF));
    fixture_expect_broken(fixture);
    fixture_hear(fixture, TOPIC_STATE, STATE_TOPIC, NORTH, account.account_id,
                 9, &account.base);

    inservice__account__v1__teacher_account_state__init(&teacher);
    teacher.account_id = wire_member(given_account(TEACHER));
    fixture_expect_broken(fixture);
    fixture_hear(fixture, TOPIC_STATE, STATE_TOPIC, person, teacher.account_id,
                 9, &teacher.base);
}

CASES(view, CASE(test_organization), CASE(test_officer),
      CASE(test_states_without_head));
