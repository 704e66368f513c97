/* http_enable_business_account: route 20, a DISABLED account is ACTIVE again.
 *
 * The approver ticks the role (B18); what he does not name stays as it was.
 * Whether it may be enabled is the account service's (B8-B11, B20, B24).
 */
#include "gateway/command.h"
#include "gateway/routes.h"

static bool
read_wish(struct http_request *request, struct http_response *response,
          const struct known_account *account, struct enable_wish *ret_wish)
{
    struct form form;

    if (!form_open(&form, request, response))
        return false;
    enum role role = (enum role)form_word(&form, "role", &role_words, false);
    unsigned permissions = form_permissions(&form, "permissions");
    if (!form_close(&form, response))
        return false;

    *ret_wish = (struct enable_wish){.role = role, .permissions = permissions};
    if (role == ROLE_UNSPECIFIED)
        ret_wish->role = account->role;
    if (permissions == PERMISSIONS_NONE && ret_wish->role == account->role)
        ret_wish->permissions = account->permissions;
    return request_if_match(request, response, true, &ret_wish->version);
}

void
http_enable_business_account(struct http_request *request,
                             struct http_response *response)
{
    struct known_account account;
    struct enable_wish wish;

    if (!account_known(request, response, ACCOUNT_BUSINESS, &account) ||
        !account_in_reach(request, response, &account) ||
        !read_wish(request, response, &account, &wish) ||
        !account_allowed(request, response, &account, wish.role))
        return;

    enable_submit(request, response, &account, &wish);
}
