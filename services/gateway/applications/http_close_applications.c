/* http_close_applications: route 90, an approver rejects many applications for
 * business accounts of one unit, with one reason, all or none (B11, B12, B20).
 *
 * A unit full of strangers' applications is cleared with it. The account
 * service decides; here the ids become what its command carries.
 */
#include "gateway/routes.h"

#include <string.h>

#include "chassis/base/clock.h"
#include "chassis/base/wire.h"

#include "gateway/operations/submit.h"
#include "gateway/organizations/organization.h"
#include "gateway/request/form.h"
#include "gateway/request/request.h"

#include "inservice/account/v1/commands.pb-c.h"

typedef Inservice__Account__V1__CloseApplications Close;
typedef Inservice__Account__V1__WaitingApplication Waiting;

enum { REJECTED_MAX = 200 };

enum column {
    ACCOUNT = UNIT_SQL_COLUMNS,
    PERSON,
    LOGIN,
    WANTED_ROLE,
};

static size_t
read_ids(struct form *form, char ***ret_ids)
{
    size_t count = form_codes(form, "applications", REJECTED_MAX, ret_ids);
    struct arena *arena = form->request->arena;
    uint8_t id[16];

    if (count == 0 && form->error_count == 0)
        form_fault(form, "applications", FAULT_MISSING);
    for (size_t i = 0; i < count; i++) {
        bool again = false;
        for (size_t j = 0; j < i; j++)
            again = again || strcasecmp((*ret_ids)[i], (*ret_ids)[j]) == 0;
        if (again || !uuid_parse((*ret_ids)[i], id))
            form_fault(form, arena_printf(arena, "applications/%zu", i),
                       again ? FAULT_LISTED_TWICE : FAULT_ID);
    }
    return count;
}

static PGresult *
read_rows(struct http_request *request, struct http_response *response,
          const char *organization, char *const *ids, size_t count)
{
    struct db_params params = {0};

    db_text(&params, organization);
    db_array(&params, DB_UUID, count);
    for (size_t i = 0; i < count; i++)
        db_uuid(&params, ids[i]);
    PGresult *rows =
        request_query(request, response, "applications_command", &params);
    db_params_free(&params);
    return rows;
}

/* The row of an id; -1: the unit has no such application. */
static int
row_of(struct http_request *request, const PGresult *rows, const char *id)
{
    for (int i = 0; i < PQntuples(rows); i++)
        if (!db_is_null(rows, i, ACCOUNT) &&
            strcasecmp(db_copy_uuid(request->arena, rows, i, ACCOUNT), id) == 0)
            return i;
    return -1;
}

/* Whether the caller may reject this one; false: the response says why. */
static bool
may_reject(struct http_request *request, struct http_response *response,
           const PGresult *rows, int row)
{
    struct unit unit = request_unit(request->arena, rows, row, 0);
    const struct target target = {
        .unit = &unit,
        .account_id = db_copy_uuid(request->arena, rows, row, ACCOUNT),
        .person_id = db_copy_uuid(request->arena, rows, row, PERSON),
        .new_role = (enum role)db_get_int(rows, row, WANTED_ROLE),
        .subject = SUBJECT_BUSINESS_ACCOUNTS,
    };

    return request_allows(request, response, &target, false);
}

/* An approver learns which id is of no application there. */
static bool
fill(struct http_request *request, struct http_response *response,
     const PGresult *rows, char *const *ids, Close *close)
{
    for (size_t i = 0; i < close->n_applications; i++) {
        int row = row_of(request, rows, ids[i]);
        if (row < 0) {
            struct http_error error = {
                .pointer = arena_printf(request->arena, "/applications/%zu", i),
                .code = "NOT_FOUND",
                .detail = "這個單位沒有這筆業務帳號申請。",
            };
            http_problem(request, response, "NOT_FOUND", &error, 1);
            return false;
        }
        Waiting *waiting = ARENA_NEW(request->arena, Waiting);
        inservice__account__v1__waiting_application__init(waiting);
        waiting->account_id = wire_member(ids[i]);
        waiting->login =
            wire_member(db_copy_text(request->arena, rows, row, LOGIN));
        close->applications[i] = waiting;
    }
    return true;
}

static void
submit(struct http_request *request, struct http_response *response,
       const Close *close)
{
    const struct submission submission = {
        .lane_key = close->organization,
        .service = "account",
        .command = &close->base,
        .subject = close->organization,
        .location =
            arena_printf(request->arena, "/v1/applications?organization=%s",
                         close->organization),
        .done_status = 200,
    };

    operation_submit(request, response, &submission);
}

void
http_close_applications(struct http_request *request,
                        struct http_response *response)
{
    struct form form;
    char **ids;
    Close close;

    inservice__account__v1__close_applications__init(&close);
    form_open(&form, request);
    const char *organization = organization_code_form(&form, 1);
    size_t count = read_ids(&form, &ids);
    const char *reason = form_text(&form, "reason", 1, 500);
    if (!request_session(request, response) || !form_close(&form, response))
        return;
    CLEANUP(result_clear)
    PGresult *rows = read_rows(request, response, organization, ids, count);
    if (rows == NULL)
        return;
    if (PQntuples(rows) == 0 || db_is_null(rows, 0, ACCOUNT)) {
        request_unknown(request, response);
        return;
    }
    for (int row = 0; row < PQntuples(rows); row++)
        if (!may_reject(request, response, rows, row))
            return;
    close.organization = wire_member(organization);
    close.n_applications = count;
    close.applications = ARENA_ARRAY(request->arena, Waiting *, count);
    if (!fill(request, response, rows, ids, &close))
        return;
    close.order = order_new(request, -1);
    close.order->reason = wire_member(reason);
    submit(request, response, &close);
}
