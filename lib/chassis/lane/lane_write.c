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
lane_write_store(struct lane *lane, const struct store *store)
{
    void *const *rows;
    size_t count = batch_dirty(lane->batch, store, &rows);

    if (count == 0)
        return 0;
    db_clear(&lane->params);
    db_encode(store->columns, rows, count, &lane->params);
    db_send(lane->db,
            arena_printf(batch_arena(lane->batch), "%s_save", store->name),
            &lane->params);
    return 1;
}

static size_t
write_stores(struct lane *lane)
{
    size_t sent = 0;

    for (const struct store *const *s = lane->core->stores; *s != NULL; s++)
        sent += lane_write_store(lane, *s);
    return sent;
}

static size_t
write_inbox(struct lane *lane)
{
    struct db_params *params = &lane->params;
    struct inbox_row *const *rows;
    size_t count = batch_inbox(lane->batch, &rows);

    if (count == 0)
        return 0;
    db_clear(params);
    LANE_COLUMN(DB_UUID, db_uuid(params, rows[i]->command_id));
    LANE_COLUMN(DB_INT2, db_int2(params, rows[i]->lane));
    LANE_COLUMN(DB_TIME, db_time(params, rows[i]->at));
    LANE_COLUMN(DB_BYTES, db_bytes(params, rows[i]->outcome, rows[i]->size));
    db_send(lane->db, "inbox_save", params);
    return 1;
}

static void
bind_value(struct db_params *params, const struct journal_row *row)
{
    if (row->personal || row->value == NULL)
        db_null(params);
    else
        db_bytes(params, row->value, row->size);
}

static void
bind_digest(struct db_params *params, const struct journal_row *row)
{
    uint8_t digest[SEAL_DIGEST];

    if (!row->personal || row->value == NULL) {
        db_null(params);
        return;
    }
    seal_digest(row->value, row->size, digest);
    db_bytes(params, digest, sizeof digest);
}

static size_t
write_journal(struct lane *lane)
{
    struct db_params *params = &lane->params;
    struct journal_row *const *rows;
    size_t count = batch_journal(lane->batch, &rows);

    if (count == 0)
        return 0;
    db_clear(params);
    LANE_COLUMN(DB_INT2, db_int2(params, rows[i]->lane));
    LANE_COLUMN(DB_INT8, db_int8(params, rows[i]->seq));
    LANE_COLUMN(DB_INT8, db_int8(params, rows[i]->incarnation));
    LANE_COLUMN(DB_TIME, db_time(params, rows[i]->at));
    LANE_COLUMN(DB_INT2, db_int2(params, (int)rows[i]->kind));
    LANE_COLUMN(DB_INT2, db_int2(params, rows[i]->partition));
    LANE_COLUMN(DB_TEXT, db_text(params, rows[i]->type));
    LANE_COLUMN(DB_TEXT, db_text(params, rows[i]->key));
    LANE_COLUMN(DB_UUID, db_uuid(params, rows[i]->command_id));
    LANE_COLUMN(DB_TEXT, db_text(params, rows[i]->causation));
    LANE_COLUMN(DB_UUID, db_uuid(params, rows[i]->actor));
    LANE_COLUMN(DB_TEXT, db_text(params, rows[i]->code));
    LANE_COLUMN(DB_TEXT, db_text(params, rows[i]->traceparent));
    LANE_COLUMN(DB_INT8, db_int8(params, rows[i]->version));
    LANE_COLUMN(DB_BYTES, bind_value(params, rows[i]));
    LANE_COLUMN(DB_BYTES, bind_digest(params, rows[i]));
    LANE_COLUMN(DB_BYTES,
                db_bytes(params, rows[i]->chain, sizeof rows[i]->chain));
    db_send(lane->db, "journal_save", params);
    return 1;
}

static size_t
write_personal(struct lane *lane)
{
    struct db_params *params = &lane->params;
    struct journal_row *const *all;
    size_t all_count = batch_journal(lane->batch, &all);
    struct journal_row **rows =
        ARENA_ARRAY(batch_arena(lane->batch), struct journal_row *, all_count);
    size_t count = 0;

    for (size_t i = 0; i < all_count; i++)
        if (all[i]->personal && all[i]->value != NULL)
            rows[count++] = all[i];
    if (count == 0)
        return 0;
    db_clear(params);
    LANE_COLUMN(DB_INT2, db_int2(params, rows[i]->lane));
    LANE_COLUMN(DB_INT8, db_int8(params, rows[i]->seq));
    LANE_COLUMN(DB_BYTES, db_bytes(params, rows[i]->value, rows[i]->size));
    db_send(lane->db, "journal_personal_save", params);
    return 1;
}

