/* http_post_import: route 73, checks a file (dry run).
 *
 * The answer names the state of every row: new, the same, differing, or wrong
 * and why. No organization is changed yet. At most two large files are checked
 * at a time, so memory stays bounded. A file that is no list is
 * FILE_UNREADABLE, one with other columns COLUMNS_WRONG; neither is stored.
 */
#include "gateway/events.h"
#include "gateway/routes.h"

#include <stdatomic.h>
#include <string.h>

#include "rules/field_faults.h"

#include "gateway/gateway.h"
#include "gateway/imports/import_rows.h"
#include "gateway/lists/page.h"
#include "gateway/operations/operations.h"
#include "gateway/request/request.h"
#include "gateway/metrics.h"

/* --- the form ----------------------------------------------------------- */

static bool
read_kind(struct http_request *request, struct http_response *response,
          enum import_kind *ret_kind)
{
    if (http_query(request, "kind", 0) == NULL) {
        page_bad(request, response, "kind");
        return false;
    }
    *ret_kind = IMPORT_ORGANIZATIONS;
    return true;
}

/* "代碼、名稱、…": the columns that a file may have. */
static const char *
column_names(struct arena *arena)
{
    const char *names = unit_columns[0].headings[1];

    for (int c = 1; c < UNIT_COLUMNS; c++)
        names =
            arena_printf(arena, "%s、%s", names, unit_columns[c].headings[1]);
    return names;
}

static void
answer_unreadable(struct http_request *request, struct http_response *response,
                  const struct file_fault *fault)
{
    const char *text = cell_fault_text(fault->code);
    struct http_error error = {
        .pointer = "", .code = fault->code, .detail = text};

    if (fault->row > 0)
        error.pointer = arena_printf(request->arena, "/rows/%d", fault->row);
    if (fault->about != NULL)
        error.detail =
            arena_printf(request->arena, "%s：%.200s", text, fault->about);

    if (fault->columns)
        error.detail = arena_printf(request->arena, "%s。可用的欄位：%s。",
                                    error.detail, column_names(request->arena));

    http_problem(request, response,
                 fault->columns ? "COLUMNS_WRONG" : "FILE_UNREADABLE", &error,
                 1);
}

/* --- known units -------------------------------------------------------- */

static struct stored_unit *
known_of(struct arena *arena, const PGresult *rows)
{
    /* The query's columns are those of enum unit_column; the kind is a number.
     */
    int count = PQntuples(rows);
    struct stored_unit *known =
        ARENA_ARRAY(arena, struct stored_unit, (size_t)count + 1);

    for (int row = 0; row < count; row++) {
        for (int c = 0; c < UNIT_COLUMNS; c++)
            known[row].cells[c] =
                c == UNIT_KIND ? "" : db_copy_text(arena, rows, row, c);
        known[row].kind =
            (enum organization_kind)db_get_int(rows, row, UNIT_KIND);
        known[row].open = organization_is_open(
            (enum organization_state)db_get_int(rows, row, UNIT_COLUMNS));
    }
    return known;
}

static void
add_codes(const struct unit_list *list, struct db_params *params)
{
    size_t count;
    const char **codes = unit_list_codes(list, &count);

    db_array(params, DB_TEXT, count);
    for (size_t i = 0; i < count; i++)
        db_text(params, codes[i]);
}

/* False: the problem is in the response. */
static bool
check(struct http_request *request, struct http_response *response,
      struct unit_list *list)
{
    CLEANUP(db_params_free) struct db_params params = {0};
    struct file_fault fault;

    if (!unit_list_read(list, request->arena, request->body, request->body_size,
                        &fault)) {
        answer_unreadable(request, response, &fault);
        return false;
    }
    add_codes(list, &params);
    CLEANUP(result_clear)
    PGresult *rows =
        request_query(request, response, "import_known_units", &params);
    if (rows == NULL)
        return false;
    unit_list_link(list, known_of(request->arena, rows),
                   (size_t)PQntuples(rows));
    return true;
}

/* --- writing and answering ---------------------------------------------- */

