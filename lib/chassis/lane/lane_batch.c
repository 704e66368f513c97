/* One batch: lock and read, decide, write and commit, publish.
 *
 * First round trip: BEGIN, the fences (lane_input, lane), inbox, claims,
 * aggregates, children. Second: rows, inbox, journal, timers, parked, lane,
 * lane_input, COMMIT. lane_process.c repeats and splits a batch that fails.
 */
#include "chassis/lane/lane_internal.h"

#include <stdio.h>
#include <string.h>

#include "chassis/base/clock.h"
#include "chassis/base/failpoint.h"
#include "chassis/base/metrics.h"
#include "chassis/db/db.h"

/* --- second round trip -------------------------------------------------- */
static enum lane_result
write_all(struct lane *lane, lane_finish *finish, void *context)
{
    size_t sent = lane_write_results(lane);

    sent += lane_write_parked(lane);
    if (finish != NULL)
        sent += finish(lane, context);
    if (FAILPOINT(lane_before_commit))
        return LANE_RETRY;
    db_send(lane->db, "commit", NULL);
    db_sync(lane->db);
    if (FAILPOINT(lane_commit_sent))
        return LANE_AGAIN;
    enum db_end end = db_end_after(lane->db, sent + 1);
    if (end == DB_OK && FAILPOINT(lane_commit_unheard))
        return LANE_AGAIN; /* the answer is lost: take the lanes again */
    return lane_result_of(lane, end, "second_trip");
}

bool
lane_publish(struct lane *lane)
{
    struct journal_row *const *rows;
    size_t count = batch_journal(lane->batch, &rows);

    if (FAILPOINT(lane_before_publish))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (i == count / 2 && FAILPOINT(lane_half_published))
            return false;
        if (!publisher_send(lane->publisher, rows[i]))
            return false;
    }
    if (FAILPOINT(lane_after_publish))
        return false;
    return true;
}

void
lane_hold_followers(struct lane *lane)
{
    for (size_t i = 0; i < batch_size(lane->batch); i++) {
        struct message *message = batch_message(lane->batch, i);
        for (size_t j = 0; message->broken == NULL && j < i; j++) {
            const struct message *before = batch_message(lane->batch, j);
            if (before->broken != NULL && !before->undecodable &&
                before->topic == message->topic &&
                strcmp(before->key, message->key) == 0)
                message->broken = "key_parked";
        }
    }
}

/* Runs the pure core; parks a broken message and reads the rest again. */
static enum lane_result
lane_decide(struct lane *lane)
{
    enum end end = batch_decide(lane->batch);

    if (end == DONE && FAILPOINT(lane_decided))
        return LANE_RETRY;
    if (end == DONE)
        return LANE_OK;
    if (end == RETRY || db_rollback(lane->db) != DB_OK)
        return LANE_RETRY;
    lane_hold_followers(lane);
    batch_rewind(lane->batch);
    return LANE_ONCE_MORE;
}

enum lane_result
lane_attempt(struct lane *lane, lane_finish *finish, void *context)
{
    enum lane_result result;
    struct trip trip;

    do {
        lane_trip_note(lane, &trip);
        if (FAILPOINT(lane_batch_begin))
            return LANE_RETRY;
        lane_ask(lane, &trip);
        if (FAILPOINT(lane_first_trip_sent))
            return LANE_AGAIN;
        result = lane_hear(lane, &trip);
        if (result != LANE_OK)
            return result;
        if (FAILPOINT(lane_rows_read))
            return LANE_RETRY;
        result = lane_decide(lane);
    } while (result == LANE_ONCE_MORE);
    if (result != LANE_OK)
        return result;
    lane_say_dead_letters(lane);
    result = write_all(lane, finish, context);
    if (result != LANE_OK)
        return result;
    if (FAILPOINT(lane_committed))
        return LANE_AGAIN;
    lane_note_written(lane);
    if (!lane->options.silent && !lane_publish(lane))
        return LANE_AGAIN;
    if (lane->options.committed != NULL)
        lane->options.committed(lane->options.context, lane->batch);
    return LANE_OK;
}

#ifdef FAILPOINTS
void
lane_note_class(struct lane *lane)
{
    static _Thread_local char types[4096];
    size_t used = 0;

    types[0] = '\0';
    for (size_t i = 0; i < batch_size(lane->batch); i++) {
        const char *type = batch_message(lane->batch, i)->type;
        const char *dot = strrchr(type, '.');
        if (batch_message(lane->batch, i)->broken != NULL)
            continue; /* parked, not decided */
        int more = snprintf(types + used, sizeof types - used, "%s ",
                            dot ? dot + 1 : type);
        if (more < 0 || used + (size_t)more >= sizeof types)
            break;
        used += (size_t)more;
    }
    failpoint_class(types);
}
#else
void
lane_note_class(struct lane *lane)
{
    (void)lane;
}
#endif
