/* A queue for one shared connection. The thread that finds the connection free
 * becomes the leader: it runs one query for every thread in the queue. Knows
 * nothing of the query.
 */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attributes.h"

enum { SHARED_MAX = 64 }; /* served by one query */

/* One waiting thread. The leader may use the struct around it, never at the
 * same time as the thread itself. */
struct shared_place {
    atomic_int state; /* enum place_state; only shared_line.c sets it */
    struct shared_place *next;
};

enum place_state {
    PLACE_WAITING,
    PLACE_LEADS,  /* marked: the connection is free */
    PLACE_TAKEN,  /* a leader serves it */
    PLACE_SERVED, /* the thread's own again */
};

/* Serves 1 to SHARED_MAX places, the longest waiting first; runs once at a
 * time.
 */
typedef void shared_serve(void *context, struct shared_place *const *places,
                          size_t count);

struct shared_line;

struct shared_line *shared_line_new(shared_serve *serve, void *context);
/* No thread may wait. */
void shared_line_free(struct shared_line *line);
/* Waits until `place` was served, perhaps by serving others. False: it was not
 * served by `deadline` (monotonic µs), and will not be. If serving has begun,
 * waits for its end. */
bool shared_line_wait(struct shared_line *line, struct shared_place *place,
                      int64_t deadline) WARN_UNUSED;
/* How many wait and are not taken. */
size_t shared_line_length(struct shared_line *line);
