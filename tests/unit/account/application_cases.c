/* ApplyForBusinessAccount, ApplyForTeacherAccount, CloseApplication. */
#include "given.h"

#include "chassis/base/clock.h"

#define APPLIED   &inservice__account__v1__business_account_applied__descriptor
#define T_APPLIED &inservice__account__v1__teacher_account_applied__descriptor
#define CLOSED    &inservice__account__v1__application_closed__descriptor
#define OF(id)    arena_printf(fixture_arena(f), "lapse/%s", id)

static int32_t
pending_now(struct fixture *f, const char *unit)
{
    const struct unit_load *load = fixture_row(f, &unit_loads, unit);

    return load == NULL ? 0 : load->pending;
}

static void
test_an_application_holds_the_login_only(void **state)
{
    struct fixture *f = *state;
    ApplyForBusinessAccount *m = applying(f, 10, SCHOOL);

    assert_done(f, SCHOOL, &m->base);
    assert_int_equal(account_now(f, 10)->status, ACCOUNT_PENDING);
    assert_string_equal(login_holder(f, "login10"), m->account_id);
    assert_null(person_holder(f, 10));
    assert_int_equal(pending_now(f, SCHOOL), 1);
    assert_int_equal(unit_now(f, SCHOOL)->row.version, 1);
    assert_int_equal(fixture_count(f, APPLIED), 1);
    assert_true(fixture_timer(f, OF(m->account_id)) ==
                FIXTURE_START + DAYS(30));
}

static void
test_a_known_person_may_apply_like_any_other(void **state)
{
    struct fixture *f = *state;
    ApplyForBusinessAccount *m = applying(f, 10, SCHOOL);

    m->person_id = given_person_id(f, FOREIGN_CHIEF);
    assert_done(f, SCHOOL, &m->base);
}

static void
test_applications_that_are_refused(void **state)
{
    struct fixture *f = *state;
    ApplyForBusinessAccount *m = applying(f, 10, "NOWHERE");

    assert_refused(f, "NOWHERE", &m->base, "ORGANIZATION_UNKNOWN");
    m = applying(f, 10, COLLEGE);
    m->wanted_role = (unsigned)ROLE_CHIEF;
    assert_refused(f, COLLEGE, &m->base, "ROLE_NOT_FOR_KIND");
    m = applying(f, 10, SCHOOL);
    m->login = given_login(f, FOREIGN_CHIEF);
    assert_refused(f, SCHOOL, &m->base, "LOGIN_TAKEN");
    m = applying(f, 10, SCHOOL);
    m->login = wire_member("x");
    assert_refused(f, SCHOOL, &m->base, "BAD_FORM");
    assert_refused(f, SCHOOL, &applying(f, CHIEF, SCHOOL)->base, "CHANGED");
    GIVEN_CHANGED(f, organization, &organizations, SCHOOL,
                  it->status = ORGANIZATION_CLOSED);
    assert_refused(f, SCHOOL, &applying(f, 10, SCHOOL)->base,
                   "ORGANIZATION_CLOSED");
}

static void
test_applications_of_nobody(void **state)
{
    struct fixture *f = *state;
    ApplyForBusinessAccount *m = applying(f, 10, SCHOOL);

    m->order = order_by(f, 0);
    assert_refused(f, SCHOOL, &m->base, "UNKNOWN_ACTOR");
    m = applying(f, 10, SCHOOL);
    m->identity_proven = true;
    assert_done(f, SCHOOL, &m->base);
    assert_false(account_now(f, 10)->identity_proven);
    m = applying(f, 11, SCHOOL);
    m->order = order_by(f, FOREIGN_CHIEF);
    m->person_id = given_person_id(f, FOREIGN_CHIEF);
    m->identity_proven = true;
    assert_done(f, SCHOOL, &m->base);
    assert_true(account_now(f, 11)->identity_proven);
}

