/* EnableBusinessAccount: the kind of enabling, the evidence of the person,
 * named permissions. Faults R1, R5, R8; B11, B19, B24, B25, T15a. */
#include "enabling.h"

#define ENABLED &inservice__account__v1__business_account_enabled__descriptor

/* R1: each enabling is refused for an account that needs the other one, and a
 * command that names none is no enabling at all. */
static void
test_r01_an_enabling_is_the_one_that_was_meant(void **state)
{
    static const struct {
        enum account_status status;
        enum enabling enabling;
        const char *code;
    } cases[] = {
        {ACCOUNT_PENDING, ENABLING_DISABLED_ACCOUNT, "NOT_DISABLED"},
        {ACCOUNT_DISABLED, ENABLING_APPLICATION, "NOT_PENDING"},
        {ACCOUNT_ACTIVE, ENABLING_DISABLED_ACCOUNT, "NOT_DISABLED"},
        {ACCOUNT_ACTIVE, ENABLING_APPLICATION, "NOT_PENDING"},
        {ACCOUNT_CLOSED, ENABLING_APPLICATION, "NOT_PENDING"},
        {ACCOUNT_CLOSED, ENABLING_DISABLED_ACCOUNT, "NOT_DISABLED"},
        {ACCOUNT_DELETED, ENABLING_DISABLED_ACCOUNT, "NOT_DISABLED"},
        {ACCOUNT_PENDING, ENABLING_UNSPECIFIED, "BAD_FORM"},
        {ACCOUNT_DISABLED, ENABLING_UNSPECIFIED, "BAD_FORM"},
        {ACCOUNT_PENDING, ENABLING_NEW, "BAD_FORM"},
        {ACCOUNT_PENDING, ENABLING_APPLICATION, NULL},
        {ACCOUNT_DISABLED, ENABLING_DISABLED_ACCOUNT, NULL},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct fixture *f = *state;
        unsigned n = 10 + (unsigned)i;
        given_account(f, n, SCHOOL, ROLE_OPERATOR, cases[i].status);
        EnableBusinessAccount *m = enabling_operator(f, n);
        m->enabling = (unsigned)cases[i].enabling;
        fixture_assert_end(f, SCHOOL, &m->base, cases[i].code, __FILE__,
                           __LINE__);
    }
}

/* R1, B25: without evidence nothing is enabled, and the answer does not reveal
 * whether the person is at another school or holds an account. */
static void
test_r01_an_application_needs_evidence(void **state)
{
    static const enum evidence none[] = {
        EVIDENCE_UNSPECIFIED,    EVIDENCE_RECORD_MATCHED, EVIDENCE_ROAMING,
        EVIDENCE_EMAIL_VERIFIED, EVIDENCE_RECEIPT,
    };
    struct fixture *f = *state;

    given_applicant(f, 10);
    GIVEN_ACCOUNT_CHANGED(f, 10,
                          it->person_id = given_person_id(f, FOREIGN_CHIEF));
    given_posts(f, FOREIGN_CHIEF, OTHER, 3);
    for (size_t i = 0; i < sizeof none / sizeof *none; i++) {
        EnableBusinessAccount *m = enabling_person(f, 10, FOREIGN_CHIEF);
        m->evidence = (unsigned)none[i];
        assert_refused(f, SCHOOL, &m->base, "IDENTITY_NOT_CONFIRMED");
    }
    EnableBusinessAccount *m = enabling_person(f, 10, FOREIGN_CHIEF);
    assert_refused(f, SCHOOL, &m->base, "NOT_AT_THIS_SCHOOL");
}

static void
test_r01_an_applicant_signed_in_is_proven(void **state)
{
    struct fixture *f = *state;

    given_applicant(f, 10);
    GIVEN_ACCOUNT_CHANGED(f, 10, it->identity_proven = true);
    EnableBusinessAccount *m = enabling_operator(f, 10);
    m->evidence = (unsigned)EVIDENCE_UNSPECIFIED;
    assert_done(f, SCHOOL, &m->base);
}

