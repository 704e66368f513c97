/* All queued submissions share one INSERT: a group commit.
 *
 * HTTP threads queue their waiter and sleep; this thread writes the rows. After
 * COMMIT is confirmed it sends the commands itself, so that a request sleeps
 * only once. The queue has a maximum; above it the answer is 503. Only written
 * commands are sent.
 */
#include <string.h>
#include <time.h>

#include "chassis/base/failpoint.h"

#include "gateway/operations/internal.h"
#include "gateway/request/pool.h"
#include "gateway/metrics.h"

enum { WRITE_TRIES = 3 };

/* Commands that are written together are cheaper everywhere: requests to the
 * broker, transactions of the owner and of the views. So the writer waits until
 * half of the requests under way are queued; the more there are, the longer. A
 * lone request never waits. */
static const int64_t gather_each = MILLISECONDS(1) / 5;
static const int64_t gather_most = MILLISECONDS(50);
static const struct timespec gather_step = {0, 1000000};

/* How often a request checks whether the process ends. */
static const int64_t look_up = SECONDS(1);

struct writer {
    struct operations *operations;
    struct db *db;
    struct db_params params;
    struct waiter *batch[OPERATION_BATCH_MAX];
    size_t count;
};

bool
operation_queue(struct operations *operations, struct waiter *waiter)
{
    pthread_mutex_lock(&operations->queue_lock);
    bool full = operations->queue_size >= OPERATION_QUEUE_MAX ||
                atomic_load(&operations->stopping);
    if (!full) {
        waiter->next_queued = NULL;
        if (operations->queue_last != NULL)
            operations->queue_last->next_queued = waiter;
        else
            operations->queue_first = waiter;
        operations->queue_last = waiter;
        if (operations->queue_size++ == 0)
            pthread_cond_signal(&operations->queue_some);
    }
    pthread_mutex_unlock(&operations->queue_lock);
    return !full;
}

static bool
may_go_on(const struct waiter *waiter)
{
    if (waiter->writing == WAITER_WRITTEN)
        return waiter->over || !waiter->patient;
    return waiter->writing != WAITER_WRITING;
}

/* True: signalled, or there is time left. */
static bool
wait_on(struct waiter *waiter, int64_t *deadline)
{
    int64_t now = clock_monotonic();

    *deadline = operation_last_moment(*deadline);
    int64_t until = *deadline > now + look_up ? now + look_up : *deadline;
    return condition_wait(&waiter->turned, &waiter->lock, until) ||
           clock_monotonic() < *deadline;
}

void
operation_await(struct waiter *waiter, int64_t deadline)
{
    pthread_mutex_lock(&waiter->lock);
    while (!may_go_on(waiter)) {
        if (wait_on(waiter, &deadline))
            continue;
        if (waiter->writing != WAITER_WRITING)
            break;
        waiter->patient = false; /* the writer answers in any case */
        deadline = INT64_MAX;
    }
    pthread_mutex_unlock(&waiter->lock);
}

/* Called with queue_lock held; releases it meanwhile. */
static void
gather(struct operations *operations)
{
    size_t waiters = atomic_load(&operations->waiters);
    int64_t patience = (int64_t)waiters * gather_each;
    int64_t until =
        clock_monotonic() + (patience < gather_most ? patience : gather_most);

    while (operations->queue_size < OPERATION_BATCH_MAX &&
           2 * operations->queue_size < waiters &&
           !atomic_load(&operations->stopping) && clock_monotonic() < until) {
        pthread_mutex_unlock(&operations->queue_lock);
        nanosleep(&gather_step, NULL);
        pthread_mutex_lock(&operations->queue_lock);
        waiters = atomic_load(&operations->waiters);
    }
}

/* Takes the queued ones; false: the process stops and none is left. */
static bool
take_batch(struct writer *writer)
{
    struct operations *operations = writer->operations;

    pthread_mutex_lock(&operations->queue_lock);
    while (operations->queue_first == NULL &&
           !atomic_load(&operations->stopping))
        pthread_cond_wait(&operations->queue_some, &operations->queue_lock);
    gather(operations);
    writer->count = 0;
    while (operations->queue_first != NULL &&
           writer->count < OPERATION_BATCH_MAX) {
        struct waiter *waiter = operations->queue_first;
        operations->queue_first = waiter->next_queued;
        writer->batch[writer->count++] = waiter;
        operations->queue_size--;
    }
    if (operations->queue_first == NULL)
        operations->queue_last = NULL;
    metric_set(operation_queue, "", (int64_t)operations->queue_size);
    pthread_mutex_unlock(&operations->queue_lock);
    return writer->count > 0;
}

/* --- the statement ------------------------------------------------------ */

