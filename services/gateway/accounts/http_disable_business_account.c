/* Route 21: locks an account at once.
 *
 * Does not wait for courses (B23). The account service decides about a last
 * CHIEF: a school's needs force by its centre, with a reason; a kindergarten's
 * does not (B22). The answer warns if no CHIEF is left: the read model has
 * applied the unit's state when the command is DONE. */
#include "gateway/routes.h"

#include "chassis/base/clock.h"

#include "gateway/accounts/account_command.h"
#include "gateway/gateway.h"
#include "gateway/operations/submit.h"
#include "gateway/request/form.h"
#include "gateway/request/render.h"

#include "inservice/account/v1/commands.pb-c.h"

typedef Inservice__Account__V1__DisableBusinessAccount Disable;

static bool
read_order(struct http_request *request, struct http_response *response,
           Order **ret_order)
{
    struct form form;
    int64_t version;

    form_open(&form, request);
    Order *order = order_new(request, -1);
    form_reason(&form, order);
    if (!form_close(&form, response) ||
        !request_if_match(request, response, true, &version))
        return false;
    order_expect_request(request, order, version);
    *ret_order = order;
    return true;
}

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

static bool
may_leave_none(const struct known_account *account)
{
    return account->role == ROLE_CHIEF &&
           authority_needs_chief(account->unit.kind);
}

static void
write_warning(struct bytes *out)
{
    json_reopen(out);
    json_open(out, "warnings", '[');
    json_open(out, NULL, '{');
    json_text(out, "code", "UNIT_WITHOUT_CHIEF");
    json_text(out, "detail",
              "此單位已沒有啟用中的總負責人，請儘速啟用新任總負責人。");
    json_close(out, '}');
    json_close(out, ']');
    json_close(out, '}');
}

/* Only a warning: if this read fails, the centre still has its task. */
static void
warn(struct http_response *response, const struct known_account *account)
{
    CLEANUP(db_params_free) struct db_params params = {0};
    CLEANUP(result_clear) PGresult *row = NULL;
    struct db *db = pool_take(gateway.pool, clock_monotonic() + SECONDS(1));

    if (db == NULL)
        return;
    db_text(&params, account->unit.code);
    enum db_end end = db_query(db, "unit_chiefs", &params, &row);
    pool_give(gateway.pool, db);
    if (end == DB_OK && PQntuples(row) == 1 && db_get_int(row, 0, 0) == 0)
        write_warning(&response->body);
}

void
http_disable_business_account(struct http_request *request,
                              struct http_response *response)
{
    struct known_account account;
    Order *order;

    if (!account_known(request, response, ACCOUNT_BUSINESS, &account) ||
        !account_allowed(request, response, &account, ROLE_UNSPECIFIED) ||
        !read_order(request, response, &order))
        return;

    submit(request, response, &account, order);
    if (response->status == 200 && may_leave_none(&account))
        warn(response, &account);
}
