/* Route 21: locks an account at once.
 *
 * Does not wait for courses (B23). The account service decides about a last
 * CHIEF: a school's needs force by its centre, with a reason; a kindergarten's
 * does not, and the answer warns (B22). */
#include "gateway/routes.h"

#include "gateway/accounts/account_command.h"
#include "gateway/operations/submit.h"

#include "inservice/account/v1/commands.pb-c.h"

typedef Inservice__Account__V1__DisableBusinessAccount Disable;

static void
submit(struct http_request *request, struct http_response *response,
       const struct known_account *account, Order *order)
{
    Disable command;

    inservice__account__v1__disable_business_account__init(&command);
    command.order = order;
    command.account_id = wire_member(request->params[0]);
    command.organization = wire_member(account->unit.code);
    command.cause =
        INSERVICE__ACCOUNT__V1__DISABLED_CAUSE__DISABLED_CAUSE_MANAGER;
    account_submit(request, response, &command.base, command.organization,
                   command.account_id, "/v1/business-accounts", 200);
}

void
http_disable_business_account(struct http_request *request,
                              struct http_response *response)
{
    struct known_account account;
    Order *order;

    if (!account_known(request, response, ACCOUNT_BUSINESS, &account) ||
        !account_allowed(request, response, &account, ROLE_UNSPECIFIED) ||
        !account_order(request, response, &order))
        return;

    submit(request, response, &account, order);
    warn_without_chief(response, &account);
}
