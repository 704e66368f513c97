/* RequestDeletion: the holder asks to be deleted. The approver gets a task.
 * Once the account is DISABLED and its last course is closed, it is deleted by
 * itself (order_deletion_if_due()). To ask again is done without a change.
 * Lane: the unit. Serves B13. */
#include "account/account.h"

void
request_deletion_keys(struct keys *keys, const void *message)
{
    const RequestDeletion *m = message;

    account_keys(keys, m->order, m->organization, m->account_id);
}

enum end
do_request_deletion(struct decision *decision, const void *message)
{
    const RequestDeletion *m = message;
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

    if (account->deletion_requested_at != DB_NO_TIME)
        return DONE;
    business_account_request(decision, account, decision->now);

    DeletionRequested said;
    inservice__account__v1__deletion_requested__init(&said);
    said.account_id = wire_member(account->account_id);
    said.organization = wire_member(account->organization);
    say(decision, account, &said.base);
    order_deletion_if_due(decision, account);
    return DONE;
}
