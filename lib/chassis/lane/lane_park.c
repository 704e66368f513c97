/* Parked keys: messages that could not be handled wait, with all of their key.
 *
 * A broken message's bytes go to `parked` and, once, to the dlq topic; later
 * messages of the same (topic, key) wait, too, while other keys flow.
 * Undecodable bytes go to the dlq only. lane_operate.c releases and discards.
 */
#include "chassis/lane/lane_internal.h"

#include <stdlib.h>
#include <string.h>

#include "chassis/base/clock.h"
#include "chassis/base/failpoint.h"
#include "chassis/base/log.h"
#include "chassis/base/metrics.h"
#include "chassis/db/db.h"

/* --- the set of parked keys in memory ----------------------------------- */
/* NULL: it is not parked. */
static struct parked_key *
parked_find(struct lane *lane, int input, const char *key)
{
    struct map_key of = map_text(&lane->inputs[input], key);

    return MAP_ITEM(map_find(MAP(lane->parked), of), struct parked_key, in_map);
}

bool
lane_key_parked(const struct lane *lane, const struct message *message)
{
    int input = lane_input_index(lane, message->topic);

    return input >= 0 && parked_find((struct lane *)(uintptr_t)lane, input,
                                     message->key) != NULL;
}

void
lane_park_key(struct lane *lane, const char *topic, const char *key, int which)
{
    int input = lane_input_index(lane, topic);

    if (input < 0 || parked_find(lane, input, key) != NULL)
        return;
    struct parked_key *parked = calloc(1, sizeof *parked);
    if (parked == NULL || (parked->key = strdup(key)) == NULL)
        abort();
    parked->topic = lane->inputs[input].topic;
    parked->lane = which;
    map_add(MAP(lane->parked), &parked->in_map,
            map_text(&lane->inputs[input], parked->key));
    lane->parked_count++;
}

static void
parked_remove(struct lane *lane, struct parked_key *parked)
{
    map_remove(MAP(lane->parked), &parked->in_map);
    lane->parked_count--;
    free(parked->key);
    free(parked);
}

void
lane_unpark_key(struct lane *lane, const char *topic, const char *key)
{
    int input = lane_input_index(lane, topic);
    struct parked_key *parked =
        input < 0 ? NULL : parked_find(lane, input, key);

    if (parked != NULL)
        parked_remove(lane, parked);
}

void
lane_forget_parked(struct lane *lane)
{
    for (size_t i = 0; i < COUNT_OF(lane->parked); i++)
        while (lane->parked[i] != NULL)
            parked_remove(lane,
                          MAP_ITEM(lane->parked[i], struct parked_key, in_map));
}

enum lane_result
lane_read_parked(struct lane *lane)
{
    PGresult *rows = NULL;
    int lanes[LANES_MAX];
    size_t count = lane_owned(lane, lanes);

    lane_forget_parked(lane);
    db_clear(&lane->params);
    db_array(&lane->params, DB_INT2, count);
    for (size_t i = 0; i < count; i++)
        db_int2(&lane->params, lanes[i]);
    enum db_end end = db_query(lane->db, "parked_keys", &lane->params, &rows);
    if (end != DB_OK)
        return lane_result_of(lane, end, "read_parked");
    for (int i = 0; i < PQntuples(rows); i++)
        lane_park_key(lane, db_get_text(rows, i, 0), db_get_text(rows, i, 1),
                      0);
    PQclear(rows);
    return LANE_OK;
}

/* --- setting aside ------------------------------------------------------ */
static bool
message_parks(const struct lane *lane, const struct message *message)
{
    return message->broken != NULL && message->parked_id == 0 &&
           (!message->undecodable || lane->options.silent);
}

static bool
is_culprit(const struct message *message)
{
    return message->broken != NULL &&
           (message->parked_id == 0 || message->undecodable) &&
           strcmp(message->broken, "key_parked") != 0;
}

void
lane_say_dead_letters(struct lane *lane)
{
    for (size_t i = 0; i < batch_size(lane->batch); i++) {
        const struct message *message = batch_message(lane->batch, i);
        if (!is_culprit(message))
            continue;
        log_event(message_broken, log_str("type", message->type),
                  log_str("id", message->id), log_str("topic", message->topic),
                  log_str("reason", message->broken),
                  log_int("lane", message->lane));
        metric_add(lane_broken_total, "", 1);
        if (lane->options.silent)
            continue;
        struct journal_row row = {
            .kind = TOPIC_DLQ,
            .partition = message->lane,
            .type = message->type,
            .key = message->key,
            .causation = message->id,
            .code = message->broken,
            .traceparent = message->traceparent,
            .origin = arena_printf(batch_arena(lane->batch), "%s/%d/%lld",
                                   message->topic, message->lane,
                                   (long long)message->offset),
            .at = clock_now(),
            .value = message->value,
            .size = message->size < MESSAGE_VALUE_MAX ? message->size
                                                      : MESSAGE_VALUE_MAX,
            .personal = true,
        };
        batch_say_row(lane->batch, message->lane, &row);
    }
}

static const struct db_column parked_columns[] = {
    DB_COLUMN(message, lane, DB_INT2),
    DB_COLUMN(message, topic, DB_TEXT),
    DB_COLUMN_AS("position", message, offset, DB_INT8),
    DB_COLUMN(message, key, DB_TEXT),
    DB_COLUMN(message, type, DB_TEXT),
    DB_COLUMN(message, id, DB_TEXT),
    DB_COLUMN(message, source, DB_TEXT),
    DB_COLUMN(message, traceparent, DB_TEXT),
    DB_COLUMN(message, sequence, DB_INT8),
    DB_COLUMN(message, incarnation, DB_INT8),
    DB_COLUMN(message, entity_version, DB_INT8),
    DB_COLUMN(message, at, DB_TIME),
    DB_COLUMN_PAIR("value", message, value, size),
    DB_COLUMN_AS("reason", message, broken, DB_TEXT),
    {0},
};

size_t
lane_write_parked(struct lane *lane)
{
    size_t size = batch_size(lane->batch), count = 0;
    const void **rows =
        ARENA_ARRAY(batch_arena(lane->batch), const void *, size);

    for (size_t i = 0; i < size; i++)
        if (message_parks(lane, batch_message(lane->batch, i)))
            rows[count++] = batch_message(lane->batch, i);
    if (count > 0 && FAILPOINT(lane_before_park))
        return 0;
    return lane_write_rows(lane, "parked_save", parked_columns, rows, count);
}

void
lane_note_parked(struct lane *lane)
{
    for (size_t i = 0; i < batch_size(lane->batch); i++) {
        const struct message *message = batch_message(lane->batch, i);
        if (message_parks(lane, message))
            lane_park_key(lane, message->topic, message->key, message->lane);
    }
}

bool
lane_is_operators(const struct message *message)
{
    return message->kind == TOPIC_COMMAND &&
           strncmp(message->type, "inservice.common.v1.", 20) == 0;
}
