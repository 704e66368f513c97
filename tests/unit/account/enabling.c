/* See enabling.h. */
#include "enabling.h"

EnableBusinessAccount *
enabling(struct fixture *f, unsigned by, unsigned n, const char *unit,
         enum role role)
{
    bool disabled = account_now(f, n)->status == ACCOUNT_DISABLED;
    EnableBusinessAccount *m =
        ARENA_NEW(fixture_arena(f), EnableBusinessAccount);

    inservice__account__v1__enable_business_account__init(m);
    GIVE_ACCOUNT(f, m, by, n, unit);
    m->role = (unsigned)role;
    m->enabling =
        (unsigned)(disabled ? ENABLING_DISABLED_ACCOUNT : ENABLING_APPLICATION);
    m->evidence =
        (unsigned)(disabled ? EVIDENCE_UNSPECIFIED : EVIDENCE_NUMBER_CONFIRMED);
    return m;
}

void
given_applicant(struct fixture *f, unsigned n)
{
    given_account(f, n, SCHOOL, ROLE_OPERATOR, ACCOUNT_PENDING);
}

EnableBusinessAccount *
enabling_operator(struct fixture *f, unsigned n)
{
    return enabling(f, CHIEF, n, SCHOOL, ROLE_OPERATOR);
}

EnableBusinessAccount *
enabling_person(struct fixture *f, unsigned n, unsigned person)
{
    EnableBusinessAccount *m = enabling_operator(f, n);

    m->person_id = given_person_id(f, person);
    return m;
}

void
with_record(struct fixture *f, EnableBusinessAccount *m, int64_t version,
            const char *organization)
{
    m->teacher_version = version;
    m->teacher_organizations = ARENA_ARRAY(fixture_arena(f), char *, 1);
    m->teacher_organizations[0] = wire_member(organization);
    m->n_teacher_organizations = 1;
}

EnableBusinessAccount *
enabling_teacher(struct fixture *f, unsigned n, const char *copy,
                 int64_t copy_version, const char *seen, int64_t seen_version)
{
    given_applicant(f, n);
    if (copy_version > 0)
        given_posts(f, n, copy, copy_version);
    EnableBusinessAccount *m = enabling_operator(f, n);
    with_record(f, m, seen_version, seen);
    return m;
}