/* R1: the proof of the address, or the applicant's own account. */
static void
test_r01_an_application_needs_a_proof(void **state)
{
    struct fixture *f = *state;
    ApplyForBusinessAccount *m = applying(f, 10, SCHOOL);
    ApplyForTeacherAccount *t = teacher_applying(f, 20, 20);

    m->evidence = (unsigned)EVIDENCE_UNSPECIFIED;
    assert_refused(f, SCHOOL, &m->base, "NOT_PERMITTED");
    t->evidence = (unsigned)EVIDENCE_UNSPECIFIED;
    assert_refused(f, t->person_id, &t->base, "NOT_PERMITTED");
    m = applying(f, 10, SCHOOL);
    m->order = order_by(f, FOREIGN_CHIEF); /* for another person */
    assert_refused(f, SCHOOL, &m->base, "NOT_PERMITTED");
    m->order->actor->person_id = m->person_id; /* our row knows better */
    assert_refused(f, SCHOOL, &m->base, "NOT_PERMITTED");
    t = teacher_applying(f, 20, 20);
    t->order = order_by(f, FOREIGN_CHIEF);
    assert_refused(f, t->person_id, &t->base, "NOT_PERMITTED");
    t->order->actor->person_id = t->person_id;
    assert_refused(f, t->person_id, &t->base, "NOT_PERMITTED");
}

static void
test_r01_an_application_is_whole(void **state)
{
    struct fixture *f = *state;
    ApplyForBusinessAccount *m = applying(f, 10, SCHOOL);
    ApplyForTeacherAccount *t = teacher_applying(f, 20, 20);

    m->email = wire_member("");
    assert_refused(f, SCHOOL, &m->base, "BAD_FORM");
    m = applying(f, 10, SCHOOL);
    m->name = wire_member("");
    assert_refused(f, SCHOOL, &m->base, "BAD_FORM");
    m = applying(f, 10, SCHOOL);
    m->name = wire_member("李?華");
    assert_refused(f, SCHOOL, &m->base, "BAD_FORM");
    m = applying(f, 10, SCHOOL);
    m->succeeds = wire_member("the old one");
    assert_refused(f, SCHOOL, &m->base, "BAD_FORM");
    t->email = wire_member("");
    assert_refused(f, t->person_id, &t->base, "BAD_FORM");
    t = teacher_applying(f, 20, 20);
    t->name = wire_member("");
    assert_refused(f, t->person_id, &t->base, "BAD_FORM");
    t->name = wire_member("12345");
    assert_refused(f, t->person_id, &t->base, "BAD_FORM");
}

/* B2: a CHIEF of this unit, also one who has left it; no other id. */
static void
test_f06_whom_an_application_succeeds(void **state)
{
    struct fixture *f = *state;
    const char *others[] = {
        given_account_id(f, FOREIGN_CHIEF),
        given_account_id(f, CONTACT),
        given_account_id(f, 99),
        given_person_id(f, CHIEF),
        given_account_id(f, 10), /* the application itself */
    };
    ApplyForBusinessAccount *m;

    for (size_t i = 0; i < COUNT_OF(others); i++) {
        m = applying(f, 10, SCHOOL);
        m->succeeds = wire_member(others[i]);
        assert_refused(f, SCHOOL, &m->base, "NOT_A_CHIEF");
        assert_string_equal(fixture_outcome(f)->refused->details[0]->pointer,
                            "/succeeds");
    }
    m = applying(f, 10, SCHOOL);
    m->succeeds = wire_member(given_account_id(f, CHIEF));
    assert_done(f, SCHOOL, &m->base);
    assert_string_equal(account_now(f, 10)->succeeds,
                        given_account_id(f, CHIEF));
}

static void
test_a_teacher_applies(void **state)
{
    struct fixture *f = *state;
    ApplyForTeacherAccount *m = teacher_applying(f, 20, 20);

    assert_done(f, m->person_id, &m->base);
    assert_int_equal(teacher_account_now(f, 20)->status, ACCOUNT_PENDING);
    assert_int_equal(fixture_count(f, T_APPLIED), 1);
    assert_true(fixture_timer(f, OF(m->account_id)) != DB_NO_TIME);
    assert_true(fixture_fire(f, OF(m->account_id)));
    assert_int_equal(teacher_account_now(f, 20)->status, ACCOUNT_CLOSED);
    assert_null(login_holder(f, "login20"));
}

