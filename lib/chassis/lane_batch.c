/* One batch: lock and read, decide, write and commit, publish.
 *
 * First round trip: BEGIN, the fences (lane_input, lane), inbox, claims,
 * aggregates, children. Second: rows, inbox, journal, timers, parked, lane,
 * lane_input, COMMIT. A batch that fails for an unknown reason is split until
 * the culprit stands alone and is parked with its key.
 */
#include "chassis/lane_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chassis/clock.h"
#include "chassis/failpoint.h"
#include "chassis/log.h"
#include "chassis/metrics.h"

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

/* --- first round trip: what is asked ------------------------------------------ */
struct trip {
    bool lanes[LANES];
    bool inputs[INPUTS_MAX][LANES];
    int input_rows;
    int lane_rows;
};

static void
trip_note(struct lane *lane, struct trip *trip)
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
        for (int l = 0; l < LANES; l++)
            if (trip->inputs[i][l])
                db_text(params, lane->inputs[i].topic);
    db_array(params, DB_INT2, (size_t)trip->input_rows);
    for (size_t i = 0; i < lane->input_count; i++)
        for (int l = 0; l < LANES; l++)
            if (trip->inputs[i][l])
                db_int2(params, l);
    db_send(lane->db, "lane_input_lock", params);
    db_clear(params);
    db_array(params, DB_INT2, (size_t)trip->lane_rows);
    for (int l = 0; l < LANES; l++)
        if (trip->lanes[l])
            db_int2(params, l);
    db_send(lane->db, "lane_lock", params);
}

static void
bind_keys(struct db_params *params, enum db_type type,
          const char *const *keys, size_t count)
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

static void
ask_store(struct lane *lane, const struct store *store)
{
    const char *const *keys;
    size_t count = store->key == 0
                       ? 0
                       : batch_wanted_keys(lane->batch, store, &keys);

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

static void
ask_all(struct lane *lane, const struct trip *trip)
{
    const char *const *ids;

    db_send(lane->db, "begin", NULL);
    ask_fences(lane, trip);
    size_t count = batch_command_ids(lane->batch, &ids);
    bind_keys(&lane->params, DB_UUID, ids, count);
    db_send(lane->db, "inbox_load", &lane->params);
    for (const struct store *const *s = lane->core->stores; *s != NULL; s++)
        ask_store(lane, *s);
    db_sync(lane->db);
}

/* --- first round trip: what is answered --------------------------------------- */
/* The fence: the table must be where memory says, or somebody else wrote. */
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

static enum lane_result
hear_store(struct lane *lane, const struct store *store)
{
    const char *const *keys;
    enum lane_result result = LANE_OK;

    if (store->key != 0 && batch_wanted_keys(lane->batch, store, &keys) > 0) {
        if (store->kind == STORE_CLAIM)
            result = lane_result_of(lane, db_next(lane->db, NULL),
                                    store->name);
        if (result == LANE_OK)
            result = hear_rows(lane, store);
    }
    if (result == LANE_OK && store->parent != 0 &&
        batch_wanted_parents(lane->batch, store, &keys) > 0)
        result = hear_rows(lane, store);
    return result;
}

static enum lane_result
hear_all(struct lane *lane, const struct trip *trip)
{
    bool mine = false;
    enum lane_result result = hear_fences(lane, trip, &mine);

    if (result == LANE_OK)
        result = hear_inbox(lane);
    for (const struct store *const *s = lane->core->stores;
         result == LANE_OK && *s != NULL; s++)
        result = hear_store(lane, *s);
    if (result == LANE_OK)
        result = lane_result_of(lane, db_end_trip(lane->db), "first_trip");
    if (result == LANE_OK && !mine) {
        log_event(LOG_WARNING, "lane_fenced");
        metric_add("lane_fenced_total", "", 1);
        result = LANE_AGAIN;
    }
    return result;
}

/* --- second round trip ----------------------------------------------------------- */
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
        return LANE_AGAIN; /* the answer is lost: take the lanes anew */
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

/* Later messages of a broken one's key wait with it; other keys flow. */
static void
park_followers(struct lane *lane)
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

/* Runs the pure core; a broken message is set aside and the rest read anew. */
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
    park_followers(lane);
    batch_rewind(lane->batch);
    return LANE_ONCE_MORE;
}

enum lane_result
lane_attempt(struct lane *lane, lane_finish *finish, void *context)
{
    enum lane_result result;
    struct trip trip;

    do {
        trip_note(lane, &trip);
        if (FAILPOINT(lane_batch_begin))
            return LANE_RETRY;
        ask_all(lane, &trip);
        if (FAILPOINT(lane_first_trip_sent))
            return LANE_AGAIN;
        result = hear_all(lane, &trip);
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
static void
note_class(struct lane *lane)
{
    static _Thread_local char types[4096];
    size_t used = 0;

    types[0] = '\0';
    for (size_t i = 0; i < batch_size(lane->batch); i++) {
        const char *type = batch_message(lane->batch, i)->type;
        const char *dot = strrchr(type, '.');
        int more = snprintf(types + used, sizeof types - used, "%s ",
                            dot ? dot + 1 : type);
        if (more < 0 || used + (size_t)more >= sizeof types)
            break;
        used += (size_t)more;
    }
    failpoint_class(types);
}
#else
static void
note_class(struct lane *lane)
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
    park_followers(lane);
    note_class(lane);
}

/* The culprit stands alone: it is set aside without being decided. */
static enum lane_result
lane_set_aside(struct lane *lane, struct message *message)
{
    log_event(LOG_ERROR, "message_broken", log_str("type", message->type),
              log_str("id", message->id), log_str("reason", "cannot_be_written"),
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

/* After a crash loop a lane's messages go one by one, so that the culprit is
 * alone when the process dies again; then it is set aside unseen. */
static size_t
lane_portion(struct lane *lane, const struct message *messages, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct lane_memory *memory = &lane->lanes[messages[i].lane];
        if (memory->cautious > 0) {
            memory->cautious--;
            return i == 0 ? 1 : i;
        }
    }
    return count;
}

enum lane_result
lane_process(struct lane *lane, struct message *messages, size_t count)
{
    size_t done = 0;

    while (done < count) {
        size_t n = 0;
        enum lane_result result;
        if (lane_is_operators(&messages[done])) {
            result = lane_operate(lane, &messages[done]);
            n = 1;
        } else {
            while (done + n < count && !lane_is_operators(&messages[done + n]))
                n++;
            n = lane_portion(lane, messages + done, n);
            result = lane_process_some(lane, messages + done, n);
        }
        if (result != LANE_OK)
            return result;
        done += n;
    }
    return LANE_OK;
}
