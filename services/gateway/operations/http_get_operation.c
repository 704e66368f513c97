/* Route 72: one operation, or a stream of its steps.
 *
 * The author of the command may see it; an applicant without an account shows
 * the receipt. With `Accept: text/event-stream` the steps are streamed until
 * the last one. Last-Event-ID continues after the step seen last. A stream
 * sleeps on the same waiters as a request. */
#include "gateway/routes.h"

#include <stdlib.h>
#include <string.h>

#include "gateway/applications/receipt.h"
#include "gateway/gateway.h"
#include "gateway/operations/operation_view.h"
#include "gateway/operations/operations.h"
#include "gateway/request/request.h"

struct stream {
    struct arena *arena;
    char operation_id[UUID_TEXT];
    char command_id[UUID_TEXT];
    int lane;
    enum operation_step seen;
    bool over;
};

static const int64_t stream_pause = SECONDS(1);
static const int64_t seen_pause = MILLISECONDS(20);

static void
send_operation(struct db *db, struct http_request *request)
{
    struct db_params params = {0};

    db_uuid(&params, request->params[0]);
    db_send(db, "operation_read", &params);
    db_params_free(&params);
}

static bool
read_operation(struct http_request *request, struct http_response *response,
               struct operation_view *ret_view)
{
    CLEANUP(result_clear) PGresult *rows = NULL;
    const char *id;

    if (request_id(request, response, 0, &id))
        rows = request_read(request, response, send_operation);
    if (rows == NULL)
        return false;
    if (PQntuples(rows) == 1) {
        operation_view_read(request->arena, rows, ret_view);
        return true;
    }
    request_unknown(request, response);
    return false;
}

/* The applicant without an account. Officers' operations on the application
 * belong to them, although its receipt has the same subject. */
static bool
is_of_proof(const struct operation_view *view)
{
    static const char proof[] = "verification/", receipt[] = "receipt/";

    return strncmp(view->scope, proof, strlen(proof)) == 0 ||
           strncmp(view->scope, receipt, strlen(receipt)) == 0;
}

static bool
is_allowed(struct http_request *request, struct http_response *response,
           const struct operation_view *view)
{
    const struct target target = {.account_id = view->scope};
    const char *receipt = http_header(request, "Receipt");
    bool token = receipt != NULL && is_of_proof(view) &&
                 receipt_matches(view->subject, receipt);

    return request_allows(request, response, &target, token);
}

/* --- the stream --------------------------------------------------------- */

static void
stream_free(void *state)
{
    struct stream *stream = state;

    arena_free(stream->arena);
    free(stream);
}

/* Returns false if this is not possible now; the next turn tries again. */
static bool
stream_read(struct stream *stream, struct operation_view *ret_view)
{
    struct db *db = pool_take(gateway.pool, clock_monotonic() + stream_pause);
    struct db_params params = {0};
    PGresult *rows = NULL;

    if (db == NULL)
        return false;
    db_uuid(&params, stream->operation_id);
    bool read = db_query(db, "operation_read", &params, &rows) == DB_OK &&
                PQntuples(rows) == 1;
    db_params_free(&params);
    pool_give(gateway.pool, db);
    if (read)
        operation_view_read(stream->arena, rows, ret_view);
    PQclear(rows);
    return read;
}

/* Sleeps until the operation has ended. */
static void
stream_sleep(struct stream *stream)
{
    struct waiter waiter;

    if (stream->seen >= STEP_DECIDED) {
        operations_pause(gateway.operations, seen_pause);
        return;
    }
    waiter_add(gateway.operations, &waiter, stream->operation_id,
               stream->command_id, stream->lane, stream->arena);
    (void)!waiter_wait(&waiter, clock_monotonic() + stream_pause);
    waiter_remove(gateway.operations, &waiter);
}

static bool
stream_next(void *state, struct bytes *out)
{
    struct stream *stream = state;
    struct operation_view view;

    arena_reset(stream->arena);
    if (stream_read(stream, &view)) {
        operation_view_events(stream->arena, out, &view, stream->seen);
        if (operation_view_step(&view) > stream->seen)
            stream->seen = operation_view_step(&view);
        stream->over = operation_view_over(&view);
    }
    if (out->size == 0 && !stream->over)
        stream_sleep(stream);
    return !stream->over;
}

static void
answer_stream(struct http_request *request, struct http_response *response,
              const struct operation_view *view)
{
    const char *last = http_header(request, "Last-Event-ID");
    struct stream *stream = calloc(1, sizeof *stream);

    if (stream == NULL)
        out_of_memory(sizeof *stream);
    stream->arena = arena_new(8192);
    memcpy(stream->operation_id, view->operation_id, UUID_TEXT);
    memcpy(stream->command_id, view->command_id, UUID_TEXT);
    stream->lane = view->lane;
    if (last != NULL && last[0] >= '1' && last[0] <= '3' && last[1] == '\0')
        stream->seen = (enum operation_step)(last[0] - '0');
    http_answer_stream(response, "text/event-stream", stream_next, stream,
                       stream_free);
}

/* --- the document ------------------------------------------------------- */

static bool
wants_stream(const struct http_request *request)
{
    const char *accept = http_header_list(request, "Accept");

    return accept != NULL && strstr(accept, "text/event-stream") != NULL;
}

void
http_get_operation(struct http_request *request, struct http_response *response)
{
    struct operation_view view;

    if (!read_operation(request, response, &view) ||
        !is_allowed(request, response, &view))
        return;

    if (wants_stream(request)) {
        answer_stream(request, response, &view);
        return;
    }
    if (!operation_view_over(&view))
        http_set_header(response, "Retry-After", "1");
    operation_view_write(request->arena, &response->body, &view);
    http_answer(response, 200);
}
