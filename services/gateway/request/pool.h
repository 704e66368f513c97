/* Connections to the database for the threads that answer HTTP, and results.
 */
#pragma once

#include "chassis/db/db.h"

/* Waits until `deadline` (monotonic µs); NULL: none free, or no database.
 * Return the connection with pool_give(), which reopens a lost one. */
struct pool *pool_new(size_t size);
/* A connection outside the pool, with the gateway's statements, under a name of
 * its own. NULL: not now, the log says why. The caller's (db_free). */
struct db *gateway_connect(const char *name, bool index_only_plans) WARN_UNUSED;
/* Logs an end that is not DB_OK. `where`: the query or the part. */
void gateway_db_failed(const struct db *db, enum db_end end, const char *where);
void pool_free(struct pool *pool);
struct db *pool_take(struct pool *pool, int64_t deadline) WARN_UNUSED;
void pool_give(struct pool *pool, struct db *db);
/* For CLEANUP(result_clear). */
static inline void
result_clear(PGresult **result)
{
    PQclear(*result);
}
