/* Sends commands without outcome again, with the stored id and bytes.
 *
 * Once a second: operation ids are in the order of time, so the sweeper walks
 * along the primary key, past every row once, and keeps the few late ids in
 * memory (up to a maximum; then it stops walking). Each repetition waits twice
 * as long as the one before. After two days none is sent, because the owner
 * keeps command ids for a limited time (rule 6). Several sweepers skip
 * each other's rows.
 */
#include <stdlib.h>
#include <string.h>

#include "chassis/base/failpoint.h"

#include "gateway/events.h"
#include "gateway/gateway.h"
#include "gateway/operations/internal.h"
#include "gateway/request/pool.h"
#include "gateway/metrics.h"

enum { WALK_ROWS = 1000, EVERY_MINUTE = 60 };

static const int64_t walk_span = SECONDS(600); /* ids of one statement */
static const int64_t step_back = SECONDS(60);  /* rows that were slow */
static const int64_t resend_until = DAYS(2);

struct sweeper {
    struct operations *operations;
    struct db *db;
    struct db_params params;
    struct arena *arena;
    char (*late)[UUID_TEXT];
    size_t late_count;
    uint8_t walked_to[16]; /* operation id */
    unsigned turns;
};

void
operation_id_of(int64_t at, uint8_t ret_id[16])
{
    uint64_t ms = (uint64_t)(at / 1000);

    memset(ret_id, 0xff, 16);
    for (int i = 0; i < 6; i++)
        ret_id[i] = (uint8_t)(ms >> (40 - 8 * i));
}

static int64_t
time_of_id(const uint8_t id[16])
{
    uint64_t ms = 0;

    for (int i = 0; i < 6; i++)
        ms = ms << 8 | id[i];
    return (int64_t)ms * 1000;
}

static void
add_id_of(struct db_params *params, int64_t at)
{
    uint8_t id[16];

    operation_id_of(at, id);
    db_bytes(params, id, sizeof id);
}

static void
add_late(struct sweeper *sweeper)
{
    db_array(&sweeper->params, DB_UUID, sweeper->late_count);
    for (size_t i = 0; i < sweeper->late_count; i++)
        db_uuid(&sweeper->params, sweeper->late[i]);
}

/* Ids of a result become the late ones, after `keep` that stay. */
static void
take_ids(struct sweeper *sweeper, const PGresult *rows, size_t keep)
{
    sweeper->late_count = keep;
    for (int i = 0; i < PQntuples(rows); i++) {
        if (sweeper->late_count == OPERATION_LATE_MAX)
            return;
        uuid_format((const uint8_t *)PQgetvalue(rows, i, 0),
                    sweeper->late[sweeper->late_count++]);
    }
}

/* --- late ones ---------------------------------------------------------- */

/* One span of time, or a page of late ones in it; *ret_more: walk on. */
static enum db_end
walk_span_once(struct sweeper *sweeper, int64_t until, bool *ret_more)
{
    int64_t from = time_of_id(sweeper->walked_to);
    int64_t to = from + walk_span < until ? from + walk_span : until;
    PGresult *rows;

    *ret_more = false;
    if (OPERATION_LATE_MAX - sweeper->late_count < WALK_ROWS || to <= from)
        return DB_OK;
    db_clear(&sweeper->params);
    db_bytes(&sweeper->params, sweeper->walked_to, 16);
    add_id_of(&sweeper->params, to);
    db_int4(&sweeper->params, WALK_ROWS);
    enum db_end end =
        db_query(sweeper->db, "operation_late", &sweeper->params, &rows);
    if (end != DB_OK)
        return end;
    int count = PQntuples(rows);
    take_ids(sweeper, rows, sweeper->late_count);
    if (count == WALK_ROWS)
        memcpy(sweeper->walked_to, PQgetvalue(rows, count - 1, 0), 16);
    else
        operation_id_of(to, sweeper->walked_to);
    PQclear(rows);
    *ret_more = count == WALK_ROWS || to < until;
    return DB_OK;
}

/* Removes ids that are among the late ones twice. */
static enum db_end
forget_decided(struct sweeper *sweeper, int64_t now)
{
    PGresult *rows;

    if (sweeper->late_count == 0)
        return DB_OK;
    db_clear(&sweeper->params);
    add_late(sweeper);
    db_time(&sweeper->params, now - resend_until);
    enum db_end end =
        db_query(sweeper->db, "operation_still_late", &sweeper->params, &rows);
    if (end != DB_OK)
        return end;
    take_ids(sweeper, rows, 0);
    PQclear(rows);
    return DB_OK;
}

