/* Route 19: another role or narrower permissions for an ACTIVE account.
 *
 * Absent fields stay unchanged; a new role without permissions brings all of
 * its own. The account service decides (B8, B9, B16, B20-B22, B24). The answer
 * warns if a kindergarten, or a unit whose last CHIEF was forced out, has no
 * CHIEF now. */
#include "gateway/routes.h"

#include "gateway/accounts/account_command.h"
#include "gateway/operations/submit.h"
#include "gateway/request/form.h"

#include "inservice/account/v1/commands.pb-c.h"

typedef Inservice__Account__V1__ChangeBusinessAccount Change;

struct wish {
    enum role role; /* UNSPECIFIED: not named */
    bool permissions_named;
    unsigned permissions;
    Order *order;
};

static bool
read_wish(struct http_request *request, struct http_response *response,
          struct wish *ret_wish)
{
    struct form form;

    form_open(&form, request);
    *ret_wish = (struct wish){
        .role = (enum role)form_word(&form, "role", &role_words, false),
        .order = order_new(request, -1),
    };
    ret_wish->permissions_named =
        form_permissions(&form, "permissions", &ret_wish->permissions);
    form_reason(&form, ret_wish->order);
    if (ret_wish->role == ROLE_UNSPECIFIED && !ret_wish->permissions_named)
        form_fault(&form, "role", FAULT_MISSING);
    return form_close(&form, response);
}

static void
submit(struct http_request *request, struct http_response *response,
       const struct known_account *account, const struct wish *wish)
{
    Change command;

    inservice__account__v1__change_business_account__init(&command);
    command.order = wish->order;
    command.account_id = wire_member(request->params[0]);
    command.organization = wire_member(account->unit.code);
    if (wish->role != ROLE_UNSPECIFIED) {
        command.role_presence_case =
            INSERVICE__ACCOUNT__V1__CHANGE_BUSINESS_ACCOUNT__ROLE_PRESENCE_ROLE;
        command.role = (Inservice__Common__V1__Role)wish->role;
    }
    if (wish->permissions_named) {
        command.permissions_presence_case =
            INSERVICE__ACCOUNT__V1__CHANGE_BUSINESS_ACCOUNT__PERMISSIONS_PRESENCE_PERMISSIONS;
        command.permissions = wish->permissions;
    }
    account_submit(request, response, &command.base, command.organization,
                   command.account_id, "/v1/business-accounts", 200);
}

void
http_patch_business_account(struct http_request *request,
                            struct http_response *response)
{
    struct known_account account;
    struct wish wish;
    int64_t version;

    if (!account_known(request, response, ACCOUNT_BUSINESS, &account) ||
        !account_in_reach(request, response, &account) ||
        !read_wish(request, response, &wish) ||
        !account_allowed(request, response, &account,
                         wish.role == ROLE_UNSPECIFIED ? account.role
                                                       : wish.role) ||
        !request_if_match(request, response, true, &version))
        return;

    order_expect_request(request, wish.order, version);
    submit(request, response, &account, &wish);
    warn_without_chief(response, &account);
}
