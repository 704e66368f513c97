/* http_get_tasks: route 70, the caller's tasks. Tasks are not stored: a task
 * exists as long as its reason does (I3).
 *
 * An approver sees tasks by the table of approvers, a centre those of its area,
 * a school its own if the officer may manage teachers.
 */
#include "gateway/routes.h"

#include "chassis/base/clock.h"

#include "gateway/lists/approval.h"
#include "gateway/lists/page.h"
#include "gateway/request/render.h"
#include "gateway/request/request.h"
#include "gateway/gateway.h"

enum column {
    KIND,
    ORGANIZATION,
    ORGANIZATION_NAME,
    SUBJECT,
    ROLE,
    NEW_ROLE,
    AT,
    ABOUT,
};

static bool
bind(struct http_request *request, struct http_response *response,
     const struct page *page, struct db_params *params)
{
    const struct officer *officer = &request_principal(request)->officer;
    unsigned may = officer->permissions;

    (void)response;
    approval_accounts(officer, params);
    db_bool(params, (may & PERMISSION_BUSINESS_ACCOUNT_MANAGEMENT) != 0);
    db_bool(params, (may & PERMISSION_TEACHER_ACCOUNT_MANAGEMENT) != 0);
    db_time(params, clock_now() - DAYS(gateway_settings.undo_days));
    filter_texts(request, "kind", params);
    db_text(params, page->after[0]);
    db_text(params, page->after[1]);
    db_text(params, page->after[2]);
    db_int4(params, page_wanted(page));
    approval_chief_kinds(params);
    return true;
}

static void
render(struct http_request *request, struct bytes *out, const PGresult *result,
       int row, const char **ret_last)
{
    (void)request;
    json_open(out, NULL, '{');
    json_text(out, "kind", db_get_text(result, row, KIND));
    json_text(out, "organization", db_get_text(result, row, ORGANIZATION));
    json_text(out, "organizationName",
              db_get_text(result, row, ORGANIZATION_NAME));
    json_text(out, "subject", db_get_text(result, row, SUBJECT));
    json_word(out, "role", &role_words, (int)db_get_int(result, row, ROLE));
    json_word(out, "wantedRole", &role_words,
              (int)db_get_int(result, row, NEW_ROLE));
    json_time(out, "since", db_get_time(result, row, AT));
    json_text(out, "about", db_get_text(result, row, ABOUT));
    json_close(out, '}');
    ret_last[0] = db_get_text(result, row, KIND);
    ret_last[1] = db_get_text(result, row, ORGANIZATION);
    ret_last[2] = db_get_text(result, row, SUBJECT);
}

static const struct list list = {
    .query = "task_list",
    .first = {"", "", ""},
    .bind = bind,
    .render = render,
};

void
http_get_tasks(struct http_request *request, struct http_response *response)
{
    page_answer(request, response, &list);
}
