/* http_close_application: route 15, rejects or withdraws an application.
 *
 * The approver rejects it with a reason. The applicant withdraws it, signed in
 * or with the receipt, which only the gateway can check. The account service
 * decides the rest (B12, B14, B20). Route 90 rejects many at once (B11).
 */
#include "gateway/routes.h"

#include "chassis/base/wire.h"

#include "gateway/applications/receipt.h"
#include "gateway/operations/submit.h"
#include "gateway/request/form.h"
#include "gateway/request/request.h"
#include "gateway/teachers/teacher_reach.h"

#include "inservice/account/v1/commands.pb-c.h"

typedef Inservice__Account__V1__CloseApplication Close;

enum column {
    UNIT,
    KIND = UNIT + 5,
    ORGANIZATION,
    PERSON,
    LOGIN,
    WANTED_ROLE,
    RECEIPT_GOOD,
};

static void
send_application(struct db *db, struct http_request *request)
{
    struct db_params params = {0};

    db_uuid(&params, request->params[0]);
    db_send(db, "application_command", &params);
    db_params_free(&params);
}

static void
fill(const struct http_request *request, const PGresult *row, Close *close)
{
    struct arena *arena = request->arena;

    inservice__account__v1__close_application__init(close);
    close->account_kind =
        (Inservice__Account__V1__AccountKind)db_get_int(row, 0, KIND);
    close->account_id = wire_member(request->params[0]);
    close->organization = db_copy_text(arena, row, 0, ORGANIZATION);
    close->person_id = wire_member(db_copy_uuid(arena, row, 0, PERSON));
    close->login = db_copy_text(arena, row, 0, LOGIN);
}

/* The receipt is enough, whatever account is signed in. */
static bool
is_withdrawal(const struct http_request *request, const Close *close,
              bool receipt)
{
    const struct principal *principal = request_principal(request);

    if (receipt || principal->kind == PRINCIPAL_NONE)
        return receipt;
    return authority_is_self(&principal->officer, close->account_id,
                             close->person_id);
}

static bool
is_allowed(struct http_request *request, struct http_response *response,
           const PGresult *row, const Close *close, bool receipt)
{
    struct unit unit = teacher_unit_nearest(request, row, UNIT);
    const struct target target = {
        .unit = &unit,
        .account_id = close->account_id,
        .person_id = close->person_id,
        .new_role = (enum role)db_get_int(row, 0, WANTED_ROLE),
        .subject = db_get_int(row, 0, KIND) == ACCOUNT_BUSINESS
                       ? SUBJECT_BUSINESS_ACCOUNTS
                       : SUBJECT_TEACHERS,
    };

    return request_allows(request, response, &target, receipt);
}

static bool
read_form(struct http_request *request, struct http_response *response,
          bool reason_required, Close *close)
{
    int64_t version;
    struct form form;

    form_open(&form, request);
    const char *reason =
        form_text(&form, "reason", reason_required ? 1 : 0, 500);
    if (!form_close(&form, response) ||
        !request_if_match(request, response, true, &version))
        return false;
    close->order = order_new(request, version);
    close->order->reason = wire_member(reason);
    return true;
}

static void
submit(struct http_request *request, struct http_response *response,
       const Close *close)
{
    bool teacher = close->account_kind ==
                   (Inservice__Account__V1__AccountKind)ACCOUNT_TEACHER;
    bool unnamed = request_principal(request)->kind == PRINCIPAL_NONE;
    const struct submission submission = {
        .lane_key = teacher ? close->person_id : close->organization,
        .service = "account",
        .command = &close->base,
        .subject = close->account_id,
        .location = arena_printf(request->arena, "/v1/applications/%s",
                                 close->account_id),
        .done_status = 200,
        .scope = unnamed ? arena_printf(request->arena, "receipt/%s",
                                        close->account_id)
                         : NULL,
    };

    operation_submit(request, response, &submission);
}

void
http_close_application(struct http_request *request,
                       struct http_response *response)
{
    const char *id;
    Close close;

    if (!request_id(request, response, 0, &id))
        return;
    CLEANUP(result_clear)
    PGresult *row = request_read(request, response, send_application);
    if (row == NULL)
        return;
    if (PQntuples(row) == 0) {
        request_unknown(request, response);
        return;
    }
    bool receipt = receipt_matches(id, http_header(request, "Receipt")) &&
                   db_get_bool(row, 0, RECEIPT_GOOD);
    fill(request, row, &close);
    bool withdrawal = is_withdrawal(request, &close, receipt);
    if (!is_allowed(request, response, row, &close, receipt) ||
        !read_form(request, response, !withdrawal, &close))
        return;
    if (receipt)
        close.evidence = (Inservice__Account__V1__Evidence)EVIDENCE_RECEIPT;
    close.cause =
        withdrawal
            ? INSERVICE__ACCOUNT__V1__CLOSED_CAUSE__CLOSED_CAUSE_WITHDRAWN
            : INSERVICE__ACCOUNT__V1__CLOSED_CAUSE__CLOSED_CAUSE_REJECTED;
    submit(request, response, &close);
}
