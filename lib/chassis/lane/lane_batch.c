/* One batch: lock and read, decide, write and commit, publish.
 *
 * First round trip: BEGIN, the fences (lane_input, lane), inbox, claims,
 * aggregates, children. Second: rows, inbox, journal, timers, parked, lane,
 * lane_input, COMMIT. A batch that fails for an unknown reason is split until
 * the culprit is alone; it is parked with its key.
 */
#include "chassis/lane/lane_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chassis/base/clock.h"
#include "chassis/base/failpoint.h"
#include "chassis/base/log.h"
#include "chassis/base/metrics.h"

enum lane_result
lane_result_of(struct lane *lane, enum db_end end, const char *where)
{
    static const enum lane_result results[] = {
        [DB_OK] = LANE_OK,
        [DB_RETRY] = LANE_RETRY,
        [DB_LOST] = LANE_AGAIN,
        [DB_FAULT] = LANE_FAULT,
    };

    if (end != DB_OK && lane->db != NULL)
        log_event(LOG_WARNING, "batch_interrupted", log_str("where", where),
                  log_str("sqlstate", db_sqlstate(lane->db)),
                  log_str("reason", db_error(lane->db)));
    return results[end];
}

enum { TRIES_OF_A_KILLER = 3 };

/* --- second round trip -------------------------------------------------- */
static enum lane_result
write_all(struct lane *lane, lane_finish *finish, void *context)
{
    enum db_end end = DB_OK;
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
    for (size_t i = 0; i < sent + 1 && end == DB_OK; i++)
        end = db_next(lane->db, NULL);
    if (end == DB_OK)
        end = db_end_trip(lane->db);
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

/* Later messages of a broken message's key wait, too; other keys flow. */
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

static void
batch_fill(struct lane *lane, struct message *messages, size_t count)
{
    batch_begin(lane->batch, clock_now());
    for (size_t i = 0; i < count; i++) {
        if (messages[i].broken == NULL && lane_key_parked(lane, &messages[i]))
            messages[i].broken = "key_parked";
        batch_add(lane->batch, &messages[i]);
    }
    lane_hold_followers(lane);
    lane_note_class(lane);
}

/* The culprit is alone: it is parked without being decided. */
static enum lane_result
lane_set_aside(struct lane *lane, struct message *message)
{
    log_event(LOG_ERROR, "message_broken", log_str("type", message->type),
              log_str("id", message->id),
              log_str("reason", "cannot_be_written"),
              log_int("lane", message->lane));
    message->broken = "cannot_be_written";
    batch_fill(lane, message, 1);
    return lane_attempt(lane, NULL, NULL);
}

static enum lane_result
lane_process_some(struct lane *lane, struct message *messages, size_t count)
{
    for (int tries = 0; tries < 10; tries++) {
        batch_fill(lane, messages, count);
        enum lane_result result = lane_attempt(lane, NULL, NULL);
        if (result == LANE_OK) {
            lane->back_off = 0;
            metric_observe_count("lane_batch_size", "", (int64_t)count);
            return LANE_OK;
        }
        if (result == LANE_AGAIN || db_rollback(lane->db) != DB_OK)
            return LANE_AGAIN;
        if (result == LANE_FAULT && count == 1)
            return lane_set_aside(lane, messages);
        if (result == LANE_FAULT) {
            metric_add("lane_split_total", "", 1);
            result = lane_process_some(lane, messages, count / 2);
            return result != LANE_OK
                       ? result
                       : lane_process_some(lane, messages + count / 2,
                                           count - count / 2);
        }
        metric_add("lane_retry_total", "", 1);
        lane_pause(lane); /* RETRY: the same batch again */
    }
    return LANE_AGAIN;
}

/* After a crash loop a lane's messages go one by one, and each try is noted
 * before it begins. A message that has killed the process TRIES_OF_A_KILLER
 * times is parked undecided. */
static bool
lane_is_cautious(const struct lane *lane, const struct message *message)
{
    return lane->lanes[message->lane].cautious > 0;
}

static enum lane_result
lane_process_cautiously(struct lane *lane, struct message *message)
{
    PGresult *rows = NULL;

    lane->lanes[message->lane].cautious--;
    db_clear(&lane->params);
    db_text(&lane->params, message->topic);
    db_int2(&lane->params, message->lane);
    db_int8(&lane->params, message->offset);
    enum db_end end =
        db_query(lane->db, "lane_input_try", &lane->params, &rows);
    if (end != DB_OK)
        return lane_result_of(lane, end, "lane_input_try");
    int64_t tries = PQntuples(rows) > 0 ? db_get_int(rows, 0, 0) : 0;
    PQclear(rows);
    if (FAILPOINT(lane_tried))
        return LANE_AGAIN;
    if (tries > TRIES_OF_A_KILLER)
        message->broken = "kills_the_process";
    return message->broken == NULL && lane_is_operators(message)
               ? lane_operate(lane, message)
               : lane_process_some(lane, message, 1);
}

/* How many messages from here on form one batch. */
static size_t
lane_portion(const struct lane *lane, const struct message *messages,
             size_t count)
{
    size_t n = 0;

    while (n < count && !lane_is_operators(&messages[n]) &&
           !lane_is_cautious(lane, &messages[n]))
        n++;
    return n;
}

enum lane_result
lane_process(struct lane *lane, struct message *messages, size_t count)
{
    for (size_t done = 0; done < count;) {
        enum lane_result result;
        size_t n = lane_portion(lane, messages + done, count - done);
        if (n > 0)
            result = lane_process_some(lane, messages + done, n);
        else if (lane_is_cautious(lane, &messages[done]))
            result = lane_process_cautiously(lane, &messages[done]);
        else
            result = lane_operate(lane, &messages[done]);
        if (result != LANE_OK)
            return result;
        done += n > 0 ? n : 1;
    }
    return LANE_OK;
}
