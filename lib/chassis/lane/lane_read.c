/* The first round trip: fences, inbox, claims, aggregates, children.
 *
 * Reads all wanted rows by separate statements of one pipeline (an INSERT and a
 * SELECT in one statement do not see each other) and puts them into the batch.
 * Lock order: lane_input, lane, claims, aggregates, each sorted by its query.
 */
#include "chassis/lane/lane_internal.h"

#include <string.h>

#include "chassis/base/log.h"
#include "chassis/base/metrics.h"
#include "chassis/db/db.h"

/* --- first round trip: the statements ----------------------------------- */
void
lane_trip_note(struct lane *lane, struct trip *trip)
{
    memset(trip, 0, sizeof *trip);
    for (size_t i = 0; i < batch_size(lane->batch); i++) {
        const struct message *message = batch_message(lane->batch, i);
        int input = lane_input_index(lane, message->topic);
        if (!trip->lanes[message->lane])
            trip->lane_rows++;
        trip->lanes[message->lane] = true;
        if (message->parked_id > 0 || input < 0)
            continue;
        if (!trip->inputs[input][message->lane])
            trip->input_rows++;
        trip->inputs[input][message->lane] = true;
    }
}

static void
ask_fences(struct lane *lane, const struct trip *trip)
{
    struct db_params *params = &lane->params;

    db_clear(params);
    db_array(params, DB_TEXT, (size_t)trip->input_rows);
    for (size_t i = 0; i < lane->input_count; i++)
        for (int l = 0; l < lane_count(); l++)
            if (trip->inputs[i][l])
                db_text(params, lane->inputs[i].topic);
    db_array(params, DB_INT2, (size_t)trip->input_rows);
    for (size_t i = 0; i < lane->input_count; i++)
        for (int l = 0; l < lane_count(); l++)
            if (trip->inputs[i][l])
                db_int2(params, l);
    db_send(lane->db, "lane_input_lock", params);
    db_clear(params);
    db_array(params, DB_INT2, (size_t)trip->lane_rows);
    for (int l = 0; l < lane_count(); l++)
        if (trip->lanes[l])
            db_int2(params, l);
    db_send(lane->db, "lane_lock", params);
}

static void
bind_keys(struct db_params *params, enum db_type type, const char *const *keys,
          size_t count)
{
    db_clear(params);
    db_array(params, type, count);
    for (size_t i = 0; i < count; i++) {
        if (type == DB_UUID)
            db_uuid(params, keys[i]);
        else
            db_text(params, keys[i]);
    }
}

static const char *
query_of(struct lane *lane, const struct store *store, const char *what)
{
    return arena_printf(batch_arena(lane->batch), "%s_%s", store->name, what);
}

void
lane_ask_store(struct lane *lane, const struct store *store)
{
    const char *const *keys;
    size_t count =
        store->key == 0 ? 0 : batch_wanted_keys(lane->batch, store, &keys);

    if (count > 0) {
        bind_keys(&lane->params, store->key_type, keys, count);
        if (store->kind == STORE_CLAIM)
            db_send(lane->db, query_of(lane, store, "insert"), &lane->params);
        db_send(lane->db, query_of(lane, store, "load"), &lane->params);
    }
    count = store->parent == 0
                ? 0
                : batch_wanted_parents(lane->batch, store, &keys);
    if (count > 0) {
        bind_keys(&lane->params, store->parent_type, keys, count);
        db_send(lane->db, query_of(lane, store, "load_children"),
                &lane->params);
    }
}

void
lane_ask(struct lane *lane, const struct trip *trip)
{
    const char *const *ids;

    db_send(lane->db, "begin", NULL);
    ask_fences(lane, trip);
    size_t count = batch_command_ids(lane->batch, &ids);
    bind_keys(&lane->params, DB_UUID, ids, count);
    db_send(lane->db, "inbox_load", &lane->params);
    for (const struct store *const *s = lane->core->stores; *s != NULL; s++)
        lane_ask_store(lane, *s);
    db_sync(lane->db);
}

