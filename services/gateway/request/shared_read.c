/* shared_read.c: requests that wait share one round trip.
 *
 * Nearly every request reads a session and a teacher by id, and forty of them
 * in one statement cost the database little more than one. The thread that
 * finds the connection free asks for all that wait (shared_line.c); threads
 * that come meanwhile wait for the next trip. A lone thread asks at once,
 * without a change of threads. It only reads, so a lost connection is tried
 * again once. Called by request.c.
 */
#include "gateway/request/shared_read.h"

#include <stdlib.h>

#include "chassis/base/clock.h"

#include "gateway/gateway.h"
#include "gateway/request/pool.h"
#include "gateway/metrics.h"

enum { TRIES = 2 };

/* After a failed opening no thread tries again for this long. */
#define REOPEN_AFTER MILLISECONDS(200)

/* One connection: with two, trips were half as large and answers fewer. The
 * leader of the line has it alone. */
struct shared_reader {
    struct shared_line *line;
    struct db *db;
    struct db_params params;
    int64_t closed_until; /* monotonic: the database was not there */
};

static const char *const queries[SHARED_QUERIES] = {
    [SHARED_TEACHER] = "teacher_read",
    [SHARED_TEACHER_COMMAND] = "teacher_command",
};

/* --- one round trip for many -------------------------------------------- */

static bool
seat_open(struct shared_reader *reader)
{
    if (reader->db != NULL && db_alive(reader->db))
        return true;
    if (clock_monotonic() < reader->closed_until)
        return false;
    db_free(reader->db);
    reader->db = gateway_connect("gateway-http", true);
    if (reader->db == NULL)
        reader->closed_until = clock_monotonic() + REOPEN_AFTER;
    return reader->db != NULL;
}

static void
ask_sessions(struct shared_reader *reader, struct shared_read *const *reads,
             size_t count)
{
    int64_t now = clock_now();

    db_clear(&reader->params);
    db_array(&reader->params, DB_BYTES, count);
    for (size_t i = 0; i < count; i++)
        db_bytes(&reader->params, reads[i]->token,
                 reads[i]->has_token ? sizeof reads[i]->token : 0);
    db_time(&reader->params, now);
    db_time(&reader->params, now - gateway_settings.session_idle);
    db_send(reader->db, "session_load", &reader->params);
}

/* The ids of one query, in the order of `reads`; NULL for reads of another
 * query: an id's index is that of its read. */
static bool
ask_rows(struct shared_reader *reader, enum shared_query query,
         struct shared_read *const *reads, size_t count)
{
    bool any = false;

    db_clear(&reader->params);
    db_array(&reader->params, DB_UUID, count);
    for (size_t i = 0; i < count; i++) {
        db_uuid(&reader->params,
                reads[i]->query == query ? reads[i]->id : NULL);
        any = any || reads[i]->query == query;
    }
    if (any)
        db_send(reader->db, queries[query], &reader->params);
    return any;
}

static PGresult *
without_rows(const PGresult *all)
{
    PGresult *mine = PQcopyResult(all, PG_COPYRES_ATTRS);

    if (mine == NULL)
        out_of_memory((size_t)PQnfields(all) * sizeof(PGresAttDesc));
    return mine;
}

static void
deal_row(const PGresult *all, int row, PGresult *mine)
{
    int columns = PQnfields(all), at = PQntuples(mine);

    for (int c = 0; c < columns; c++) {
        int size = PQgetisnull(all, row, c) ? -1 : PQgetlength(all, row, c);
        if (!PQsetvalue(mine, at, c, PQgetvalue(all, row, c), size))
            out_of_memory((size_t)PQgetlength(all, row, c));
    }
}

void
shared_read_deal(const PGresult *all, struct shared_read *const *reads,
                 size_t count, enum shared_query only)
{
    int part = only != SHARED_QUERIES, which = PQnfields(all) - 1;

    for (size_t i = 0; i < count; i++)
        if (!part || reads[i]->query == only)
            reads[i]->part[part] = without_rows(all);
    for (int row = 0; row < PQntuples(all); row++) {
        size_t whose = (size_t)db_get_int(all, row, which) - 1;
        deal_row(all, row, reads[whose]->part[part]);
    }
}

static enum db_end
hear(struct shared_reader *reader, struct shared_read *const *reads,
     size_t count, enum shared_query query)
{
    PGresult *all = NULL;
    enum db_end end = db_next(reader->db, &all);

    if (end == DB_OK)
        shared_read_deal(all, reads, count, query);
    PQclear(all);
    return end;
}

static enum db_end
make_trip(struct shared_reader *reader, struct shared_read *const *reads,
          size_t count)
{
    bool asked[SHARED_QUERIES];
    enum db_end end;

    if (!seat_open(reader))
        return DB_LOST;
    ask_sessions(reader, reads, count);
    for (int query = 0; query < SHARED_QUERIES; query++)
        asked[query] = ask_rows(reader, (enum shared_query)query, reads, count);
    db_sync(reader->db);
    end = hear(reader, reads, count, SHARED_QUERIES);
    for (int query = 0; query < SHARED_QUERIES && end == DB_OK; query++)
        if (asked[query])
            end = hear(reader, reads, count, (enum shared_query)query);
    return end == DB_OK ? db_end_trip(reader->db) : end;
}

void
shared_read_clear(struct shared_read *read)
{
    for (size_t i = 0; i < 2; i++) {
        PQclear(read->part[i]);
        read->part[i] = NULL;
    }
}

static void
read_for_all(struct shared_reader *reader, struct shared_read *const *reads,
             size_t count)
{
    enum db_end end = DB_LOST;

    for (int i = 0; i < TRIES && end == DB_LOST; i++) {
        for (size_t n = 0; n < count; n++)
            shared_read_clear(reads[n]);
        end = make_trip(reader, reads, count);
    }
    if (reader->db != NULL)
        gateway_db_failed(reader->db, end, "shared_read");
    for (size_t n = 0; n < count; n++)
        reads[n]->end = end;
    metric_observe_count(shared_read_size, "", (int64_t)count);
}

/* shared_serve of the line. */
static void
serve(void *context, struct shared_place *const *places, size_t count)
{
    struct shared_read *reads[SHARED_MAX];

    for (size_t i = 0; i < count; i++)
        reads[i] = (struct shared_read *)places[i];
    read_for_all(context, reads, count);
}

/* --- the reader ---------------------------------------------------------- */

struct shared_reader *
shared_reader_new(void)
{
    struct shared_reader *reader = calloc(1, sizeof *reader);

    if (reader == NULL)
        out_of_memory(sizeof *reader);
    reader->line = shared_line_new(serve, reader);
    return reader;
}

void
shared_reader_free(struct shared_reader *reader)
{
    if (reader == NULL)
        return;
    shared_line_free(reader->line);
    db_free(reader->db);
    db_params_free(&reader->params);
    free(reader);
}

bool
shared_read(struct shared_reader *reader, struct shared_read *read,
            int64_t deadline)
{
    read->end = DB_LOST;
    if (shared_line_wait(reader->line, &read->place, deadline))
        return read->end == DB_OK;
    metric_add(shared_read_late_total, "", 1);
    return false;
}
