/* The messages of one poll: portions, repeated batches, splitting.
 *
 * A batch that fails for an unknown reason is split until the culprit is alone;
 * it is parked with its key. After a crash loop messages go one by one.
 */
#include "chassis/lane/lane_internal.h"

#include "chassis/base/clock.h"
#include "chassis/base/failpoint.h"
#include "chassis/base/metrics.h"
#include "chassis/db/db.h"

enum { TRIES_OF_A_KILLER = 3 };

/* It may have been decided in time, before the database was lost. */
static bool
lane_decides_again(const struct lane *lane, const struct message *message)
{
    return message->kind == TOPIC_COMMAND && message->parked_id == 0 &&
           message->offset <
               lane->positions[lane_input_index(lane, message->topic)]
                              [message->lane]
                                  .again_before;
}

static void
batch_fill(struct lane *lane, struct message *messages, size_t count)
{
    batch_begin(lane->batch, clock_now());
    for (size_t i = 0; i < count; i++) {
        if (messages[i].broken == NULL && lane_key_parked(lane, &messages[i]))
            messages[i].broken = "key_parked";
        messages[i].again = lane_decides_again(lane, &messages[i]);
        batch_add(lane->batch, &messages[i]);
    }
    lane_hold_followers(lane);
    lane_note_class(lane);
}

/* The culprit is alone: it is parked without being decided. */
static enum lane_result
lane_set_aside(struct lane *lane, struct message *message)
{
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
            metric_observe_count(lane_batch_size, "", (int64_t)count);
            return LANE_OK;
        }
        if (result == LANE_AGAIN || db_rollback(lane->db) != DB_OK)
            return LANE_AGAIN;
        if (result == LANE_FAULT && count == 1)
            return lane_set_aside(lane, messages);
        if (result == LANE_FAULT) {
            metric_add(lane_split_total, "", 1);
            result = lane_process_some(lane, messages, count / 2);
            return result != LANE_OK
                       ? result
                       : lane_process_some(lane, messages + count / 2,
                                           count - count / 2);
        }
        metric_add(lane_retry_total, "", 1);
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
