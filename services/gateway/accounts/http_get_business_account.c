/* Route 18: one officer's account, for its managers and its holder.
 * `coursesSettled`: a deletion could be decided now (B15). */
#include "gateway/routes.h"

#include "gateway/accounts/business_account.h"
#include "gateway/request/render.h"
#include "gateway/request/request.h"

static void
render_times(struct bytes *out, const PGresult *result)
{
    json_time(out, "appliedAt", db_get_time(result, 0, ACCOUNT_APPLIED_AT));
    json_time(out, "enabledAt", db_get_time(result, 0, ACCOUNT_ENABLED_AT));
    json_time(out, "disabledAt", db_get_time(result, 0, ACCOUNT_DISABLED_AT));
    json_time(out, "deletionRequestedAt",
              db_get_time(result, 0, ACCOUNT_DELETION_REQUESTED_AT));
    json_time(out, "deletedAt", db_get_time(result, 0, ACCOUNT_DELETED_AT));
}

static void
render(struct http_request *request, struct bytes *out, const PGresult *result)
{
    json_open(out, NULL, '{');
    json_text(out, "id", request->params[0]);
    json_int(out, "version", db_get_int(result, 0, ACCOUNT_VERSION));
    json_text(out, "organization",
              db_get_text(result, 0, ACCOUNT_ORGANIZATION));
    json_text(out, "organizationName",
              db_get_text(result, 0, ACCOUNT_UNIT_NAME));
    json_text(out, "name", db_get_text(result, 0, ACCOUNT_NAME));
    json_word(out, "role", &role_words,
              (int)db_get_int(result, 0, ACCOUNT_ROLE));
    json_bits(out, "permissions", &permission_words,
              (unsigned)db_get_int(result, 0, ACCOUNT_PERMISSIONS));
    json_word(out, "status", &account_status_words,
              (int)db_get_int(result, 0, ACCOUNT_STATUS));
    json_word(out, "cause", &disabled_cause_words,
              (int)db_get_int(result, 0, ACCOUNT_CAUSE));
    json_text(out, "login", db_get_text(result, 0, ACCOUNT_LOGIN));
    json_text(out, "phone", db_get_text(result, 0, ACCOUNT_PHONE));
    json_text(out, "email", db_get_text(result, 0, ACCOUNT_EMAIL));
    json_word(out, "wantedRole", &role_words,
              (int)db_get_int(result, 0, ACCOUNT_WANTED_ROLE));
    json_text(out, "succeeds",
              db_copy_uuid(request->arena, result, 0, ACCOUNT_SUCCEEDS));
    json_bool(out, "coursesSettled", db_get_bool(result, 0, ACCOUNT_SETTLED));
    json_int(out, "openCourses", db_get_int(result, 0, ACCOUNT_OPEN_COURSES));
    render_times(out, result);
    json_close(out, '}');
}

void
http_get_business_account(struct http_request *request,
                          struct http_response *response)
{
    CLEANUP(result_clear)
    PGresult *result = business_account_read(request, response);

    if (result == NULL)
        return;
    render(request, &response->body, result);
    request_document_etag(request, response,
                          db_get_int(result, 0, ACCOUNT_VERSION), 0);
    http_answer(response, 200);
}
