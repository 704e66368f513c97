/* DisableBusinessAccount: locks an account at once, without waiting for courses
 * (B23). A school's last CHIEF needs force by the centre, with a reason; the
 * platform's last CHIEF is never disabled (B22). Lane: the unit. Serves B16,
 * B20. */
#include "account/account.h"

void
disable_business_account_keys(struct keys *keys, const void *message)
{
    const DisableBusinessAccount *m = message;

    account_keys(keys, m->order, m->organization, m->account_id);
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
        objection = objection_to_disabler(decision, organization, account);
    /* The other causes are set by the system only. */
    if (objection == NULL && m->cause != (unsigned)DISABLED_MANAGER)
        objection = "BAD_FORM";
    if (objection == NULL)
        objection = objection_to_transition(account->status, BUSINESS_DISABLE);
    if (objection == NULL)
        objection = objection_to_removal(decision, organization, account);
    if (objection != NULL)
        return refuse(decision, objection);

    business_account_disable(decision, account, organization, BUSINESS_DISABLE,
                             DISABLED_MANAGER, NULL);

    say_business_account_disabled(decision, account);
    return DONE;
}
