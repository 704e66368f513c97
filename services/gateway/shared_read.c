/* shared_read.c: requests that wait share one round trip.
 *
 * Sessions and teachers by id are what nearly every request reads, and for the
 * database forty of them in one statement cost little more than one. Whoever
 * finds the seat (the connection) free takes all that wait, himself among them,
 * and asks for all; who comes meanwhile waits for the next trip. Alone, one
 * asks at once and without a change of threads. It reads only, so a lost
 * connection is tried again once. Called by request.c.
 */
#include "gateway/shared_read.h"

#include <errno.h>
#include <linux/futex.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "chassis/base/clock.h"
#include "chassis/base/log.h"
#include "chassis/base/metrics.h"

#include "gateway_sql.h"

enum { SHARED_MAX = 64, TRIES = 2 };

/* One connection: with two, trips were half as large and answers fewer. */
struct seat {
    struct db *db;
    struct db_params params;
    bool taken;
};

struct shared_reader {
    pthread_mutex_t lock;
    struct shared_read *first, *last;
    struct seat seat;
};

static const char *const queries[SHARED_QUERIES] = {
    [SHARED_TEACHER] = "teacher_read",
    [SHARED_TEACHER_COMMAND] = "teacher_command",
};

struct shared_reader *
shared_reader_new(void)
{
    struct shared_reader *reader = calloc(1, sizeof *reader);

    if (reader == NULL)
        out_of_memory(sizeof *reader);
    pthread_mutex_init(&reader->lock, NULL);
    return reader;
}

void
shared_reader_free(struct shared_reader *reader)
{
    if (reader == NULL)
        return;
    db_free(reader->seat.db);
    db_params_free(&reader->seat.params);
    pthread_mutex_destroy(&reader->lock);
    free(reader);
}

/* --- the queue ---------------------------------------------------------- */

static void
line_up(struct shared_reader *reader, struct shared_read *read)
{
    if (reader->last != NULL)
        reader->last->next = read;
    else
        reader->first = read;
    reader->last = read;
}

static void
leave_line(struct shared_reader *reader, const struct shared_read *read)
{
    struct shared_read **place = &reader->first, *before = NULL;

    while (*place != read) {
        before = *place;
        place = &(*place)->next;
    }
    *place = read->next;
    if (reader->last == read)
        reader->last = before;
}

static size_t
take_waiting(struct shared_reader *reader, struct shared_read **ret_reads)
{
    size_t count = 0;

    while (reader->first != NULL && count < SHARED_MAX) {
        struct shared_read *read = reader->first;
        reader->first = read->next;
        atomic_store(&read->state, SHARED_TAKEN);
        ret_reads[count++] = read;
    }
    if (reader->first == NULL)
        reader->last = NULL;
    return count;
}

/* --- one round trip for many -------------------------------------------- */

static bool
seat_open(struct seat *seat)
{
    static const struct sql_text *const tables[] = {gateway_queries, NULL};
    const struct db_options options = {
        .url = chassis_settings.database_url,
        .name = "gateway-http",
        .tables = tables,
        .statement_timeout = chassis_settings.statement_timeout,
        .index_only_plans = true,
    };
    char error[256];

    if (seat->db != NULL && db_alive(seat->db))
        return true;
    db_free(seat->db);
    seat->db = db_open(&options, error);
    if (seat->db == NULL)
        log_event(LOG_WARNING, "database_not_open", log_str("error", error));
    return seat->db != NULL;
}

static void
ask_sessions(struct seat *seat, struct shared_read *const *reads, size_t count)
{
    int64_t now = clock_now();

    db_clear(&seat->params);
    db_array(&seat->params, DB_BYTES, count);
    for (size_t i = 0; i < count; i++)
        db_bytes(&seat->params, reads[i]->token,
                 reads[i]->has_token ? sizeof reads[i]->token : 0);
    db_time(&seat->params, now);
    db_time(&seat->params, now - gateway_settings.session_idle);
    db_send(seat->db, "session_load", &seat->params);
}

/* The ids of one query, in the order of `reads`; NULL where another is asked
 * for: the place in the array is the place among the reads. */
static bool
ask_rows(struct seat *seat, enum shared_query query,
         struct shared_read *const *reads, size_t count)
{
    bool any = false;

    db_clear(&seat->params);
    db_array(&seat->params, DB_UUID, count);
    for (size_t i = 0; i < count; i++) {
        db_uuid(&seat->params, reads[i]->query == query ? reads[i]->id : NULL);
        any = any || reads[i]->query == query;
    }
    if (any)
        db_send(seat->db, queries[query], &seat->params);
    return any;
}

/* A result of its own for each read that has rows in `all`; the others get an
 * empty one. `only`: of which query, SHARED_QUERIES: sessions, of all. */
static void
hand_out(const PGresult *all, struct shared_read *const *reads, size_t count,
         enum shared_query only)
{
    int rows = PQntuples(all), columns = PQnfields(all), row = 0;

    for (size_t i = 0; i < count; i++) {
        if (only != SHARED_QUERIES && reads[i]->query != only)
            continue;
        reads[i]->part[only != SHARED_QUERIES] =
            PQcopyResult(all, PG_COPYRES_ATTRS);
    }
    for (; row < rows; row++) {
        size_t which = (size_t)db_get_int(all, row, columns - 1) - 1;
        PGresult *mine = reads[which]->part[only != SHARED_QUERIES];
        int at = PQntuples(mine);
        for (int c = 0; c < columns; c++)
            if (!PQsetvalue(
                    mine, at, c, PQgetvalue(all, row, c),
                    PQgetisnull(all, row, c) ? -1 : PQgetlength(all, row, c)))
                out_of_memory((size_t)PQgetlength(all, row, c));
    }
}

