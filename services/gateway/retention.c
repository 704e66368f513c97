/* The thread that deletes expired rows.
 *
 * Started and stopped by gateway.c in every process; several may run side by
 * side. Each row of the table is one statement with its period. Each run takes
 * a limited number of rows. A failed statement is logged and does not stop the
 * others. */
#include <pthread.h>
#include <stdio.h>

#include "chassis/base/clock.h"
#include "chassis/base/condition.h"
#include "chassis/db/db.h"

#include "gateway/operations/operations.h"
#include "gateway/request/pool.h"
#include "gateway/gateway.h"

static const int64_t turn_pause = SECONDS(1);
static const int64_t import_given_up = DAYS(2);
static const int64_t import_kept = DAYS(30);
static const int64_t operation_kept = DAYS(30);
static const int64_t operation_bytes_kept = DAYS(7);
static const int64_t operation_span = SECONDS(600); /* ids of a statement */

static struct {
    pthread_t thread;
    pthread_mutex_t lock;
    pthread_cond_t stop;
    bool stopping;
    struct db *db;
    int64_t emptied_to; /* wall clock µs: operations without bytes */
} keeper = {.lock = PTHREAD_MUTEX_INITIALIZER};

/* --- parameters; return false if nothing is due --- */

static bool
over_now(struct db_params *params, int64_t now)
{
    db_time(params, now);
    return true;
}

static bool
imports_given_up(struct db_params *params, int64_t now)
{
    db_time(params, now);
    db_time(params, now - import_given_up);
    return true;
}

static bool
imports_old(struct db_params *params, int64_t now)
{
    db_time(params, now - import_kept);
    return true;
}

static void
add_operation(struct db_params *params, int64_t at)
{
    uint8_t id[16];

    operation_id_of(at, id);
    db_bytes(params, id, sizeof id);
}

/* The next span of ids, so that no statement reads the whole table. */
static bool
operation_bytes_old(struct db_params *params, int64_t now)
{
    int64_t from = keeper.emptied_to, to = from + operation_span;

    if (to > now - operation_bytes_kept)
        return false;
    add_operation(params, from);
    add_operation(params, to);
    keeper.emptied_to = to;
    return true;
}

static bool
operations_old(struct db_params *params, int64_t now)
{
    add_operation(params, now - operation_kept);
    return true;
}

/* --- the table ---------------------------------------------------------- */

static const struct retention {
    const char *query;
    int64_t period;
    bool (*bind)(struct db_params *params, int64_t now);
} retentions[] = {
    {"session_expire", SECONDS(60), over_now},
    {"ticket_expire", SECONDS(60), over_now},
    {"verification_expire", SECONDS(60), over_now},
    {"mail_expire", SECONDS(60), over_now},
    {"credential_expire", SECONDS(60), over_now},
    {"budget_expire", SECONDS(60), over_now},
    {"identity_expire", SECONDS(60), over_now},
    {"import_lapse", SECONDS(60), imports_given_up},
    {"import_row_delete", SECONDS(60), imports_old},
    {"import_delete", SECONDS(60), imports_old},
    {"operation_empty", SECONDS(1), operation_bytes_old},
    {"operation_delete", SECONDS(60), operations_old},
};

/* --- the thread --------------------------------------------------------- */

/* Returns false if the connection is lost. */
static bool
run_statement(const struct retention *row)
{
    CLEANUP(db_params_free) struct db_params params = {0};
    enum db_end end = DB_OK;

    if (row->bind(&params, clock_now()))
        end = db_query(keeper.db, row->query, &params, NULL);
    gateway_db_failed(keeper.db, end, row->query);
    if (end == DB_FAULT)
        end = db_rollback(keeper.db);
    return end == DB_OK;
}

/* Runs the due statements; `due` holds each row's next time, monotonic µs. */
static void
run_due(int64_t *due)
{
    if (keeper.db == NULL)
        keeper.db = gateway_connect("gateway-retention", true);
    for (size_t i = 0; keeper.db != NULL && i < COUNT_OF(retentions); i++) {
        if (clock_monotonic() < due[i])
            continue;
        due[i] = clock_monotonic() + retentions[i].period;
        if (run_statement(&retentions[i]))
            continue;
        db_free(keeper.db);
        keeper.db = NULL;
    }
}

/* Returns false if the process stops. */
static bool
pause_turn(void)
{
    int64_t deadline = clock_monotonic() + turn_pause;

    pthread_mutex_lock(&keeper.lock);
    while (!keeper.stopping && clock_monotonic() < deadline)
        condition_wait(&keeper.stop, &keeper.lock, deadline);
    bool on = !keeper.stopping;
    pthread_mutex_unlock(&keeper.lock);
    return on;
}

static void *
run(void *unused)
{
    int64_t due[COUNT_OF(retentions)] = {0};

    (void)unused;
    do
        run_due(due);
    while (pause_turn());
    db_free(keeper.db);
    keeper.db = NULL;
    return NULL;
}

bool
retention_start(char ret_error[256])
{
    condition_init(&keeper.stop);
    keeper.stopping = false;
    keeper.emptied_to = clock_now() - operation_kept;
    if (pthread_create(&keeper.thread, NULL, run, NULL) == 0)
        return true;
    snprintf(ret_error, 256, "no thread for retention");
    return false;
}

void
retention_stop(void)
{
    pthread_mutex_lock(&keeper.lock);
    keeper.stopping = true;
    pthread_cond_signal(&keeper.stop);
    pthread_mutex_unlock(&keeper.lock);
    pthread_join(keeper.thread, NULL);
    pthread_cond_destroy(&keeper.stop);
}
