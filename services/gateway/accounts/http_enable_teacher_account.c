/* Route 29: a DISABLED teacher account becomes ACTIVE again, with its login.
 *
 * By officers of a school where the teacher has a post. The account service
 * decides (T8, T10, B20). */
#include "gateway/routes.h"

#include "gateway/accounts/account_command.h"
#include "gateway/operations/submit.h"

void
http_enable_teacher_account(struct http_request *request,
                            struct http_response *response)
{
    struct known_account account;
    Order *order;

    if (!account_known(request, response, ACCOUNT_TEACHER, &account) ||
        !teacher_account_allowed(request, response, &account) ||
        !account_order(request, response, &order))
        return;

    const ProtobufCMessage *command = enable_teacher_command(
        request, &(const struct enable_teacher_wish){
                     .account_id = request->params[0],
                     .person_id = account.person_id,
                     .record = &account.record,
                     .by_officer = true,
                     .enabling = ENABLING_DISABLED_ACCOUNT,
                     .order = order,
                 });
    account_submit(request, response, command, account.person_id,
                   request->params[0], "/v1/teacher-accounts", 200);
}
