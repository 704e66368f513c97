/* WithdrawDeletion: the holder takes back what they asked for, before the
 * account is deleted. Without a request it is done without a change. Lane: the
 * unit. Serves B13. */
#include "account/account.h"

void
withdraw_deletion_keys(struct keys *keys, const void *message)
{
    const WithdrawDeletion *m = message;

    account_keys(keys, m->order, m->organization, m->account_id);
}

enum end
do_withdraw_deletion(struct decision *decision, const void *message)
{
    const WithdrawDeletion *m = message;
    struct organization *organization;
    struct business_account *account;
    const char *objection = account_find(
        decision, m->organization, m->account_id, &organization, &account);

    if (objection == NULL)
        objection = objection_to_stranger(decision, account);
    if (objection == NULL)
        objection = objection_to_transition(
            account->status, transition_from(account->status, BUSINESS_REQUEST,
                                             BUSINESS_REQUEST_LOCKED));
    if (objection != NULL)
        return refuse(decision, objection);

    if (account->deletion_requested_at == DB_NO_TIME)
        return DONE;
    business_account_request(decision, account, DB_NO_TIME);

    DeletionWithdrawn said;
    inservice__account__v1__deletion_withdrawn__init(&said);
    said.account_id = wire_member(account->account_id);
    said.organization = wire_member(account->organization);
    say(decision, account, &said.base);
    return DONE;
}
