/* import_worker.c: the thread that carries imports out.
 *
 * Started and stopped by gateway.c. It takes a turn for each import under way.
 * Several processes share the imports by locked rows, so any process may die
 * and the others, or its next start, go on. An import that caused a database
 * error rests while the others go on. The thread sleeps if there is no import,
 * and pauses longer if no row moves.
 */
#include "gateway/imports/import_worker.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>

#include "chassis/base/condition.h"

#include "gateway/events.h"
#include "gateway/gateway.h"
#include "gateway/request/pool.h"
#include "gateway/metrics.h"

static const int64_t shortest_pause = MILLISECONDS(4);
static const int64_t longest_pause = SECONDS(1);
/* A retry rarely helps after an error in our SQL; an operator may have fixed
 * it. */
static const int64_t rest = SECONDS(5);

enum { RESTING_MAX = 32 }; /* more: the oldest rests shorter */

static struct {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t wanted;
    bool awake; /* there is work: do not sleep now */
    atomic_bool stopping;
    struct db *db;
    struct arena *arena;
    struct {
        char import_id[UUID_TEXT];
        int64_t until; /* monotonic */
    } resting[RESTING_MAX];
    size_t next_resting;
} worker = {.lock = PTHREAD_MUTEX_INITIALIZER};

static bool
connect_worker(void)
{
    if (worker.db != NULL)
        return true;
    worker.db = gateway_connect("gateway-imports", true);
    return worker.db != NULL;
}

static enum db_end
run_turn(const char *import_id, bool *ret_moved)
{
    struct turn turn = {
        .db = worker.db, .arena = worker.arena, .import_id = import_id};
    enum db_end end = db_execute(worker.db, "BEGIN");

    if (end == DB_OK)
        end = import_turn(&turn, clock_now(), ret_moved);
    if (end == DB_OK)
        end = db_execute(worker.db, "COMMIT");
    db_params_free(&turn.params);
    return end;
}

static bool
is_resting(const char *import_id)
{
    for (size_t i = 0; i < RESTING_MAX; i++)
        if (strcmp(worker.resting[i].import_id, import_id) == 0 &&
            clock_monotonic() < worker.resting[i].until)
            return true;
    return false;
}

/* Lets an import rest whose turn failed by our fault. DB_OK: the connection can
 * be used for the next import. */
static enum db_end
lay_aside(const char *import_id)
{
    size_t i = worker.next_resting++ % RESTING_MAX;

    log_event(import_turn_failed, log_str("import_id", import_id),
              log_str("sqlstate", db_sqlstate(worker.db)),
              log_str("reason", db_error(worker.db)));
    metric_add(import_turns_failed_total, "", 1);
    snprintf(worker.resting[i].import_id, UUID_TEXT, "%s", import_id);
    worker.resting[i].until = clock_monotonic() + rest;
    return db_rollback(worker.db);
}

/* A turn for each import under way; the arena holds one turn's rows. */
static enum db_end
go_round(bool *ret_moved)
{
    CLEANUP(result_clear) PGresult *rows = NULL;
    enum db_end end = db_query(worker.db, "import_active", NULL, &rows);

    *ret_moved = false;
    for (int i = 0; end == DB_OK && i < PQntuples(rows); i++) {
        bool moved = false;
        arena_reset(worker.arena);
        const char *import_id = db_copy_uuid(worker.arena, rows, i, 0);
        if (is_resting(import_id))
            continue;
        end = run_turn(import_id, &moved);
        if (end == DB_FAULT)
            end = lay_aside(import_id);
        *ret_moved = *ret_moved || moved;
    }
    if (end == DB_OK)
        metric_set(import_active, "", PQntuples(rows));
    return end;
}

/* Returns whether any import moved. */
static bool
work(void)
{
    bool moved = false;

    if (!connect_worker())
        return false;
    enum db_end end = go_round(&moved);
    if (end == DB_OK)
        return moved;
    gateway_db_failed(worker.db, end, "imports");
    db_free(worker.db);
    worker.db = NULL;
    return false;
}

/* --- the thread --------------------------------------------------------- */

static void
sleep_for(int64_t pause)
{
    int64_t deadline = clock_monotonic() + pause;

    pthread_mutex_lock(&worker.lock);
    while (!worker.awake && !atomic_load(&worker.stopping) &&
           condition_wait(&worker.wanted, &worker.lock, deadline))
        ;
    worker.awake = false;
    pthread_mutex_unlock(&worker.lock);
}

static void *
run(void *unused)
{
    int64_t pause = shortest_pause;

    (void)unused;
    worker.arena = arena_new(0);
    while (!atomic_load(&worker.stopping)) {
        pause = work() ? shortest_pause : 2 * pause;
        if (pause > longest_pause)
            pause = longest_pause;
        sleep_for(pause);
    }
    db_free(worker.db);
    arena_free(worker.arena);
    worker.db = NULL;
    return NULL;
}

void
imports_wake(void)
{
    pthread_mutex_lock(&worker.lock);
    worker.awake = true;
    pthread_cond_signal(&worker.wanted);
    pthread_mutex_unlock(&worker.lock);
}

bool
imports_start(char ret_error[256])
{
    condition_init(&worker.wanted);
    atomic_store(&worker.stopping, false);
    if (pthread_create(&worker.thread, NULL, run, NULL) == 0)
        return true;
    snprintf(ret_error, 256, "the worker of imports does not start");
    return false;
}

void
imports_stop(void)
{
    atomic_store(&worker.stopping, true);
    imports_wake();
    pthread_join(worker.thread, NULL);
    pthread_cond_destroy(&worker.wanted);
}
