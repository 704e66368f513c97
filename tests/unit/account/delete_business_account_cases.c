/* DeleteBusinessAccount: B13-B15, B20, B23. */
#include "given.h"

#define DELETED &inservice__account__v1__business_account_deleted__descriptor
#define STATE   &inservice__account__v1__business_account_state__descriptor

enum { LEAVER = 10, RUNNING = 5, CONFIRMED = 8, CANCELLED = 9 };

static DeleteBusinessAccount *
deleting(struct fixture *f, unsigned by, unsigned n)
{
    DeleteBusinessAccount *m =
        ARENA_NEW(fixture_arena(f), DeleteBusinessAccount);

    inservice__account__v1__delete_business_account__init(m);
    GIVE_ACCOUNT(f, m, by, n, SCHOOL);
    return m;
}

static void
given_leaver(struct fixture *f)
{
    given_account(f, LEAVER, SCHOOL, ROLE_OPERATOR, ACCOUNT_DISABLED);
}

static void
test_a_settled_account_is_deleted(void **state)
{
    struct fixture *f = *state;

    given_leaver(f);
    given_settled(f, LEAVER, 1);
    given_course(f, "C1", LEAVER, CONFIRMED);
    given_course(f, "C2", LEAVER, CANCELLED);
    given_course(f, "C3", CHIEF, RUNNING); /* another account's */
    assert_done(f, SCHOOL, &deleting(f, CHIEF, LEAVER)->base);
    const BusinessAccountState *account = fixture_said(f, STATE);
    assert_int_equal(account->status, ACCOUNT_DELETED);
    assert_string_equal(account->name, "");
    assert_string_equal(account->login, "");
    assert_null(login_holder(f, "login10"));
    assert_null(person_holder(f, LEAVER));
    assert_int_equal(fixture_count(f, DELETED), 1);
}

static void
test_open_courses_block_and_are_listed(void **state)
{
    struct fixture *f = *state;

    given_leaver(f);
    given_settled(f, LEAVER, 1);
    given_course(f, "C1", LEAVER, RUNNING);
    given_course(f, "C2", LEAVER, 0); /* unknown is open */
    given_course(f, "C3", LEAVER, CONFIRMED);
    assert_refused(f, SCHOOL, &deleting(f, CHIEF, LEAVER)->base,
                   "COURSES_OPEN");
    const Inservice__Common__V1__Refused *refused = fixture_outcome(f)->refused;
    assert_int_equal(refused->n_details, 2);
    assert_string_equal(refused->details[0]->code, "C1");
    assert_string_equal(refused->details[0]->text, "研習");
    assert_string_equal(refused->details[1]->code, "C2");
}

static void
test_nothing_is_guessed(void **state)
{
    struct fixture *f = *state;

    given_leaver(f);
    assert_refused(f, SCHOOL, &deleting(f, CHIEF, LEAVER)->base,
                   "COURSE_STATES_UNKNOWN");
    given_settled(f, LEAVER, 7); /* another disabling's */
    assert_refused(f, SCHOOL, &deleting(f, CHIEF, LEAVER)->base,
                   "COURSE_STATES_UNKNOWN");
}

static void
test_without_a_course_system_nobody_is_asked(void **state)
{
    struct fixture *f = *state;

    given_leaver(f);
    account_settings.course_system = "absent";
    enum end end = fixture_send(f, SCHOOL, &deleting(f, CHIEF, LEAVER)->base);
    account_settings.course_system = "present";
    assert_int_equal(end, DONE);
}

static void
test_who_and_when_not(void **state)
{
    static const struct {
        unsigned by, n;
        const char *code;
    } cases[] = {
        {CONTACT, LEAVER, "NOT_PERMITTED"},
        {CENTRE_CHIEF, LEAVER, "NOT_PERMITTED"},
        {FOREIGN_CHIEF, LEAVER, "NOT_FOUND"},
        {0, LEAVER, "UNKNOWN_ACTOR"}, /* the holder has not asked */
        {CHIEF, CHIEF, "SELF_ACTION"},
        {CHIEF, CONTACT, "STILL_ACTIVE"},
        {CHIEF, 11, "NOT_DISABLED"},
        {CHIEF, 99, "NOT_FOUND"},
    };

    given_leaver(*state);
    given_account(*state, 11, SCHOOL, ROLE_OPERATOR, ACCOUNT_PENDING);
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++)
        assert_refused(*state, SCHOOL,
                       &deleting(*state, cases[i].by, cases[i].n)->base,
                       cases[i].code);
    DeleteBusinessAccount *m = deleting(*state, CHIEF, LEAVER);
    m->order->actor->account_version = 99; /* we do not know it yet */
    assert_refused(*state, SCHOOL, &m->base, "UNKNOWN_ACTOR");
}

static void
test_the_claims_named_must_be_its_own(void **state)
{
    struct fixture *f = *state;

    given_leaver(f);
    given_settled(f, LEAVER, 1);
    DeleteBusinessAccount *m = deleting(f, CHIEF, LEAVER);
    m->login = given_login(f, CONTACT);
    assert_refused(f, SCHOOL, &m->base, "CHANGED");
    m = deleting(f, CHIEF, LEAVER);
    m->person_id = given_person_id(f, CONTACT);
    assert_refused(f, SCHOOL, &m->base, "CHANGED");
}

CASES(delete_business_account, CASE(test_a_settled_account_is_deleted),
      CASE(test_open_courses_block_and_are_listed),
      CASE(test_nothing_is_guessed),
      CASE(test_without_a_course_system_nobody_is_asked),
      CASE(test_who_and_when_not), CASE(test_the_claims_named_must_be_its_own));
