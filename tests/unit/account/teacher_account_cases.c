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

/* As the account stands: new, an application whose number was confirmed, or a
 * DISABLED one. */
static void
mean(struct fixture *f, EnableTeacherAccount *m, unsigned n)
{
    const struct teacher_account *account = teacher_account_now(f, n);

    m->enabling = (unsigned)ENABLING_NEW;
    if (account != NULL)
        m->enabling = (unsigned)ENABLING_DISABLED_ACCOUNT;
    if (account != NULL && account->status == ACCOUNT_PENDING) {
        m->enabling = (unsigned)ENABLING_APPLICATION;
        m->evidence = (unsigned)EVIDENCE_NUMBER_CONFIRMED;
        m->organization = wire_member(account->organization);
    }
}

/* Of a teacher of SCHOOL, unless the case has given other posts. */
static EnableTeacherAccount *
enabling(struct fixture *f, unsigned by, unsigned n)
{
    EnableTeacherAccount *m = ARENA_NEW(fixture_arena(f), EnableTeacherAccount);

    if (fixture_row(f, &affiliations, given_person_id(f, n)) == NULL)
        given_posts(f, n, SCHOOL, 3);
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
    mean(f, m, n);
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
of_a_stranger(EnableTeacherAccount *m)
{
    m->person_id = wire_member("01890a5d-ac96-774b-bcce-b302099a8057");
    m->teacher_version = 0;
}

static EnableTeacherAccount *
fitting(EnableTeacherAccount *m)
{
    m->source = (unsigned)ENABLED_BY_APPLICATION;
    m->evidence = (unsigned)EVIDENCE_RECORD_MATCHED;
    return m;
}

static EnableTeacherAccount *
roaming(EnableTeacherAccount *m)
{
    m->source = (unsigned)ENABLED_BY_ROAMING;
    m->evidence = (unsigned)EVIDENCE_ROAMING;
    return m;
}

static void
test_the_school_enables_an_application(void **state)
{
    struct fixture *f = *state;

    given_teacher_account(f, TEACHER, ACCOUNT_PENDING);
    EnableTeacherAccount *m = enabling(f, CONTACT, TEACHER);
    assert_done(f, m->person_id, &m->base);
    assert_true(teacher_account_now(f, TEACHER)->lapses_at == DB_NO_TIME);
}

/* R1 for teachers: each enabling is refused for an account that needs another
 * one; the gateway's evidence enables a new account only. */
static void
test_r01_a_teachers_enabling_is_the_one_that_was_meant(void **state)
{
    static const struct {
        enum account_status status; /* 0: none */
        enum enabling enabling;
        const char *code;
    } cases[] = {
        {ACCOUNT_PENDING, ENABLING_NEW, "CHANGED"},
        {ACCOUNT_PENDING, ENABLING_DISABLED_ACCOUNT, "NOT_DISABLED"},
        {ACCOUNT_DISABLED, ENABLING_APPLICATION, "NOT_PENDING"},
        {ACCOUNT_DISABLED, ENABLING_NEW, "CHANGED"},
        {ACCOUNT_ACTIVE, ENABLING_DISABLED_ACCOUNT, "NOT_DISABLED"},
        {ACCOUNT_CLOSED, ENABLING_APPLICATION, "NOT_PENDING"},
        {0, ENABLING_APPLICATION, "NOT_FOUND"},
        {0, ENABLING_DISABLED_ACCOUNT, "NOT_FOUND"},
        {0, ENABLING_UNSPECIFIED, "BAD_FORM"},
        {0, ENABLING_NEW, NULL},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct fixture *f = *state;
        unsigned n = 30 + (unsigned)i;
        if (cases[i].status != 0)
            given_teacher_account(f, n, cases[i].status);
        EnableTeacherAccount *m = enabling(f, CONTACT, n);
        m->enabling = (unsigned)cases[i].enabling;
        m->evidence = (unsigned)EVIDENCE_NUMBER_CONFIRMED;
        fixture_assert_end(f, m->person_id, &m->base, cases[i].code, __FILE__,
                           __LINE__);
    }
}

static void
test_r01_a_teachers_application_needs_evidence(void **state)
{
    struct fixture *f = *state;

    given_teacher_account(f, TEACHER, ACCOUNT_PENDING);
    EnableTeacherAccount *m = enabling(f, CONTACT, TEACHER);
    m->evidence = (unsigned)EVIDENCE_UNSPECIFIED;
    assert_refused(f, m->person_id, &m->base, "IDENTITY_NOT_CONFIRMED");
    /* Before the record is read: the answer would reveal it. */
    m->teacher_version = 0;
    assert_refused(f, m->person_id, &m->base, "IDENTITY_NOT_CONFIRMED");
    GIVEN_CHANGED(f, teacher_account, &teacher_accounts, m->account_id,
                  it->identity_proven = true);
    m = enabling(f, CONTACT, TEACHER);
    m->evidence = (unsigned)EVIDENCE_UNSPECIFIED;
    assert_done(f, m->person_id, &m->base);
}

static void
test_r01_what_is_vouched_for_is_a_new_account(void **state)
{
    struct fixture *f = *state;

    given_teacher_account(f, TEACHER, ACCOUNT_PENDING);
    given_teacher_account(f, 21, ACCOUNT_DISABLED);
    for (unsigned n = TEACHER; n <= 21; n++) {
        EnableTeacherAccount *m = fitting(enabling(f, 0, n));
        m->order = order_unnamed(f);
        assert_refused(f, m->person_id, &m->base, "NOT_PERMITTED");
        m = roaming(enabling(f, 0, n));
        m->order = order_unnamed(f);
        assert_refused(f, m->person_id, &m->base, "NOT_PERMITTED");
    }
    EnableTeacherAccount *m = fitting(enabling(f, 0, 22));
    m->order = order_unnamed(f);
    m->evidence = (unsigned)EVIDENCE_UNSPECIFIED;
    assert_refused(f, m->person_id, &m->base, "UNKNOWN_ACTOR");
    m = fitting(enabling(f, 0, 22));
    m->order = order_unnamed(f);
    m->evidence = (unsigned)EVIDENCE_ROAMING;
    assert_refused(f, m->person_id, &m->base, "UNKNOWN_ACTOR");
    /* An officer cannot name another source: no ticket would be mailed. */
    m = enabling(f, CONTACT, 22);
    m->source = (unsigned)ENABLED_BY_ROAMING;
    assert_refused(f, m->person_id, &m->base, "NOT_PERMITTED");
}

/* F5: the application names a school which the teacher has left since. */
static void
test_f05_the_present_school_enables_an_application(void **state)
{
    static const struct {
        unsigned by;
        const char *code;
    } cases[] = {
        {CONTACT, "NOT_AT_THIS_SCHOOL"}, /* of the school that is named */
        {CENTRE_CHIEF, "NOT_PERMITTED"},
        {PLATFORM_CHIEF, "NOT_PERMITTED"},
        {FOREIGN_CHIEF, NULL}, /* of the present one */
    };
    struct fixture *f = *state;

    given_teacher_account(f, TEACHER, ACCOUNT_PENDING);
    given_posts(f, TEACHER, OTHER, 4);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        EnableTeacherAccount *m = enabling(f, cases[i].by, TEACHER);
        m->teacher_version = 4;
        m->teacher_organizations[0] = wire_member(OTHER);
        fixture_assert_end(f, m->person_id, &m->base, cases[i].code, __FILE__,
                           __LINE__);
    }
    assert_int_equal(teacher_account_now(f, TEACHER)->status, ACCOUNT_ACTIVE);
}

