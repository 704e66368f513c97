/* Route 30: takes a teacher's login away; the record stays.
 *
 * By officers of a school where the teacher has a post, and by the platform.
 * The account service decides (T10, T16, B20). */
#include "gateway/routes.h"

#include "gateway/accounts/account_command.h"
#include "gateway/operations/submit.h"

#include "inservice/account/v1/commands.pb-c.h"

typedef Inservice__Account__V1__DisableTeacherAccount Disable;

static void
submit(struct http_request *request, struct http_response *response,
       const struct known_account *account, Order *order)
{
    const struct known_record *record = &account->record;
    Disable command;

    inservice__account__v1__disable_teacher_account__init(&command);
    command.order = order;
    command.account_id = wire_member(request->params[0]);
    command.person_id = wire_member(account->person_id);
    command.cause =
        INSERVICE__ACCOUNT__V1__DISABLED_CAUSE__DISABLED_CAUSE_MANAGER;
    command.teacher_version = record->version;
    command.teacher_incarnation = record->incarnation;
    command.teacher_organizations = (char **)(uintptr_t)record->posts;
    command.n_teacher_organizations = record->post_count;
    account_submit(request, response, &command.base, command.person_id,
                   command.account_id, "/v1/teacher-accounts", 200);
}

void
http_disable_teacher_account(struct http_request *request,
                             struct http_response *response)
{
    struct known_account account;
    Order *order;

    if (!account_known(request, response, ACCOUNT_TEACHER, &account) ||
        !teacher_account_allowed(request, response, &account) ||
        !account_order(request, response, &order))
        return;

    submit(request, response, &account, order);
}
