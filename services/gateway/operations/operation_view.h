/* An operation for clients: its document and its steps. Used by the list, by
 * reading one, and by its stream of events.
 */
#pragma once

#include "gateway/operations/internal.h"

enum operation_step { STEP_ACCEPTED = 1, STEP_DECIDED, STEP_SEEN };

struct operation_view {
    const char *operation_id, *command_id, *scope;
    const char *type;
    const char *subject, *location;
    struct result result;
    int lane;
    int64_t accepted_at, decided_at;
    bool applied; /* the read model shows it */
};

/* The last part of a message's full name: "RegisterTeacher". */
const char *command_name(const char *type);
const char *operation_state_name(int state);
/* Whether subject and location of an operation are shown. A teacher is entered
 * by their number. Who that is, is told when it is done, so a try that waits or
 * is refused tells nothing about the number (T1). */
bool operation_tells_subject(const char *type, enum operation_state state);
/* From a row of operation_read; texts are copied. */
void operation_view_read(struct arena *arena, const PGresult *rows,
                         struct operation_view *ret_view);
/* How far it has come; STEP_SEEN is the last. A refusal is at once the last. */
enum operation_step operation_view_step(const struct operation_view *view);
bool operation_view_over(const struct operation_view *view);
/* The whole document. */
void operation_view_write(struct arena *arena, struct bytes *out,
                          const struct operation_view *view);
/* Steps after `after` as server-sent events. */
void operation_view_events(struct arena *arena, struct bytes *out,
                           const struct operation_view *view,
                           enum operation_step after);