/* In the order of operation_insert.sql. */
static const struct db_column columns[] = {
    DB_COLUMN_INSIDE(operation, operation_id, DB_UUID),
    DB_COLUMN(operation, scope, DB_TEXT),
    DB_COLUMN_AS("idempotency_key", operation, key, DB_TEXT),
    DB_COLUMN_INSIDE(operation, request_hash, DB_BYTES),
    DB_COLUMN_INSIDE(operation, command_id, DB_UUID),
    DB_COLUMN(operation, service, DB_INT2),
    DB_COLUMN(operation, lane, DB_INT2),
    DB_COLUMN_AS("type", operation, command.type, DB_TEXT),
    DB_COLUMN(operation, lane_key, DB_TEXT),
    DB_COLUMN_PAIR("command", operation, command.data, command.size),
    DB_COLUMN(operation, traceparent, DB_TEXT),
    DB_COLUMN(operation, subject, DB_TEXT),
    DB_COLUMN(operation, location, DB_TEXT),
    DB_COLUMN(operation, done_status, DB_INT2),
    DB_COLUMN(operation, receipt, DB_BOOL),
    DB_COLUMN(operation, accepted_at, DB_TIME),
    DB_COLUMN_AS("sent_at", operation, accepted_at, DB_TIME),
    {0},
};

static void
fill_params(struct writer *writer)
{
    const void *rows[OPERATION_BATCH_MAX];

    for (size_t i = 0; i < writer->count; i++)
        rows[i] = writer->batch[i]->operation;
    db_clear(&writer->params);
    db_encode(columns, rows, writer->count, &writer->params);
}

/* --- a batch ------------------------------------------------------------ */

static void
settle(struct waiter *waiter, int writing)
{
    pthread_mutex_lock(&waiter->lock);
    waiter->writing = writing;
    if (waiter->over || !waiter->patient || writing != WAITER_WRITTEN)
        pthread_cond_signal(&waiter->turned);
    pthread_mutex_unlock(&waiter->lock);
}

bool
operation_send(struct operations *operations, const struct operation *operation)
{
    return operations_send(operations, operation->service, operation->lane,
                           &operation->command, operation->command_id,
                           operation->lane_key, operation->traceparent,
                           operation->accepted_at);
}

/* The rows of the result are new, in the order of the batch. The sweeper sends
 * those that cannot be sent now. */
static void
settle_batch(struct writer *writer, const PGresult *result)
{
    int next = 0, rows = PQntuples(result);

    for (size_t i = 0; i < writer->count; i++) {
        struct waiter *waiter = writer->batch[i];
        uint8_t id[16];
        bool written = next < rows &&
                       uuid_parse(waiter->operation->operation_id, id) &&
                       memcmp(PQgetvalue(result, next, 0), id, sizeof id) == 0;
        if (written) {
            next++;
            if (!FAILPOINT(operation_written) &&
                !operation_send(writer->operations, waiter->operation))
                metric_add(operation_unsent_total, "", 1);
        }
        settle(waiter, written ? WAITER_WRITTEN : WAITER_REPEATED);
    }
}

static enum db_end
write_once(struct writer *writer, PGresult **ret_result)
{
    if (writer->db != NULL && !db_alive(writer->db)) {
        db_free(writer->db);
        writer->db = NULL;
    }
    if (writer->db == NULL)
        writer->db = gateway_connect("gateway-writer", true);
    if (writer->db == NULL)
        return DB_LOST;
    return db_query(writer->db, "operation_insert", &writer->params,
                    ret_result);
}

static void
write_batch(struct writer *writer)
{
    PGresult *result = NULL;
    enum db_end end = DB_LOST;
    int64_t begun = clock_monotonic();

    fill_params(writer);
    for (int i = 0; i < WRITE_TRIES && (end == DB_LOST || end == DB_RETRY); i++)
        end = write_once(writer, &result);
    metric_observe_count(operation_batch_size, "", (int64_t)writer->count);
    metric_observe(operation_write_seconds, "", clock_monotonic() - begun);
    if (end == DB_OK) {
        settle_batch(writer, result);
        PQclear(result);
        return;
    }
    if (writer->db != NULL)
        gateway_db_failed(writer->db, end, "operation_insert");
    if (writer->db != NULL && db_rollback(writer->db) != DB_OK) {
        db_free(writer->db);
        writer->db = NULL;
    }
    for (size_t i = 0; i < writer->count; i++)
        settle(writer->batch[i], WAITER_NOT_WRITTEN);
}

void *
operation_writer(void *operations)
{
    struct writer writer = {.operations = operations};

    while (take_batch(&writer))
        write_batch(&writer);
    db_free(writer.db);
    db_params_free(&writer.params);
    return NULL;
}
