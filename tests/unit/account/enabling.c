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
with_record(struct fixture *f, EnableBusinessAccount *m, int64_t version,
            const char *organization)
{
    m->teacher_version = version;
    m->teacher_organizations = ARENA_ARRAY(fixture_arena(f), char *, 1);
    m->teacher_organizations[0] = wire_member(organization);
    m->n_teacher_organizations = 1;
}
