/* An operation's document and its steps, see operation_view.h. Pure.
 *
 * DONE is shown when the read model has the change, so that the next read finds
 * it; the step `decided` is the moment before.
 */
#include "gateway/operations/operation_view.h"

#include <string.h>

#include "rules/refusals.h"

#include "gateway/operations/operations.h"
#include "gateway/request/render.h"

enum column {
    ID,
    SCOPE,
    TYPE,
    SERVICE,
    SUBJECT,
    LOCATION,
    RESULT, /* four columns */
    ACCEPTED_AT = RESULT + 4,
    DECIDED_AT,
    APPLIED,
    COMMAND_ID,
    LANE,
};

static const char *const step_names[] = {"", "accepted", "decided", "seen"};

const char *
command_name(const char *type)
{
    const char *dot = type != NULL ? strrchr(type, '.') : NULL;

    return dot != NULL ? dot + 1 : type;
}

const char *
operation_state_name(int state)
{
    static const char *const names[] = {"ACCEPTED", "DONE", "REFUSED"};

    return state >= 0 && state < (int)COUNT_OF(names) ? names[state] : NULL;
}

bool
operation_tells_subject(const char *type, enum operation_state state)
{
    return state == OPERATION_DONE ||
           strcmp(command_name(type), "RegisterTeacher") != 0;
}

void
operation_view_read(struct arena *arena, const PGresult *rows,
                    struct operation_view *ret_view)
{
    *ret_view = (struct operation_view){
        .operation_id = db_copy_uuid(arena, rows, 0, ID),
        .command_id = db_copy_uuid(arena, rows, 0, COMMAND_ID),
        .lane = (int)db_get_int(rows, 0, LANE),
        .scope = db_copy_text(arena, rows, 0, SCOPE),
        .type = db_copy_text(arena, rows, 0, TYPE),
        .subject = db_copy_text(arena, rows, 0, SUBJECT),
        .location = db_copy_text(arena, rows, 0, LOCATION),
        .accepted_at = db_get_time(rows, 0, ACCEPTED_AT),
        .decided_at = db_get_time(rows, 0, DECIDED_AT),
        .applied = db_get_bool(rows, 0, APPLIED),
    };
    result_read(arena, rows, 0, RESULT, &ret_view->result);
}

enum operation_step
operation_view_step(const struct operation_view *view)
{
    if (view->result.state == OPERATION_ACCEPTED)
        return STEP_ACCEPTED;
    if (view->result.state == OPERATION_DONE && view->applied)
        return STEP_SEEN;
    return STEP_DECIDED;
}

bool
operation_view_over(const struct operation_view *view)
{
    return view->result.state == OPERATION_REFUSED ||
           operation_view_step(view) == STEP_SEEN;
}

static void
write_refusal(struct arena *arena, struct bytes *out,
              const struct result *result)
{
    const struct refusal *refusal = refusal_find(result->code);
    struct http_error errors[HTTP_ERRORS_MAX];
    size_t count = result_errors(arena, result, errors);

    json_open(out, "refusal", '{');
    json_text(out, "code", result->code);
    if (refusal != NULL) {
        json_int(out, "status", refusal->status);
        json_text(out, "title", refusal->title);
        json_text(out, "detail", refusal->detail);
    }
    json_open(out, "errors", '[');
    for (size_t i = 0; i < count; i++) {
        json_open(out, NULL, '{');
        json_plain(out, "pointer", errors[i].pointer);
        json_text(out, "code", errors[i].code);
        json_text(out, "detail", errors[i].detail);
        json_close(out, '}');
    }
    json_close(out, ']');
    json_close(out, '}');
}

static void
write_step(struct bytes *out, enum operation_step step, int64_t at)
{
    json_open(out, NULL, '{');
    json_text(out, "step", step_names[step]);
    json_time(out, "at", at);
    json_close(out, '}');
}

static void
write_steps(struct bytes *out, const struct operation_view *view)
{
    enum operation_step last = operation_view_step(view);

    json_open(out, "steps", '[');
    write_step(out, STEP_ACCEPTED, view->accepted_at);
    if (last >= STEP_DECIDED)
        write_step(out, STEP_DECIDED, view->decided_at);
    if (last >= STEP_SEEN)
        write_step(out, STEP_SEEN, DB_NO_TIME);
    json_close(out, ']');
}

void
operation_view_write(struct arena *arena, struct bytes *out,
                     const struct operation_view *view)
{
    bool over = operation_view_over(view);
    bool tells = operation_tells_subject(view->type, view->result.state);

    json_open(out, NULL, '{');
    json_text(out, "id", view->operation_id);
    json_text(out, "command", command_name(view->type));
    json_text(out, "state",
              operation_state_name(over ? (int)view->result.state
                                        : OPERATION_ACCEPTED));
    json_text(out, "subject", tells ? view->subject : NULL);
    json_text(out, "location", tells ? view->location : NULL);
    if (view->result.version > 0)
        json_int(out, "version", view->result.version);
    if (view->result.state == OPERATION_REFUSED)
        write_refusal(arena, out, &view->result);
    json_time(out, "acceptedAt", view->accepted_at);
    json_time(out, "decidedAt", view->decided_at);
    write_steps(out, view);
    json_close(out, '}');
}

void
operation_view_events(struct arena *arena, struct bytes *out,
                      const struct operation_view *view,
                      enum operation_step after)
{
    enum operation_step last = operation_view_step(view);
    struct bytes document = {0};

    operation_view_write(arena, &document, view);
    for (int step = (int)after + 1; step <= (int)last; step++) {
        bytes_printf(out, "id: %d\nevent: %s\ndata: ", step, step_names[step]);
        bytes_add(out, document.data, document.size);
        bytes_add_text(out, "\n\n");
    }
    bytes_free(&document);
}
