/* Route 20: a DISABLED account becomes ACTIVE again.
 *
 * The approver chooses the role (B18); absent fields stay unchanged. The
 * account service decides whether it may be enabled (B8-B11, B20, B24, T15a).
 */
#include "gateway/routes.h"

#include "gateway/accounts/account_command.h"
#include "gateway/request/form.h"

static bool
read_wish(struct http_request *request, struct http_response *response,
          const struct known_account *account, struct enable_wish *ret_wish)
{
    struct form form;

    form_open(&form, request);
    enum role role = (enum role)form_word(&form, "role", &role_words, false);
    *ret_wish = (struct enable_wish){
        .role = role == ROLE_UNSPECIFIED ? account->role : role,
        .enabling = ENABLING_DISABLED_ACCOUNT,
    };
    ret_wish->permissions_given =
        form_permissions(&form, "permissions", &ret_wish->permissions);
    ret_wish->employed_here = form_bool(&form, "employedHere", false);
    return form_close(&form, response);
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
        !account_allowed(request, response, &account, wish.role) ||
        !request_if_match(request, response, true, &wish.version))
        return;

    enable_submit(request, response, &account, &wish);
}
