/* Whose sight of the actor counts: ours, unless it is older. */
#include "given.h"

static enum end
chief_disables_contact(struct fixture *f, Order *order)
{
    DisableBusinessAccount m;

    inservice__account__v1__disable_business_account__init(&m);
    m.cause = (unsigned)DISABLED_MANAGER;
    m.order = order;
    m.account_id = given_account_id(f, CONTACT);
    m.organization = wire_member(SCHOOL);
    return fixture_send(f, SCHOOL, &m.base);
}

static void
test_an_officer_disabled_meanwhile_may_nothing(void **state)
{
    struct fixture *f = *state;
    Order *order = order_by(f, CHIEF);

    GIVEN_CHANGED(f, business_account, &business_accounts,
                  given_account_id(f, CHIEF),
                  (it->status = ACCOUNT_DISABLED, it->row.version = 2));
    assert_int_equal(chief_disables_contact(f, order), REFUSED);
    assert_string_equal(fixture_code(f), "NOT_PERMITTED");
}

static void
test_so_may_an_officer_of_another_lane(void **state)
{
    struct fixture *f = *state;
    Order *order = order_by(f, CENTRE_CHIEF);

    GIVEN_CHANGED(f, officer_row, &officers, given_account_id(f, CENTRE_CHIEF),
                  (it->status = ACCOUNT_DISABLED, it->version = 2));
    assert_int_equal(chief_disables_contact(f, order), REFUSED);
    assert_string_equal(fixture_code(f), "NOT_PERMITTED");
}

static void
test_narrowed_and_suspended_units_count(void **state)
{
    struct fixture *f = *state;
    Order *order = order_by(f, CHIEF);

    GIVEN_CHANGED(f, business_account, &business_accounts,
                  given_account_id(f, CHIEF),
                  it->permissions = PERMISSION_COURSE_ENTRY);
    assert_int_equal(chief_disables_contact(f, order), REFUSED);
    order = order_by(f, CENTRE_CHIEF);
    GIVEN_CHANGED(f, officer_row, &officers, given_account_id(f, CENTRE_CHIEF),
                  it->unit_status = ORGANIZATION_SUSPENDED);
    assert_int_equal(chief_disables_contact(f, order), REFUSED);
}

/* An account is decided here: a later version than ours exists nowhere. */
static void
test_a_claimed_version_gives_no_right(void **state)
{
    struct fixture *f = *state;
    Order *order = order_by(f, CENTRE_CHIEF);

    order->actor->account_version = INT64_MAX;
    GIVEN_CHANGED(f, officer_row, &officers, given_account_id(f, CENTRE_CHIEF),
                  it->permissions = 0);
    assert_int_equal(chief_disables_contact(f, order), REFUSED);
    assert_string_equal(fixture_code(f), "NOT_PERMITTED");
    order = order_by(f, CHIEF);
    order->actor->account_version = INT64_MAX;
    GIVEN_CHANGED(f, business_account, &business_accounts,
                  given_account_id(f, CHIEF), it->permissions = 0);
    assert_int_equal(chief_disables_contact(f, order), REFUSED);
}

/* The foreign school's CHIEF claims to be one of this school, of the centre and
 * of the platform. */
static void
test_a_claimed_unit_gives_no_right(void **state)
{
    static const struct {
        const char *organization;
        enum organization_kind kind;
    } claims[] = {
        {SCHOOL, KIND_PRIMARY_SCHOOL},
        {OTHER, KIND_REGIONAL_CENTRE},
        {OTHER, KIND_PLATFORM},
    };
    struct fixture *f = *state;

    for (size_t i = 0; i < COUNT_OF(claims); i++) {
        Order *order = order_by(f, FOREIGN_CHIEF);
        order->actor->organization = wire_member(claims[i].organization);
        order->actor->kind = (unsigned)claims[i].kind;
        order->actor->permissions = PERMISSIONS_ALL;
        assert_int_equal(chief_disables_contact(f, order), REFUSED);
        assert_string_equal(fixture_code(f), "NOT_FOUND");
    }
}

static void
test_the_wrong_lane_is_refused(void **state)
{
    struct fixture *f = *state;
    DisableBusinessAccount m;

    inservice__account__v1__disable_business_account__init(&m);
    m.cause = (unsigned)DISABLED_MANAGER;
    m.order = order_by(f, CHIEF);
    m.account_id = given_account_id(f, CONTACT);
    m.organization = wire_member(SCHOOL);
    assert_int_not_equal(lane_of(SCHOOL), lane_of("PLT"));
    assert_refused(f, "PLT", &m.base, "WRONG_LANE");
}

static const struct CMUnitTest cases[] = {
    CASE(test_an_officer_disabled_meanwhile_may_nothing),
    CASE(test_so_may_an_officer_of_another_lane),
    CASE(test_narrowed_and_suspended_units_count),
    CASE(test_a_claimed_version_gives_no_right),
    CASE(test_a_claimed_unit_gives_no_right),
    CASE(test_the_wrong_lane_is_refused),
};
CASES(actor, cases);
