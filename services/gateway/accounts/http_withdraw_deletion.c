/* Route 91: the holder takes back that their account be deleted (B13). */
#include "gateway/routes.h"

#include "gateway/accounts/account_command.h"
#include "gateway/operations/submit.h"

#include "inservice/account/v1/commands.pb-c.h"

typedef Inservice__Account__V1__WithdrawDeletion Withdraw;

static void
submit(struct http_request *request, struct http_response *response,
       const struct known_account *account, Order *order)
{
    Withdraw command;

    inservice__account__v1__withdraw_deletion__init(&command);
    command.order = order;
    command.account_id = wire_member(request->params[0]);
    command.organization = wire_member(account->unit.code);
    account_submit(request, response, &command.base, command.organization,
                   command.account_id, "/v1/business-accounts", 200);
}

void
http_withdraw_deletion(struct http_request *request,
                       struct http_response *response)
{
    struct known_account account;
    Order *order;

    if (!account_known(request, response, ACCOUNT_BUSINESS, &account) ||
        !account_allowed(request, response, &account, ROLE_UNSPECIFIED) ||
        !account_order(request, response, &order))
        return;

    submit(request, response, &account, order);
}
