/* http_get_application: route 14, one application. Its readers: the bearer of
 * the receipt, the applicant, the officers who decide on it (a teacher's
 * present school, too).
 *
 * Only the signed-in applicant sees where the person holds an account. An
 * approver learns it from route 16, after the number from the personnel file
 * has matched (B25). A teacher is masked for officers who manage teachers from
 * outside the unit.
 */
#include "gateway/routes.h"

#include "rules/masking.h"

#include "gateway/applications/application.h"
#include "gateway/applications/receipt.h"
#include "gateway/request/render.h"
#include "gateway/request/request.h"
#include "gateway/teachers/teacher_reach.h"

enum column {
    KIND,
    VERSION,
    ORGANIZATION,
    PERSON,
    NAME,
    PHONE,
    EMAIL,
    LOGIN,
    STANDING,
    UNIT_NAME = STANDING + STANDING_COLUMNS,
    UNIT,
    HELD_BY = UNIT + 5,
    HELD_BY_NAME,
    RECEIPT_GOOD,
};

static void
send_application(struct db *db, struct http_request *request)
{
    struct db_params params = {0};

    db_uuid(&params, request->params[0]);
    db_send(db, "application_read", &params);
    db_params_free(&params);
}

static struct target
target_of(struct http_request *request, const PGresult *result,
          const struct unit *unit)
{
    bool business = db_get_int(result, 0, KIND) == ACCOUNT_BUSINESS;

    return (struct target){
        .unit = unit,
        .account_id = request->params[0],
        .person_id = db_copy_uuid(request->arena, result, 0, PERSON),
        .subject = business ? SUBJECT_BUSINESS_ACCOUNTS : SUBJECT_TEACHERS,
    };
}

/* Approvers see an officer in full; only the own school a teacher. */
static bool
is_shown(const struct caller *caller, const struct target *target, bool receipt)
{
    if (receipt || target->subject == SUBJECT_BUSINESS_ACCOUNTS)
        return true;
    return authority_sees_full(caller->officer, target->unit) ||
           authority_is_self(caller->officer, target->account_id,
                             target->person_id);
}

static void
render_person(struct bytes *out, const PGresult *result, bool shown)
{
    json_masked(out, "name", db_get_text(result, 0, NAME), shown, mask_name);
    json_masked(out, "phone", db_get_text(result, 0, PHONE), shown, mask_phone);
    json_masked(out, "email", db_get_text(result, 0, EMAIL), shown, mask_email);
    json_text(out, "login", shown ? db_get_text(result, 0, LOGIN) : NULL);
    json_bool(out, "masked", !shown);
}

static void
render(struct http_request *request, struct bytes *out, const PGresult *result,
       bool shown)
{
    json_open(out, NULL, '{');
    json_text(out, "id", request->params[0]);
    json_word(out, "kind", &account_kind_words,
              (int)db_get_int(result, 0, KIND));
    json_int(out, "version", db_get_int(result, 0, VERSION));
    json_text(out, "organization", db_get_text(result, 0, ORGANIZATION));
    json_text(out, "organizationName", db_get_text(result, 0, UNIT_NAME));
    render_person(out, result, shown);
    application_standing(request, out, result, 0, STANDING);
}

static void
render_holder(struct bytes *out, const PGresult *result)
{
    if (db_is_null(result, 0, HELD_BY)) {
        json_raw(out, "heldBy", NULL);
        return;
    }
    json_open(out, "heldBy", '{');
    json_text(out, "organization", db_get_text(result, 0, HELD_BY));
    json_text(out, "organizationName", db_get_text(result, 0, HELD_BY_NAME));
    json_close(out, '}');
}

void
http_get_application(struct http_request *request,
                     struct http_response *response)
{
    CLEANUP(result_clear)
    PGresult *result = request_read(request, response, send_application);

    if (result == NULL)
        return;
    if (PQntuples(result) == 0) {
        request_unknown(request, response);
        return;
    }
    bool receipt =
        receipt_matches(request->params[0], http_header(request, "Receipt")) &&
        db_get_bool(result, 0, RECEIPT_GOOD);
    struct unit unit = teacher_unit_nearest(request, result, UNIT);
    struct target target = target_of(request, result, &unit);
    struct caller caller = request_caller(request, false);
    bool insider = authority_check(route_by_number(14), &caller, &target) ==
                   AUTHORITY_ALLOWED;
    if (!insider && !request_allows(request, response, &target, receipt))
        return;

    render(request, &response->body, result,
           is_shown(&caller, &target, receipt));
    if (insider &&
        authority_is_self(caller.officer, target.account_id, target.person_id))
        render_holder(&response->body, result);
    json_close(&response->body, '}');
    request_document_etag(request, response, db_get_int(result, 0, VERSION), 0);
    http_answer(response, 200);
}