/* R8, B25: an approver who has entered the number learns where the account is
 * held; one who enables a proven applicant without it does not. */
static void
test_r08_the_holder_is_told_after_the_number(void **state)
{
    struct fixture *f = *state;

    given_applicant(f, 10);
    GIVEN_ACCOUNT_CHANGED(f, 10, it->identity_proven = true;
                          it->person_id = given_person_id(f, FOREIGN_CHIEF));
    EnableBusinessAccount *m = enabling_person(f, 10, FOREIGN_CHIEF);
    m->evidence = (unsigned)EVIDENCE_UNSPECIFIED;
    assert_refused(f, SCHOOL, &m->base, "ACCOUNT_HELD_ELSEWHERE");
    assert_int_equal(fixture_outcome(f)->refused->n_details, 0);
    m = enabling_person(f, 10, FOREIGN_CHIEF);
    assert_refused(f, SCHOOL, &m->base, "ACCOUNT_HELD_ELSEWHERE");
    assert_string_equal(fixture_outcome(f)->refused->details[0]->text, OTHER);
}

/* R5, B24: named permissions count, even none. Otherwise they are the role's,
 * or stay while the role does. */
static void
test_r05_named_permissions_count(void **state)
{
    const unsigned of_role =
        permissions_default(ROLE_OPERATOR, KIND_PRIMARY_SCHOOL);
    const unsigned of_contact =
        permissions_default(ROLE_CONTACT, KIND_PRIMARY_SCHOOL);
    const struct {
        enum account_status status;
        enum role role;
        bool given;
        unsigned permissions;
        unsigned result;
    } cases[] = {
        {ACCOUNT_PENDING, ROLE_OPERATOR, false, 0, of_role},
        {ACCOUNT_PENDING, ROLE_OPERATOR, true, 0, 0},
        {ACCOUNT_PENDING, ROLE_OPERATOR, true, PERMISSION_STATISTICS,
         PERMISSION_STATISTICS},
        {ACCOUNT_PENDING, ROLE_OPERATOR, false, PERMISSION_STATISTICS,
         PERMISSION_STATISTICS},
        {ACCOUNT_DISABLED, ROLE_OPERATOR, false, 0, PERMISSION_COURSE_ENTRY},
        {ACCOUNT_DISABLED, ROLE_OPERATOR, true, 0, 0},
        {ACCOUNT_DISABLED, ROLE_CONTACT, false, 0, of_contact},
        {ACCOUNT_DISABLED, ROLE_CONTACT, true, 0, 0},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct fixture *f = *state;
        unsigned n = 10 + (unsigned)i;
        given_account(f, n, SCHOOL, ROLE_OPERATOR, cases[i].status);
        GIVEN_ACCOUNT_CHANGED(f, n, it->permissions = PERMISSION_COURSE_ENTRY);
        EnableBusinessAccount *m = enabling(f, CHIEF, n, SCHOOL, cases[i].role);
        m->permissions_given = cases[i].given;
        m->permissions = cases[i].permissions;
        assert_done(f, SCHOOL, &m->base);
        assert_int_equal(account_now(f, n)->permissions, cases[i].result);
    }
}

/* T15a: on file and gone from every school; the approver says so. */
static void
test_t15a_a_unit_enables_a_leaver_it_employs(void **state)
{
    static const struct {
        const char *copy;
        int64_t copy_version;
        const char *seen;
        bool employed;
        const char *code;
    } cases[] = {
        {NULL, 3, NULL, false, "NOT_AT_THIS_SCHOOL"},
        {NULL, 3, NULL, true, NULL},
        {NULL, 4, SCHOOL, true, NULL}, /* our copy is newer */
        {OTHER, 3, NULL, true, "NOT_AT_THIS_SCHOOL"},
        {OTHER, 4, NULL, true, "NOT_AT_THIS_SCHOOL"},
        {NULL, 0, NULL, true, "TEACHER_NOT_KNOWN_YET"},
        {SCHOOL, 2, NULL, true, "TEACHER_NOT_KNOWN_YET"},
    };

    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        struct fixture *f = *state;
        unsigned n = 10 + (unsigned)i;
        EnableBusinessAccount *m = enabling_teacher(
            f, n, cases[i].copy, cases[i].copy_version, cases[i].seen, 3);
        m->n_teacher_organizations = cases[i].seen != NULL;
        m->employed_here = cases[i].employed;
        fixture_assert_end(f, SCHOOL, &m->base, cases[i].code, __FILE__,
                           __LINE__);
        if (cases[i].code == NULL) {
            const BusinessAccountEnabled *said = fixture_said(f, ENABLED);
            assert_true(said->employed_here);
        }
    }
}

