/* See business_account.h. Called by the handlers that show one account; each
 * route's row has its own rights. */
#include "gateway/accounts/business_account.h"

#include "gateway/request/request.h"

static void
send_account(struct db *db, struct http_request *request)
{
    struct db_params params = {0};

    db_uuid(&params, request->params[0]);
    db_send(db, "business_account_read", &params);
    db_params_free(&params);
}

static bool
allowed(struct http_request *request, struct http_response *response,
        const PGresult *result)
{
    struct unit unit = request_unit(request->arena, result, 0, ACCOUNT_UNIT);
    const struct target target = {
        .unit = &unit,
        .account_id = request->params[0],
        .person_id = db_copy_uuid(request->arena, result, 0, ACCOUNT_PERSON),
        .role = (enum role)db_get_int(result, 0, ACCOUNT_ROLE),
        .subject = SUBJECT_BUSINESS_ACCOUNTS,
    };

    return request_allows(request, response, &target, false);
}

PGresult *
business_account_read(struct http_request *request,
                      struct http_response *response)
{
    PGresult *result = request_read(request, response, send_account);

    if (result == NULL)
        return NULL;
    if (PQntuples(result) == 0)
        http_problem(request, response, "NOT_FOUND", NULL, 0);
    else if (allowed(request, response, result))
        return result;
    PQclear(result);
    return NULL;
}
