/* Route 28: a teacher's own login, for officers who manage teachers at one of
 * the teacher's units, and for the teacher. If the teacher has no unit: the
 * platform. Callers from other units see the person masked and no login name.
 */
#include "gateway/routes.h"

#include "rules/masking.h"

#include "gateway/request/render.h"
#include "gateway/request/request.h"
#include "gateway/teachers/teacher_reach.h"

enum column {
    VERSION,
    PERSON,
    STATUS,
    CAUSE,
    LOGIN,
    ORGANIZATION,
    NAME,
    EMAIL,
    SOURCE,
    APPLIED_AT,
    ENABLED_AT,
    DISABLED_AT,
    UNIT,
};

static void
send_account(struct db *db, struct http_request *request)
{
    struct db_params params = {0};

    db_uuid(&params, request->params[0]);
    db_send(db, "teacher_account_read", &params);
    db_params_free(&params);
}

static void
render(struct http_request *request, struct bytes *out, const PGresult *result,
       bool full)
{
    json_open(out, NULL, '{');
    json_text(out, "id", request->params[0]);
    json_int(out, "version", db_get_int(result, 0, VERSION));
    json_text(out, "personId", db_copy_uuid(request->arena, result, 0, PERSON));
    json_word(out, "status", &account_status_words,
              (int)db_get_int(result, 0, STATUS));
    json_word(out, "cause", &disabled_cause_words,
              (int)db_get_int(result, 0, CAUSE));
    json_text(out, "login", full ? db_get_text(result, 0, LOGIN) : NULL);
    json_text(out, "organization", db_get_text(result, 0, ORGANIZATION));
    json_masked(out, "name", db_get_text(result, 0, NAME), full, mask_name);
    json_masked(out, "email", db_get_text(result, 0, EMAIL), full, mask_email);
    json_bool(out, "masked", !full);
    json_word(out, "source", &enable_source_words,
              (int)db_get_int(result, 0, SOURCE));
    json_time(out, "appliedAt", db_get_time(result, 0, APPLIED_AT));
    json_time(out, "enabledAt", db_get_time(result, 0, ENABLED_AT));
    json_time(out, "disabledAt", db_get_time(result, 0, DISABLED_AT));
    json_close(out, '}');
}

void
http_get_teacher_account(struct http_request *request,
                         struct http_response *response)
{
    CLEANUP(result_clear)
    PGresult *result = request_read(request, response, send_account);
    bool full;

    if (result == NULL)
        return;
    if (PQntuples(result) == 0) {
        http_problem(request, response, "NOT_FOUND", NULL, 0);
        return;
    }
    if (!teacher_allows(request, response,
                        teacher_units(request->arena, result, UNIT),
                        (size_t)PQntuples(result), request->params[0],
                        db_copy_uuid(request->arena, result, 0, PERSON), &full))
        return;
    render(request, &response->body, result, full);
    request_document_etag(request, response, db_get_int(result, 0, VERSION),
                          full ? response->body.size : 0);
    http_answer(response, 200);
}
