/* http_commit_import: route 77, carries out a checked import.
 *
 * If-Match must name the version that the caller has seen; no row may be wrong
 * (NOT_READY); warnings must be accepted (WARNINGS_NOT_ACCEPTED). Then the
 * worker sends the rows. The request waits as Prefer says and answers 200 with
 * the result, or 202 with the place to look. An import of organizations only
 * adds, so it needs no brake.
 */
#include "gateway/events.h"
#include "gateway/routes.h"

#include <string.h>

#include "chassis/base/process.h"
#include "chassis/lane/service_tables.h"

#include "gateway/gateway.h"
#include "gateway/imports/import.h"
#include "gateway/operations/operations.h"
#include "gateway/operations/submit.h"
#include "gateway/request/form.h"
#include "gateway/request/request.h"

#include "inservice/common/v1/order.pb-c.h"

/* As long as the sweeper sends commands again; the owner checks its own copy of
 * the officer at each row. */
static const int64_t rows_valid = DAYS(2);
static const int64_t look_pause = MILLISECONDS(25);

/* The head of all rows; each row gets its ids when it is sent. */
static struct packed
pack_head(struct http_request *request, const char *import_id)
{
    Order *order = order_new(request, -1);

    order->import_id = arena_strdup(request->arena, import_id);
    order->operation_id = arena_strdup(request->arena, "");
    order->command_id = arena_strdup(request->arena, "");
    order->not_after = order->at + rows_valid;
    return command_pack(request->arena, &order->base);
}

/* False: it was no longer ready, or 503 is in the response. */
static bool
commit(struct http_request *request, struct http_response *response,
       const struct import_view *view, const char *key)
{
    const char *note =
        arena_printf(request->arena, "%s %lld", key, (long long)view->version);
    CLEANUP(db_params_free) struct db_params params = {0};
    struct packed head = pack_head(request, view->import_id);

    db_uuid(&params, view->import_id);
    db_int8(&params, view->version);
    db_text(&params, note);
    db_bytes(&params, head.data, head.size);
    db_text(&params, request->traceparent);
    db_time(&params, clock_now());
    CLEANUP(result_clear)
    PGresult *rows = request_query(request, response, "import_commit", &params);
    return rows != NULL && PQntuples(rows) == 1;
}

static void
answer_changed(struct http_request *request, struct http_response *response,
               const struct import_view *view)
{
    json_t *extra =
        json_pack("{s:I}", "currentVersion", (json_int_t)view->version);
    json_t *state = present_state(request, response);

    if (state != NULL)
        json_object_set_new(extra, "current", state);
    http_problem_with(request, response, "CHANGED", NULL, 0, extra);
    json_decref(extra);
    request_etag(request, response, view->version);
}

/* Whether this request may commit it. False: the response holds the problem. */
static bool
is_ready(struct http_request *request, struct http_response *response,
         const struct import_view *view, bool accepted)
{
    if (!request_names_version(request, view->version)) {
        answer_changed(request, response, view);
        return false;
    }
    if (view->state == IMPORT_READY && (accepted || view->warned == 0))
        return true;
    http_problem(request, response,
                 view->state == IMPORT_READY ? "WARNINGS_NOT_ACCEPTED"
                                             : "NOT_READY",
                 NULL, 0);
    return false;
}

/* commit_key holds the key and the version that the committing request named,
 * with a blank between. False: 422, the key came with another If-Match. */
static bool
is_repetition(struct http_request *request, struct http_response *response,
              const struct import_view *view, const char *key, bool *ret_again)
{
    size_t size = strlen(key);
    const char *note = view->commit_key;

    *ret_again = note != NULL && strncmp(note, key, size) == 0 &&
                 (note[size] == ' ' || note[size] == '\0');
    if (!*ret_again || note[size] == '\0' ||
        request_names_version(request, strtoll(note + size, NULL, 10)))
        return true;
    http_problem(request, response, "IDEMPOTENCY_KEY_REUSED", NULL, 0);
    return false;
}

/* False: 503 is in the response. */
static bool
is_under_way(struct http_request *request, struct http_response *response,
             const char *import_id, bool *ret_under_way)
{
    CLEANUP(db_params_free) struct db_params params = {0};

    db_uuid(&params, import_id);
    CLEANUP(result_clear)
    PGresult *rows = request_query(request, response, "import_state", &params);
    if (rows == NULL)
        return false;
    *ret_under_way =
        PQntuples(rows) == 1 && db_get_int(rows, 0, 0) == IMPORT_COMMITTING;
    return true;
}

static void
wait_and_answer(struct http_request *request, struct http_response *response,
                struct import_view *view)
{
    int64_t wait = prefer_wait(http_header_list(request, "Prefer"),
                               gateway_settings.wait_default);
    int64_t deadline = clock_monotonic() + wait;
    bool under_way;

    do {
        if (!is_under_way(request, response, view->import_id, &under_way))
            return;
    } while (under_way && clock_monotonic() < deadline && !service_stopping() &&
             operations_pause(gateway.operations, look_pause));
    if (import_view_again(request, response, view))
        import_view_answer(request, response, view,
                           view->state == IMPORT_COMMITTING ? 202 : 200);
}

/* The body is optional: it only accepts warnings. False: 400. */
static bool
read_body(struct http_request *request, struct http_response *response,
          bool *ret_accepted)
{
    struct form form;

    *ret_accepted = false;
    if (request->body_size == 0)
        return true;
    form_open(&form, request);
    *ret_accepted = form_bool(&form, "acceptWarnings", false);
    return form_close(&form, response);
}

void
http_commit_import(struct http_request *request, struct http_response *response)
{
    CLEANUP(import_view_clear) struct import_view view;
    int64_t expected;
    const char *key;
    bool accepted;

    if (!import_view_read(request, response, &view) ||
        !read_body(request, response, &accepted) ||
        !request_if_match(request, response, true, &expected) ||
        !operation_key(request, response, &key))
        return;

    bool again = false;
    if (!is_repetition(request, response, &view, key, &again))
        return;
    if (!again) {
        if (!is_ready(request, response, &view, accepted))
            return;
        if (!commit(request, response, &view, key)) {
            if (response->status == 0) /* another request was faster */
                answer_changed(request, response, &view);
            return;
        }
        log_event(import_committed, log_str("import_id", view.import_id),
                  log_int("accepted", view.warned));
        imports_wake();
    }
    wait_and_answer(request, response, &view);
}