/* Timers in the order they were set; the last one of a name counts. */
static size_t
timers_split(struct lane *lane, struct timer_row **ret_set, size_t *ret_set_n,
             struct timer_row **ret_cleared)
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

static size_t
write_timers_set(struct lane *lane, struct timer_row **rows, size_t count)
{
    struct db_params *params = &lane->params;

    if (count == 0)
        return 0;
    db_clear(params);
    LANE_COLUMN(DB_INT2, db_int2(params, rows[i]->lane));
    LANE_COLUMN(DB_TEXT, db_text(params, rows[i]->name));
    LANE_COLUMN(DB_TIME, db_time(params, rows[i]->due_at));
    LANE_COLUMN(DB_INT2, db_int2(params, rows[i]->partition));
    LANE_COLUMN(DB_TEXT, db_text(params, rows[i]->type));
    LANE_COLUMN(DB_TEXT, db_text(params, rows[i]->lane_key));
    LANE_COLUMN(DB_BYTES, db_bytes(params, rows[i]->value, rows[i]->size));
    LANE_COLUMN(DB_UUID, db_uuid(params, rows[i]->command_id));
    db_send(lane->db, "timer_save", params);
    return 1;
}

static size_t
write_timers(struct lane *lane)
{
    struct db_params *params = &lane->params;
    struct timer_row *const *all;
    size_t all_count = batch_timers(lane->batch, &all), set_count, sent;
    struct arena *arena = batch_arena(lane->batch);
    struct timer_row **set = ARENA_ARRAY(arena, struct timer_row *, all_count);
    struct timer_row **rows = ARENA_ARRAY(arena, struct timer_row *, all_count);
    size_t count = timers_split(lane, set, &set_count, rows);

    sent = write_timers_set(lane, set, set_count);
    if (count == 0)
        return sent;
    db_clear(params);
    LANE_COLUMN(DB_INT2, db_int2(params, rows[i]->lane));
    LANE_COLUMN(DB_TEXT, db_text(params, rows[i]->name));
    db_send(lane->db, "timer_delete", params);
    return sent + 1;
}

/* The lanes of this batch: those whose state was put in. */
static size_t
touched_lanes(struct lane *lane, int ret_lanes[LANES])
{
    size_t count = 0;

    for (int l = 0; l < LANES; l++)
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

static size_t
write_lanes(struct lane *lane)
{
    struct db_params *params = &lane->params;
    int lanes[LANES];
    size_t count = touched_lanes(lane, lanes);

    db_clear(params);
    LANE_COLUMN(DB_INT2, db_int2(params, lanes[i]));
    LANE_COLUMN(DB_INT8,
                db_int8(params, batch_lane(lane->batch, lanes[i])->seq));
    LANE_COLUMN(DB_INT8, db_int8(params, published(lane, lanes[i])));
    LANE_COLUMN(DB_BYTES,
                db_bytes(params, batch_lane(lane->batch, lanes[i])->chain, 32));
    db_send(lane->db, "lane_save", params);
    return 1;
}

/* Positions after this batch; the last message of a (topic, lane) decides. */
static void
next_positions(struct lane *lane, struct input_position (*ret_next)[LANES],
               bool (*ret_moved)[LANES])
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

static size_t
write_positions(struct lane *lane)
{
    struct db_params *params = &lane->params;
    static _Thread_local struct input_position next[INPUTS_MAX][LANES];
    bool moved[INPUTS_MAX][LANES] = {{false}};
    int inputs[INPUTS_MAX * LANES], lanes[INPUTS_MAX * LANES];
    size_t count = 0;

    next_positions(lane, next, moved);
    for (int in = 0; in < (int)lane->input_count; in++)
        for (int l = 0; l < LANES; l++)
            if (moved[in][l])
                inputs[count] = in, lanes[count++] = l;
    if (count == 0)
        return 0;
#define AT(i) next[inputs[i]][lanes[i]]
    db_clear(params);
    LANE_COLUMN(DB_TEXT, db_text(params, lane->inputs[inputs[i]].topic));
    LANE_COLUMN(DB_INT2, db_int2(params, lanes[i]));
    LANE_COLUMN(DB_INT8, db_int8(params, AT(i).next_offset));
    LANE_COLUMN(DB_INT8, db_int8(params, AT(i).mark.sequence));
    LANE_COLUMN(DB_INT8, db_int8(params, AT(i).mark.incarnation));
#undef AT
    db_send(lane->db, "lane_input_save", params);
    return 1;
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
    struct input_position next[INPUTS_MAX][LANES];
    bool moved[INPUTS_MAX][LANES] = {{false}};
    int lanes[LANES];
    size_t count = touched_lanes(lane, lanes);

    next_positions(lane, next, moved);
    for (size_t in = 0; in < lane->input_count; in++)
        for (int l = 0; l < LANES; l++)
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
