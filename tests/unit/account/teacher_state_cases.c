/* TeacherState: an account's data from the teacher record follow the record.
 * Fault F12; T7, T10. */
#include "given.h"

#define CHANGED &inservice__account__v1__teacher_account_changed__descriptor

enum { TEACHER = 20 };

/* ACTIVE, with name and address of the record's version. */
static void
given_enabled(struct fixture *f, unsigned n, int64_t version)
{
    given_teacher_account(f, n, ACCOUNT_ACTIVE);
    GIVEN_CHANGED(f, teacher_account, &teacher_accounts, given_account_id(f, n),
                  it->name = "林老師";
                  it->email = "lin@example.tw"; it->teacher.version = version);
}

/* F12: an account's data from the record follow the record. */
static void
hear_record(struct fixture *f, unsigned n, int64_t version, const char *name,
            const char *email)
{
    TeacherState m;
    Inservice__Common__V1__Fact fact;

    inservice__common__v1__fact__init(&fact);
    inservice__teacher__v1__teacher_state__init(&m);
    fact.version = version;
    m.fact = &fact;
    m.person_id = given_person_id(f, n);
    m.name = wire_member(name);
    m.email = wire_member(email);
    fixture_hear(f, TOPIC_STATE, "inservice.teacher.state.v1", m.person_id,
                 m.person_id, version, &m.base);
}

static void
test_f12_name_and_address_follow_the_record(void **state)
{
    struct fixture *f = *state;
    given_enabled(f, TEACHER, 3);
    hear_record(f, TEACHER, 3, "舊名",
                "old@example.tw"); /* seen when enabled */
    assert_int_equal(teacher_account_now(f, TEACHER)->row.version, 1);
    hear_record(f, TEACHER, 4, "林老師", "lin@example.tw"); /* nothing new */
    assert_int_equal(teacher_account_now(f, TEACHER)->row.version, 1);
    assert_int_equal(fixture_count(f, CHANGED), 0);

    hear_record(f, TEACHER, 5, "林小美", "lin2@example.tw");
    const struct teacher_account *account = teacher_account_now(f, TEACHER);
    assert_string_equal(account->name, "林小美");
    assert_string_equal(account->email, "lin2@example.tw");
    const TeacherAccountChanged *said = fixture_said(f, CHANGED);
    assert_int_equal(said->n_fields, 2);
    assert_int_equal(said->fact->version, 2);

    hear_record(f, TEACHER, 4, "林老師", "lin@example.tw"); /* an older one */
    assert_string_equal(teacher_account_now(f, TEACHER)->name, "林小美");
    hear_record(f, TEACHER, 6, "林小美", ""); /* no address on record */
    assert_string_equal(teacher_account_now(f, TEACHER)->email,
                        "lin2@example.tw");
    GIVEN_CHANGED(f, teacher_account, &teacher_accounts,
                  given_account_id(f, TEACHER), it->status = ACCOUNT_DISABLED);
    hear_record(f, TEACHER, 7, "林小美", "lin3@example.tw");
    said = fixture_said(f, CHANGED);
    assert_string_equal(said->fields[0], "email");
    assert_int_equal(said->n_fields, 1);
}

static void
test_f12_an_application_keeps_what_was_written(void **state)
{
    struct fixture *f = *state;

    given_teacher_account(f, TEACHER, ACCOUNT_PENDING);
    given_teacher_account(f, 21, ACCOUNT_CLOSED);
    hear_record(f, TEACHER, 5, "林小美", "lin2@example.tw");
    hear_record(f, 21, 5, "林小美", "lin2@example.tw");
    hear_record(f, 22, 5, "林小美", "lin2@example.tw"); /* has no account */
    assert_int_equal(teacher_account_now(f, TEACHER)->row.version, 1);
    assert_null(teacher_account_now(f, 21)->email);
}

static void
hear_state(struct fixture *f, TeacherState *m, int64_t version)
{
    m->fact->version = version;
    fixture_hear(f, TOPIC_STATE, "inservice.teacher.state.v1", m->person_id,
                 m->person_id, version, &m->base);
}

/* T15: the copy reaches each version of the record, with the open posts. */
static void
test_t15_posts_follow_the_record(void **state)
{
    struct fixture *f = *state;
    Inservice__Common__V1__Fact fact;
    Inservice__Teacher__V1__Post open, closed, *posts[] = {&open, &closed};
    Inservice__Teacher__V1__Move plan, *plans[] = {&plan};
    TeacherState m;

    inservice__common__v1__fact__init(&fact);
    inservice__teacher__v1__teacher_state__init(&m);
    inservice__teacher__v1__post__init(&open);
    inservice__teacher__v1__post__init(&closed);
    open.organization = wire_member(SCHOOL);
    closed.organization = wire_member(OTHER);
    closed.until = wire_member("2026-08-01");
    m.fact = &fact;
    m.person_id = given_person_id(f, TEACHER);
    m.posts = posts;
    m.n_posts = 2;
    given_posts(f, TEACHER, OTHER, 3);
    hear_state(f, &m, 4);
    const struct affiliation *copy = fixture_row(f, &affiliations, m.person_id);
    assert_string_equal(copy->organizations, SCHOOL);
    assert_int_equal(copy->version, 4);
    m.n_posts = 0;
    hear_state(f, &m, 3); /* an older one */
    assert_string_equal(copy->organizations, SCHOOL);
    /* The same one, received after its fact; a plan counts without a post. */
    inservice__teacher__v1__move__init(&plan);
    plan.to_organization = wire_member(OTHER);
    m.moves = plans;
    m.n_moves = 1;
    hear_state(f, &m, 4);
    copy = fixture_row(f, &affiliations, m.person_id);
    assert_string_equal(copy->organizations, OTHER);
}

CASES(teacher_state, CASE(test_t15_posts_follow_the_record),
      CASE(test_f12_name_and_address_follow_the_record),
      CASE(test_f12_an_application_keeps_what_was_written));