/* A person who is no teacher needs no such statement. */
static void
test_t15a_the_fact_says_only_what_was_needed(void **state)
{
    struct fixture *f = *state;

    given_applicant(f, 10);
    EnableBusinessAccount *m = enabling_operator(f, 10);
    m->employed_here = true;
    assert_done(f, SCHOOL, &m->base);
    const BusinessAccountEnabled *said = fixture_said(f, ENABLED);
    assert_false(said->employed_here);
}

/* T15a: a teacher of a branch at the main kindergarten, and at no other. */
static void
test_t15a_a_branch_counts_at_its_main_kindergarten(void **state)
{
    static const struct {
        const char *unit, *post, *parent;
        enum organization_kind kind;
        const char *code;
    } cases[] = {
        {"K1", "K1-01", "K1", KIND_KINDERGARTEN, NULL},
        {"K1", "K2-01", "K2", KIND_KINDERGARTEN, "NOT_AT_THIS_SCHOOL"},
        {"K1", "K3", NULL, KIND_KINDERGARTEN, "NOT_AT_THIS_SCHOOL"},
        {"P1", "P1-01", "P1", KIND_PRIMARY_SCHOOL, "NOT_AT_THIS_SCHOOL"},
    };
    struct fixture *f = *state;

    given_unit(f, "K1", KIND_KINDERGARTEN, CENTRE, 0);
    given_unit(f, "P1", KIND_PRIMARY_SCHOOL, CENTRE, 0);
    given_account(f, 8, "K1", ROLE_CHIEF, ACCOUNT_ACTIVE);
    given_account(f, 9, "P1", ROLE_CHIEF, ACCOUNT_ACTIVE);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        unsigned n = 10 + (unsigned)i, chief = cases[i].unit[0] == 'K' ? 8 : 9;
        given_account(f, n, cases[i].unit, ROLE_OPERATOR, ACCOUNT_PENDING);
        given_branch(f, cases[i].post, cases[i].kind, cases[i].parent);
        given_posts(f, n, cases[i].post, 3);
        EnableBusinessAccount *m =
            enabling(f, chief, n, cases[i].unit, ROLE_OPERATOR);
        with_record(f, m, 3, cases[i].post);
        fixture_assert_end(f, cases[i].unit, &m->base, cases[i].code, __FILE__,
                           __LINE__);
    }
    /* Left meanwhile, as our copy has it. */
    given_account(f, 20, "K1", ROLE_OPERATOR, ACCOUNT_PENDING);
    given_posts(f, 20, OTHER, 4);
    EnableBusinessAccount *m = enabling(f, 8, 20, "K1", ROLE_OPERATOR);
    with_record(f, m, 3, "K1-01");
    assert_refused(f, "K1", &m->base, "NOT_AT_THIS_SCHOOL");
}

CASES(enabling_evidence, CASE(test_r01_an_enabling_is_the_one_that_was_meant),
      CASE(test_r01_an_application_needs_evidence),
      CASE(test_r01_an_applicant_signed_in_is_proven),
      CASE(test_r08_the_holder_is_told_after_the_number),
      CASE(test_r05_named_permissions_count),
      CASE(test_t15a_a_unit_enables_a_leaver_it_employs),
      CASE(test_t15a_the_fact_says_only_what_was_needed),
      CASE(test_t15a_a_branch_counts_at_its_main_kindergarten));
