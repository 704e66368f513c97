/* Submits a command: key, row, send, wait, answer.
 *
 * Called by every handler that gives a command. The row is written before the
 * command is sent; the waiter is registered before the row is written. The
 * request sleeps once, until the outcome can be read or Prefer's time is over.
 * Decides nothing about the command itself. */
#include <stdio.h>
#include <string.h>

#include "rules/field_faults.h"
#include "rules/refusals.h"

#include "gateway/gateway.h"
#include "gateway/operations/internal.h"
#include "gateway/operations/submit.h"
#include "gateway/request/request.h"
#include "gateway/metrics.h"

static const int64_t shortest_pause = MILLISECONDS(10);
static const int64_t longest_pause = MILLISECONDS(160);
/* By then the owner usually has its copy of the caller's account. */
static const int64_t early_pauses[] = {MILLISECONDS(40), MILLISECONDS(80),
                                       MILLISECONDS(160)};

struct packed
command_pack(struct arena *arena, const ProtobufCMessage *command)
{
    struct packed packed = {
        .type = command->descriptor->name,
        .size = protobuf_c_message_get_packed_size(command),
    };
    uint8_t *data = arena_alloc(arena, packed.size + 1);

    protobuf_c_message_pack(command, data);
    packed.data = data;
    return packed;
}

/* The Order is every command's field 1. */
static const Order *
order_in(const ProtobufCMessage *command)
{
    const ProtobufCFieldDescriptor *field = &command->descriptor->fields[0];

    return *(Order *const *)((const char *)command + field->offset);
}

bool
operation_key(struct http_request *request, struct http_response *response,
              const char **ret_key)
{
    const struct route *route =
        route_by_number((unsigned)request->route->number);
    const char *key = http_header(request, "Idempotency-Key");
    bool required = route && (route->demands & DEMAND_IDEMPOTENCY_KEY);

    if (key == NULL && required) {
        http_problem(request, response, "IDEMPOTENCY_KEY_MISSING", NULL, 0);
        return false;
    }
    if (key != NULL && !operation_key_ok(key)) {
        struct http_error error = {
            .pointer = "Idempotency-Key",
            .code = field_fault_code(FAULT_KEY),
            .detail = field_fault_text(FAULT_KEY),
        };
        http_problem(request, response, "BAD_FORM", &error, 1);
        return false;
    }
    *ret_key = key;
    return true;
}

static void
fill(struct http_request *request, const struct submission *submission,
     struct operation *operation)
{
    const Order *order = order_in(submission->command);
    const struct principal *principal = request_principal(request);

    snprintf(operation->operation_id, UUID_TEXT, "%s", order->operation_id);
    snprintf(operation->command_id, UUID_TEXT, "%s", order->command_id);
    operation->scope =
        submission->scope != NULL ? submission->scope : principal->account_id;
    operation->service = operation_service(submission->service);
    operation->lane = lane_of(submission->lane_key);
    operation->lane_key = submission->lane_key;
    operation->command = command_pack(request->arena, submission->command);
    operation->traceparent = request->traceparent;
    operation->subject = submission->subject;
    operation->location = submission->location;
    operation->done_status = submission->done_status;
    operation->receipt = submission->receipt;
    operation->only_repeats = submission->only_repeats;
    operation->accepted_at = order->at;
    if (submission->replay_hash != NULL)
        operation_hash(request, submission->replay_hash,
                       strlen(submission->replay_hash),
                       operation->request_hash);
    else
        operation_hash(request, request->body, request->body_size,
                       operation->request_hash);
}

/* --- a repetition ------------------------------------------------------- */
enum { COLUMN_CODE = 8 }; /* of operation_repeated */

static void
answer_row(struct http_request *request, struct http_response *response,
           const PGresult *rows)
{
    struct answer answer = {
        .operation_id = db_copy_uuid(request->arena, rows, 0, 0),
        .subject = db_copy_text(request->arena, rows, 0, 3),
        .location = db_copy_text(request->arena, rows, 0, 4),
        .done_status = (int)db_get_int(rows, 0, 5),
        .receipt = db_get_bool(rows, 0, 6),
        .type = db_copy_text(request->arena, rows, 0, 11),
    };

    result_read(request->arena, rows, 0, 7, &answer.result);
    operation_answer(request, response, &answer);
}

