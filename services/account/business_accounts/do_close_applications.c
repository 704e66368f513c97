/* CloseApplications: an approver rejects many applications of one unit at once,
 * all or none. An application that has ended is left as it is. Any other
 * objection refuses the command, with a particular for each application. The
 * applications of teachers lie in the lanes of the persons: CloseApplication.
 * Lane: the unit. Serves B11, B12, B14, B20. */
#include <string.h>

#include "account/account.h"

typedef Inservice__Account__V1__WaitingApplication Waiting;

static bool
is_well_formed(const CloseApplications *m)
{
    if (m->n_applications == 0 || m->n_applications > REJECTED_AT_ONCE_MAX)
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
    for (size_t i = 0; i < m->n_applications && i < REJECTED_AT_ONCE_MAX; i++) {
        keys_row(keys, &business_accounts, m->applications[i]->account_id);
        keys_login(keys, m->applications[i]->login);
    }
}

/* Returns NULL if it may be rejected, or has ended. */
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
    return objection_to_closing(account->status, BUSINESS_CLOSE,
                                account->account_id,
                                login_claim_of(decision, waiting->login));
}

/* Returns the first objection, or NULL. Adds a particular for each. */
static const char *
objection_to_any(struct decision *decision, struct organization *organization,
                 const CloseApplications *m)
{
    const char *first = NULL;

    for (size_t i = 0; i < m->n_applications; i++) {
        const Waiting *waiting = m->applications[i];
        const char *objection =
            objection_to_one(decision, organization, waiting);
        if (objection == NULL)
            continue;
        refuse_detail(decision,
                      arena_printf(decision->arena, "/applications/%zu", i),
                      objection, waiting->account_id);
        if (first == NULL)
            first = objection;
    }
    return first;
}

/* An application that has ended is left as it is. */
static void
reject(struct decision *decision, const Waiting *waiting)
{
    struct business_account *account =
        row_find(decision, &business_accounts, waiting->account_id);
    CloseApplication closing;

    if (account->status != ACCOUNT_PENDING)
        return;
    closing_of_business(&closing, account, CLOSED_REJECTED);
    business_application_close(
        decision, account, login_claim_of(decision, waiting->login), &closing);
    subject(decision, account); /* the gateway waits for the last one's state */
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
    for (size_t i = 0; i < m->n_applications; i++)
        reject(decision, m->applications[i]);
    return DONE;
}