/* The teacher has left that school and is at none. */
static void
test_f05_a_leavers_application_is_no_longer_the_schools(void **state)
{
    struct fixture *f = *state;

    given_teacher_account(f, TEACHER, ACCOUNT_PENDING);
    given_posts(f, TEACHER, NULL, 4);
    EnableTeacherAccount *m = enabling(f, CONTACT, TEACHER);
    m->teacher_version = 4;
    m->n_teacher_organizations = 0;
    assert_refused(f, m->person_id, &m->base, "NOT_AT_THIS_SCHOOL");
    given_teacher_account(f, 25, ACCOUNT_PENDING); /* T1: not on file */
    m->account_id = given_account_id(f, 25);
    m->person_id = given_person_id(f, 25);
    m->teacher_version = 0;
    assert_refused(f, m->person_id, &m->base, "NOT_AT_THIS_SCHOOL");
}

/* Its officers learn nothing before the number was confirmed, and nothing by
 * naming a school that the application does not name. */
static void
test_f05_a_former_school_learns_nothing_more(void **state)
{
    struct fixture *f = *state;

    given_teacher_account(f, TEACHER, ACCOUNT_PENDING);
    given_posts(f, TEACHER, OTHER, 4);
    EnableTeacherAccount *m = enabling(f, CONTACT, TEACHER);
    m->evidence = (unsigned)EVIDENCE_UNSPECIFIED;
    assert_refused(f, m->person_id, &m->base, "IDENTITY_NOT_CONFIRMED");
    GIVEN_CHANGED(f, teacher_account, &teacher_accounts, m->account_id,
                  it->organization = OTHER);
    m = enabling(f, CONTACT, TEACHER);
    m->organization = wire_member(SCHOOL);
    assert_refused(f, m->person_id, &m->base, "NOT_PERMITTED");
}

