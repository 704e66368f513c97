/* The second round trip's statements: the decisions of a batch.
 *
 * Arrays of all changed rows, one statement per table; the journal in order of
 * sequence; last the new positions of the fences. Called by lane_batch.c
 * between deciding and COMMIT; memory changes only after COMMIT is confirmed.
 */
#include "chassis/lane/lane_internal.h"

#include <string.h>

#include "chassis/base/clock.h"
#include "chassis/base/metrics.h"
#include "chassis/base/seal.h"
#include "chassis/db/db.h"

size_t
lane_write_rows(struct lane *lane, const char *query,
                const struct db_column *columns, const void *const *rows,
                size_t count)
{
    if (count == 0)
        return 0;
    db_clear(&lane->params);
    db_encode(columns, rows, count, &lane->params);
    db_send(lane->db, query, &lane->params);
    return 1;
}

size_t
lane_write_store(struct lane *lane, const struct store *store)
{
    void *const *rows;
    size_t count = batch_dirty(lane->batch, store, &rows);

    if (count == 0)
        return 0;
    return lane_write_rows(
        lane, arena_printf(batch_arena(lane->batch), "%s_save", store->name),
        store->columns, (const void *const *)rows, count);
}

static size_t
write_stores(struct lane *lane)
{
    size_t sent = 0;

    for (const struct store *const *s = lane->core->stores; *s != NULL; s++)
        sent += lane_write_store(lane, *s);
    return sent;
}

static const struct db_column inbox_columns[] = {
    DB_COLUMN(inbox_row, command_id, DB_UUID),
    DB_COLUMN(inbox_row, lane, DB_INT2),
    DB_COLUMN(inbox_row, at, DB_TIME),
    DB_COLUMN_PAIR("outcome", inbox_row, outcome, size),
    {0},
};

static size_t
write_inbox(struct lane *lane)
{
    struct inbox_row *const *rows;
    size_t count = batch_inbox(lane->batch, &rows);

    return lane_write_rows(lane, "inbox_save", inbox_columns,
                           (const void *const *)rows, count);
}

static const struct db_column journal_columns[] = {
    DB_COLUMN(journal_row, lane, DB_INT2),
    DB_COLUMN(journal_row, seq, DB_INT8),
    DB_COLUMN(journal_row, incarnation, DB_INT8),
    DB_COLUMN(journal_row, at, DB_TIME),
    DB_COLUMN(journal_row, kind, DB_INT2),
    DB_COLUMN(journal_row, partition, DB_INT2),
    DB_COLUMN(journal_row, type, DB_TEXT),
    DB_COLUMN(journal_row, key, DB_TEXT),
    DB_COLUMN(journal_row, command_id, DB_UUID),
    DB_COLUMN(journal_row, causation, DB_TEXT),
    DB_COLUMN(journal_row, actor, DB_UUID),
    DB_COLUMN(journal_row, code, DB_TEXT),
    DB_COLUMN(journal_row, traceparent, DB_TEXT),
    DB_COLUMN(journal_row, version, DB_INT8),
    DB_COLUMN_PAIR("value", journal_row, open, open_size),
    DB_COLUMN_PAIR("digest", journal_row, digest, digest_size),
    DB_COLUMN_INSIDE(journal_row, chain, DB_BYTES),
    DB_COLUMN(journal_row, completes, DB_TEXT),
    DB_COLUMN(journal_row, origin, DB_TEXT),
    {0},
};
static const struct db_column personal_columns[] = {
    DB_COLUMN(journal_row, lane, DB_INT2),
    DB_COLUMN(journal_row, seq, DB_INT8),
    DB_COLUMN_PAIR("value", journal_row, value, size),
    {0},
};

static size_t
write_journal(struct lane *lane)
{
    struct journal_row *const *rows;
    size_t count = batch_journal(lane->batch, &rows);

    return lane_write_rows(lane, "journal_save", journal_columns,
                           (const void *const *)rows, count);
}

