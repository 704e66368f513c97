/* Reads that share their round trip with others: a session and a thing by id.
 * What waits is the request's; what comes of it are results of its own.
 */
#pragma once

#include <stdatomic.h>

#include "gateway/gateway.h"

enum shared_query {
    SHARED_TEACHER,         /* teacher_read */
    SHARED_TEACHER_COMMAND, /* teacher_command */
    SHARED_QUERIES,
};

struct shared_read {
    enum shared_query query;
    const char *id; /* a UUID, checked */
    bool has_token;
    uint8_t token[SEAL_DIGEST]; /* the session's digest */

    enum db_end end;
    /* Session (no row: there is none) and rows; the caller's
     * (shared_read_clear). */
    PGresult *part[2];

    /* The reader's own. */
    atomic_int state;
    struct shared_read *next;
};

enum shared_state {
    SHARED_WAITING,
    SHARED_LEADS, /* is told to look for the seat */
    SHARED_TAKEN, /* somebody asks for it */
    SHARED_DONE,
};

struct shared_reader *shared_reader_new(void);
void shared_reader_free(struct shared_reader *reader);
/* Reads, with whoever waits too, by `deadline` (monotonic µs). False: not now
 * (no answer in time, or no database); `part` may hold results all the same. */
bool shared_read(struct shared_reader *reader, struct shared_read *read,
                 int64_t deadline) WARN_UNUSED;
void shared_read_clear(struct shared_read *read);
