/* Route 38: teachers who came, left or will do so, latest move first (T1, T2).
 *
 * Both schools of a move see it with the full name, because both know the
 * person. Centre and platform see masked names. `direction` in or out; `state`
 * planned, done, undone or conflict. */
#include "gateway/routes.h"

#include <stdlib.h>

#include "rules/post.h"

#include "gateway/lists/page.h"
#include "gateway/request/render.h"

/* Sorts after every move: the last second of the year 9999. */
#define TIME_LAST "253402300799000000"

enum column {
    ID,
    PERSON,
    NAME,
    MASKED_NAME,
    TEACHER_VERSION,
    FROM,
    FROM_NAME,
    TO,
    TO_NAME,
    CAUSE,
    POST,
    REASON,
    EFFECTIVE_ON,
    ORDERED_AT,
    DONE_AT,
    UNDONE_AT,
    REACH,
    OWN,
};

static bool
bind(struct http_request *request, struct http_response *response,
     const struct page *page, struct db_params *params)
{
    filter_text(request, "direction", params);
    filter_text(request, "state", params);
    if (!filter_units(request, response, "organization", params))
        return false;
    db_time(params, strtoll(page->after[0], NULL, 10));
    db_uuid(params, page->after[1]);
    db_int4(params, page_wanted(page));
    return true;
}

static void
render(struct http_request *request, struct bytes *out, const PGresult *result,
       int row, const char **ret_last)
{
    bool own = db_get_bool(result, row, OWN);

    json_open(out, NULL, '{');
    json_text(out, "id", db_copy_uuid(request->arena, result, row, ID));
    json_text(out, "personId",
              db_copy_uuid(request->arena, result, row, PERSON));
    if (db_is_null(result, row, TEACHER_VERSION))
        json_raw(out, "teacherVersion", NULL); /* a former school */
    else
        json_int(out, "teacherVersion",
                 db_get_int(result, row, TEACHER_VERSION));
    json_text(out, "name", db_get_text(result, row, own ? NAME : MASKED_NAME));
    json_bool(out, "masked", !own);
    json_text(out, "from", db_get_text(result, row, FROM));
    json_text(out, "fromName", db_get_text(result, row, FROM_NAME));
    json_text(out, "to", db_get_text(result, row, TO));
    json_text(out, "toName", db_get_text(result, row, TO_NAME));
    json_word(out, "cause", &move_cause_words,
              (int)db_get_int(result, row, CAUSE));
    json_word(out, "post", &post_kind_words,
              (int)db_get_int(result, row, POST));
    json_word(out, "reason", &leave_reason_words,
              (int)db_get_int(result, row, REASON));
    json_text(out, "effectiveOn",
              db_copy_date(request->arena, result, row, EFFECTIVE_ON));
    json_time(out, "orderedAt", db_get_time(result, row, ORDERED_AT));
    json_time(out, "doneAt", db_get_time(result, row, DONE_AT));
    json_time(out, "undoneAt", db_get_time(result, row, UNDONE_AT));
    json_close(out, '}');
    ret_last[0] = page_number(request, db_get_time(result, row, ORDERED_AT));
    ret_last[1] = db_copy_uuid(request->arena, result, row, ID);
}

static const struct list list = {
    .query = "move_list",
    .first = {TIME_LAST, ID_LAST},
    .bind = bind,
    .render = render,
};

void
http_get_moves(struct http_request *request, struct http_response *response)
{
    page_answer(request, response, &list);
}
