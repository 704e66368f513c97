/* DisableAccounts: a self-command after a unit closed. Orders the disabling of
 * each ACTIVE account there (rule 1), a page at a time: a command changes only
 * rows that it names. It comes after every enabling that was decided before the
 * unit closed, and later ones are refused. Lane: the unit. Serves O3, B13. */
#include "account/account.h"

enum { PAGE = 200 }; /* of active_account_load_children.sql */

void
disable_accounts_keys(struct keys *keys, const void *message)
{
    const DisableAccounts *m = message;

    keys_lane(keys, m->organization);
    keys_row(keys, &organizations, m->organization);
    keys_children(keys, &active_accounts, m->organization);
}

static void
order_disabled(struct decision *decision, const struct active_account *account)
{
    const struct organization *organization =
        row_find(decision, &organizations, account->organization);
    DisableBusinessAccount command;

    inservice__account__v1__disable_business_account__init(&command);
    command.account_id = wire_member(account->account_id);
    command.organization = wire_member(account->organization);
    command.cause =
        (unsigned)(organization->merged_into == NULL ? DISABLED_UNIT_CLOSED
                                                     : DISABLED_MERGED);
    order_self(decision,
               arena_printf(decision->arena, "DisableBusinessAccount/%s",
                            account->account_id),
               account->organization, &command.base);
}

enum end
do_disable_accounts(struct decision *decision, const void *message)
{
    const DisableAccounts *m = message;
    const struct organization *organization =
        row_find(decision, &organizations, m->organization);
    const struct active_account *account = NULL;
    DisableAccounts rest;
    size_t count = 0;

    if (!actor_is_system(decision->order))
        return refuse(decision, "NOT_PERMITTED");
    if (organization == NULL)
        return refuse(decision, "NOT_FOUND");
    if (!organization_is_over((enum organization_state)organization->status))
        return DONE; /* opened again meanwhile */

    for (; (account = row_child(decision, &active_accounts, m->organization,
                                account)) != NULL;
         count++)
        order_disabled(decision, account);
    inservice__account__v1__disable_accounts__init(&rest);
    rest.organization = m->organization;
    if (count >= PAGE)
        order_self(decision, "DisableAccounts", m->organization, &rest.base);
    return DONE;
}
