/* Route 2: one unit, and where to apply for its first account: the office phone
 * of the unit that enables it (B8, B10), no person. */
#include "gateway/routes.h"

#include "gateway/organizations/organization.h"
#include "gateway/request/request.h"

enum {
    APPROVER_CODE = ORGANIZATION_COLUMNS,
    APPROVER_NAME,
    APPROVER_PHONE,
};

static void
render_approver(struct bytes *out, const PGresult *result)
{
    if (db_is_null(result, 0, APPROVER_CODE)) {
        json_raw(out, "approvingUnit", NULL);
        return;
    }
    json_open(out, "approvingUnit", '{');
    json_text(out, "code", db_get_text(result, 0, APPROVER_CODE));
    json_text(out, "name", db_get_text(result, 0, APPROVER_NAME));
    json_text(out, "phone", db_get_text(result, 0, APPROVER_PHONE));
    json_close(out, '}');
}

void
http_get_organization(struct http_request *request,
                      struct http_response *response)
{
    CLEANUP(db_params_free) struct db_params params = {0};

    db_text(&params,
            organization_code_typed(request->arena, request->params[0]));
    CLEANUP(result_clear)
    PGresult *result =
        request_query(request, response, "organization_read", &params);
    if (result == NULL)
        return;
    if (PQntuples(result) == 0) {
        http_problem(request, response, "NOT_FOUND", NULL, 0);
        return;
    }
    organization_render(&response->body, result, 0);
    size_t own = response->body.size;
    render_approver(&response->body, result);
    json_close(&response->body, '}');
    request_document_etag(request, response, db_get_int(result, 0, 1), own);
    http_answer(response, 200);
}
