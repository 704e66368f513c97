/* The actor is the account of our copy; a late copy means "not yet". B17 T16.
 */
#include "given.h"

#define STATE_TOPIC "inservice.account.state.v1"

static void
assert_registering(Order *order, const char *code)
{
    RegisterTeacher *command = given_registration(NORTH_CHIEF, NORTH);

    command->order = order;
    fixture_assert_end(fixture, person, &command->base, code, __FILE__,
                       __LINE__);
}

/* The gateway has seen version 3 with all rights of a CHIEF. */
static void
test_the_copy_counts(void **state)
{
    static const struct {
        int64_t version;
        int status;
        unsigned permissions;
        const char *code;
    } cases[] = {
        {4, ACCOUNT_DISABLED, 31, "UNKNOWN_ACTOR"},
        {4, ACCOUNT_DELETED, 0, "UNKNOWN_ACTOR"},
        {3, ACCOUNT_PENDING, 0, "UNKNOWN_ACTOR"},
        {4, ACCOUNT_ACTIVE, 23, "NOT_PERMITTED"}, /* narrowed */
        {3, ACCOUNT_ACTIVE, 23, "NOT_PERMITTED"}, /* more was claimed */
        {4, ACCOUNT_ACTIVE, 31, NULL},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        given_officer(NORTH_CHIEF, cases[i].version, cases[i].status,
                      cases[i].permissions);
        assert_registering(given_order(NORTH_CHIEF), cases[i].code);
    }
}

static void
test_s08_an_account_without_a_copy_is_not_believed(void **state)
{
    static const char *const claimed[] = {NORTH, CENTRE, PLATFORM, "", "none"};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(claimed); i++) {
        Order *order = given_order(PLATFORM_CHIEF);
        order->actor->account_id = wire_member(fixture_id(fixture, 777));
        order->actor->organization = wire_member(claimed[i]);
        order->actor->account_version = (int64_t)i;
        assert_registering(order, "ACTOR_NOT_KNOWN_YET");
    }
}

/* Late, or false: whatever the older copy would allow. */
static void
test_s08_a_version_above_the_copy_is_not_believed(void **state)
{
    static const int status[] = {ACCOUNT_ACTIVE, ACCOUNT_DISABLED,
                                 ACCOUNT_PENDING};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(status); i++) {
        given_officer(NORTH_CHIEF, 2, status[i], 31);
        assert_registering(given_order(NORTH_CHIEF), "ACTOR_NOT_KNOWN_YET");
    }
    given_officer(NORTH_CHIEF, 3, ACCOUNT_ACTIVE, 31);
    Order *order = given_order(NORTH_CHIEF);
    order->actor->account_version = INT64_MAX;
    assert_registering(order, "ACTOR_NOT_KNOWN_YET");
    assert_registering(given_order(NORTH_CHIEF), NULL); /* the same, later */
}

/* No account changes its unit: to wait for a newer copy would not help. */
static void
test_s08_another_unit_is_a_false_claim(void **state)
{
    static const char *const claimed[] = {NORTH, CENTRE, PLATFORM, ""};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(claimed); i++) {
        Order *order = given_order(SOUTH_CHIEF);
        order->actor->organization = wire_member(claimed[i]);
        order->actor->account_version = (int64_t)(3 + i);
        assert_registering(order, "UNKNOWN_ACTOR");
    }
}

/* neither kind nor role nor rights nor person are taken from the claim. */
static void
test_s08_a_claim_beside_the_copy_gives_nothing(void **state)
{
    (void)state;
    Order *order = given_order(NORTH_OPERATOR);
    order->actor->role = (Inservice__Common__V1__Role)ROLE_CHIEF;
    order->actor->kind = (Inservice__Common__V1__OrganizationKind)KIND_PLATFORM;
    order->actor->permissions = PERMISSIONS_ALL;
    order->actor->account_version = 0;
    assert_registering(order, "NOT_PERMITTED");

    given_teacher_at_north();
    UpdateTeacher *command = given_update(TEACHER, version_now());
    command->order->actor->account_id =
        wire_member(given_account(NORTH_OPERATOR));
    command->order->actor->organization = wire_member(NORTH);
    command->email = wire_member("mine@example.edu.tw");
    command->email_presence_case =
        INSERVICE__TEACHER__V1__UPDATE_TEACHER__EMAIL_PRESENCE_EMAIL;
    assert_refused(fixture, person, &command->base, "NOT_PERMITTED");
}

static void
hear_teacher_account(int64_t version, int status)
{
    TeacherAccountState account;
    Inservice__Common__V1__Fact fact;

    inservice__common__v1__fact__init(&fact);
    fact.version = version;
    inservice__account__v1__teacher_account_state__init(&account);
    account.fact = &fact;
    account.account_id = wire_member(given_account(TEACHER));
    account.person_id = wire_member(person);
    account.organization = wire_member(NORTH);
    account.status = (Inservice__Account__V1__AccountStatus)status;
    fixture_hear(fixture, TOPIC_STATE, STATE_TOPIC, person, account.account_id,
                 version, &account.base);
}

static void
test_copy_of_a_teacher_account(void **state)
{
    const struct officer_copy *copy;

    (void)state;
    hear_teacher_account(4, ACCOUNT_ACTIVE);
    hear_teacher_account(3, ACCOUNT_PENDING);
    copy = fixture_row(fixture, &officer_copies, given_account(TEACHER));
    assert_int_equal(copy->version, 4);
    assert_int_equal(copy->status, ACCOUNT_ACTIVE);
    assert_int_equal(copy->role, ROLE_UNSPECIFIED);
    assert_int_equal(copy->permissions, PERMISSIONS_NONE);
    assert_string_equal(copy->organization, "");
    assert_string_equal(copy->person_id, person);
    hear_teacher_account(5, ACCOUNT_DISABLED);
    copy = fixture_row(fixture, &officer_copies, given_account(TEACHER));
    assert_int_equal(copy->status, ACCOUNT_DISABLED);
}

CASES(actor, CASE(test_the_copy_counts),
      CASE(test_s08_an_account_without_a_copy_is_not_believed),
      CASE(test_s08_a_version_above_the_copy_is_not_believed),
      CASE(test_s08_another_unit_is_a_false_claim),
      CASE(test_s08_a_claim_beside_the_copy_gives_nothing),
      CASE(test_copy_of_a_teacher_account));
