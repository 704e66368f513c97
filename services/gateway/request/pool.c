/* pool.c: connections to the database for the threads that answer HTTP.
 *
 * Their number is fixed; each opens when first needed. The last one returned is
 * the next one taken, so that few stay warm. A thread waits until its deadline;
 * a full pool then means 503, not a longer queue. The lane of views has a
 * connection of its own.
 */
#include "gateway/request/pool.h"
#include "gateway/events.h"
#include "gateway/metrics.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "chassis/base/clock.h"
#include "chassis/base/condition.h"
#include "chassis/base/settings.h"

#include "gateway_sql.h"

/* After a failed opening no thread tries again for this long. */
#define REOPEN_AFTER MILLISECONDS(200)

struct pool {
    pthread_mutex_t mutex;
    pthread_cond_t given;
    struct db **idle; /* a stack; NULL: not open yet */
    size_t size, count;
    int64_t closed_until; /* monotonic: the database was not there */
};

struct pool *
pool_new(size_t size)
{
    struct pool *pool = calloc(1, sizeof *pool);

    if (pool == NULL)
        out_of_memory(sizeof *pool);
    pool->idle = calloc(size, sizeof *pool->idle);
    if (pool->idle == NULL)
        out_of_memory(size * sizeof *pool->idle);
    pool->size = pool->count = size;
    pthread_mutex_init(&pool->mutex, NULL);
    condition_init(&pool->given);
    return pool;
}

void
pool_free(struct pool *pool)
{
    if (pool == NULL)
        return;
    for (size_t i = 0; i < pool->count; i++)
        db_free(pool->idle[i]);
    pthread_cond_destroy(&pool->given);
    pthread_mutex_destroy(&pool->mutex);
    free(pool->idle);
    free(pool);
}

/* Waits for a place in the pool until `deadline`. False: none. */
static bool
pool_wait(struct pool *pool, int64_t deadline)
{
    while (pool->count == 0)
        if (!condition_wait(&pool->given, &pool->mutex, deadline))
            return false;
    return true;
}

struct db *
gateway_connect(const char *name, bool index_only_plans)
{
    static const struct sql_text *const tables[] = {gateway_queries, NULL};
    const struct db_options options = {
        .url = chassis_settings.database_url,
        .name = name,
        .schema = "gateway",
        .tables = tables,
        .statement_timeout = chassis_settings.statement_timeout,
        .index_only_plans = index_only_plans,
    };

    char error[256];
    struct db *db = db_open(&options, error);

    if (db == NULL)
        log_event(database_unreachable, log_str("user", name),
                  log_str("reason", error));
    return db;
}

/* Without the text of a rejected statement, which may quote a value. */
void
gateway_db_failed(const struct db *db, enum db_end end, const char *where)
{
    if (end == DB_FAULT)
        log_event(statement_failed, log_str("where", where),
                  log_str("sqlstate", db_sqlstate(db)));
    else if (end != DB_OK)
        log_event(statement_interrupted, log_str("where", where),
                  log_str("sqlstate", db_sqlstate(db)),
                  log_str("reason", db_error(db)));
}

static struct db *
pool_open(struct pool *pool)
{
    struct db *db = gateway_connect("gateway-http", false);

    if (db == NULL) {
        pthread_mutex_lock(&pool->mutex);
        pool->closed_until = clock_monotonic() + REOPEN_AFTER;
        pthread_mutex_unlock(&pool->mutex);
    }
    return db;
}

struct db *
pool_take(struct pool *pool, int64_t deadline)
{
    struct db *db = NULL;
    bool open;

    pthread_mutex_lock(&pool->mutex);
    if (!pool_wait(pool, deadline)) {
        pthread_mutex_unlock(&pool->mutex);
        metric_add(pool_exhausted_total, "", 1);
        return NULL;
    }
    db = pool->idle[--pool->count];
    open = db != NULL || clock_monotonic() >= pool->closed_until;
    metric_set(pool_taken, "", (int64_t)(pool->size - pool->count));
    pthread_mutex_unlock(&pool->mutex);

    if (db == NULL && open)
        db = pool_open(pool);
    if (db == NULL)
        pool_give(pool, NULL);
    return db;
}

/* A lost connection is seldom the only one: all idle ones are opened again, so
 * that a restarted database fails one request, not one per connection. */
static void
pool_forget_idle(struct pool *pool)
{
    for (size_t i = 0; i < pool->count; i++) {
        db_free(pool->idle[i]);
        pool->idle[i] = NULL;
    }
}

void
pool_give(struct pool *pool, struct db *db)
{
    bool lost = db != NULL && (!db_alive(db) || db_rollback(db) != DB_OK);

    if (lost) {
        db_free(db);
        db = NULL;
    }
    pthread_mutex_lock(&pool->mutex);
    if (lost)
        pool_forget_idle(pool);
    if (db == NULL && pool->count > 0) { /* under the open ones */
        memmove(pool->idle + 1, pool->idle, pool->count * sizeof *pool->idle);
        pool->idle[0] = NULL;
        pool->count++;
    } else {
        pool->idle[pool->count++] = db;
    }
    pthread_cond_signal(&pool->given);
    pthread_mutex_unlock(&pool->mutex);
}
