/* Strangers apply at units and in teachers' names; others are not blocked
 * (B11). */
#include "given.h"

#define OF(id) arena_printf(fixture_arena(f), "lapse/%s", id)

static void
given_waiting(struct fixture *f, int64_t count)
{
    struct unit_load load = {
        .organization = SCHOOL,
        .pending = (int32_t)count,
    };

    fixture_put(f, &unit_loads, &load);
}

/* The far guard has a refusal of its own: the applicant did nothing wrong. */
static void
test_r04_a_unit_takes_so_many_applications(void **state)
{
    struct fixture *f = *state;
    ApplyForBusinessAccount *m = applying(f, 10, SCHOOL);

    given_waiting(f, account_settings.pending_max);
    assert_refused(f, SCHOOL, &m->base, "APPLICATIONS_FULL");
    assert_null(login_holder(f, "login10"));
    m = applying(f, 11, SCHOOL);
    m->order = order_by(f, FOREIGN_CHIEF);
    m->person_id = given_person_id(f, FOREIGN_CHIEF);
    assert_done(f, SCHOOL, &m->base);
    given_waiting(f, account_settings.pending_max - 1);
    assert_done(f, SCHOOL, &applying(f, 12, SCHOOL)->base);
}

/* Forty strangers with five applications each no longer close a unit. */
static void
test_r04_a_crowded_unit_forgets_sooner(void **state)
{
    struct fixture *f = *state;
    ApplyForBusinessAccount *m = applying(f, 10, SCHOOL);

    given_waiting(f, account_settings.pending_crowded - 1);
    assert_done(f, SCHOOL, &m->base);
    assert_true(fixture_timer(f, OF(m->account_id)) ==
                FIXTURE_START + account_settings.application_kept);
    m = applying(f, 11, SCHOOL);
    assert_done(f, SCHOOL, &m->base);
    assert_true(fixture_timer(f, OF(m->account_id)) ==
                FIXTURE_START + account_settings.application_kept_crowded);
    assert_true(account_now(f, 11)->lapses_at ==
                FIXTURE_START + account_settings.application_kept_crowded);
    m = applying(f, 12, SCHOOL);
    m->order = order_by(f, FOREIGN_CHIEF);
    m->person_id = given_person_id(f, FOREIGN_CHIEF);
    assert_done(f, SCHOOL, &m->base);
    assert_true(account_now(f, 12)->lapses_at ==
                FIXTURE_START + account_settings.application_kept);
}

static void
given_waiting_teacher(struct fixture *f, unsigned n, unsigned person)
{
    struct teacher_account account = {
        .account_id = given_account_id(f, n),
        .person_id = given_person_id(f, person),
        .status = ACCOUNT_PENDING,
        .login = given_login(f, n),
        .organization = SCHOOL,
        .email = arena_printf(fixture_arena(f), "s%u@example.tw", n),
        .row.version = 1,
    };

    fixture_put(f, &teacher_accounts, &account);
}

/* An application in a teacher's name is not reported as the teacher's own. */
static void
test_r04_strangers_fill_a_teachers_name(void **state)
{
    struct fixture *f = *state;
    ApplyForTeacherAccount *m = NULL;
    unsigned n = 100;

    for (; n < 109; n++)
        given_waiting_teacher(f, n, FOREIGN_CHIEF);
    assert_done(f, given_person_id(f, FOREIGN_CHIEF),
                &teacher_applying(f, n, FOREIGN_CHIEF)->base);
    assert_true(teacher_account_now(f, n++)->lapses_at ==
                FIXTURE_START + account_settings.application_kept);
    assert_done(f, given_person_id(f, FOREIGN_CHIEF),
                &teacher_applying(f, n, FOREIGN_CHIEF)->base);
    assert_true(teacher_account_now(f, n++)->lapses_at ==
                FIXTURE_START + account_settings.application_kept_crowded);
    for (; n < 200; n++)
        given_waiting_teacher(f, n, FOREIGN_CHIEF);
    m = teacher_applying(f, n, FOREIGN_CHIEF);
    m->email = wire_member("teacher@example.tw");
    assert_refused(f, m->person_id, &m->base, "APPLICATIONS_FULL");
    m->order = order_by(f, FOREIGN_CHIEF);
    assert_done(f, m->person_id, &m->base);
}

CASES(crowd, CASE(test_r04_a_unit_takes_so_many_applications),
      CASE(test_r04_a_crowded_unit_forgets_sooner),
      CASE(test_r04_strangers_fill_a_teachers_name));