static size_t
write_personal(struct lane *lane)
{
    struct journal_row *const *all;
    size_t all_count = batch_journal(lane->batch, &all);
    const void **rows =
        ARENA_ARRAY(batch_arena(lane->batch), const void *, all_count);
    size_t count = 0;

    for (size_t i = 0; i < all_count; i++)
        if (all[i]->digest != NULL)
            rows[count++] = all[i];
    return lane_write_rows(lane, "journal_personal_save", personal_columns,
                           rows, count);
}

/* Timers in the order they were set; the last one of a name counts. */
static size_t
timers_split(struct lane *lane, const void **ret_set, size_t *ret_set_n,
             const void **ret_cleared)
{
    struct timer_row *const *rows;
    size_t count = batch_timers(lane->batch, &rows), cleared = 0, set = 0;

    for (size_t i = 0; i < count; i++) {
        bool later = false;
        for (size_t j = i + 1; j < count && !later; j++)
            later = rows[j]->lane == rows[i]->lane &&
                    strcmp(rows[j]->name, rows[i]->name) == 0;
        if (later)
            continue;
        if (rows[i]->due_at == DB_NO_TIME)
            ret_cleared[cleared++] = rows[i];
        else
            ret_set[set++] = rows[i];
    }
    *ret_set_n = set;
    return cleared;
}

static const struct db_column timer_columns[] = {
    DB_COLUMN(timer_row, lane, DB_INT2),
    DB_COLUMN(timer_row, name, DB_TEXT),
    DB_COLUMN(timer_row, due_at, DB_TIME),
    DB_COLUMN(timer_row, partition, DB_INT2),
    DB_COLUMN(timer_row, type, DB_TEXT),
    DB_COLUMN(timer_row, lane_key, DB_TEXT),
    DB_COLUMN_PAIR("value", timer_row, value, size),
    DB_COLUMN(timer_row, command_id, DB_UUID),
    {0},
};
static const struct db_column timer_key_columns[] = {
    DB_COLUMN(timer_row, lane, DB_INT2),
    DB_COLUMN(timer_row, name, DB_TEXT),
    {0},
};

static size_t
write_timers(struct lane *lane)
{
    struct timer_row *const *all;
    size_t all_count = batch_timers(lane->batch, &all), set_count, sent;
    struct arena *arena = batch_arena(lane->batch);
    const void **set = ARENA_ARRAY(arena, const void *, all_count);
    const void **cleared = ARENA_ARRAY(arena, const void *, all_count);
    size_t cleared_count = timers_split(lane, set, &set_count, cleared);

    sent = lane_write_rows(lane, "timer_save", timer_columns, set, set_count);
    return sent + lane_write_rows(lane, "timer_delete", timer_key_columns,
                                  cleared, cleared_count);
}

/* The lanes of this batch: those whose state was put in. */
static size_t
touched_lanes(struct lane *lane, int ret_lanes[LANES_MAX])
{
    size_t count = 0;

    for (int l = 0; l < lane_count(); l++)
        if (batch_lane(lane->batch, l)->incarnation > 0)
            ret_lanes[count++] = l;
    return count;
}

/* A silent lane publishes nothing: all its rows count as published. */
static int64_t
published(const struct lane *lane, int which)
{
    return lane->options.silent ? batch_lane(lane->batch, which)->seq
                                : publisher_acked(lane->publisher, which);
}

struct lane_row {
    int lane;
    int64_t seq, published_seq;
    struct db_blob chain;
};
static const struct db_column lane_columns[] = {
    DB_COLUMN(lane_row, lane, DB_INT2),
    DB_COLUMN(lane_row, seq, DB_INT8),
    DB_COLUMN(lane_row, published_seq, DB_INT8),
    DB_COLUMN(lane_row, chain, DB_BYTES),
    {0},
};

static size_t
write_lanes(struct lane *lane)
{
    int lanes[LANES_MAX];
    struct lane_row rows[LANES_MAX];
    const void *pointers[LANES_MAX];
    size_t count = touched_lanes(lane, lanes);

    for (size_t i = 0; i < count; i++) {
        const struct lane_state *state = batch_lane(lane->batch, lanes[i]);
        rows[i] = (struct lane_row){
            .lane = lanes[i],
            .seq = state->seq,
            .published_seq = published(lane, lanes[i]),
            .chain = {state->chain, sizeof state->chain},
        };
        pointers[i] = &rows[i];
    }
    return lane_write_rows(lane, "lane_save", lane_columns, pointers, count);
}