static void
test_an_application_that_need_not_wait(void **state)
{
    struct fixture *f = *state;
    EnableTeacherAccount *m = enabling(f, 0, TEACHER);

    m->order = order_unnamed(f);
    fitting(m);
    assert_done(f, m->person_id, &m->base);
    const struct teacher_account *account = teacher_account_now(f, TEACHER);
    assert_int_equal(account->status, ACCOUNT_ACTIVE);
    assert_true(account->applied_at != DB_NO_TIME);
    assert_string_equal(account->organization, SCHOOL);
}

/* Signed in with the own business account; no other person, nor the system. */
static void
test_who_is_vouched_for(void **state)
{
    struct fixture *f = *state;
    EnableTeacherAccount *m = enabling(f, CONTACT, CONTACT);

    m->account_id = given_account_id(f, TEACHER);
    m->login = given_login(f, TEACHER);
    fitting(m);
    assert_done(f, m->person_id, &m->base);
    m = fitting(enabling(f, FOREIGN_CHIEF, 23));
    assert_refused(f, m->person_id, &m->base, "NOT_PERMITTED");
    m = roaming(enabling(f, 0, 23));
    assert_refused(f, m->person_id, &m->base, "UNKNOWN_ACTOR");
    m = enabling(f, 0, 23);
    m->order = order_unnamed(f);
    assert_refused(f, m->person_id, &m->base, "UNKNOWN_ACTOR");
    of_a_stranger(fitting(m));
    assert_refused(f, m->person_id, &m->base, "NO_TEACHER_RECORD");
    /* Our own row knows whose account gives the order. */
    m = fitting(enabling(f, FOREIGN_CHIEF, 23));
    m->order->actor->person_id = given_person_id(f, 23);
    assert_refused(f, m->person_id, &m->base, "NOT_PERMITTED");
}

static void
test_roaming_needs_no_login_and_may_get_one(void **state)
{
    struct fixture *f = *state;
    EnableTeacherAccount *m = enabling(f, 0, TEACHER);

    m->order = order_unnamed(f);
    roaming(m);
    m->login = wire_member("");
    assert_done(f, m->person_id, &m->base);
    assert_null(login_holder(f, "login20"));
    assert_done(f, m->person_id, &disabling(f, CONTACT, TEACHER)->base);
    assert_done(f, m->person_id, &enabling(f, CONTACT, TEACHER)->base);
    assert_non_null(login_holder(f, "login20"));
}

static void
with_newer_record(EnableTeacherAccount *m)
{
    m->teacher_version = 4;
    m->teacher_organizations[0] = wire_member(OTHER);
}

