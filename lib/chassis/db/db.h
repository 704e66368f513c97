/* PostgreSQL by libpq: pipelined, binary, prepared statements only.
 *
 * A connection prepares every statement of its tables (embedded from
 * sql/query/) when it opens, so a query is called by its file's name.
 * Parameters are built in a reusable buffer; results are binary. A lost
 * connection is reported, never hidden: the result of statements in flight is
 * unknown, and the caller begins again from its tables.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <libpq-fe.h>

#include "attributes.h"
#include "chassis/base/arena.h"
#include "chassis/base/bytes.h"
#include "chassis/db/column.h"
#include "chassis/db/sql_text.h"

enum db_end {
    DB_OK,
    DB_RETRY,  /* rule 9: unique violation, deadlock, serialization, lock */
    DB_LOST,   /* the connection is lost, perhaps with the answer of COMMIT */
    DB_FAULT,  /* our fault: the server rejects a statement or value */
    DB_DENIED, /* of db_open_end() alone: no such role, password or database */
};

enum { DB_PARAMS_MAX = 40 };

struct db_params {
    struct bytes data;
    int count;
    int array_left; /* elements that the present array still needs */
    size_t array_at;
    size_t at[DB_PARAMS_MAX];
    int length[DB_PARAMS_MAX]; /* -1: NULL */
};

/* --- parameters: between db_array() and its last element the same calls add
 * elements, elsewhere whole parameters ----------------------------------- */
void db_params_free(struct db_params *params);
void db_clear(struct db_params *params);
void db_array(struct db_params *params, enum db_type type, size_t count);
void db_null(struct db_params *params);
void db_bool(struct db_params *params, bool value);
void db_int2(struct db_params *params, int value);
void db_int4(struct db_params *params, int value);
void db_int8(struct db_params *params, int64_t value);
void db_time(struct db_params *params, int64_t at);
void db_text(struct db_params *params, const char *text); /* NULL: NULL */
void db_bytes(struct db_params *params, const void *data, size_t size);
/* NULL, "" and texts that are no UUID give NULL (callers check them). */
void db_uuid(struct db_params *params, const char *id);
/* "YYYY-MM-DD"; NULL and "" give NULL. */
void db_date(struct db_params *params, const char *day);

/* --- connections -------------------------------------------------------- */
struct db;
struct db_options {
    const char *url;
    const char *name;   /* application_name */
    const char *schema; /* where tables are looked for, before `extensions` */
    const struct sql_text *const *tables; /* statement tables, NULL-ended */
    int64_t statement_timeout;            /* µs; also lock, idle, TCP */
    bool index_only_plans; /* small batches: never scan a table */
    bool late_flush; /* COMMIT does not wait for the disk: a crash of the server
                        may take back the last commits, in reverse order */
};

/* Opens and prepares. NULL: `ret_error` (256 bytes) has the reason. */
struct db *db_open(const struct db_options *options, char ret_error[256]);
/* The same. DB_FAULT: a statement does not fit the schema. DB_DENIED: the
 * server knows the role, its password or the database not. DB_LOST, DB_RETRY:
 * it is away. */
enum db_end db_open_end(const struct db_options *options, struct db **ret_db,
                        char ret_error[256]) WARN_UNUSED;
/* The same with the schema and the name of a service, and one table of
 * statements. */
enum db_end db_open_schema(const char *service, const char *url,
                           const struct sql_text *queries,
                           int64_t statement_timeout, struct db **ret_db,
                           char ret_error[256]) WARN_UNUSED;
void db_free(struct db *db);
/* Text and SQLSTATE of the last failure (never shown to clients). */
const char *db_error(const struct db *db);
const char *db_sqlstate(const struct db *db);
/* True until the connection was found lost. */
bool db_alive(const struct db *db);

/* Queues a prepared statement; failures show at db_next(). */
void db_send(struct db *db, const char *query, const struct db_params *params);
/* Ends a round trip: sends the queued statements. */
void db_sync(struct db *db);
/* The next result, in order. DB_OK: the caller owns `ret_result` (PQclear; NULL
 * if the rows do not matter). Otherwise the rest of the round trip is consumed;
 * the caller must still roll back. */
enum db_end db_next(struct db *db, PGresult **ret_result) WARN_UNUSED;
/* Consumes the result of the sync; call it after all other results. */
enum db_end db_end_trip(struct db *db) WARN_UNUSED;
/* Both for the last `count` results, whose rows do not matter. */
enum db_end db_end_after(struct db *db, size_t count) WARN_UNUSED;
/* Skips all results that are left, including the sync's. DB_OK: the connection
 * can be used again. */
enum db_end db_skip_trip(struct db *db);
/* Rolls back an open transaction. DB_OK: the connection can be used again. */
enum db_end db_rollback(struct db *db);
/* One statement, one round trip. */
enum db_end db_query(struct db *db, const char *query,
                     const struct db_params *params,
                     PGresult **ret_result) WARN_UNUSED;
/* Plain SQL text (migrations, settings), several statements allowed. */
enum db_end db_execute(struct db *db, const char *sql) WARN_UNUSED;

/* --- results (binary) --------------------------------------------------- */
bool db_is_null(const PGresult *result, int row, int column);
bool db_get_bool(const PGresult *result, int row, int column);
int64_t db_get_int(const PGresult *result, int row, int column); /* 2, 4, 8 */
int64_t db_get_time(const PGresult *result, int row, int column);
/* NULL for NULL; lives as long as the result. */
const char *db_get_text(const PGresult *result, int row, int column);
/* Into the arena; NULL for NULL. */
char *db_copy_text(struct arena *arena, const PGresult *result, int row,
                   int column);
char *db_copy_uuid(struct arena *arena, const PGresult *result, int row,
                   int column);
char *db_copy_date(struct arena *arena, const PGresult *result, int row,
                   int column);
const uint8_t *db_get_bytes(const PGresult *result, int row, int column,
                            size_t *ret_size);

/* --- rows and structs --------------------------------------------------- */
/* Fills a struct from one row; texts are copied to the arena. */
void db_decode(const struct db_column *columns, const PGresult *result, int row,
               struct arena *arena, void *ret_struct);
/* Adds one array parameter per column, `count` structs each. */
void db_encode(const struct db_column *columns, const void *const *structs,
               size_t count, struct db_params *params);
