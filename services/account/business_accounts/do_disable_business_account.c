/* DisableBusinessAccount: locks an account at once, without waiting for courses
 * (B23). A school's last CHIEF needs force by the centre, with a reason; the
 * platform's last CHIEF is never disabled (B22). The accounts of a unit that
 * has closed are disabled by the system. Lane: the unit. Serves B16, B20, O3.
 */
#include "account/account.h"

void
disable_business_account_keys(struct keys *keys, const void *message)
{
    const DisableBusinessAccount *m = message;

    account_keys(keys, m->order, m->organization, m->account_id);
}

/* The other causes are the system's, after the unit has closed (O3). */
static const char *
objection_to_disabling(struct decision *decision, unsigned cause,
                       const struct organization *organization,
                       const struct business_account *account)
{
    const char *objection = NULL;
    bool by_officer = cause == (unsigned)DISABLED_MANAGER;

    if (by_officer)
        objection = objection_to_disabler(decision, organization, account);
    else if (!actor_is_system(decision->order) ||
             !organization_is_over(
                 (enum organization_state)organization->status))
        objection = "BAD_FORM";
    if (objection == NULL)
        objection = objection_to_transition(account->status, BUSINESS_DISABLE);
    if (objection == NULL && by_officer)
        objection = objection_to_removal(decision, organization, account);
    return objection;
}

enum end
do_disable_business_account(struct decision *decision, const void *message)
{
    const DisableBusinessAccount *m = message;
    struct organization *organization;
    struct business_account *account;
    const char *objection = account_find(
        decision, m->organization, m->account_id, &organization, &account);

    if (objection == NULL)
        objection =
            objection_to_disabling(decision, m->cause, organization, account);
    if (objection != NULL)
        return refuse(decision, objection);

    business_account_disable(decision, account, organization, BUSINESS_DISABLE,
                             (enum disabled_cause)m->cause, NULL);

    say_business_account_disabled(decision, account);
    return DONE;
}
