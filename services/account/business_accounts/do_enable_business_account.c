/* EnableBusinessAccount: makes an application an account, or a DISABLED account
 * ACTIVE again, in the role that the approver chose. enabling.c has what the
 * command shares with SucceedChief. Lane: the unit. Serves B8-B10, B18, B20,
 * B21. */
#include "account/account.h"

void
enable_business_account_keys(struct keys *keys, const void *message)
{
    enabling_keys(keys, message);
}

enum end
do_enable_business_account(struct decision *decision, const void *message)
{
    const EnableBusinessAccount *m = message;
    struct organization *organization;
    struct business_account *account;
    const char *objection = account_find(
        decision, m->organization, m->account_id, &organization, &account);

    if (objection == NULL)
        objection = objection_to_approver(decision, organization, account,
                                          (enum role)m->role);
    if (objection == NULL)
        objection =
            objection_to_business_enabling(decision, m, organization, account);
    if (objection != NULL)
        return refuse(decision, objection);

    business_account_enable(decision, m, organization, account);
    return DONE;
}
