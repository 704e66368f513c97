/* Makes the HTTP answer from a command's result.
 *
 * The answer is made only from the row's columns. So it is the same while the
 * request waits and afterwards, and a repeated Idempotency-Key gives the same
 * answer. Only the present state in a 412 is read at that moment. */
#include <stdio.h>
#include <string.h>

#include "chassis/base/wire.h"

#include "rules/field_faults.h"
#include "rules/refusals.h"

#include "gateway/applications/receipt.h"
#include "gateway/operations/internal.h"
#include "gateway/operations/operation_view.h"
#include "gateway/request/render.h"
#include "gateway/request/request.h"

#include "inservice/common/v1/outcome.pb-c.h"

typedef Inservice__Common__V1__Outcome Outcome;

void
result_read(struct arena *arena, const PGresult *rows, int row, int column,
            struct result *ret_result)
{
    const char *code = db_get_text(rows, row, column + 1);
    size_t size;
    const uint8_t *outcome = db_get_bytes(rows, row, column + 3, &size);

    *ret_result = (struct result){
        .state = (enum operation_state)db_get_int(rows, row, column),
        .version = db_get_int(rows, row, column + 2),
    };
    if (code != NULL)
        snprintf(ret_result->code, sizeof ret_result->code, "%s", code);
    if (outcome != NULL) {
        ret_result->outcome = arena_copy(arena, outcome, size);
        ret_result->outcome_size = size;
    }
}

static bool
text_is_whole(const char *text)
{
    static const char stop[] = "。";
    size_t size = strlen(text), end = sizeof stop - 1;

    return size >= end && strcmp(text + size - end, stop) == 0;
}

/* The text of a particular: of a field that of its code, with the value where
 * the text asks for one. A particular without a field (a course, a unit) is its
 * value. */
static const char *
detail_text(struct arena *arena, const Inservice__Common__V1__Detail *detail)
{
    const char *text =
        detail->pointer[0] != '\0' ? cell_fault_text(detail->code) : NULL;

    if (detail->text[0] == '\0' || (text != NULL && text_is_whole(text)))
        return text;
    return text == NULL ? detail->text
                        : arena_printf(arena, "%s：%s。", text, detail->text);
}

size_t
result_errors(struct arena *arena, const struct result *result,
              struct http_error *ret_errors)
{
    ProtobufCMessage *body = NULL;

    if (result->outcome == NULL ||
        wire_unpack(&inservice__common__v1__outcome__descriptor,
                    arena_protobuf(arena), result->outcome,
                    result->outcome_size, &body, NULL) != WIRE_OK)
        return 0;
    const Outcome *outcome = (const Outcome *)body;
    if (outcome->result_case != INSERVICE__COMMON__V1__OUTCOME__RESULT_REFUSED)
        return 0;
    size_t count = outcome->refused->n_details;
    if (count > HTTP_ERRORS_MAX)
        count = HTTP_ERRORS_MAX;
    for (size_t i = 0; i < count; i++) {
        const Inservice__Common__V1__Detail *detail =
            outcome->refused->details[i];
        ret_errors[i] = (struct http_error){
            .pointer = detail->pointer,
            .code = detail->code,
            .detail = detail_text(arena, detail),
        };
    }
    return count;
}

static void
set_etag(struct http_request *request, struct http_response *response,
         int64_t version)
{
    if (version > 0)
        http_set_header(
            response, "ETag",
            arena_printf(request->arena, "\"%lld\"", (long long)version));
}

/* Another caller was first: the answer contains the present state, which the
 * caller must look at before they try again. */
static void
show_present(struct http_request *request, struct http_response *response,
             json_t *extra)
{
    json_t *state = present_state(request, response);

    if (state != NULL)
        json_object_set_new(extra, "current", state);
}

static void
answer_refusal(struct http_request *request, struct http_response *response,
               const struct answer *answer)
{
    const struct result *result = &answer->result;
    struct http_error errors[HTTP_ERRORS_MAX];
    size_t count = result_errors(request->arena, result, errors);
    json_t *extra = json_pack("{s:s}", "operation", answer->operation_id);
    const struct refusal *refusal = refusal_find(result->code);

    if (result->version > 0)
        json_object_set_new(extra, "currentVersion",
                            json_integer(result->version));
    if (refusal != NULL && refusal->status == 412)
        show_present(request, response, extra);
    if (refusal != NULL && refusal->status == 429)
        http_set_header(response, "Retry-After", "3600");
    if (refusal != NULL && refusal->status == 503)
        http_set_header(response, "Retry-After", "1");
    http_problem_with(request, response, result->code, errors, count, extra);
    json_decref(extra);
    set_etag(request, response, result->version);
}

/* The document of an operation, as far as its answer shows it. */
static void
write_document(struct bytes *out, const struct answer *answer)
{
    char receipt[RECEIPT_TEXT];

    bytes_clear(out);
    json_open(out, NULL, '{');
    json_text(out, "operation", answer->operation_id);
    json_text(out, "state", operation_state_name((int)answer->result.state));
    json_text(out, "subject",
              operation_tells_subject(answer->type, answer->result.state)
                  ? answer->subject
                  : NULL);
    if (answer->result.state == OPERATION_DONE)
        json_int(out, "version", answer->result.version);
    if (answer->receipt) {
        receipt_make(answer->subject, receipt);
        json_text(out, "receipt", receipt);
    }
    json_close(out, '}');
}

void
operation_answer(struct http_request *request, struct http_response *response,
                 const struct answer *answer)
{
    if (answer->result.state == OPERATION_REFUSED) {
        answer_refusal(request, response, answer);
        return;
    }
    write_document(&response->body, answer);
    if (answer->result.state == OPERATION_DONE) {
        set_etag(request, response, answer->result.version);
        if (answer->location != NULL)
            http_set_header(response, "Location", answer->location);
        http_answer(response, answer->done_status);
        return;
    }
    http_set_header(response, "Location",
                    arena_printf(request->arena, "/v1/operations/%s",
                                 answer->operation_id));
    http_set_header(response, "Retry-After", "1");
    http_answer(response, 202);
}
