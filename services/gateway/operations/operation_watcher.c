/* Looks up the operations of waiters whose end another process writes.
 *
 * One statement for all of them, every few milliseconds, only while there are
 * any. For waiters of lanes that this process has it looks seldom: their end
 * wakes them (operation_waiter.c), except after a change of owner, or where an
 * outcome overtook its state. Opens the topics first, without which nothing is
 * sent. Only reads.
 */
#include "gateway/operations/internal.h"
#include "gateway/request/pool.h"

static const int64_t retry_pause = SECONDS(1);

struct watcher {
    struct operations *operations;
    struct db *db;
    struct db_params params;
    struct arena *arena;
};

/* Until the broker has the topics; false: the process stops. */
static bool
open_topics(struct operations *operations)
{
    while (!atomic_load(&operations->stopping)) {
        bool ready = true;
        for (int i = 0; i < OPERATION_SERVICES; i++)
            ready =
                ready && sender_open(operations->sender, operation_services[i]);
        if (ready) {
            atomic_store(&operations->broker_seen, true);
            return true;
        }
        operations_pause(operations, retry_pause);
    }
    return false;
}

/* Sleeps until rows must be looked up; their ids are the parameter. False: the
 * process stops. */
static bool
await_due(struct watcher *watcher)
{
    struct operations *operations = watcher->operations;
    size_t count = 0;

    pthread_mutex_lock(&operations->table_lock);
    while (!atomic_load(&operations->stopping) && count == 0) {
        count =
            waiters_due(operations, &watcher->params, &operations->watch_due);
        if (count == 0)
            condition_wait(&operations->watch_wanted, &operations->table_lock,
                           operations->watch_due);
    }
    operations->watch_due = 0; /* awake: no signal needed */
    pthread_mutex_unlock(&operations->table_lock);
    return !atomic_load(&operations->stopping);
}

enum { COLUMN_COMMAND, COLUMN_RESULT };

static bool
look(struct watcher *watcher)
{
    PGresult *rows;

    if (db_query(watcher->db, "operation_ended", &watcher->params, &rows) !=
        DB_OK)
        return false;
    arena_reset(watcher->arena);
    pthread_mutex_lock(&watcher->operations->table_lock);
    for (int i = 0; i < PQntuples(rows); i++) {
        struct result result;
        result_read(watcher->arena, rows, i, COLUMN_RESULT, &result);
        waiters_end(watcher->operations,
                    (const uint8_t *)PQgetvalue(rows, i, COLUMN_COMMAND),
                    &result);
    }
    pthread_mutex_unlock(&watcher->operations->table_lock);
    PQclear(rows);
    return true;
}

void *
operation_watcher(void *operations)
{
    struct watcher watcher = {
        .operations = operations,
        .arena = arena_new(0),
    };

    bool going_on = open_topics(operations);
    while (going_on && await_due(&watcher)) {
        if (watcher.db == NULL)
            watcher.db = gateway_connect("gateway-watcher", true);
        if (watcher.db != NULL && look(&watcher))
            continue;
        db_free(watcher.db);
        watcher.db = NULL;
        operations_pause(operations, retry_pause);
    }
    db_free(watcher.db);
    db_params_free(&watcher.params);
    arena_free(watcher.arena);
    return NULL;
}
