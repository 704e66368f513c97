/* http_get_import_rows: route 76, the rows of an import in the file's order.
 *
 * Filtered by state, so that an officer who corrects a file sees the wrong rows
 * only, with each faulty cell and its fault.
 */
#include "gateway/routes.h"

#include <stdlib.h>

#include "gateway/imports/import.h"
#include "gateway/lists/page.h"
#include "gateway/request/render.h"
#include "gateway/request/request.h"

enum { ROW, STATE, CELLS, FAULTS, CODE, VERSION, DECIDED_AT };

static void
render(struct bytes *out, const PGresult *rows, int row)
{
    const char *faults = db_get_text(rows, row, FAULTS);

    json_open(out, NULL, '{');
    json_int(out, "row", db_get_int(rows, row, ROW));
    json_word(out, "state", &row_state_words,
              (int)db_get_int(rows, row, STATE));
    json_raw(out, "cells", db_get_text(rows, row, CELLS));
    json_raw(out, "errors", faults != NULL ? faults : "[]");
    json_text(out, "code", db_get_text(rows, row, CODE));
    if (db_get_int(rows, row, VERSION) > 0) /* a refused one has none */
        json_int(out, "version", db_get_int(rows, row, VERSION));
    json_time(out, "decidedAt", db_get_time(rows, row, DECIDED_AT));
    json_close(out, '}');
}

static bool
bind(struct http_request *request, struct http_response *response,
     const struct import_view *view, struct page *page,
     struct db_params *params)
{
    static const char *const first[] = {"0"};

    if (!page_read(request, response, first, COUNT_OF(first), page))
        return false;
    db_uuid(params, view->import_id);
    db_int4(params, (int)strtol(page->after[0], NULL, 10));
    filter_words(request, "state", &row_state_words, params);
    db_int4(params, page_wanted(page));
    filter_bool(request, "warned", params);
    return true;
}

void
http_get_import_rows(struct http_request *request,
                     struct http_response *response)
{
    CLEANUP(db_params_free) struct db_params params = {0};
    CLEANUP(import_view_clear) struct import_view view;
    struct page page;

    if (!import_view_read(request, response, &view) ||
        !bind(request, response, &view, &page, &params))
        return;
    CLEANUP(result_clear)
    PGresult *rows =
        request_query(request, response, "import_row_list", &params);
    if (rows == NULL)
        return;

    page_begin(response, &page, rows);
    int64_t number = 0;
    for (int row = 0; row < page.rows; row++) {
        render(&response->body, rows, row);
        number = db_get_int(rows, row, ROW);
    }
    const char *last[] = {page_number(request, number)};
    page_end(request, response, &page, rows, last, NULL, NULL);
}
