/* import_document.c: the JSON of an import, and who may see it.
 *
 * Called by routes 73, 75 to 77. The dry run's part is stored; the states of
 * rows are counted at each request. While rows are under way the document
 * changes without a new version, so it has no ETag then.
 */
#include "gateway/imports/import.h"

#include "gateway/request/render.h"
#include "gateway/request/request.h"

enum {
    IMPORT_ID,
    VERSION,
    KIND,
    STATE,
    REPORT,
    COMMIT_KEY,
    CREATED_AT,
    COMMITTED_AT,
    DONE_AT,
    UNIT,
    WARNED = UNIT + 5,
};
enum { COUNT_STATE, COUNT_CODE, COUNT, COUNT_FIRST, COUNT_LAST };

/* --- reading ------------------------------------------------------------ */

static void
send_import(struct db *db, struct http_request *request)
{
    struct db_params params = {0};

    db_uuid(&params, request->params[0]);
    db_send(db, "import_read", &params);
    db_send(db, "import_counts", &params);
    db_params_free(&params);
}

static void
read_row(struct arena *arena, struct import_view *view)
{
    const PGresult *rows = view->rows;

    view->import_id = db_copy_uuid(arena, rows, 0, IMPORT_ID);
    view->version = db_get_int(rows, 0, VERSION);
    view->kind = (enum import_kind)db_get_int(rows, 0, KIND);
    view->state = (enum import_state)db_get_int(rows, 0, STATE);
    view->commit_key = db_copy_text(arena, rows, 0, COMMIT_KEY);
    view->unit = request_unit(arena, rows, 0, UNIT);
    view->warned = db_get_int(rows, 0, WARNED);
}

void
import_view_clear(struct import_view *view)
{
    PQclear(view->rows);
    PQclear(view->counts);
    view->rows = view->counts = NULL;
}

/* Each kind of import has its own permission. */
bool
import_allowed(struct http_request *request, struct http_response *response,
               enum import_kind kind, const struct unit *unit)
{
    const struct target target = {
        .unit = unit,
        .subject = kind == IMPORT_ORGANIZATIONS ? SUBJECT_ORGANIZATIONS
                                                : SUBJECT_TEACHERS,
    };

    return request_allows(request, response, &target, false);
}

bool
import_view_read(struct http_request *request, struct http_response *response,
                 struct import_view *ret_view)
{
    PGresult *results[2] = {NULL};
    const char *id;

    bool read = request_id(request, response, 0, &id) &&
                request_read_many(request, response, send_import, results, 2);
    *ret_view = (struct import_view){.rows = results[0], .counts = results[1]};
    if (!read)
        return false;
    if (PQntuples(ret_view->rows) == 0) {
        request_unknown(request, response);
        return false;
    }
    read_row(request->arena, ret_view);
    return import_allowed(request, response, ret_view->kind, &ret_view->unit);
}

bool
import_view_again(struct http_request *request, struct http_response *response,
                  struct import_view *view)
{
    CLEANUP(db_params_free) struct db_params params = {0};

    db_uuid(&params, view->import_id);
    import_view_clear(view);
    view->rows = request_query(request, response, "import_read", &params);
    if (view->rows != NULL)
        view->counts =
            request_query(request, response, "import_counts", &params);
    if (view->counts == NULL)
        return false;
    if (PQntuples(view->rows) == 1) {
        read_row(request->arena, view);
        return true;
    }
    request_unknown(request, response);
    return false;
}

/* --- writing ------------------------------------------------------------ */

static int64_t
count_of(const PGresult *counts, enum row_state state)
{
    int64_t count = 0;

    for (int row = 0; row < PQntuples(counts); row++)
        if (db_get_int(counts, row, COUNT_STATE) == state)
            count += db_get_int(counts, row, COUNT);
    return count;
}

/* The number of rows in each state; NEW: no outcome yet. */
static void
write_rows(struct bytes *out, const PGresult *counts, int64_t warned)
{
    int64_t total = 0;

    json_open(out, "rows", '{');
    for (size_t i = 0; i < row_state_words.count; i++) {
        const struct word *word = &row_state_words.rows[i];
        int64_t count = count_of(counts, (enum row_state)word->value);
        json_int(out, word->name, count);
        total += count;
    }
    json_int(out, "total", total);
    json_int(out, "warned", warned);
    json_close(out, '}');
}

static void
write_refusals(struct bytes *out, const PGresult *counts)
{
    json_open(out, "refusals", '[');
    for (int row = 0; row < PQntuples(counts); row++) {
        if (db_get_int(counts, row, COUNT_STATE) != ROW_REFUSED)
            continue;
        json_open(out, NULL, '{');
        json_text(out, "code", db_get_text(counts, row, COUNT_CODE));
        json_int(out, "first", db_get_int(counts, row, COUNT_FIRST));
        json_int(out, "last", db_get_int(counts, row, COUNT_LAST));
        json_int(out, "count", db_get_int(counts, row, COUNT));
        json_close(out, '}');
    }
    json_close(out, ']');
}

static void
write_document(struct bytes *out, const struct import_view *view)
{
    const PGresult *rows = view->rows, *counts = view->counts;

    bytes_clear(out);
    json_open(out, NULL, '{');
    json_text(out, "id", view->import_id);
    json_word(out, "kind", &import_kind_words, (int)view->kind);
    json_word(out, "state", &import_state_words, (int)view->state);
    json_int(out, "version", view->version);
    json_text(out, "organization", view->unit.code);
    bytes_add_char(out, ',');
    bytes_add_text(out, db_get_text(rows, 0, REPORT));
    write_rows(out, counts, view->warned);
    write_refusals(out, counts);
    json_time(out, "createdAt", db_get_time(rows, 0, CREATED_AT));
    json_time(out, "committedAt", db_get_time(rows, 0, COMMITTED_AT));
    json_time(out, "doneAt", db_get_time(rows, 0, DONE_AT));
    json_close(out, '}');
}

void
import_view_answer(struct http_request *request, struct http_response *response,
                   const struct import_view *view, int status)
{
    write_document(&response->body, view);
    if (status != 200)
        http_set_header(
            response, "Location",
            arena_printf(request->arena, "/v1/imports/%s", view->import_id));
    if (view->state == IMPORT_COMMITTING)
        http_set_header(response, "Retry-After", "1");
    else
        request_etag(request, response, view->version);
    http_answer(response, status);
}
