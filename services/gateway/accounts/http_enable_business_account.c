/* http_enable_business_account: route 20, a DISABLED account is ACTIVE again.
 *
 * The approver ticks the role (B18); what he does not name stays as it was.
 * Whether it may be enabled is the account service's (B8-B11, B20, B24).
 */
#include "gateway/command.h"
#include "gateway/routes.h"

#include "inservice/account/v1/commands.pb-c.h"

typedef Inservice__Account__V1__EnableBusinessAccount Enable;

struct wish {
    enum role role;
    unsigned permissions;
    int64_t version;
};

static bool
read_wish(struct http_request *request, struct http_response *response,
          const struct known_account *account, struct wish *ret_wish)
{
    struct form form;

    if (!form_open(&form, request, response))
        return false;
    enum role role = (enum role)form_word(&form, "role", &role_words, false);
    unsigned permissions = form_permissions(&form, "permissions");
    if (!form_close(&form, response))
        return false;

    *ret_wish = (struct wish){.role = role, .permissions = permissions};
    if (role == ROLE_UNSPECIFIED)
        ret_wish->role = account->role;
    if (permissions == PERMISSIONS_NONE && ret_wish->role == account->role)
        ret_wish->permissions = account->permissions;
    return request_if_match(request, response, true, &ret_wish->version);
}

static void
submit(struct http_request *request, struct http_response *response,
       const struct known_account *account, const struct wish *wish)
{
    Enable command;

    inservice__account__v1__enable_business_account__init(&command);
    command.order = order_new(request, wish->version);
    command.account_id = command_text(request->params[0]);
    command.organization = command_text(account->unit.code);
    command.person_id = command_text(account->person_id);
    command.login = command_text(account->login);
    command.role = (Inservice__Common__V1__Role)wish->role;
    command.permissions = wish->permissions;
    command.teacher_version = account->teacher_version;
    command.teacher_organizations = (char **)(uintptr_t)account->posts;
    command.n_teacher_organizations = account->post_count;
    account_submit(request, response, &command.base, command.organization,
                   command.account_id, "/v1/business-accounts", 200);
}

void
http_enable_business_account(struct http_request *request,
                             struct http_response *response)
{
    struct known_account account;
    struct wish wish;

    if (!account_known(request, response, ACCOUNT_BUSINESS, &account) ||
        !account_in_reach(request, response, &account) ||
        !read_wish(request, response, &account, &wish) ||
        !account_allowed(request, response, &account, wish.role))
        return;

    submit(request, response, &account, &wish);
}
