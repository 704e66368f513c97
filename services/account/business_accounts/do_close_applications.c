/* CloseApplications: an approver rejects many applications of one unit at once,
 * all or none. One that has ended is left as it is; for any other reason that
 * speaks against one the command is refused, with a particular for each. A
 * teacher's application lies in the lane of the person: CloseApplication.
 * Lane: the unit. Serves B11, B12, B14, B20. */
#include <string.h>

#include "account/account.h"

enum { REJECTED_MAX = 200 };

typedef Inservice__Account__V1__WaitingApplication Waiting;

static bool
is_well_formed(const CloseApplications *m)
{
    if (m->n_applications == 0 || m->n_applications > REJECTED_MAX)
        return false;
    for (size_t i = 0; i < m->n_applications; i++) {
        if (!is_id(m->applications[i]->account_id))
            return false;
        for (size_t j = 0; j < i; j++)
            if (strcmp(m->applications[i]->account_id,
                       m->applications[j]->account_id) == 0)
                return false;
    }
    return true;
}

void
close_applications_keys(struct keys *keys, const void *message)
{
    const CloseApplications *m = message;

    keys_lane(keys, m->organization);
    actor_keys(keys, m->order, m->organization);
    keys_row(keys, &organizations, m->organization);
    keys_row(keys, &unit_loads, m->organization);
    for (size_t i = 0; i < m->n_applications && i < REJECTED_MAX; i++) {
        keys_row(keys, &business_accounts, m->applications[i]->account_id);
        keys_login(keys, m->applications[i]->login);
    }
}

/* NULL: it may be rejected, or has ended. */
static const char *
objection_to_one(struct decision *decision, struct organization *organization,
                 const Waiting *waiting)
{
    const struct business_account *account =
        row_find(decision, &business_accounts, waiting->account_id);
    const char *objection =
        objection_to_account(decision, organization, account);

    if (objection == NULL)
        objection = objection_to_approver(decision, organization, account,
                                          (enum role)account->wanted_role);
    if (objection != NULL || account->status == ACCOUNT_CLOSED)
        return objection;
    if (account->status != ACCOUNT_PENDING)
        return "NOT_PENDING";
    const struct login_claim *login = login_claim_of(decision, waiting->login);
    return login != NULL && same_text(login->account_id, account->account_id)
               ? NULL
               : "CHANGED";
}

/* The first objection; each is a particular of the refusal. */
static const char *
objection_to_any(struct decision *decision, struct organization *organization,
                 const CloseApplications *m)
{
    const char *first = NULL;

    for (size_t i = 0; i < m->n_applications; i++) {
        const char *objection =
            objection_to_one(decision, organization, m->applications[i]);
        if (objection == NULL)
            continue;
        refuse_detail(decision,
                      arena_printf(decision->arena, "/applications/%zu", i),
                      objection, "");
        if (first == NULL)
            first = objection;
    }
    return first;
}

enum end
do_close_applications(struct decision *decision, const void *message)
{
    const CloseApplications *m = message;
    struct organization *organization =
        row_find(decision, &organizations, m->organization);

    if (!is_well_formed(m))
        return refuse(decision, "BAD_FORM");
    const char *objection = objection_to_any(decision, organization, m);
    if (objection != NULL)
        return refuse(decision, objection);

    for (size_t i = 0; i < m->n_applications; i++) {
        const Waiting *waiting = m->applications[i];
        struct business_account *account =
            row_find(decision, &business_accounts, waiting->account_id);
        if (account->status != ACCOUNT_PENDING)
            continue;
        CloseApplication closing;
        inservice__account__v1__close_application__init(&closing);
        closing.account_kind = (unsigned)ACCOUNT_BUSINESS;
        closing.account_id = wire_member(account->account_id);
        closing.organization = m->organization;
        closing.person_id = wire_member(account->person_id);
        closing.cause = (unsigned)CLOSED_REJECTED;
        business_application_close(decision, account,
                                   login_claim_of(decision, waiting->login),
                                   &closing);
        subject(decision, account); /* the last one's state is awaited */
    }
    return DONE;
}
