/* Route 23: the courses that block the deletion of an account (B15). A course
 * blocks unless it is ROSTER_CONFIRMED or CANCELLED; an unknown state counts as
 * open (B23). */
#include "gateway/routes.h"

#include "gateway/accounts/business_account.h"
#include "gateway/lists/page.h"
#include "gateway/request/render.h"
#include "gateway/request/request.h"

/* Numbers of the course system's contract (C2). */
static const struct word state_rows[] = {
    {0, "UNKNOWN", "狀態不明"},
    {1, "PREPARING", "籌備中"},
    {2, "IN_REVIEW", "審核中"},
    {3, "OPEN", "報名中"},
    {4, "CLOSED", "報名截止"},
    {5, "RUNNING", "研習中"},
    {6, "ROSTER_PENDING", "名單待確認"},
    {7, "ROSTER_RETURNED", "名單退回"},
    {8, "ROSTER_CONFIRMED", "名單確認通過"},
    {9, "CANCELLED", "已取消"},
};
const struct words course_state_words = {"course state", state_rows,
                                         COUNT_OF(state_rows)};

void
open_course_render(struct bytes *out, const PGresult *rows, int row)
{
    json_open(out, NULL, '{');
    json_text(out, "id", db_get_text(rows, row, 0));
    json_text(out, "title", db_get_text(rows, row, 1));
    json_word(out, "state", &course_state_words, (int)db_get_int(rows, row, 2));
    json_text(out, "organization", db_get_text(rows, row, 3));
    json_close(out, '}');
}

void
http_get_open_courses(struct http_request *request,
                      struct http_response *response)
{
    static const char *const first[] = {""};
    CLEANUP(db_params_free) struct db_params params = {0};
    struct page page;

    CLEANUP(result_clear)
    PGresult *account = business_account_read(request, response);
    if (account == NULL ||
        !page_read(request, response, first, COUNT_OF(first), &page))
        return;
    db_uuid(&params, request->params[0]);
    db_text(&params, page.after[0]);
    db_int4(&params, page_wanted(&page));
    CLEANUP(result_clear)
    PGresult *result =
        request_query(request, response, "open_course_list", &params);
    if (result == NULL)
        return;

    struct bytes *out = &response->body;
    const char *last[] = {NULL};
    page_begin(response, &page, result);
    for (int row = 0; row < page.rows; row++) {
        open_course_render(out, result, row);
        last[0] = db_get_text(result, row, 0);
    }
    page_end(request, response, &page, result, last, NULL, NULL);
}
