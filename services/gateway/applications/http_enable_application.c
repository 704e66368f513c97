/* http_enable_application: route 16, an application becomes an account.
 *
 * The approver chooses the role and enters the ID number from the personnel
 * file; number_confirmed() compares it with the applicant's. No number is
 * needed if the applicant was signed in. The account service decides (B8-B11,
 * B18, B20, B25, T8).
 */
#include "gateway/routes.h"

#include "gateway/accounts/account_command.h"
#include "gateway/applications/application.h"
#include "gateway/operations/submit.h"
#include "gateway/request/form.h"

struct wish {
    struct enable_wish enable; /* teacher account: the version only */
    const char *number;
};

static bool
read_wish(struct http_request *request, struct http_response *response,
          const struct known_account *account, struct wish *ret_wish)
{
    bool business = account->kind == ACCOUNT_BUSINESS;
    struct form form;

    form_open(&form, request);
    *ret_wish = (struct wish){
        .enable.enabling = ENABLING_APPLICATION,
        .number =
            form_text(&form, "number", account->identity_proven ? 0 : 1, 64),
    };
    if (business) {
        ret_wish->enable.role =
            (enum role)form_word(&form, "role", &role_words, true);
        ret_wish->enable.permissions_given = form_permissions(
            &form, "permissions", &ret_wish->enable.permissions);
        ret_wish->enable.employed_here =
            form_bool(&form, "employedHere", false);
    }
    return form_close(&form, response);
}

static bool
is_confirmed(struct http_request *request, struct http_response *response,
             const struct known_account *account, struct wish *wish)
{
    if (*wish->number == '\0')
        return true;
    if (!number_confirmed(request, response, request->params[0], wish->number,
                          account->person_id))
        return false;
    wish->enable.evidence = EVIDENCE_NUMBER_CONFIRMED;
    return true;
}

static void
submit_teacher(struct http_request *request, struct http_response *response,
               const struct known_account *account, const struct wish *wish)
{
    const ProtobufCMessage *command = enable_teacher_command(
        request, &(const struct enable_teacher_wish){
                     .account_id = request->params[0],
                     .person_id = account->person_id,
                     .login = account->login,
                     .organization = account->organization,
                     .record = &account->record,
                     .by_officer = true,
                     .enabling = ENABLING_APPLICATION,
                     .evidence = wish->enable.evidence,
                     .version = wish->enable.version,
                 });

    account_submit(request, response, command, account->person_id,
                   request->params[0], "/v1/teacher-accounts", 200);
}

void
http_enable_application(struct http_request *request,
                        struct http_response *response)
{
    struct known_account account;
    struct wish wish;

    if (!account_known(request, response, ACCOUNT_KIND_UNSPECIFIED, &account) ||
        !account_in_reach(request, response, &account) ||
        !read_wish(request, response, &account, &wish) ||
        !account_allowed(request, response, &account, wish.enable.role) ||
        !request_if_match(request, response, true, &wish.enable.version) ||
        !is_confirmed(request, response, &account, &wish))
        return;

    if (account.kind == ACCOUNT_BUSINESS)
        enable_submit(request, response, &account, &wish.enable);
    else
        submit_teacher(request, response, &account, &wish);
}
