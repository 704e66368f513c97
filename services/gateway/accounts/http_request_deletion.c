/* Route 24: the holder asks that their account be deleted (B13).
 *
 * The approver gets a task. The answer shows the courses that block the
 * deletion, as far as the read model knows them (B15); route 23 lists all. */
#include "gateway/routes.h"

#include "chassis/base/clock.h"

#include "gateway/accounts/account_command.h"
#include "gateway/accounts/business_account.h"
#include "gateway/gateway.h"
#include "gateway/operations/submit.h"
#include "gateway/request/pool.h"
#include "gateway/request/render.h"

#include "inservice/account/v1/commands.pb-c.h"

typedef Inservice__Account__V1__RequestDeletion Request;

enum { COURSES_SHOWN_MAX = 50 };

static void
submit(struct http_request *request, struct http_response *response,
       const struct known_account *account, Order *order)
{
    Request command;

    inservice__account__v1__request_deletion__init(&command);
    command.order = order;
    command.account_id = wire_member(request->params[0]);
    command.organization = wire_member(account->unit.code);
    account_submit(request, response, &command.base, command.organization,
                   command.account_id, "/v1/business-accounts", 200);
}

/* If this read fails, the courses are left out. */
static void
show_blocking(const struct http_request *request,
              struct http_response *response)
{
    CLEANUP(db_params_free) struct db_params params = {0};
    CLEANUP(result_clear) PGresult *rows = NULL;
    struct db *db = pool_take(gateway.pool, clock_monotonic() + SECONDS(1));

    if (db == NULL)
        return;
    db_uuid(&params, request->params[0]);
    db_text(&params, "");
    db_int4(&params, COURSES_SHOWN_MAX);
    enum db_end end = db_query(db, "open_course_list", &params, &rows);
    pool_give(gateway.pool, db);
    if (end != DB_OK)
        return;

    struct bytes *out = &response->body;
    json_reopen(out);
    json_open(out, "openCourses", '[');
    for (int row = 0; row < PQntuples(rows); row++)
        open_course_render(out, rows, row);
    json_close(out, ']');
    json_close(out, '}');
}

void
http_request_deletion(struct http_request *request,
                      struct http_response *response)
{
    struct known_account account;
    Order *order;

    if (!account_known(request, response, ACCOUNT_BUSINESS, &account) ||
        !account_allowed(request, response, &account, ROLE_UNSPECIFIED) ||
        !account_order(request, response, &order))
        return;

    submit(request, response, &account, order);
    if (response->status == 200)
        show_blocking(request, response);
}