/* The row was written for the same request. */
static bool
is_of_request(const PGresult *rows, const uint8_t request_hash[SEAL_DIGEST])
{
    size_t size;
    const uint8_t *hash = db_get_bytes(rows, 0, 1, &size);

    return size == SEAL_DIGEST && memcmp(hash, request_hash, SEAL_DIGEST) == 0;
}

/* Our own row, whose COMMIT was not confirmed, was never sent. */
static void
send_own(const struct operation *operation, const PGresult *rows)
{
    uint8_t id[16];

    if (PQntuples(rows) > 0 && uuid_parse(operation->operation_id, id) &&
        memcmp(PQgetvalue(rows, 0, 0), id, sizeof id) == 0 &&
        !operation_send(gateway.operations, operation))
        metric_add(operation_unsent_total, "", 1);
}

/* Until when this request waits for an outcome, as Prefer says. */
static int64_t
deadline_of(const struct http_request *request)
{
    return clock_monotonic() + prefer_wait(http_header_list(request, "Prefer"),
                                           gateway_settings.wait_default);
}

/* Reads the row of a key. Returns NULL with 503 in the response. Polls the row
 * until it has an end or `deadline` passes. `own` (or NULL) is the row that we
 * wanted to write under the key. */
static PGresult *
read_repeated(struct http_request *request, struct http_response *response,
              const char *scope, const char *key, const struct operation *own,
              int64_t deadline)
{
    CLEANUP(db_params_free) struct db_params params = {0};
    int64_t pause = shortest_pause;
    PGresult *rows;
    bool first = true;

    db_uuid(&params, own != NULL ? own->operation_id : NULL);
    db_text(&params, scope);
    db_text(&params, key);
    for (;;) {
        rows = request_query(request, response, "operation_repeated", &params);
        if (rows != NULL && first && own != NULL)
            send_own(own, rows);
        first = false;
        deadline = operation_last_moment(deadline);
        if (rows == NULL || PQntuples(rows) == 0 ||
            db_get_int(rows, 0, 7) != OPERATION_ACCEPTED ||
            clock_monotonic() >= deadline ||
            !operations_pause(gateway.operations, pause))
            break;
        PQclear(rows);
        pause = pause < longest_pause ? 2 * pause : pause;
    }
    return rows;
}

bool
operation_decides_again(const PGresult *rows, int column)
{
    const char *code = db_get_text(rows, 0, column);
    const struct refusal *refusal = code != NULL ? refusal_find(code) : NULL;

    return refusal != NULL &&
           (refusal->status == 429 || refusal->status == 503);
}

bool
operation_remembered(struct http_request *request,
                     struct http_response *response)
{
    const struct principal *principal = request_principal(request);
    const char *key = http_header(request, "Idempotency-Key");
    uint8_t hash[SEAL_DIGEST];

    /* A read has no operation, also where a 412 shows the present state by
     * the thing's own GET, with the header of the command. */
    if (strcmp(request->route->method, "GET") == 0 || key == NULL ||
        !operation_key_ok(key) || principal == NULL ||
        principal->kind == PRINCIPAL_NONE)
        return false;
    operation_hash(request, request->body, request->body_size, hash);
    CLEANUP(result_clear)
    PGresult *rows = read_repeated(request, response, principal->account_id,
                                   key, NULL, deadline_of(request));
    if (rows == NULL)
        return true;
    if (PQntuples(rows) == 0 || !is_of_request(rows, hash) ||
        operation_decides_again(rows, COLUMN_CODE))
        return false;
    metric_add(operation_repeated_total, "", 1);
    answer_row(request, response, rows);
    return true;
}

/* Removes the key from a row whose refusal was temporary. Returns true if the
 * key is free. */
static bool
free_key(struct http_request *request, struct http_response *response,
         const PGresult *rows)
{
    CLEANUP(db_params_free) struct db_params params = {0};

    db_uuid(&params, db_copy_uuid(request->arena, rows, 0, 0));
    CLEANUP(result_clear)
    PGresult *freed =
        request_query(request, response, "operation_free_key", &params);
    return freed != NULL;
}

