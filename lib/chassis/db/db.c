/* Connections, round trips and their ends; values are in db_value.c.
 *
 * Called by the lane's worker, the gateway's threads and migrate; a connection
 * belongs to one thread at a time. Never retries: returns one of four ends.
 */
#include "chassis/db/db.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chassis/base/clock.h"

static const int64_t connect_timeout = SECONDS(5);

struct db {
    PGconn *connection;
    bool alive;
    char error[256];
    char sqlstate[6];
};

static void
db_note_failure(struct db *db, const PGresult *result)
{
    const char *state =
        result == NULL ? NULL : PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char *text = result == NULL ? PQerrorMessage(db->connection)
                                      : PQresultErrorMessage(result);

    snprintf(db->sqlstate, sizeof db->sqlstate, "%s", state ? state : "");
    snprintf(db->error, sizeof db->error, "%s", text ? text : "");
    db->error[strcspn(db->error, "\n")] = '\0';
    if (PQstatus(db->connection) != CONNECTION_OK)
        db->alive = false;
}

/* Unique violation, serialization, deadlock, lock not available, and the codes
 * of a server that shuts down or cancels. Class 57 closes the connection. */
static enum db_end
db_classify(struct db *db)
{
    static const char *const retry[] = {"23505", "23P01", "40001", "40P01",
                                        "55P03", "57014", "53300", "53200"};

    if (!db->alive)
        return DB_LOST;
    if (strncmp(db->sqlstate, "57P", 3) == 0 ||
        strncmp(db->sqlstate, "08", 2) == 0 ||
        strcmp(db->sqlstate, "25P03") == 0) {
        db->alive = false;
        return DB_LOST;
    }
    for (size_t i = 0; i < COUNT_OF(retry); i++)
        if (strcmp(db->sqlstate, retry[i]) == 0)
            return DB_RETRY;
    return DB_FAULT;
}

static enum db_end
db_prepare_table(struct db *db, const struct sql_text *table)
{
    size_t sent = 0;
    enum db_end end = DB_OK;

    for (const struct sql_text *q = table; q->name != NULL; q++, sent++)
        if (!PQsendPrepare(db->connection, q->name, q->text, 0, NULL))
            db->alive = false;
    db_sync(db);
    for (size_t i = 0; i < sent && end == DB_OK; i++) {
        end = db_next(db, NULL);
        if (end != DB_OK) {
            char reason[256];
            snprintf(reason, sizeof reason, "%.60s: %.180s", table[i].name,
                     db->error);
            memcpy(db->error, reason, sizeof reason);
        }
    }
    return end != DB_OK ? end : db_end_trip(db);
}

/* Drops notices ("terminating connection …"): the result shows the same, and
 * libpq would print them among our events. */
static void
db_drop_notice(void *context, const PGresult *result)
{
    (void)context;
    (void)result;
}

/* Like PQconnectdb, but with our receiver of notices from the first byte: a
 * backend that is ended as soon as it is ready sends one meanwhile. */
static void
db_await_connection(PGconn *connection)
{
    int64_t deadline = clock_monotonic() + connect_timeout;
    PostgresPollingStatusType wants = PGRES_POLLING_WRITING;

    if (PQstatus(connection) == CONNECTION_BAD)
        return;
    while (wants != PGRES_POLLING_OK && wants != PGRES_POLLING_FAILED) {
        int64_t left = deadline - clock_monotonic();
        struct pollfd socket = {
            .fd = PQsocket(connection),
            .events = wants == PGRES_POLLING_READING ? POLLIN : POLLOUT,
        };
        if (left <= 0)
            return;
        if (poll(&socket, 1, (int)(left / MILLISECONDS(1)) + 1) > 0)
            wants = PQconnectPoll(connection);
    }
}