/* --- first round trip: the answers -------------------------------------- */
/* The fence: if table and memory differ, another process has written. */
static bool
fence_inputs(struct lane *lane, const struct trip *trip, const PGresult *rows)
{
    if (PQntuples(rows) != trip->input_rows)
        return false;
    for (int i = 0; i < PQntuples(rows); i++) {
        int input = lane_input_index(lane, db_get_text(rows, i, 0));
        int which = (int)db_get_int(rows, i, 1);
        const struct input_position *mine = &lane->positions[input][which];
        if (db_get_int(rows, i, 2) != mine->next_offset)
            return false;
        batch_put_mark(lane->batch, lane->inputs[input].topic, which,
                       mine->mark);
    }
    return true;
}

static bool
fence_lanes(struct lane *lane, const struct trip *trip, const PGresult *rows)
{
    if (PQntuples(rows) != trip->lane_rows)
        return false;
    for (int i = 0; i < PQntuples(rows); i++) {
        int which = (int)db_get_int(rows, i, 0);
        const struct lane_memory *mine = &lane->lanes[which];
        if (!mine->owned || db_get_int(rows, i, 1) != mine->state.seq ||
            db_get_int(rows, i, 2) != mine->state.incarnation)
            return false;
        batch_put_lane(lane->batch, which, &mine->state);
    }
    return true;
}

static enum lane_result
hear_fences(struct lane *lane, const struct trip *trip, bool *ret_mine)
{
    PGresult *rows = NULL;
    enum db_end end = db_next(lane->db, NULL); /* begin */

    if (end == DB_OK)
        end = db_next(lane->db, &rows);
    if (end != DB_OK)
        return lane_result_of(lane, end, "lock_inputs");
    *ret_mine = fence_inputs(lane, trip, rows);
    PQclear(rows);
    end = db_next(lane->db, &rows);
    if (end != DB_OK)
        return lane_result_of(lane, end, "lock_lanes");
    *ret_mine = fence_lanes(lane, trip, rows) && *ret_mine;
    PQclear(rows);
    return LANE_OK;
}

static enum lane_result
hear_inbox(struct lane *lane)
{
    PGresult *rows = NULL;
    enum db_end end = db_next(lane->db, &rows);

    if (end != DB_OK)
        return lane_result_of(lane, end, "read_inbox");
    for (int i = 0; i < PQntuples(rows); i++) {
        size_t size;
        char *id = db_copy_uuid(batch_arena(lane->batch), rows, i, 0);
        const uint8_t *outcome = db_get_bytes(rows, i, 1, &size);
        batch_put_inbox(lane->batch, id, outcome, size);
    }
    PQclear(rows);
    return LANE_OK;
}

static enum lane_result
hear_rows(struct lane *lane, const struct store *store)
{
    PGresult *rows = NULL;
    enum db_end end = db_next(lane->db, &rows);

    if (end != DB_OK)
        return lane_result_of(lane, end, store->name);
    for (int i = 0; i < PQntuples(rows); i++) {
        void *row = batch_blank(lane->batch, store);
        db_decode(store->columns, rows, i, batch_arena(lane->batch), row);
        batch_put(lane->batch, row);
    }
    PQclear(rows);
    return LANE_OK;
}

enum lane_result
lane_hear_store(struct lane *lane, const struct store *store)
{
    const char *const *keys;
    enum lane_result result = LANE_OK;

    if (store->key != 0 && batch_wanted_keys(lane->batch, store, &keys) > 0) {
        if (store->kind == STORE_CLAIM)
            result = lane_result_of(lane, db_next(lane->db, NULL), store->name);
        if (result == LANE_OK)
            result = hear_rows(lane, store);
    }
    if (result == LANE_OK && store->parent != 0 &&
        batch_wanted_parents(lane->batch, store, &keys) > 0)
        result = hear_rows(lane, store);
    return result;
}

enum lane_result
lane_hear(struct lane *lane, const struct trip *trip)
{
    bool mine = false;
    enum lane_result result = hear_fences(lane, trip, &mine);

    if (result == LANE_OK)
        result = hear_inbox(lane);
    for (const struct store *const *s = lane->core->stores;
         result == LANE_OK && *s != NULL; s++)
        result = lane_hear_store(lane, *s);
    if (result == LANE_OK)
        result = lane_result_of(lane, db_end_trip(lane->db), "first_trip");
    if (result == LANE_OK && !mine) {
        log_event(lane_fenced);
        metric_add(lane_fenced_total, "", 1);
        result = LANE_AGAIN;
    }
    return result;
}