static void
test_teacher_applications_that_are_refused(void **state)
{
    struct fixture *f = *state;
    ApplyForTeacherAccount *m = teacher_applying(f, 20, 20);

    m->login = given_login(f, CHIEF);
    assert_refused(f, m->person_id, &m->base, "LOGIN_TAKEN");
    m = teacher_applying(f, 20, 20);
    m->order = order_by(f, 0);
    assert_refused(f, m->person_id, &m->base, "UNKNOWN_ACTOR");
    m = teacher_applying(f, 20, 20);
    m->login = wire_member("");
    assert_refused(f, m->person_id, &m->base, "BAD_FORM");
    for (unsigned n = 20; n < 25; n++)
        assert_done(f, m->person_id, &teacher_applying(f, n, 20)->base);
    assert_refused(f, m->person_id, &teacher_applying(f, 25, 20)->base,
                   "TOO_MANY_APPLICATIONS");
    assert_refused(f, m->person_id, &teacher_applying(f, 20, 20)->base,
                   "CHANGED");
}

/* Applications of others in a person's name do not keep the person out (B12).
 */
static void
test_a_stranger_blocks_no_teacher(void **state)
{
    struct fixture *f = *state;
    ApplyForTeacherAccount *m = NULL;

    for (unsigned n = 20; n < 25; n++) {
        m = teacher_applying(f, n, 20);
        m->email = wire_member("stranger@example.tw");
        assert_done(f, m->person_id, &m->base);
    }
    m = teacher_applying(f, 25, 20);
    m->email = wire_member("Stranger@Example.tw");
    assert_refused(f, m->person_id, &m->base, "TOO_MANY_APPLICATIONS");
    m = teacher_applying(f, 25, 20);
    m->email = wire_member("himself@example.tw");
    assert_done(f, m->person_id, &m->base);
}

/* No officer there could decide on it. */
static void
test_schools_that_teachers_cannot_apply_to(void **state)
{
    struct fixture *f = *state;
    ApplyForTeacherAccount *m = teacher_applying(f, 20, 20);

    m->organization = wire_member("NOWHERE");
    assert_refused(f, m->person_id, &m->base, "ORGANIZATION_UNKNOWN");
    m = teacher_applying(f, 20, 20);
    m->organization = wire_member(COLLEGE);
    assert_refused(f, m->person_id, &m->base, "UNIT_HAS_NO_TEACHERS");
    struct unit_row closed = {
        .code = SCHOOL,
        .kind = KIND_PRIMARY_SCHOOL,
        .status = ORGANIZATION_CLOSED,
    };
    fixture_put(f, &other_units, &closed);
    assert_refused(f, m->person_id, &teacher_applying(f, 20, 20)->base,
                   "ORGANIZATION_CLOSED");
}

/* --- closing --- */
static CloseApplication *
closing(struct fixture *f, unsigned by, unsigned n, enum closed_cause cause)
{
    CloseApplication *m = ARENA_NEW(fixture_arena(f), CloseApplication);

    inservice__account__v1__close_application__init(m);
    GIVE_ACCOUNT(f, m, by, n, SCHOOL);
    m->account_kind = (unsigned)ACCOUNT_BUSINESS;
    m->cause = (unsigned)cause;
    return m;
}

static CloseApplication *
teacher_closing(struct fixture *f, unsigned by, unsigned n,
                enum closed_cause cause)
{
    CloseApplication *m = closing(f, by, n, cause);

    m->account_kind = (unsigned)ACCOUNT_TEACHER;
    return m;
}

static void
test_an_application_lapses(void **state)
{
    struct fixture *f = *state;
    ApplyForBusinessAccount *m = applying(f, 10, SCHOOL);

    assert_done(f, SCHOOL, &m->base);
    assert_true(fixture_fire(f, OF(m->account_id)));
    const struct business_account *account = account_now(f, 10);
    assert_int_equal(account->status, ACCOUNT_CLOSED);
    assert_int_equal(account->closed_cause, CLOSED_LAPSED);
    assert_int_equal(account->row.version, 2);
    assert_null(account->name);
    assert_null(login_holder(f, "login10"));
    assert_int_equal(pending_now(f, SCHOOL), 0);
    assert_int_equal(fixture_count(f, CLOSED), 1);
    assert_true(fixture_timer(f, OF(m->account_id)) == DB_NO_TIME);
    assert_done(f, OTHER, &applying(f, 11, OTHER)->base);
}

