/* http_enable_application: route 16, an application becomes an account.
 *
 * The approver ticks the role and enters the ID number from the personnel file
 * (not needed where the applicant was signed in): it must be the applicant's,
 * which number_confirmed() checks. Whether it can be enabled is the account
 * service's (B8-B11, B18, B20, B25, T8).
 */
#include "gateway/routes.h"

#include "gateway/accounts/account_command.h"
#include "gateway/applications/application.h"
#include "gateway/operations/submit.h"
#include "gateway/request/form.h"

#include "inservice/account/v1/commands.pb-c.h"

typedef Inservice__Account__V1__EnableTeacherAccount EnableTeacher;

struct wish {
    struct enable_wish enable; /* of a teacher account the version only */
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

/* The number from the personnel file is the applicant's. */
static bool
is_confirmed(struct http_request *request, struct http_response *response,
             const struct known_account *account, struct wish *wish)
{
    if (*wish->number == '\0')
        return true;
    if (!number_confirmed(request, response, wish->number, account->person_id))
        return false;
    wish->enable.evidence = EVIDENCE_NUMBER_CONFIRMED;
    return true;
}

static void
submit_teacher(struct http_request *request, struct http_response *response,
               const struct known_account *account, const struct wish *wish)
{
    EnableTeacher command;

    inservice__account__v1__enable_teacher_account__init(&command);
    command.order = order_new(request, wish->enable.version);
    command.account_id = wire_member(request->params[0]);
    command.person_id = wire_member(account->person_id);
    command.login = wire_member(account->login);
    command.source =
        INSERVICE__ACCOUNT__V1__ENABLE_SOURCE__ENABLE_SOURCE_OFFICER;
    command.teacher_version = account->teacher_version;
    command.teacher_incarnation = account->teacher_incarnation;
    command.teacher_organizations = (char **)(uintptr_t)account->posts;
    command.n_teacher_organizations = account->post_count;
    command.enabling = INSERVICE__ACCOUNT__V1__ENABLING__ENABLING_APPLICATION;
    command.evidence = (Inservice__Account__V1__Evidence)wish->enable.evidence;
    command.organization = wire_member(account->organization);
    command.name = wire_member(account->teacher_name);
    command.email = wire_member(account->teacher_email);
    account_submit(request, response, &command.base, command.person_id,
                   command.account_id, "/v1/teacher-accounts", 200);
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