static PGconn *
db_connect(const struct db_options *options)
{
    char server_options[512], timeout[32];
    long ms = (long)(options->statement_timeout / 1000);

    snprintf(server_options, sizeof server_options,
             "-c statement_timeout=%ld -c lock_timeout=%ld "
             "-c idle_in_transaction_session_timeout=%ld "
             "-c client_min_messages=warning -c timezone=UTC "
             "-c search_path=%s,extensions%s%s",
             ms, ms, ms, options->schema,
             options->late_flush ? " -c synchronous_commit=off" : "",
             options->index_only_plans
                 ? " -c plan_cache_mode=force_generic_plan -c "
                   "enable_seqscan=off -c enable_hashjoin=off -c "
                   "enable_mergejoin=off -c enable_bitmapscan=off -c jit=off"
                 : " -c jit=off");
    snprintf(timeout, sizeof timeout, "%ld", ms);
    const char *const names[] = {"dbname",          "application_name",
                                 "options",         "tcp_user_timeout",
                                 "client_encoding", NULL};
    const char *const values[] = {options->url, options->name, server_options,
                                  timeout,      "UTF8",        NULL};
    PGconn *connection = PQconnectStartParams(names, values, 1);

    PQsetNoticeReceiver(connection, db_drop_notice, NULL);
    PQsetErrorVerbosity(connection, PQERRORS_VERBOSE); /* with SQLSTATE */
    db_await_connection(connection);
    PQsetErrorVerbosity(connection, PQERRORS_DEFAULT);
    return connection;
}

/* Why no connection came about. libpq keeps the SQLSTATE of a refused start in
 * the message alone. */
static enum db_end
db_classify_start(const struct db *db)
{
    /* authorization, password, privilege to connect, database */
    static const char *const denied[] = {
        " 28000: ", " 28P01: ", " 42501: ", " 3D000: "};
    const char *message = PQerrorMessage(db->connection);

    for (size_t i = 0; i < COUNT_OF(denied); i++)
        if (strstr(message, denied[i]) != NULL)
            return DB_DENIED;
    return DB_LOST;
}

/* libpq says only that the certificate is wrong; these two are most often the
 * reason. Another host name has a message of its own. */
static void
db_explain_certificate(struct db *db)
{
    size_t size = strlen(db->error);

    if (strstr(db->error, "certificate verify failed") != NULL)
        snprintf(db->error + size, sizeof db->error - size,
                 ": from an authority that is not in sslrootcert, or expired");
}

static enum db_end
db_prepare_tables(struct db *db, const struct sql_text *const *tables)
{
    enum db_end end = DB_OK;

    for (; tables != NULL && *tables != NULL && end == DB_OK; tables++)
        end = db_prepare_table(db, *tables);
    return end;
}

enum db_end
db_open_end(const struct db_options *options, struct db **ret_db,
            char ret_error[256])
{
    struct db *db = calloc(1, sizeof *db);
    enum db_end end;

    if (db == NULL)
        abort();
    db->connection = db_connect(options);
    db->alive = PQstatus(db->connection) == CONNECTION_OK;
    if (!db->alive || !PQenterPipelineMode(db->connection)) {
        db_note_failure(db, NULL);
        db_explain_certificate(db);
        end = db_classify_start(db);
    } else
        end = db_prepare_tables(db, options->tables);
    if (end != DB_OK) {
        snprintf(ret_error, 256, "%s",
                 db->error[0] ? db->error : "no answer in time");
        db_free(db);
        db = NULL;
    }
    *ret_db = db;
    return end;
}

enum db_end
db_open_schema(const char *service, const char *url,
               const struct sql_text *queries, int64_t statement_timeout,
               struct db **ret_db, char ret_error[256])
{
    const struct sql_text *const tables[] = {queries, NULL};
    const struct db_options options = {
        .url = url,
        .name = service,
        .schema = service,
        .tables = tables,
        .statement_timeout = statement_timeout,
    };

    return db_open_end(&options, ret_db, ret_error);
}

struct db *
db_open(const struct db_options *options, char ret_error[256])
{
    struct db *db;

    return db_open_end(options, &db, ret_error) == DB_OK ? db : NULL;
}

void
db_free(struct db *db)
{
    if (db == NULL)
        return;
    PQfinish(db->connection);
    free(db);
}

const char *
db_error(const struct db *db)
{
    return db->error;
}

const char *
db_sqlstate(const struct db *db)
{
    return db->sqlstate;
}

bool
db_alive(const struct db *db)
{
    return db->alive;
}

