/* EnableTeacherAccount, DisableTeacherAccount: T8, T10, S4, B14, B20. */
#include "given.h"

#define ENABLED  &inservice__account__v1__teacher_account_enabled__descriptor
#define DISABLED &inservice__account__v1__teacher_account_disabled__descriptor

enum { TEACHER = 20 };

static char **
at_school(struct fixture *f)
{
    char **codes = ARENA_ARRAY(fixture_arena(f), char *, 1);

    codes[0] = wire_member(SCHOOL);
    return codes;
}

static EnableTeacherAccount *
enabling(struct fixture *f, unsigned by, unsigned n)
{
    EnableTeacherAccount *m = ARENA_NEW(fixture_arena(f), EnableTeacherAccount);

    inservice__account__v1__enable_teacher_account__init(m);
    m->order = order_by(f, by);
    m->account_id = given_account_id(f, n);
    m->person_id = given_person_id(f, n);
    m->login = given_login(f, n);
    m->source = (unsigned)ENABLED_BY_OFFICER;
    m->teacher_version = 3;
    m->teacher_organizations = at_school(f);
    m->n_teacher_organizations = 1;
    m->name = wire_member("林老師");
    m->email = wire_member("lin@example.tw");
    return m;
}

static DisableTeacherAccount *
disabling(struct fixture *f, unsigned by, unsigned n)
{
    DisableTeacherAccount *m =
        ARENA_NEW(fixture_arena(f), DisableTeacherAccount);

    inservice__account__v1__disable_teacher_account__init(m);
    m->order = order_by(f, by);
    m->account_id = given_account_id(f, n);
    m->person_id = given_person_id(f, n);
    m->cause = (unsigned)DISABLED_MANAGER;
    m->teacher_version = 3;
    m->teacher_organizations = at_school(f);
    m->n_teacher_organizations = 1;
    return m;
}

static void
test_a_school_gives_a_login(void **state)
{
    struct fixture *f = *state;
    const char *lane = given_person_id(f, TEACHER);

    assert_done(f, lane, &enabling(f, CONTACT, TEACHER)->base);
    const struct teacher_account *account = teacher_account_now(f, TEACHER);
    assert_int_equal(account->status, ACCOUNT_ACTIVE);
    assert_int_equal(account->row.version, 1);
    assert_string_equal(login_holder(f, "login20"), account->account_id);
    const TeacherAccountEnabled *said = fixture_said(f, ENABLED);
    assert_int_equal(said->status_before, ACCOUNT_NOT_APPLIED);

    assert_done(f, lane, &disabling(f, CHIEF, TEACHER)->base);
    assert_int_equal(fixture_count(f, DISABLED), 1);
    assert_done(f, lane, &enabling(f, CHIEF, TEACHER)->base);
    said = fixture_said(f, ENABLED);
    assert_int_equal(said->status_before, ACCOUNT_DISABLED);
    assert_int_equal(said->fact->version, 3);
}

static void
test_an_application_that_fits_the_record(void **state)
{
    struct fixture *f = *state;
    EnableTeacherAccount *m;

    given_teacher_account(f, TEACHER, ACCOUNT_PENDING);
    m = enabling(f, 0, TEACHER);
    m->order = order_unnamed(f);
    m->source = (unsigned)ENABLED_BY_APPLICATION;
    assert_done(f, m->person_id, &m->base);
    assert_true(teacher_account_now(f, TEACHER)->lapses_at == DB_NO_TIME);
}

static void
test_an_application_that_need_not_wait(void **state)
{
    struct fixture *f = *state;
    EnableTeacherAccount *m = enabling(f, 0, TEACHER);

    m->order = order_unnamed(f);
    m->source = (unsigned)ENABLED_BY_APPLICATION;
    assert_done(f, m->person_id, &m->base);
    const struct teacher_account *account = teacher_account_now(f, TEACHER);
    assert_int_equal(account->status, ACCOUNT_ACTIVE);
    assert_true(account->applied_at != DB_NO_TIME);
    assert_string_equal(account->organization, SCHOOL);
}

/* Signed in with his business account; nobody else, and not the system. */
static void
test_who_is_vouched_for(void **state)
{
    struct fixture *f = *state;
    EnableTeacherAccount *m = enabling(f, CONTACT, CONTACT);

    m->account_id = given_account_id(f, TEACHER);
    m->login = given_login(f, TEACHER);
    m->source = (unsigned)ENABLED_BY_APPLICATION;
    assert_done(f, m->person_id, &m->base);
    m = enabling(f, FOREIGN_CHIEF, 23);
    m->source = (unsigned)ENABLED_BY_APPLICATION;
    assert_refused(f, m->person_id, &m->base, "NOT_PERMITTED");
    m = enabling(f, 0, 23);
    m->source = (unsigned)ENABLED_BY_ROAMING;
    assert_refused(f, m->person_id, &m->base, "UNKNOWN_ACTOR");
    m = enabling(f, 0, 23);
    m->order = order_unnamed(f);
    assert_refused(f, m->person_id, &m->base, "UNKNOWN_ACTOR");
}