/* Positions after this batch; the last message of a (topic, lane) decides. */
static void
next_positions(struct lane *lane, struct input_position (*ret_next)[LANES_MAX],
               bool (*ret_moved)[LANES_MAX])
{
    for (size_t i = 0; i < batch_size(lane->batch); i++) {
        const struct message *message = batch_message(lane->batch, i);
        int input = lane_input_index(lane, message->topic);
        if (input < 0 || message->parked_id > 0)
            continue;
        struct input_position *next = &ret_next[input][message->lane];
        next->mark = lane->positions[input][message->lane].mark;
        batch_get_mark(lane->batch, message->topic, message->lane, &next->mark);
        next->next_offset = message->offset + 1;
        ret_moved[input][message->lane] = true;
    }
}

struct position_row {
    const char *topic;
    int lane;
    int64_t next_offset, last_seq, last_incarnation;
};
static const struct db_column position_columns[] = {
    DB_COLUMN(position_row, topic, DB_TEXT),
    DB_COLUMN(position_row, lane, DB_INT2),
    DB_COLUMN(position_row, next_offset, DB_INT8),
    DB_COLUMN(position_row, last_seq, DB_INT8),
    DB_COLUMN(position_row, last_incarnation, DB_INT8),
    {0},
};

static size_t
write_positions(struct lane *lane)
{
    struct input_position next[INPUTS_MAX][LANES_MAX];
    bool moved[INPUTS_MAX][LANES_MAX] = {{false}};
    struct position_row rows[INPUTS_MAX * LANES_MAX];
    const void *pointers[INPUTS_MAX * LANES_MAX];
    size_t count = 0;

    next_positions(lane, next, moved);
    for (size_t in = 0; in < lane->input_count; in++) {
        for (int l = 0; l < lane_count(); l++) {
            const struct input_position *at = &next[in][l];
            if (!moved[in][l])
                continue;
            rows[count] = (struct position_row){
                lane->inputs[in].topic, l, at->next_offset, at->mark.sequence,
                at->mark.incarnation};
            pointers[count] = &rows[count];
            count++;
        }
    }
    return lane_write_rows(lane, "lane_input_save", position_columns, pointers,
                           count);
}

size_t
lane_write_results(struct lane *lane)
{
    size_t sent = write_stores(lane);

    sent += write_inbox(lane);
    sent += write_journal(lane);
    sent += write_personal(lane);
    sent += write_timers(lane);
    sent += write_lanes(lane);
    return sent + write_positions(lane);
}

void
lane_note_written(struct lane *lane)
{
    struct input_position next[INPUTS_MAX][LANES_MAX];
    bool moved[INPUTS_MAX][LANES_MAX] = {{false}};
    int lanes[LANES_MAX];
    size_t count = touched_lanes(lane, lanes);

    next_positions(lane, next, moved);
    for (size_t in = 0; in < lane->input_count; in++)
        for (int l = 0; l < lane_count(); l++)
            if (moved[in][l])
                lane->positions[in][l] = next[in][l];
    for (size_t i = 0; i < count; i++) {
        struct lane_memory *memory = &lane->lanes[lanes[i]];
        memory->state = *batch_lane(lane->batch, lanes[i]);
        memory->published_written = published(lane, lanes[i]);
    }
    for (size_t i = 0; i < batch_size(lane->batch); i++) {
        const struct message *message = batch_message(lane->batch, i);
        if (message->end == REFUSED && message->code != NULL)
            metric_add(lane_refused_total,
                       arena_printf(batch_arena(lane->batch), "code=\"%s\"",
                                    message->code),
                       1);
    }
    lane_note_parked(lane);
    metric_add(lane_messages_total, "", (int64_t)batch_size(lane->batch));
}
