/* The actor is the account of our own row, and no other account. */
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
assert_unknown(struct fixture *f, Order *order)
{
    assert_int_equal(chief_disables_contact(f, order), REFUSED);
    assert_string_equal(fixture_code(f), "UNKNOWN_ACTOR");
}

static void
test_an_officer_disabled_meanwhile_may_nothing(void **state)
{
    struct fixture *f = *state;
    Order *order = order_by(f, CHIEF);

    GIVEN_ACCOUNT_CHANGED(f, CHIEF,
                          (it->status = ACCOUNT_DISABLED, it->row.version = 2));
    assert_unknown(f, order);
}

static void
test_so_may_an_officer_of_another_lane(void **state)
{
    struct fixture *f = *state;
    Order *order = order_by(f, CENTRE_CHIEF);

    GIVEN_CHANGED(f, officer_row, &officers, given_account_id(f, CENTRE_CHIEF),
                  (it->status = ACCOUNT_DISABLED, it->version = 2));
    assert_unknown(f, order);
}

static void
test_narrowed_and_suspended_units_count(void **state)
{
    struct fixture *f = *state;
    Order *order = order_by(f, CHIEF);

    GIVEN_ACCOUNT_CHANGED(f, CHIEF, it->permissions = PERMISSION_COURSE_ENTRY);
    assert_int_equal(chief_disables_contact(f, order), REFUSED);
    order = order_by(f, CENTRE_CHIEF);
    GIVEN_CHANGED(f, officer_row, &officers, given_account_id(f, CENTRE_CHIEF),
                  it->unit_status = ORGANIZATION_SUSPENDED);
    assert_int_equal(chief_disables_contact(f, order), REFUSED);
}

/* whatever right an account claims that has no row here. */
static void
test_s08_an_account_without_a_row_is_nobody(void **state)
{
    static const char *const units[] = {SCHOOL, CENTRE, "PLT", "", "nowhere"};
    struct fixture *f = *state;

    for (size_t i = 0; i < COUNT_OF(units); i++) {
        Order *order = order_by(f, CHIEF);
        order->actor->account_id = given_account_id(f, 77);
        order->actor->organization = wire_member(units[i]);
        order->actor->permissions = PERMISSIONS_ALL;
        order->actor->account_version = (int64_t)i;
        assert_unknown(f, order);
    }
}

/* an account is decided here, so a later version than ours exists nowhere.
 */
static void
test_s08_a_version_that_was_never_said_is_a_false_claim(void **state)
{
    struct fixture *f = *state;
    static const unsigned officer[] = {CHIEF, CENTRE_CHIEF};

    for (size_t i = 0; i < COUNT_OF(officer); i++) {
        Order *order = order_by(f, officer[i]);
        order->actor->account_version = 2;
        assert_unknown(f, order);
        order->actor->account_version = INT64_MAX;
        assert_unknown(f, order);
        order->actor->account_version = 0; /* older than the row: it counts */
        order->actor->permissions = 0;
        order->actor->role = 0;
        assert_int_equal(chief_disables_contact(f, order), DONE);
        GIVEN_ACCOUNT_CHANGED(f, CONTACT, it->status = ACCOUNT_ACTIVE);
    }
}

static Order *
order_of_teacher(struct fixture *f, unsigned n)
{
    const struct teacher_account *account = teacher_account_now(f, n);
    Order *order = order_unnamed(f);

    order->actor->account_id = wire_member(account->account_id);
    order->actor->account_version = account->row.version;
    order->actor->person_id = wire_member(account->person_id);
    return order;
}

/* An application of teacher 20 for themselves, in the lane of the person. */
static enum end
teacher_applies(struct fixture *f, Order *order)
{
    ApplyForTeacherAccount *m = teacher_applying(f, 90, 20);

    m->order = order;
    m->evidence = 0;
    return fixture_send(f, m->person_id, &m->base);
}

static void
assert_teacher_unknown(struct fixture *f, Order *order)
{
    assert_int_equal(teacher_applies(f, order), REFUSED);
    assert_string_equal(fixture_code(f), "UNKNOWN_ACTOR");
}

/* Also the bearer of an application, who has no account yet. */
static void
test_s08_only_an_active_teacher_account_stands_for_its_person(void **state)
{
    struct fixture *f = *state;

    given_teacher_account(f, 20, ACCOUNT_PENDING);
    assert_teacher_unknown(f, order_of_teacher(f, 20));
    given_teacher_account(f, 20, ACCOUNT_ACTIVE);
    Order *order = order_of_teacher(f, 20);
    order->actor->account_version = 2;
    assert_teacher_unknown(f, order);
    order = order_of_teacher(f, 20);
    order->actor->account_id = given_account_id(f, 77);
    assert_teacher_unknown(f, order);
    assert_int_equal(teacher_applies(f, order_of_teacher(f, 20)), DONE);
}

/* A receipt proves the application, and names no false author of it. */
static void
test_s08_a_receipt_makes_no_account_of_a_claim(void **state)
{
    struct fixture *f = *state;
    CloseApplication m;

    given_account(f, 20, SCHOOL, ROLE_OPERATOR, ACCOUNT_PENDING);
    inservice__account__v1__close_application__init(&m);
    m.order = order_by(f, FOREIGN_CHIEF);
    m.order->actor->account_id = given_account_id(f, 77);
    m.account_kind = (unsigned)ACCOUNT_BUSINESS;
    m.account_id = given_account_id(f, 20);
    m.organization = wire_member(SCHOOL);
    m.login = given_login(f, 20);
    m.cause = (unsigned)CLOSED_WITHDRAWN;
    m.evidence = (unsigned)EVIDENCE_RECEIPT;
    assert_refused(f, SCHOOL, &m.base, "UNKNOWN_ACTOR");
    m.order = order_by(f, FOREIGN_CHIEF);
    assert_done(f, SCHOOL, &m.base);
}

/* The foreign school's CHIEF claims to be one of this school, of the centre and
 * of the platform. */
static void
test_a_claimed_unit_gives_no_right(void **state)
{
    static const struct {
        const char *organization;
        enum organization_kind kind;
        const char *code;
    } claims[] = {
        {SCHOOL, KIND_PRIMARY_SCHOOL, "UNKNOWN_ACTOR"},
        {CENTRE, KIND_REGIONAL_CENTRE, "UNKNOWN_ACTOR"},
        {OTHER, KIND_REGIONAL_CENTRE, "NOT_FOUND"},
        {OTHER, KIND_PLATFORM, "NOT_FOUND"},
    };
    struct fixture *f = *state;

    for (size_t i = 0; i < COUNT_OF(claims); i++) {
        Order *order = order_by(f, FOREIGN_CHIEF);
        order->actor->organization = wire_member(claims[i].organization);
        order->actor->kind = (unsigned)claims[i].kind;
        order->actor->permissions = PERMISSIONS_ALL;
        assert_int_equal(chief_disables_contact(f, order), REFUSED);
        assert_string_equal(fixture_code(f), claims[i].code);
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

CASES(actor, CASE(test_an_officer_disabled_meanwhile_may_nothing),
      CASE(test_so_may_an_officer_of_another_lane),
      CASE(test_narrowed_and_suspended_units_count),
      CASE(test_s08_an_account_without_a_row_is_nobody),
      CASE(test_s08_a_version_that_was_never_said_is_a_false_claim),
      CASE(test_s08_only_an_active_teacher_account_stands_for_its_person),
      CASE(test_s08_a_receipt_makes_no_account_of_a_claim),
      CASE(test_a_claimed_unit_gives_no_right),
      CASE(test_the_wrong_lane_is_refused));
