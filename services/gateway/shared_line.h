/* A line before one counter: whoever finds it free is served, and with him all
 * who wait; he serves them himself. Knows nothing of what is asked for.
 */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "chassis/base/attributes.h"

enum { SHARED_MAX = 64 }; /* served at once */

/* One who waits. Whoever serves him may come before and after the caller's own
 * use of what is around it, never beside it. */
struct shared_place {
    atomic_int state; /* enum place_state; only shared_line.c sets it */
    struct shared_place *next;
};

enum place_state {
    PLACE_WAITING,
    PLACE_LEADS,  /* he is told that the counter is free */
    PLACE_TAKEN,  /* somebody serves him */
    PLACE_SERVED, /* his again */
};

/* Serves 1 to SHARED_MAX places, those that wait longest first; never runs
 * twice at once. */
typedef void shared_serve(void *context, struct shared_place *const *places,
                          size_t count);

struct shared_line;

struct shared_line *shared_line_new(shared_serve *serve, void *context);
/* Nobody waits any more. */
void shared_line_free(struct shared_line *line);
/* Waits until `place` was served, perhaps by serving others. False: it was not
 * by `deadline` (monotonic µs), and nobody will; a service that has begun is
 * waited for. */
bool shared_line_wait(struct shared_line *line, struct shared_place *place,
                      int64_t deadline) WARN_UNUSED;
/* How many wait and are not being served. */
size_t shared_line_length(struct shared_line *line);
