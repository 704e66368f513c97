/* CloseApplications: many applications of one unit, all or none (B11). */
#include "given.h"

typedef Inservice__Account__V1__WaitingApplication Waiting;

#define CLOSED &inservice__account__v1__application_closed__descriptor

/* Rejects accounts first … first + count - 1 of the school. */
static CloseApplications *
rejecting(struct fixture *f, unsigned by, unsigned first, size_t count)
{
    CloseApplications *m = ARENA_NEW(fixture_arena(f), CloseApplications);

    inservice__account__v1__close_applications__init(m);
    m->order = order_by(f, by);
    m->organization = wire_member(SCHOOL);
    m->n_applications = count;
    m->applications = ARENA_ARRAY(fixture_arena(f), Waiting *, count);
    for (size_t i = 0; i < count; i++) {
        Waiting *waiting = ARENA_NEW(fixture_arena(f), Waiting);
        inservice__account__v1__waiting_application__init(waiting);
        waiting->account_id = given_account_id(f, first + (unsigned)i);
        waiting->login = given_login(f, first + (unsigned)i);
        m->applications[i] = waiting;
    }
    return m;
}

static void
given_waiting(struct fixture *f, unsigned first, unsigned count)
{
    struct unit_load load = {.organization = SCHOOL, .pending = (int32_t)count};

    for (unsigned n = first; n < first + count; n++)
        given_account(f, n, SCHOOL, ROLE_OPERATOR, ACCOUNT_PENDING);
    fixture_put(f, &unit_loads, &load);
}

static void
test_r04_two_hundred_are_rejected_at_once(void **state)
{
    struct fixture *f = *state;

    given_waiting(f, 10, 200);
    assert_done(f, SCHOOL, &rejecting(f, CHIEF, 10, 200)->base);
    assert_int_equal(fixture_count(f, CLOSED), 200);
    for (unsigned n = 10; n < 210; n++) {
        const struct business_account *account = account_now(f, n);
        assert_int_equal(account->status, ACCOUNT_CLOSED);
        assert_int_equal(account->closed_cause, CLOSED_REJECTED);
        assert_int_equal(account->row.version, 2);
        assert_null(account->name);
    }
    assert_null(login_holder(f, "login10"));
    assert_null(login_holder(f, "login209"));
    const struct unit_load *load = fixture_row(f, &unit_loads, SCHOOL);
    assert_int_equal(load->pending, 0);
}

static void
test_r04_what_has_ended_stays(void **state)
{
    struct fixture *f = *state;

    given_waiting(f, 10, 3);
    assert_done(f, SCHOOL, &rejecting(f, CHIEF, 11, 1)->base);
    CloseApplications *m = rejecting(f, CHIEF, 10, 3);
    m->applications[1]->login = wire_member("");
    assert_done(f, SCHOOL, &m->base);
    assert_int_equal(fixture_count(f, CLOSED), 2);
    assert_int_equal(account_now(f, 11)->row.version, 2);
    m = rejecting(f, CHIEF, 10, 3);
    assert_done(f, SCHOOL, &m->base);
    assert_int_equal(fixture_count(f, CLOSED), 0);
}

/* Nothing is closed when one of them may not be. */
static void
test_r04_all_or_none(void **state)
{
    struct fixture *f = *state;

    given_waiting(f, 10, 3);
    given_account(f, 13, SCHOOL, ROLE_OPERATOR, ACCOUNT_ACTIVE);
    assert_refused(f, SCHOOL, &rejecting(f, CHIEF, 10, 4)->base, "NOT_PENDING");
    assert_refused(f, SCHOOL, &rejecting(f, CHIEF, 10, 5)->base, "NOT_PENDING");
    given_account(f, 14, OTHER, ROLE_OPERATOR, ACCOUNT_PENDING);
    CloseApplications *m = rejecting(f, CHIEF, 10, 3);
    m->applications[2]->account_id = given_account_id(f, 14);
    assert_refused(f, SCHOOL, &m->base, "NOT_FOUND");
    m = rejecting(f, CHIEF, 10, 3);
    m->applications[2]->login = given_login(f, 14);
    assert_refused(f, SCHOOL, &m->base, "CHANGED");
    GIVEN_ACCOUNT_CHANGED(f, 12, it->person_id = given_person_id(f, CHIEF));
    assert_refused(f, SCHOOL, &rejecting(f, CHIEF, 10, 3)->base, "SELF_ACTION");
    for (unsigned n = 10; n < 13; n++)
        assert_int_equal(account_now(f, n)->status, ACCOUNT_PENDING);
}

static void
test_r04_who_may_reject(void **state)
{
    static const struct {
        unsigned by;
        const char *code;
    } cases[] = {
        {0, "UNKNOWN_ACTOR"},
        {CONTACT, "NOT_PERMITTED"},
        {CENTRE_CHIEF, "NOT_PERMITTED"},
        {FOREIGN_CHIEF, "NOT_FOUND"},
        {CHIEF, NULL},
    };

    given_waiting(*state, 10, 2);
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        fixture_assert_end(*state, SCHOOL,
                           &rejecting(*state, cases[i].by, 10, 2)->base,
                           cases[i].code, __FILE__, __LINE__);
}

static void
test_r04_lists_that_are_no_lists(void **state)
{
    struct fixture *f = *state;
    CloseApplications *m = rejecting(f, CHIEF, 10, 2);

    given_waiting(f, 10, 2);
    m->applications[1] = m->applications[0];
    assert_refused(f, SCHOOL, &m->base, "BAD_FORM");
    assert_refused(f, SCHOOL, &rejecting(f, CHIEF, 10, 0)->base, "BAD_FORM");
    assert_refused(f, SCHOOL, &rejecting(f, CHIEF, 10, 201)->base, "BAD_FORM");
    m = rejecting(f, CHIEF, 10, 2);
    m->applications[1]->account_id = wire_member("");
    assert_refused(f, SCHOOL, &m->base, "BAD_FORM");
}

CASES(close_applications, CASE(test_r04_two_hundred_are_rejected_at_once),
      CASE(test_r04_what_has_ended_stays), CASE(test_r04_all_or_none),
      CASE(test_r04_who_may_reject), CASE(test_r04_lists_that_are_no_lists));
