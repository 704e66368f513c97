/* Route 90: an approver rejects many applications for business accounts of one
 * unit, with one reason, all or none (B11, B12, B20).
 *
 * It clears a unit that strangers have filled with applications. The account
 * service decides; the gateway looks up the values that the command carries.
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

enum column {
    ACCOUNT = UNIT_SQL_COLUMNS,
    PERSON,
    LOGIN,
    WANTED_ROLE,
};

static size_t
read_ids(struct form *form, char ***ret_ids)
{
    size_t count =
        form_codes(form, "applications", REJECTED_AT_ONCE_MAX, ret_ids);
    struct arena *arena = form->request->arena;
    uint8_t id[16];

    if (count == 0 && form->error_count == 0)
        form_fault(form, "applications", FAULT_MISSING);
    for (size_t i = 0; i < count; i++) {
        bool again = false;
        for (size_t j = 0; j < i; j++)
            again = again || strcmp((*ret_ids)[i], (*ret_ids)[j]) == 0;
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

/* False: the response holds the refusal. */
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

/* Whether the unit has all of them and the caller may reject each. Only a
 * caller who may reject the others learns which id is missing. */
static bool
may_reject_all(struct http_request *request, struct http_response *response,
               const PGresult *rows)
{
    int known = 0, missing = -1;

    for (int row = 0; row < PQntuples(rows); row++) {
        if (db_is_null(rows, row, ACCOUNT)) {
            missing = missing < 0 ? row : missing;
            continue;
        }
        known++;
        if (!may_reject(request, response, rows, row))
            return false;
    }
    if (known > 0 && missing >= 0) {
        const struct http_error error = {
            .pointer =
                arena_printf(request->arena, "/applications/%d", missing),
            .code = "NOT_FOUND",
            .detail = "這個單位沒有這筆業務帳號申請。",
        };
        http_problem(request, response, "NOT_FOUND", &error, 1);
    } else if (known == 0) {
        request_unknown(request, response);
    }
    return known > 0 && missing < 0;
}

static void
fill(struct http_request *request, const PGresult *rows, Close *close)
{
    struct arena *arena = request->arena;

    close->n_applications = (size_t)PQntuples(rows);
    close->applications = ARENA_ARRAY(arena, Waiting *, close->n_applications);
    for (int row = 0; row < PQntuples(rows); row++) {
        Waiting *waiting = ARENA_NEW(arena, Waiting);
        inservice__account__v1__waiting_application__init(waiting);
        waiting->account_id =
            wire_member(db_copy_uuid(arena, rows, row, ACCOUNT));
        waiting->login = wire_member(db_copy_text(arena, rows, row, LOGIN));
        close->applications[row] = waiting;
    }
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
    if (!may_reject_all(request, response, rows))
        return;
    fill(request, rows, &close);
    close.organization = wire_member(organization);
    close.order = order_new(request, -1);
    close.order->reason = wire_member(reason);
    submit(request, response, &close);
}
