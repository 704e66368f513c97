/* http_get_operations: route 71, the caller's operations, newest first.
 *
 * Only the caller's own: the scope is the account. Reads the rows as the lane
 * of views has written them.
 */
#include "gateway/routes.h"

#include "gateway/lists/page.h"
#include "gateway/operations/operation_view.h"
#include "gateway/request/render.h"
#include "gateway/request/request.h"

enum column {
    ID,
    TYPE,
    SUBJECT,
    LOCATION,
    STATE,
    CODE,
    VERSION,
    ACCEPTED_AT,
    DECIDED_AT,
};

static void
render(struct http_request *request, struct bytes *out, const PGresult *rows,
       int row)
{
    const char *type = db_get_text(rows, row, TYPE);
    bool tells = operation_tells_subject(
        type, (enum operation_state)db_get_int(rows, row, STATE));

    json_open(out, NULL, '{');
    json_text(out, "id", db_copy_uuid(request->arena, rows, row, ID));
    json_text(out, "command", command_name(type));
    json_text(out, "state",
              operation_state_name((int)db_get_int(rows, row, STATE)));
    json_text(out, "subject", tells ? db_get_text(rows, row, SUBJECT) : NULL);
    json_text(out, "location", tells ? db_get_text(rows, row, LOCATION) : NULL);
    json_text(out, "code", db_get_text(rows, row, CODE));
    if (db_get_int(rows, row, VERSION) > 0) /* a refused one has none */
        json_int(out, "version", db_get_int(rows, row, VERSION));
    json_time(out, "acceptedAt", db_get_time(rows, row, ACCEPTED_AT));
    json_time(out, "decidedAt", db_get_time(rows, row, DECIDED_AT));
    json_close(out, '}');
}

void
http_get_operations(struct http_request *request,
                    struct http_response *response)
{
    static const char *const first[] = {""};
    CLEANUP(db_params_free) struct db_params params = {0};
    const char *last[] = {NULL};
    struct page page;

    if (!request_session(request, response) ||
        !request_allows(request, response, &(const struct target){0}, false) ||
        !page_read(request, response, first, COUNT_OF(first), &page))
        return;
    db_text(&params, request_principal(request)->account_id);
    db_uuid(&params, page.after[0]);
    db_int4(&params, page_wanted(&page));
    CLEANUP(result_clear)
    PGresult *rows =
        request_query(request, response, "operation_list", &params);
    if (rows == NULL)
        return;

    page_begin(response, &page, rows);
    for (int row = 0; row < page.rows; row++) {
        render(request, &response->body, rows, row);
        last[0] = db_copy_uuid(request->arena, rows, row, ID);
    }
    page_end(request, response, &page, rows, last, NULL, NULL);
}