static void
test_who_may_close(void **state)
{
    static const struct {
        unsigned by;
        enum closed_cause cause;
        const char *code;
    } cases[] = {
        {CONTACT, CLOSED_REJECTED, "NOT_PERMITTED"},
        {CENTRE_CHIEF, CLOSED_REJECTED, "NOT_PERMITTED"},
        {FOREIGN_CHIEF, CLOSED_REJECTED, "NOT_FOUND"},
        {0, CLOSED_REJECTED, "UNKNOWN_ACTOR"},
        {0, CLOSED_WITHDRAWN, "UNKNOWN_ACTOR"},
        {CHIEF, CLOSED_LAPSED, "NOT_PERMITTED"},
        {CHIEF, CLOSED_WITHDRAWN, "NOT_PERMITTED"},
        {CHIEF, CLOSED_TEACHER_ERASED, "BAD_FORM"},
        {CHIEF, CLOSED_REJECTED, NULL},
    };

    given_account(*state, 10, SCHOOL, ROLE_OPERATOR, ACCOUNT_PENDING);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        fixture_assert_end(
            *state, SCHOOL,
            &closing(*state, cases[i].by, 10, cases[i].cause)->base,
            cases[i].code, __FILE__, __LINE__);
}

static void
test_the_applicant_withdraws(void **state)
{
    struct fixture *f = *state;

    given_account(f, 10, SCHOOL, ROLE_OPERATOR, ACCOUNT_PENDING);
    CloseApplication *m = closing(f, 0, 10, CLOSED_LAPSED);
    m->order = order_unnamed(f);
    m->evidence = (unsigned)EVIDENCE_RECEIPT;
    assert_refused(f, SCHOOL, &m->base, "NOT_PERMITTED");
    m = closing(f, 0, 10, CLOSED_WITHDRAWN);
    m->order = order_unnamed(f); /* R1: without the receipt */
    assert_refused(f, SCHOOL, &m->base, "NOT_PERMITTED");
    m = closing(f, 0, 10, CLOSED_WITHDRAWN);
    m->order = order_unnamed(f);
    m->evidence = (unsigned)EVIDENCE_RECEIPT;
    assert_done(f, SCHOOL, &m->base);
    m = closing(f, 0, 10, CLOSED_WITHDRAWN);
    m->order = order_unnamed(f);
    m->evidence = (unsigned)EVIDENCE_RECEIPT;
    assert_refused(f, SCHOOL, &m->base, "NOT_PENDING");
}

static void
test_closings_that_are_refused(void **state)
{
    struct fixture *f = *state;

    given_account(f, 10, SCHOOL, ROLE_OPERATOR, ACCOUNT_PENDING);
    CloseApplication *m = closing(f, CHIEF, 10, CLOSED_REJECTED);
    m->login = given_login(f, CONTACT);
    assert_refused(f, SCHOOL, &m->base, "CHANGED");
    m = closing(f, CHIEF, 10, CLOSED_REJECTED);
    expect_version(m->order, 7);
    assert_refused(f, SCHOOL, &m->base, "CHANGED");
    GIVEN_ACCOUNT_CHANGED(f, 10, it->person_id = given_person_id(f, CHIEF));
    assert_refused(f, SCHOOL, &closing(f, CHIEF, 10, CLOSED_REJECTED)->base,
                   "SELF_ACTION");
}

static void
test_teacher_applications_are_closed_by_the_school(void **state)
{
    static const struct {
        unsigned by;
        enum closed_cause cause;
        const char *code;
    } cases[] = {
        {FOREIGN_CHIEF, CLOSED_REJECTED, "NOT_PERMITTED"},
        {CENTRE_CHIEF, CLOSED_REJECTED, "NOT_PERMITTED"},
        {0, CLOSED_REJECTED, "UNKNOWN_ACTOR"},
        {CONTACT, CLOSED_REJECTED, NULL},
        {CONTACT, CLOSED_REJECTED, "NOT_PENDING"},
    };
    struct fixture *f = *state;

    given_teacher_account(f, 20, ACCOUNT_PENDING);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        fixture_assert_end(
            f, given_person_id(f, 20),
            &teacher_closing(f, cases[i].by, 20, cases[i].cause)->base,
            cases[i].code, __FILE__, __LINE__);
    assert_null(login_holder(f, "login20"));
    assert_refused(f, given_person_id(f, 21),
                   &teacher_closing(f, CONTACT, 21, CLOSED_REJECTED)->base,
                   "NOT_FOUND");
}