static void
resend_row(struct sweeper *sweeper, const PGresult *rows, int i)
{
    struct packed command = {.type = db_get_text(rows, i, 3)};
    int64_t service = db_get_int(rows, i, 1);
    char *command_id = db_copy_uuid(sweeper->arena, rows, i, 0);

    command.data = db_get_bytes(rows, i, 7, &command.size);
    if (service < 0 || service >= OPERATION_SERVICES || command.data == NULL)
        return;
    bool sent =
        !FAILPOINT(operation_resent) &&
        operations_send(sweeper->operations, (int)service,
                        (int)db_get_int(rows, i, 2), &command, command_id,
                        db_get_text(rows, i, 4), db_get_text(rows, i, 5),
                        db_get_time(rows, i, 6));
    metric_add(operation_resent_total,
               sent ? "result=\"sent\"" : "result=\"unsent\"", 1);
}

static enum db_end
resend_due(struct sweeper *sweeper, int64_t now)
{
    PGresult *rows;

    if (sweeper->late_count == 0 ||
        !atomic_load(&sweeper->operations->broker_seen))
        return DB_OK;
    db_clear(&sweeper->params);
    add_late(sweeper);
    db_time(&sweeper->params, now);
    db_int8(&sweeper->params, gateway_settings.resend_after);
    enum db_end end =
        db_query(sweeper->db, "operation_resend", &sweeper->params, &rows);
    if (end != DB_OK)
        return end;
    for (int i = 0; i < PQntuples(rows); i++)
        resend_row(sweeper, rows, i);
    if (PQntuples(rows) > 0)
        log_event(operations_resent, log_int("count", PQntuples(rows)));
    PQclear(rows);
    return DB_OK;
}

/* --- a turn ------------------------------------------------------------- */

/* In seconds; 0: none is late. */
static int64_t
oldest_late(const struct sweeper *sweeper, int64_t now)
{
    int64_t oldest = now;
    uint8_t id[16];

    for (size_t i = 0; i < sweeper->late_count; i++)
        if (uuid_parse(sweeper->late[i], id) && time_of_id(id) < oldest)
            oldest = time_of_id(id);
    return (now - oldest) / SECONDS(1);
}

static enum db_end
walk(struct sweeper *sweeper, int64_t now)
{
    int64_t until = now - gateway_settings.resend_after;
    bool more = true;
    enum db_end end = forget_decided(sweeper, now);

    if (sweeper->turns % EVERY_MINUTE == 0)
        operation_id_of(time_of_id(sweeper->walked_to) - step_back,
                        sweeper->walked_to);
    while (end == DB_OK && more && !atomic_load(&sweeper->operations->stopping))
        end = walk_span_once(sweeper, until, &more);
    metric_set(operation_late, "", (int64_t)sweeper->late_count);
    metric_set(operation_oldest_seconds, "", oldest_late(sweeper, now));
    return end;
}

static enum db_end
sweep(struct sweeper *sweeper)
{
    int64_t now = clock_now();
    enum db_end end = walk(sweeper, now);

    if (end == DB_OK)
        end = resend_due(sweeper, now);
    sweeper->turns++;
    return end;
}

static void
sweep_or_say(struct sweeper *sweeper)
{
    if (sweeper->db == NULL)
        sweeper->db = gateway_connect("gateway-sweeper", true);
    if (sweeper->db == NULL)
        return;
    arena_reset(sweeper->arena);
    enum db_end end = sweep(sweeper);
    if (end == DB_OK)
        return;
    gateway_db_failed(sweeper->db, end, "sweeper");
    db_free(sweeper->db);
    sweeper->db = NULL;
}

void *
operation_sweeper(void *context)
{
    struct sweeper sweeper = {
        .operations = context,
        .arena = arena_new(0),
        .turns = 1,
    };

    operation_id_of(clock_now() - resend_until, sweeper.walked_to);
    sweeper.late = calloc(OPERATION_LATE_MAX, sizeof *sweeper.late);
    if (sweeper.late == NULL)
        out_of_memory(sizeof *sweeper.late * OPERATION_LATE_MAX);
    while (operations_pause(sweeper.operations, SECONDS(1)))
        sweep_or_say(&sweeper);
    db_free(sweeper.db);
    db_params_free(&sweeper.params);
    arena_free(sweeper.arena);
    free(sweeper.late);
    return NULL;
}