static void
test_roaming_needs_no_login_and_may_get_one(void **state)
{
    struct fixture *f = *state;
    EnableTeacherAccount *m = enabling(f, 0, TEACHER);

    m->order = order_unnamed(f);
    m->source = (unsigned)ENABLED_BY_ROAMING;
    m->login = wire_member("");
    assert_done(f, m->person_id, &m->base);
    assert_null(login_holder(f, "login20"));
    assert_done(f, m->person_id, &disabling(f, CONTACT, TEACHER)->base);
    assert_done(f, m->person_id, &enabling(f, CONTACT, TEACHER)->base);
    assert_non_null(login_holder(f, "login20"));
}

static void
without_record(EnableTeacherAccount *m)
{
    m->teacher_version = 0;
}

static void
with_a_chiefs_login(EnableTeacherAccount *m)
{
    m->login = wire_member("login3");
}

static void
with_no_login_name(EnableTeacherAccount *m)
{
    m->login = wire_member("two words");
}

static void
with_version(EnableTeacherAccount *m)
{
    expect_version(m->order, 4);
}

static void
as_it_is(EnableTeacherAccount *m)
{
    (void)m;
}

static void
test_what_is_not_enabled(void **state)
{
    static const struct {
        const char *code;
        unsigned by, n;
        void (*spoil)(EnableTeacherAccount *m);
    } cases[] = {
        {"NO_TEACHER_RECORD", CONTACT, TEACHER, without_record},
        {"LOGIN_TAKEN", CONTACT, TEACHER, with_a_chiefs_login},
        {"BAD_FORM", CONTACT, TEACHER, with_no_login_name},
        {"CHANGED", CONTACT, TEACHER, with_version},
        {"NOT_PERMITTED", CENTRE_CHIEF, TEACHER, as_it_is},
        {"NOT_PERMITTED", FOREIGN_CHIEF, TEACHER, as_it_is},
        {"UNKNOWN_ACTOR", 0, TEACHER, as_it_is},
        {"SELF_ACTION", CONTACT, CONTACT, as_it_is},
        {"NOT_DISABLED", CONTACT, 21, as_it_is},
        {"NOT_PENDING", CONTACT, 22, as_it_is},
    };

    given_teacher_account(*state, 21, ACCOUNT_ACTIVE);
    given_teacher_account(*state, 22, ACCOUNT_CLOSED);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        EnableTeacherAccount *m = enabling(*state, cases[i].by, cases[i].n);
        cases[i].spoil(m);
        assert_refused(*state, m->person_id, &m->base, cases[i].code);
    }
}

static void
test_one_live_account_a_person(void **state)
{
    struct fixture *f = *state;

    given_teacher_account(f, TEACHER, ACCOUNT_DISABLED);
    EnableTeacherAccount *m = enabling(f, CONTACT, 23);
    m->person_id = given_person_id(f, TEACHER);
    assert_refused(f, m->person_id, &m->base, "ALREADY_ENABLED");
    m = enabling(f, CONTACT, TEACHER);
    m->person_id = given_person_id(f, 24);
    assert_refused(f, m->person_id, &m->base, "IDENTITY_NOT_CONFIRMED");
    m = enabling(f, CONTACT, TEACHER);
    m->login = wire_member("another");
    assert_refused(f, m->person_id, &m->base, "LOGIN_TAKEN");
}

/* Rule 8: our copy is newer than what the gateway saw. */
static void
test_he_has_gone_meanwhile(void **state)
{
    struct fixture *f = *state;
    const char *lane = given_person_id(f, TEACHER);

    given_posts(f, TEACHER, OTHER, 4);
    assert_refused(f, lane, &enabling(f, CONTACT, TEACHER)->base,
                   "NOT_PERMITTED");
    assert_refused(f, lane, &enabling(f, FOREIGN_CHIEF, TEACHER)->base,
                   "NOT_PERMITTED");
}

static void
test_who_disables(void **state)
{
    static const struct {
        unsigned by, n;
        const char *code;
    } cases[] = {
        {CENTRE_CHIEF, TEACHER, "NOT_PERMITTED"},
        {FOREIGN_CHIEF, TEACHER, "NOT_PERMITTED"},
        {0, TEACHER, "UNKNOWN_ACTOR"},
        {CONTACT, CONTACT, "SELF_ACTION"},
        {CONTACT, 30, "NOT_FOUND"},
        {PLATFORM_CHIEF, TEACHER, NULL},
        {CONTACT, TEACHER, "NOT_ACTIVE"},
    };
    struct fixture *f = *state;

    given_teacher_account(f, TEACHER, ACCOUNT_ACTIVE);
    given_teacher_account(f, CONTACT, ACCOUNT_ACTIVE);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        fixture_assert_end(f, given_person_id(f, cases[i].n),
                           &disabling(f, cases[i].by, cases[i].n)->base,
                           cases[i].code, __FILE__, __LINE__);
    DisableTeacherAccount *m = disabling(f, CONTACT, TEACHER);
    expect_version(m->order, 1);
    assert_refused(f, m->person_id, &m->base, "CHANGED");
}

static const struct CMUnitTest cases[] = {
    CASE(test_a_school_gives_a_login),
    CASE(test_an_application_that_fits_the_record),
    CASE(test_an_application_that_need_not_wait),
    CASE(test_who_is_vouched_for),
    CASE(test_roaming_needs_no_login_and_may_get_one),
    CASE(test_what_is_not_enabled),
    CASE(test_one_live_account_a_person),
    CASE(test_he_has_gone_meanwhile),
    CASE(test_who_disables),
};
CASES(teacher_account, cases);