/* The id of the import that this key made before. */
static const char *
repeated(struct http_request *request, struct http_response *response,
         const struct import_entry *entry)
{
    CLEANUP(db_params_free) struct db_params params = {0};
    size_t size;

    db_text(&params, entry->scope);
    db_text(&params, entry->key);
    CLEANUP(result_clear)
    PGresult *rows =
        request_query(request, response, "import_repeated", &params);
    if (rows == NULL)
        return NULL;
    if (PQntuples(rows) == 0) {
        request_unavailable(request, response, "import_row_missing");
        return NULL;
    }
    const uint8_t *hash = db_get_bytes(rows, 0, 1, &size);
    if (size == SEAL_DIGEST &&
        memcmp(hash, entry->request_hash, SEAL_DIGEST) == 0)
        return db_copy_uuid(request->arena, rows, 0, 0);
    http_problem(request, response, "IDEMPOTENCY_KEY_REUSED", NULL, 0);
    return NULL;
}

static enum import_written
write_import(const struct import_entry *entry)
{
    struct db *db = pool_take(gateway.pool, clock_monotonic() + SECONDS(5));

    if (db == NULL)
        return IMPORT_NOT_WRITTEN;
    enum import_written written = import_write(db, entry);
    pool_give(gateway.pool, db);
    return written;
}

static void
answer_entry(struct http_request *request, struct http_response *response,
             struct import_entry *entry)
{
    CLEANUP(import_view_clear) struct import_view view = {0};

    switch (write_import(entry)) {
    case IMPORT_NOT_WRITTEN:
        request_unavailable(request, response, "import_write_failed");
        return;
    case IMPORT_REPEATED:
        entry->import_id = repeated(request, response, entry);
        break;
    case IMPORT_WRITTEN:
        log_event(
            import_checked, log_str("import_id", entry->import_id),
            log_int("rows", (int64_t)entry->list->count),
            log_int("faulty", (int64_t)entry->list->in_state[ROW_FAULTY]));
        break;
    }
    view.import_id = entry->import_id;
    if (view.import_id != NULL && import_view_again(request, response, &view))
        import_view_answer(request, response, &view, 201);
}

static void
take_file(struct http_request *request, struct http_response *response,
          const char *key)
{
    const struct principal *principal = request_principal(request);
    char import_id[UUID_TEXT];
    uint8_t hash[SEAL_DIGEST];
    struct unit_list list;

    if (!check(request, response, &list))
        return;
    uuid_v7(import_id);
    operation_hash(request, request->body, request->body_size, hash);
    answer_entry(request, response,
                 &(struct import_entry){
                     .import_id = import_id,
                     .scope = principal->account_id,
                     .key = key,
                     .request_hash = hash,
                     .organization = principal->officer.organization,
                     .list = &list,
                     .at = clock_now(),
                 });
}

/* False: the response holds the refusal. */
static bool
may_import(struct http_request *request, struct http_response *response)
{
    enum import_kind kind;

    if (!request_session(request, response) ||
        !read_kind(request, response, &kind))
        return false;
    const struct officer *officer = &request_principal(request)->officer;
    const struct unit unit = {.code = officer->organization,
                              .kind = officer->kind,
                              .state = ORGANIZATION_ACTIVE};
    return import_allowed(request, response, kind, &unit);
}

void
import_admit(struct http_request *request, struct http_response *response)
{
    (void)!may_import(request, response);
}

void
http_post_import(struct http_request *request, struct http_response *response)
{
    static atomic_int running;
    const char *key;

    if (!may_import(request, response) ||
        !operation_key(request, response, &key))
        return;

    /* A small file needs little memory and is never refused. */
    int large = request->body_size > IMPORT_SMALL ? 1 : 0;
    if (atomic_fetch_add(&running, large) < IMPORT_DRY_RUNS || large == 0) {
        take_file(request, response, key);
    } else {
        metric_add(import_refused_busy_total, "", 1);
        request_unavailable(request, response, "import_busy");
    }
    atomic_fetch_sub(&running, large);
}