/* A signed-in person withdraws what is in their own name, whatever person the
 * order and the command name. */
static void
test_r01_withdrawing_is_the_applicants(void **state)
{
    struct fixture *f = *state;

    given_account(f, 10, SCHOOL, ROLE_OPERATOR, ACCOUNT_PENDING);
    CloseApplication *m = closing(f, CONTACT, 10, CLOSED_WITHDRAWN);
    assert_refused(f, SCHOOL, &m->base, "NOT_PERMITTED");
    m->order->actor->person_id = m->person_id;
    assert_refused(f, SCHOOL, &m->base, "NOT_PERMITTED");
    m = closing(f, CONTACT, 10, CLOSED_WITHDRAWN);
    m->person_id = given_person_id(f, CONTACT);
    assert_refused(f, SCHOOL, &m->base, "NOT_PERMITTED");
    GIVEN_ACCOUNT_CHANGED(f, 10, it->person_id = given_person_id(f, CONTACT));
    m = closing(f, CONTACT, 10, CLOSED_WITHDRAWN);
    m->person_id = given_person_id(f, CONTACT);
    assert_done(f, SCHOOL, &m->base);
}

/* The receipt counts, not the account its holder is signed in with. */
static void
test_r04_the_receipt_withdraws_for_whoever_is_signed_in(void **state)
{
    struct fixture *f = *state;

    given_account(f, 10, SCHOOL, ROLE_OPERATOR, ACCOUNT_PENDING);
    CloseApplication *m = closing(f, CONTACT, 10, CLOSED_REJECTED);
    m->evidence = (unsigned)EVIDENCE_RECEIPT;
    assert_refused(f, SCHOOL, &m->base, "NOT_PERMITTED");
    m = closing(f, 0, 10, CLOSED_WITHDRAWN); /* the timer has no receipt */
    m->evidence = (unsigned)EVIDENCE_RECEIPT;
    assert_refused(f, SCHOOL, &m->base, "UNKNOWN_ACTOR");
    m = closing(f, CONTACT, 10, CLOSED_WITHDRAWN);
    m->evidence = (unsigned)EVIDENCE_RECEIPT;
    assert_done(f, SCHOOL, &m->base);
}

/* F5: the present school may also reject what was applied for elsewhere. */
static void
test_f05_the_present_school_rejects_an_application(void **state)
{
    struct fixture *f = *state;

    given_teacher_account(f, 20, ACCOUNT_PENDING);
    given_posts(f, 20, OTHER "1", 3);
    assert_refused(
        f, given_person_id(f, 20),
        &teacher_closing(f, FOREIGN_CHIEF, 20, CLOSED_REJECTED)->base,
        "NOT_PERMITTED");
    given_posts(f, 20, OTHER, 4);
    assert_done(f, given_person_id(f, 20),
                &teacher_closing(f, FOREIGN_CHIEF, 20, CLOSED_REJECTED)->base);
}

CASES(application, CASE(test_f06_whom_an_application_succeeds),
      CASE(test_r01_an_application_needs_a_proof),
      CASE(test_r01_an_application_is_whole),
      CASE(test_r01_withdrawing_is_the_applicants),
      CASE(test_r04_the_receipt_withdraws_for_whoever_is_signed_in),
      CASE(test_f05_the_present_school_rejects_an_application),
      CASE(test_an_application_holds_the_login_only),
      CASE(test_a_known_person_may_apply_like_any_other),
      CASE(test_applications_that_are_refused),
      CASE(test_applications_of_nobody), CASE(test_a_teacher_applies),
      CASE(test_teacher_applications_that_are_refused),
      CASE(test_a_stranger_blocks_no_teacher),
      CASE(test_schools_that_teachers_cannot_apply_to),
      CASE(test_an_application_lapses), CASE(test_who_may_close),
      CASE(test_the_applicant_withdraws), CASE(test_closings_that_are_refused),
      CASE(test_teacher_applications_are_closed_by_the_school));
