/* ChangeBusinessAccount: gives an ACTIVE account another role, narrower
 * permissions, or both. To make a CHIEF, or a CHIEF something else, is the
 * centre's (B21). A school's last CHIEF is demoted or disarmed only if the
 * centre forces it with a reason (B22). Lane: the unit. Serves B8, B9, B16,
 * B20, B24. */
#include "account/account.h"

void
change_business_account_keys(struct keys *keys, const void *message)
{
    const ChangeBusinessAccount *m = message;

    account_keys(keys, m->order, m->organization, m->account_id);
}

static bool
names_role(const ChangeBusinessAccount *m)
{
    return m->role_presence_case ==
           INSERVICE__ACCOUNT__V1__CHANGE_BUSINESS_ACCOUNT__ROLE_PRESENCE_ROLE;
}

static bool
names_permissions(const ChangeBusinessAccount *m)
{
    return m->permissions_presence_case ==
           INSERVICE__ACCOUNT__V1__CHANGE_BUSINESS_ACCOUNT__PERMISSIONS_PRESENCE_PERMISSIONS;
}

static struct role_given
given_by(const ChangeBusinessAccount *m, const struct business_account *account,
         const struct organization *organization)
{
    return role_given_to(
        account, organization,
        (enum role)(names_role(m) ? (int32_t)m->role : account->role),
        names_permissions(m) ? &m->permissions : NULL);
}

/* A CHIEF with account management stays one who leads (B22). */
static bool
keeps_the_lead(struct role_given given)
{
    return given.role == ROLE_CHIEF &&
           (given.permissions & PERMISSION_BUSINESS_ACCOUNT_MANAGEMENT) != 0;
}

enum end
do_change_business_account(struct decision *decision, const void *message)
{
    const ChangeBusinessAccount *m = message;
    struct organization *organization;
    struct business_account *account;
    const char *objection = account_find(
        decision, m->organization, m->account_id, &organization, &account);

    if (objection != NULL)
        return refuse(decision, objection);
    struct role_given given = given_by(m, account, organization);
    objection =
        objection_to_approver(decision, organization, account, given.role);
    if (objection == NULL && !names_role(m) && !names_permissions(m))
        objection = "BAD_FORM";
    if (objection == NULL)
        objection = objection_to_transition(account->status, BUSINESS_CHANGE);
    if (objection == NULL)
        objection = objection_to_role(decision, given, organization);
    if (objection == NULL && !keeps_the_lead(given))
        objection = objection_to_removal(decision, organization, account);
    if (objection != NULL)
        return refuse(decision, objection);

    business_account_change(decision, account, organization, BUSINESS_CHANGE,
                            given);
    return DONE;
}
