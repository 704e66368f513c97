/* Reads that share a round trip with others: a session and a thing by id. Every
 * request gets results of its own.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "chassis/base/seal.h"
#include "chassis/db/db.h"

#include "gateway/request/shared_line.h"

enum shared_query {
    SHARED_TEACHER,         /* teacher_read */
    SHARED_TEACHER_COMMAND, /* teacher_command */
    SHARED_QUERIES,         /* as a read's query: the session only */
};

struct shared_read {
    struct shared_place place; /* for shared_line; must be the first member */
    enum shared_query query;
    const char *id; /* a UUID, checked; NULL: the session only */
    bool has_token;
    uint8_t token[SEAL_DIGEST]; /* the session's digest */

    enum db_end end;
    /* Session (no row: there is none) and rows; the caller's
     * (shared_read_clear). */
    PGresult *part[2];
};

struct shared_reader *shared_reader_new(void);
void shared_reader_free(struct shared_reader *reader);
/* Reads, together with others that wait, by `deadline` (monotonic µs). False:
 * no answer in time, or no database; `part` may hold results even so. */
bool shared_read(struct shared_reader *reader, struct shared_read *read,
                 int64_t deadline) WARN_UNUSED;
void shared_read_clear(struct shared_read *read);
/* Gives each of `reads` its rows of a statement, by the last column: a result
 * of its own, empty if it has none. `only`: the query of the rows;
 * SHARED_QUERIES: sessions, for all reads. */
void shared_read_deal(const PGresult *all, struct shared_read *const *reads,
                      size_t count, enum shared_query only);
