/* Once a second: work that no message starts.
 *
 * Timers that are due become commands in the journal, in one fenced
 * transaction; acknowledged positions are written so that an idle lane is not
 * published again; rows past their retention are deleted in small steps. Also
 * detects another owner of an idle lane.
 */
#include "chassis/lane/lane_internal.h"

#include <string.h>

#include "chassis/base/clock.h"
#include "chassis/base/failpoint.h"
#include "chassis/base/log.h"
#include "chassis/base/metrics.h"
#include "chassis/db/db.h"

static void
bind_owned(struct lane *lane, struct db_params *params)
{
    int lanes[LANES_MAX];
    size_t count = lane_owned(lane, lanes);

    db_clear(params);
    db_array(params, DB_INT2, count);
    for (size_t i = 0; i < count; i++)
        db_int2(params, lanes[i]);
}

/* A process that woke late may have committed to an idle lane. */
static enum lane_result
check_positions(struct lane *lane)
{
    PGresult *rows = NULL;
    bool mine = true;

    bind_owned(lane, &lane->params);
    enum db_end end = db_query(lane->db, "lane_read", &lane->params, &rows);
    if (end != DB_OK)
        return lane_result_of(lane, end, "check_positions");
    for (int i = 0; i < PQntuples(rows); i++) {
        const struct lane_memory *memory = &lane->lanes[db_get_int(rows, i, 0)];
        if (db_get_int(rows, i, 1) != memory->state.seq ||
            db_get_int(rows, i, 3) != memory->state.incarnation)
            mine = false;
    }
    PQclear(rows);
    if (!mine)
        log_event(lane_fenced);
    return mine ? LANE_OK : LANE_AGAIN;
}

/* --- timers ------------------------------------------------------------- */
static void
timer_say(struct lane *lane, const PGresult *rows, int i)
{
    struct arena *arena = batch_arena(lane->batch);
    int which = (int)db_get_int(rows, i, 0);
    size_t size;
    const uint8_t *value = db_get_bytes(rows, i, 6, &size);
    struct journal_row row = {
        .kind = TOPIC_COMMAND,
        .partition = (int)db_get_int(rows, i, 3),
        .type = db_copy_text(arena, rows, i, 4),
        .key = db_copy_text(arena, rows, i, 5),
        .causation = "timer",
        .at = db_get_time(rows, i, 2),
        .value = arena_copy(arena, value, size),
        .size = size,
        .command_id = db_copy_uuid(arena, rows, i, 7),
    };

    batch_say_row(lane->batch, which, &row);
    batch_forget_timer(lane->batch, which, db_get_text(rows, i, 1));
}

static enum lane_result
timers_read(struct lane *lane, bool *ret_mine)
{
    PGresult *rows = NULL;

    *ret_mine = true;
    db_send(lane->db, "begin", NULL);
    bind_owned(lane, &lane->params);
    db_send(lane->db, "lane_lock", &lane->params);
    db_time(&lane->params, clock_now());
    db_send(lane->db, "timer_due", &lane->params);
    db_sync(lane->db);
    enum db_end end = db_next(lane->db, NULL);
    if (end == DB_OK)
        end = db_next(lane->db, &rows);
    if (end != DB_OK)
        return lane_result_of(lane, end, "lock_timers");
    for (int i = 0; i < PQntuples(rows); i++) {
        int which = (int)db_get_int(rows, i, 0);
        if (db_get_int(rows, i, 1) != lane->lanes[which].state.seq)
            *ret_mine = false;
        batch_put_lane(lane->batch, which, &lane->lanes[which].state);
    }
    PQclear(rows);
    end = db_next(lane->db, &rows);
    if (end != DB_OK)
        return lane_result_of(lane, end, "read_timers");
    for (int i = 0; i < PQntuples(rows); i++)
        timer_say(lane, rows, i);
    bool due = PQntuples(rows) > 0;
    PQclear(rows);
    if (due && FAILPOINT(timer_read))
        return LANE_AGAIN;
    return lane_result_of(lane, db_end_trip(lane->db), "read_timers");
}

static enum lane_result
timers_commit(struct lane *lane)
{
    enum db_end end = DB_OK;
    size_t sent = lane_write_results(lane);

    if (FAILPOINT(timer_before_commit))
        return LANE_RETRY;
    db_send(lane->db, "commit", NULL);
    db_sync(lane->db);
    if (FAILPOINT(timer_commit_sent))
        return LANE_AGAIN;
    for (size_t i = 0; i < sent + 1 && end == DB_OK; i++)
        end = db_next(lane->db, NULL);
    if (end == DB_OK)
        end = db_end_trip(lane->db);
    if (end != DB_OK || FAILPOINT(timer_committed))
        return end != DB_OK ? lane_result_of(lane, end, "write_timers")
                            : LANE_AGAIN;
    lane_note_written(lane);
    if (!lane_publish(lane) || FAILPOINT(timer_published))
        return LANE_AGAIN;
    return LANE_OK;
}

static enum lane_result
run_timers(struct lane *lane)
{
    struct journal_row *const *rows;
    bool mine;

    batch_begin(lane->batch, clock_now());
    enum lane_result result = timers_read(lane, &mine);
    if (result != LANE_OK || !mine) {
        db_rollback(lane->db);
        return result != LANE_OK ? result : LANE_AGAIN;
    }
    if (batch_journal(lane->batch, &rows) == 0)
        return lane_result_of(lane, db_rollback(lane->db), "no_timers");
    failpoint_class("timer");
    return timers_commit(lane);
}

/* --- retention ---------------------------------------------------------- */
static enum lane_result
retain(struct lane *lane)
{
    bind_owned(lane, &lane->params);
    db_time(&lane->params, clock_now() - chassis_settings.inbox_kept);
    return lane_result_of(
        lane, db_query(lane->db, "inbox_expire", &lane->params, NULL),
        "retention");
}

enum lane_result
lane_tick(struct lane *lane)
{
    int lanes[LANES_MAX];
    int64_t now = clock_monotonic();

    if (now < lane->next_tick)
        return LANE_OK;
    lane->next_tick = now + SECONDS(1);
    lane_gauge(lane);
    if (lane_owned(lane, lanes) == 0) {
        if (!lane->options.silent && lane->db != NULL && db_alive(lane->db))
            (void)!lane_gauge_unpublished(lane);
        return LANE_OK;
    }
    enum lane_result result = check_positions(lane);
    if (result == LANE_OK && now >= lane->calm_at)
        result = lane_calm(lane);
    if (result == LANE_OK)
        result = lane_write_passed(lane);
    if (lane->options.silent || result != LANE_OK)
        return result;
    result = lane_write_published(lane);
    if (result == LANE_OK)
        result = run_timers(lane);
    if (result == LANE_OK && now >= lane->next_retention) {
        lane->next_retention = now + SECONDS(60);
        result = retain(lane);
    }
    return result == LANE_OK ? lane_gauge_unpublished(lane) : result;
}