static void
with_record_after_a_restore(EnableTeacherAccount *m)
{
    with_newer_record(m);
    m->teacher_version = 1;
    m->teacher_incarnation = 1;
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
with_a_name_in_two_lines(EnableTeacherAccount *m)
{
    m->name = wire_member("王\n小明");
}

static void
with_another_header_in_the_address(EnableTeacherAccount *m)
{
    m->email = wire_member("a@example.tw\r\nBcc: b@example.tw");
}

static void
test_what_is_not_enabled(void **state)
{
    static const struct {
        const char *code;
        unsigned by, n;
        void (*spoil)(EnableTeacherAccount *m);
    } cases[] = {
        {"NOT_PERMITTED", CONTACT, TEACHER, of_a_stranger},
        {"TEACHER_NOT_KNOWN_YET", CONTACT, TEACHER, with_newer_record},
        {"TEACHER_NOT_KNOWN_YET", CONTACT, TEACHER,
         with_record_after_a_restore},
        {"LOGIN_TAKEN", CONTACT, TEACHER, with_a_chiefs_login},
        {"BAD_FORM", CONTACT, TEACHER, with_no_login_name},
        {"BAD_FORM", CONTACT, TEACHER, with_a_name_in_two_lines},
        {"BAD_FORM", CONTACT, TEACHER, with_another_header_in_the_address},
        {"CHANGED", CONTACT, TEACHER, with_version},
        {"NOT_PERMITTED", CENTRE_CHIEF, TEACHER, as_it_is},
        {"NOT_PERMITTED", FOREIGN_CHIEF, TEACHER, as_it_is},
        {"UNKNOWN_ACTOR", 0, TEACHER, as_it_is},
        {"SELF_ACTION", CONTACT, CONTACT, as_it_is},
        {"NOT_DISABLED", CONTACT, 21, as_it_is},
    };

    given_teacher_account(*state, 21, ACCOUNT_ACTIVE);
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
    given_posts(f, TEACHER, SCHOOL, 3);
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

/* Rule 8: our copy is newer than the gateway's. */
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
    given_posts(f, TEACHER, SCHOOL, 3);
    given_teacher_account(f, CONTACT, ACCOUNT_ACTIVE);
    given_posts(f, CONTACT, SCHOOL, 3);
    DisableTeacherAccount *m = disabling(f, CHIEF, TEACHER);
    m->teacher_version = 4;
    m->n_teacher_organizations = 0;
    assert_refused(f, m->person_id, &m->base, "TEACHER_NOT_KNOWN_YET");
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        fixture_assert_end(f, given_person_id(f, cases[i].n),
                           &disabling(f, cases[i].by, cases[i].n)->base,
                           cases[i].code, __FILE__, __LINE__);
    m = disabling(f, CONTACT, TEACHER);
    m->cause = (unsigned)DISABLED_LEFT_UNIT; /* never a person's wish */
    assert_refused(f, m->person_id, &m->base, "BAD_FORM");
    m = disabling(f, CONTACT, TEACHER);
    expect_version(m->order, 1);
    assert_refused(f, m->person_id, &m->base, "CHANGED");
}

CASES(teacher_account, CASE(test_a_school_gives_a_login),
      CASE(test_the_school_enables_an_application),
      CASE(test_r01_a_teachers_enabling_is_the_one_that_was_meant),
      CASE(test_r01_a_teachers_application_needs_evidence),
      CASE(test_r01_what_is_vouched_for_is_a_new_account),
      CASE(test_f05_the_present_school_enables_an_application),
      CASE(test_f05_a_leavers_application_is_no_longer_the_schools),
      CASE(test_f05_a_former_school_learns_nothing_more),
      CASE(test_an_application_that_need_not_wait),
      CASE(test_who_is_vouched_for),
      CASE(test_roaming_needs_no_login_and_may_get_one),
      CASE(test_what_is_not_enabled), CASE(test_one_live_account_a_person),
      CASE(test_he_has_gone_meanwhile), CASE(test_who_disables));
