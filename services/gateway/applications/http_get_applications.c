/* http_get_applications: route 13, applications: for business accounts to their
 * approvers, for teacher accounts to officers who manage teachers (B12, B18).
 * Without a filter, those that wait: first applicants whose identity is proven,
 * then the oldest (B11). Teachers' names are masked outside the own unit. */
#include "gateway/routes.h"

#include <stdlib.h>

#include "rules/masking.h"

#include "gateway/applications/application.h"
#include "gateway/lists/approval.h"
#include "gateway/lists/page.h"
#include "gateway/request/render.h"
#include "gateway/request/request.h"

enum column {
    ID,
    KIND,
    VERSION,
    ORGANIZATION,
    ORGANIZATION_NAME,
    REACH,
    NAME,
    STANDING,
    COUNT = STANDING + STANDING_COLUMNS,
};

static bool
bind(struct http_request *request, struct http_response *response,
     const struct page *page, struct db_params *params)
{
    const struct officer *officer = &request_principal(request)->officer;

    approval_units(officer, params);
    db_bool(params, (officer->permissions &
                     PERMISSION_TEACHER_ACCOUNT_MANAGEMENT) != 0);
    if (!filter_units(request, response, "organization", params))
        return false;
    if (http_query(request, "status", 0) == NULL) {
        db_array(params, DB_INT2, 1);
        db_int2(params, ACCOUNT_PENDING);
    } else {
        filter_words(request, "status", &account_status_words, params);
    }
    filter_words(request, "kind", &account_kind_words, params);
    db_bool(params, page->after[0][0] == '1');
    db_time(params, strtoll(page->after[1], NULL, 10));
    db_uuid(params, page->after[2]);
    return page_bind_rows(page, params);
}

static void
render(struct http_request *request, struct bytes *out, const PGresult *result,
       int row, const char **ret_last)
{
    bool shown = db_get_int(result, row, KIND) == ACCOUNT_BUSINESS ||
                 db_get_int(result, row, REACH) == REACH_OWN;

    json_open(out, NULL, '{');
    json_text(out, "id", db_copy_uuid(request->arena, result, row, ID));
    json_word(out, "kind", &account_kind_words,
              (int)db_get_int(result, row, KIND));
    json_int(out, "version", db_get_int(result, row, VERSION));
    json_text(out, "organization", db_get_text(result, row, ORGANIZATION));
    json_text(out, "organizationName",
              db_get_text(result, row, ORGANIZATION_NAME));
    json_masked(out, "name", db_get_text(result, row, NAME), shown, mask_name);
    json_bool(out, "masked", !shown);
    application_standing(request, out, result, row, STANDING);
    json_close(out, '}');
    ret_last[0] =
        db_get_bool(result, row, STANDING + IDENTITY_PROVEN) ? "0" : "1";
    ret_last[1] =
        page_number(request, db_get_time(result, row, STANDING + APPLIED_AT));
    ret_last[2] = db_copy_uuid(request->arena, result, row, ID);
}

static const struct list list = {
    .query = "application_list",
    .first = {"0", "0", ID_FIRST},
    .bind = bind,
    .render = render,
    .count_name = "count",
    .count_column = COUNT,
};

void
http_get_applications(struct http_request *request,
                      struct http_response *response)
{
    page_answer(request, response, &list);
}