/* Returns true if the key is free again and nothing is answered yet. */
static bool
answer_repeated(struct http_request *request, struct http_response *response,
                const struct operation *operation, int64_t deadline)
{
    CLEANUP(result_clear)
    PGresult *rows = read_repeated(request, response, operation->scope,
                                   operation->key, operation, deadline);

    if (rows == NULL)
        return false;
    metric_add(operation_repeated_total, "", 1);
    if (PQntuples(rows) == 0)
        request_unavailable(request, response, "operation_row_missing");
    else if (!is_of_request(rows, operation->request_hash))
        http_problem(request, response, "IDEMPOTENCY_KEY_REUSED", NULL, 0);
    else if (operation_decides_again(rows, COLUMN_CODE) &&
             !operation->only_repeats)
        return free_key(request, response, rows);
    else
        answer_row(request, response, rows);
    return false;
}

/* --- the way ------------------------------------------------------------ */

static void
answer_written(struct http_request *request, struct http_response *response,
               const struct operation *operation, const struct waiter *waiter)
{
    struct answer answer = {
        .operation_id = operation->operation_id,
        .type = operation->command.type,
        .subject = operation->subject,
        .location = operation->location,
        .done_status = operation->done_status,
        .receipt = operation->receipt,
    };

    if (waiter->over)
        answer.result = waiter->result;
    metric_add(operation_answered_total,
               waiter->over ? "answer=\"outcome\"" : "answer=\"later\"", 1);
    operation_answer(request, response, &answer);
}

enum submitted {
    SUBMIT_NOT,
    SUBMIT_NEW,
    SUBMIT_REPEATED,
    SUBMIT_AGAIN,     /* its key is free: the same operation once more */
    SUBMIT_TOO_EARLY, /* refused temporarily: try another operation */
};

/* The owner does not have the caller's account yet, or not this version. */
static bool
is_too_early(const struct waiter *waiter)
{
    const struct refusal *refusal =
        waiter->over && waiter->result.state == OPERATION_REFUSED
            ? refusal_find(waiter->result.code)
            : NULL;

    return refusal != NULL && refusal->status == 503;
}

static enum submitted
submit(struct http_request *request, struct http_response *response,
       const struct operation *operation, bool last)
{
    int64_t deadline = deadline_of(request);
    struct waiter waiter;

    waiter_add(gateway.operations, &waiter, operation->operation_id,
               operation->command_id, operation->lane, request->arena);
    waiter.operation = operation;
    waiter.writing = WAITER_WRITING;
    waiter.patient = deadline > clock_monotonic();
    bool queued = operation_queue(gateway.operations, &waiter);
    if (queued)
        operation_await(&waiter, deadline);
    waiter_remove(gateway.operations, &waiter);

    if (!queued)
        metric_add(operation_queue_full_total, "", 1);
    if (!queued || waiter.writing == WAITER_NOT_WRITTEN) {
        request_unavailable(request, response, "operation_write_failed");
        return SUBMIT_NOT;
    }
    if (waiter.writing == WAITER_REPEATED)
        return answer_repeated(request, response, operation, deadline)
                   ? SUBMIT_AGAIN
                   : SUBMIT_REPEATED;
    if (!last && is_too_early(&waiter))
        return SUBMIT_TOO_EARLY;
    answer_written(request, response, operation, &waiter);
    return SUBMIT_NEW;
}

/* Each try is an operation of its own, because the writer may still hold the
 * last. */
static enum submitted
submit_new(struct http_request *request, struct http_response *response,
           const struct submission *submission, const char *key, bool last)
{
    struct operation *operation = ARENA_NEW(request->arena, struct operation);

    operation->key = key;
    fill(request, submission, operation);
    enum submitted submitted = submit(request, response, operation, last);
    if (submitted == SUBMIT_AGAIN)
        submitted = submit(request, response, operation, last);
    if (submitted == SUBMIT_AGAIN) /* refused again, by another request */
        request_unavailable(request, response, "operation_refused_again");
    return submitted;
}

bool
operation_submit(struct http_request *request, struct http_response *response,
                 const struct submission *submission)
{
    const Order *order = order_in(submission->command);
    const char *key = NULL;

    if (!operation_key(request, response, &key))
        return false;
    bool going_on = true;
    for (size_t i = 0; going_on && i < COUNT_OF(early_pauses); i++) {
        enum submitted submitted =
            submit_new(request, response, submission, key, false);
        if (submitted != SUBMIT_TOO_EARLY)
            return submitted == SUBMIT_NEW;
        metric_add(operation_too_early_total, "", 1);
        going_on = operations_pause(gateway.operations, early_pauses[i]);
        uuid_v7(order->command_id);
        uuid_v7(order->operation_id);
    }
    return submit_new(request, response, submission, key, true) == SUBMIT_NEW;
}