void
db_send(struct db *db, const char *query, const struct db_params *params)
{
    const char *values[DB_PARAMS_MAX];
    int formats[DB_PARAMS_MAX];
    int count = params == NULL ? 0 : params->count;

    for (int i = 0; i < count; i++) {
        values[i] =
            params->length[i] < 0 ? NULL : params->data.data + params->at[i];
        formats[i] = 1;
    }
    if (!PQsendQueryPrepared(
            db->connection, query, count, count ? values : NULL,
            count ? params->length : NULL, count ? formats : NULL, 1))
        db_note_failure(db, NULL), db->alive = false;
}

void
db_sync(struct db *db)
{
    if (!PQpipelineSync(db->connection))
        db_note_failure(db, NULL), db->alive = false;
}

/* Reads on to the sync, so that the next round trip starts clean. */
static void
db_skip_to_sync(struct db *db)
{
    int empty = 0;

    while (db->alive && empty < 2) {
        PGresult *result = PQgetResult(db->connection);
        if (result == NULL) {
            empty++;
            continue;
        }
        empty = 0;
        ExecStatusType status = PQresultStatus(result);
        PQclear(result);
        if (status == PGRES_PIPELINE_SYNC)
            return;
        if (PQstatus(db->connection) != CONNECTION_OK)
            db->alive = false;
    }
    db->alive = false;
}

enum db_end
db_next(struct db *db, PGresult **ret_result)
{
    if (!db->alive)
        return DB_LOST;
    PGresult *result = PQgetResult(db->connection);
    ExecStatusType status = PQresultStatus(result);

    if (result == NULL) {
        db_note_failure(db, NULL);
        db->alive = false;
        return DB_LOST;
    }
    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
        db_note_failure(db, result);
        PQclear(result);
        enum db_end end = db_classify(db);
        db_skip_to_sync(db);
        return db->alive ? end : DB_LOST;
    }
    PGresult *after = PQgetResult(db->connection); /* the NULL between two */
    if (after != NULL) {
        PQclear(after);
        PQclear(result);
        db->alive = false;
        return DB_LOST;
    }
    if (ret_result != NULL)
        *ret_result = result;
    else
        PQclear(result);
    return DB_OK;
}

enum db_end
db_end_trip(struct db *db)
{
    if (!db->alive)
        return DB_LOST;
    PGresult *result = PQgetResult(db->connection);
    bool ok = PQresultStatus(result) == PGRES_PIPELINE_SYNC;

    if (!ok) {
        db_note_failure(db, result);
        db->alive = false;
    }
    PQclear(result);
    return ok ? DB_OK : DB_LOST;
}

enum db_end
db_end_after(struct db *db, size_t count)
{
    enum db_end end = DB_OK;

    for (size_t i = 0; i < count && end == DB_OK; i++)
        end = db_next(db, NULL);
    return end == DB_OK ? db_end_trip(db) : end;
}

enum db_end
db_skip_trip(struct db *db)
{
    db_skip_to_sync(db);
    return db->alive ? DB_OK : DB_LOST;
}

enum db_end
db_query(struct db *db, const char *query, const struct db_params *params,
         PGresult **ret_result)
{
    PGresult *result = NULL;

    db_send(db, query, params);
    db_sync(db);
    enum db_end end = db_next(db, &result);
    if (end == DB_OK)
        end = db_end_trip(db);
    if (end == DB_OK && ret_result != NULL)
        *ret_result = result;
    else
        PQclear(result);
    return end;
}

enum db_end
db_execute(struct db *db, const char *sql)
{
    if (!db->alive)
        return DB_LOST;
    if (!PQexitPipelineMode(db->connection)) {
        db->alive = false;
        return DB_LOST;
    }
    PGresult *result = PQexec(db->connection, sql);
    ExecStatusType status = PQresultStatus(result);
    enum db_end end = DB_OK;

    if (status != PGRES_COMMAND_OK && status != PGRES_TUPLES_OK) {
        db_note_failure(db, result);
        end = db_classify(db);
    }
    PQclear(result);
    if (!PQenterPipelineMode(db->connection)) {
        db->alive = false;
        return DB_LOST;
    }
    return end;
}

enum db_end
db_rollback(struct db *db)
{
    if (!db->alive)
        return DB_LOST;
    if (PQtransactionStatus(db->connection) == PQTRANS_IDLE)
        return DB_OK;
    return db_execute(db, "ROLLBACK");
}
