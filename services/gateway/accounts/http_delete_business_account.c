/* Route 22: ends a DISABLED account.
 *
 * Frees login name and person. The account service checks the courses, because
 * it has what the course system settled (B15, B23). A refusal lists the
 * blocking courses. */
#include "gateway/routes.h"

#include "gateway/accounts/account_command.h"
#include "gateway/operations/submit.h"

#include "inservice/account/v1/commands.pb-c.h"

typedef Inservice__Account__V1__DeleteBusinessAccount Delete;

static void
submit(struct http_request *request, struct http_response *response,
       const struct known_account *account, int64_t version)
{
    Delete command;

    inservice__account__v1__delete_business_account__init(&command);
    command.order = order_new(request, version);
    command.account_id = wire_member(request->params[0]);
    command.organization = wire_member(account->unit.code);
    command.person_id = wire_member(account->person_id);
    command.login = wire_member(account->login);
    account_submit(request, response, &command.base, command.organization,
                   command.account_id, NULL, 200);
}

void
http_delete_business_account(struct http_request *request,
                             struct http_response *response)
{
    struct known_account account;
    int64_t version;

    if (!account_known(request, response, ACCOUNT_BUSINESS, &account) ||
        !account_allowed(request, response, &account, ROLE_UNSPECIFIED) ||
        !request_if_match(request, response, true, &version))
        return;

    submit(request, response, &account, version);
}