static enum db_end
hear(struct seat *seat, struct shared_read *const *reads, size_t count,
     enum shared_query query)
{
    PGresult *all = NULL;
    enum db_end end = db_next(seat->db, &all);

    if (end == DB_OK)
        hand_out(all, reads, count, query);
    PQclear(all);
    return end;
}

static enum db_end
make_trip(struct seat *seat, struct shared_read *const *reads, size_t count)
{
    bool asked[SHARED_QUERIES];
    enum db_end end;

    if (!seat_open(seat))
        return DB_LOST;
    ask_sessions(seat, reads, count);
    for (int query = 0; query < SHARED_QUERIES; query++)
        asked[query] = ask_rows(seat, (enum shared_query)query, reads, count);
    db_sync(seat->db);
    end = hear(seat, reads, count, SHARED_QUERIES);
    for (int query = 0; query < SHARED_QUERIES && end == DB_OK; query++)
        if (asked[query])
            end = hear(seat, reads, count, (enum shared_query)query);
    return end == DB_OK ? db_end_trip(seat->db) : end;
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
read_for_all(struct seat *seat, struct shared_read *const *reads, size_t count)
{
    enum db_end end = DB_LOST;

    for (int i = 0; i < TRIES && end == DB_LOST; i++) {
        for (size_t n = 0; n < count; n++)
            shared_read_clear(reads[n]);
        end = make_trip(seat, reads, count);
    }
    if (end == DB_FAULT)
        log_event(LOG_ERROR, "query_failed", log_str("query", "shared"),
                  log_str("sqlstate", db_sqlstate(seat->db)));
    for (size_t n = 0; n < count; n++)
        reads[n]->end = end;
    metric_observe_count("shared_read_size", "", (int64_t)count);
}

/* --- sleeping and waking ------------------------------------------------ */

/* Sleeps on the state itself, so that who is woken needs no lock: waking an
 * address whose owner has gone on meanwhile touches nothing of his. */
static bool
sleep_while(struct shared_read *read, int state, int64_t deadline)
{
    int64_t left = deadline - clock_monotonic();
    const struct timespec patience = {left / SECONDS(1),
                                      left % SECONDS(1) * 1000};

    if (left <= 0)
        return false;
    return syscall(SYS_futex, &read->state, FUTEX_WAIT_PRIVATE, state,
                   deadline == INT64_MAX ? NULL : &patience, NULL, 0) == 0 ||
           errno != ETIMEDOUT;
}

static void
wake(struct shared_read *read)
{
    (void)syscall(SYS_futex, &read->state, FUTEX_WAKE_PRIVATE, 1, NULL, NULL,
                  0);
}

/* Called with the lock held, and gives it away: who led wakes without it. */
static void
lead(struct shared_reader *reader)
{
    struct shared_read *reads[SHARED_MAX], *next;
    size_t count = take_waiting(reader, reads);

    reader->seat.taken = true;
    pthread_mutex_unlock(&reader->lock);
    read_for_all(&reader->seat, reads, count);
    pthread_mutex_lock(&reader->lock);
    reader->seat.taken = false;
    next = reader->first;
    if (next != NULL)
        atomic_store(&next->state, SHARED_LEADS);
    pthread_mutex_unlock(&reader->lock);
    if (next != NULL)
        wake(next);
    for (size_t i = 0; i < count; i++) {
        struct shared_read *read = reads[i];
        atomic_store(&read->state, SHARED_DONE);
        wake(read);
    }
}

/* Leads when the seat is free; else it waits on. */
static void
try_to_lead(struct shared_reader *reader, struct shared_read *read)
{
    pthread_mutex_lock(&reader->lock);
    int state = atomic_load(&read->state);
    bool waits = state == SHARED_WAITING || state == SHARED_LEADS;

    if (waits && !reader->seat.taken) {
        lead(reader);
        return;
    }
    if (waits)
        atomic_store(&read->state, SHARED_WAITING);
    pthread_mutex_unlock(&reader->lock);
}

/* The time is over; false: somebody asks for him at this moment. */
static bool
give_up(struct shared_reader *reader, struct shared_read *read)
{
    pthread_mutex_lock(&reader->lock);
    bool waits = atomic_load(&read->state) == SHARED_WAITING;
    if (waits)
        leave_line(reader, read);
    pthread_mutex_unlock(&reader->lock);
    if (waits)
        metric_add("shared_read_late_total", "", 1);
    return waits;
}

bool
shared_read(struct shared_reader *reader, struct shared_read *read,
            int64_t deadline)
{
    int state;

    read->next = NULL;
    read->end = DB_LOST;
    atomic_store(&read->state, SHARED_WAITING);
    pthread_mutex_lock(&reader->lock);
    line_up(reader, read);
    pthread_mutex_unlock(&reader->lock);
    try_to_lead(reader, read);
    while ((state = atomic_load(&read->state)) != SHARED_DONE) {
        if (state == SHARED_LEADS)
            try_to_lead(reader, read);
        else if (!sleep_while(read, state,
                              state == SHARED_TAKEN ? INT64_MAX : deadline) &&
                 give_up(reader, read))
            return false;
    }
    return read->end == DB_OK;
}
