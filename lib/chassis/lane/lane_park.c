/* Parked keys: messages that could not be handled wait, with all of their key.
 *
 * A broken message's bytes go to `parked` and, once, to the dlq topic; later
 * messages of the same (topic, key) wait, too, while other keys flow.
 * Undecodable bytes go to the dlq only. An operator's release runs the waiting
 * messages in order; discard refuses one with DISCARDED.
 */
#include "chassis/lane/lane_internal.h"

#include <stdlib.h>
#include <string.h>

#include "chassis/base/clock.h"
#include "chassis/base/failpoint.h"
#include "chassis/base/log.h"
#include "chassis/base/metrics.h"

#include "inservice/common/v1/operate.pb-c.h"

enum { PARKED_PAGE = 200 };

/* --- the set of parked keys in memory ----------------------------------- */
static struct parked_key **
parked_bucket(struct lane *lane, const char *topic, const char *key)
{
    uint32_t h = 2166136261u;

    for (const char *c = topic; *c != '\0'; c++)
        h = (h ^ (uint8_t)*c) * 16777619u;
    for (const char *c = key; *c != '\0'; c++)
        h = (h ^ (uint8_t)*c) * 16777619u;
    return &lane->parked[h % COUNT_OF(lane->parked)];
}

static struct parked_key **
parked_find(struct lane *lane, const char *topic, const char *key)
{
    struct parked_key **at = parked_bucket(lane, topic, key);

    while (*at != NULL &&
           (strcmp((*at)->key, key) != 0 || strcmp((*at)->topic, topic) != 0))
        at = &(*at)->next;
    return at;
}

bool
lane_key_parked(const struct lane *lane, const struct message *message)
{
    return *parked_find((struct lane *)(uintptr_t)lane, message->topic,
                        message->key) != NULL;
}

void
lane_park_key(struct lane *lane, const char *topic, const char *key, int which)
{
    int input = lane_input_index(lane, topic);

    if (input < 0 || *parked_find(lane, topic, key) != NULL)
        return;
    struct parked_key *parked = calloc(1, sizeof *parked);
    struct parked_key **bucket = parked_bucket(lane, topic, key);
    if (parked == NULL || (parked->key = strdup(key)) == NULL)
        abort();
    parked->topic = lane->inputs[input].topic;
    parked->lane = which;
    parked->next = *bucket;
    *bucket = parked;
}

void
lane_unpark_key(struct lane *lane, const char *topic, const char *key)
{
    struct parked_key **at = parked_find(lane, topic, key);
    struct parked_key *parked = *at;

    if (parked == NULL)
        return;
    *at = parked->next;
    free(parked->key);
    free(parked);
}

void
lane_forget_parked(struct lane *lane)
{
    for (size_t i = 0; i < COUNT_OF(lane->parked); i++) {
        while (lane->parked[i] != NULL) {
            struct parked_key *parked = lane->parked[i];
            lane->parked[i] = parked->next;
            free(parked->key);
            free(parked);
        }
    }
}

enum lane_result
lane_read_parked(struct lane *lane)
{
    PGresult *rows = NULL;
    int lanes[LANES];
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
    metric_set("lane_parked_keys", lane->label, PQntuples(rows));
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
        log_event(LOG_ERROR, "message_broken", log_str("type", message->type),
                  log_str("id", message->id), log_str("topic", message->topic),
                  log_str("reason", message->broken),
                  log_int("lane", message->lane));
        metric_add("lane_broken_total", "", 1);
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
            .at = clock_now(),
            .value = message->value,
            .size = message->size < MESSAGE_VALUE_MAX ? message->size
                                                      : MESSAGE_VALUE_MAX,
            .personal = true,
        };
        batch_say_row(lane->batch, message->lane, &row);
    }
}

size_t
lane_write_parked(struct lane *lane)
{
    struct db_params *params = &lane->params;
    size_t size = batch_size(lane->batch), count = 0;
    struct message **rows =
        ARENA_ARRAY(batch_arena(lane->batch), struct message *, size);

    for (size_t i = 0; i < size; i++)
        if (message_parks(lane, batch_message(lane->batch, i)))
            rows[count++] = batch_message(lane->batch, i);
    if (count == 0)
        return 0;
    if (FAILPOINT(lane_before_park))
        return 0;
    db_clear(params);
    LANE_COLUMN(DB_INT2, db_int2(params, rows[i]->lane));
    LANE_COLUMN(DB_TEXT, db_text(params, rows[i]->topic));
    LANE_COLUMN(DB_INT8, db_int8(params, rows[i]->offset));
    LANE_COLUMN(DB_TEXT, db_text(params, rows[i]->key));
    LANE_COLUMN(DB_TEXT, db_text(params, rows[i]->type));
    LANE_COLUMN(DB_TEXT, db_text(params, rows[i]->id));
    LANE_COLUMN(DB_TEXT, db_text(params, rows[i]->source));
    LANE_COLUMN(DB_TEXT, db_text(params, rows[i]->traceparent));
    LANE_COLUMN(DB_INT8, db_int8(params, rows[i]->sequence));
    LANE_COLUMN(DB_INT8, db_int8(params, rows[i]->incarnation));
    LANE_COLUMN(DB_INT8, db_int8(params, rows[i]->entity_version));
    LANE_COLUMN(DB_TIME, db_time(params, rows[i]->at));
    LANE_COLUMN(DB_BYTES, db_bytes(params, rows[i]->value, rows[i]->size));
    LANE_COLUMN(DB_TEXT, db_text(params, rows[i]->broken));
    db_send(lane->db, "parked_save", params);
    return 1;
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

/* --- release and discard ------------------------------------------------ */
bool
lane_is_operators(const struct message *message)
{
    return message->kind == TOPIC_COMMAND &&
           strncmp(message->type, "inservice.common.v1.", 20) == 0;
}

static void
parked_message(struct lane *lane, const PGresult *rows, int i,
               struct message *ret_message)
{
    struct arena *arena = lane->arena;
    int input = lane_input_index(lane, db_get_text(rows, i, 2));
    size_t size;
    const uint8_t *value = db_get_bytes(rows, i, 13, &size);

    *ret_message = (struct message){
        .parked_id = db_get_int(rows, i, 0),
        .lane = (int)db_get_int(rows, i, 1),
        .topic = lane->inputs[input].topic,
        .kind = lane->inputs[input].kind,
        .offset = db_get_int(rows, i, 3),
        .key = db_copy_text(arena, rows, i, 4),
        .type = db_copy_text(arena, rows, i, 5),
        .id = db_copy_text(arena, rows, i, 6),
        .source = db_copy_text(arena, rows, i, 7),
        .traceparent = db_copy_text(arena, rows, i, 8),
        .sequence = -1, /* its mark was passed when it was parked */
        .incarnation = db_get_int(rows, i, 10),
        .entity_version = db_get_int(rows, i, 11),
        .at = db_get_time(rows, i, 12),
        .value = value ? arena_copy(arena, value, size) : NULL,
        .size = size,
    };
}

/* An operator's Release or Discard. */
struct request {
    const char *topic, *key;
    int64_t parked_id; /* 0: release */
};

struct waiting {
    struct message messages[PARKED_PAGE];
    size_t count;
    size_t most; /* per page; fewer when a page cannot be written */
};

static enum lane_result
waiting_load(struct lane *lane, const struct message *message,
             const struct request *request, struct waiting *ret_waiting)
{
    PGresult *rows = NULL;

    ret_waiting->count = 0;
    db_clear(&lane->params);
    db_text(&lane->params, request->topic);
    db_text(&lane->params, request->key);
    db_int2(&lane->params, message->lane);
    enum db_end end = db_query(lane->db, "parked_load", &lane->params, &rows);
    if (end != DB_OK)
        return lane_result_of(lane, end, "parked_load");
    for (int i = 0;
         i < PQntuples(rows) && ret_waiting->count < ret_waiting->most; i++) {
        struct message *next = &ret_waiting->messages[ret_waiting->count];
        if (request->parked_id != 0 &&
            db_get_int(rows, i, 0) != request->parked_id)
            continue;
        parked_message(lane, rows, i, next);
        next->discarded = request->parked_id != 0;
        ret_waiting->count++;
    }
    PQclear(rows);
    return LANE_OK;
}

/* Handled, or rubbish that goes to the dlq. */
static bool
waiting_leaves(const struct lane *lane, const struct message *message)
{
    return message->broken == NULL ||
           (message->undecodable && !lane->options.silent);
}

/* Deletes the handled rows in the same transaction. */
static size_t
waiting_delete(struct lane *lane, void *context)
{
    const struct waiting *waiting = context;
    size_t count = 0;

    for (size_t i = 0; i < waiting->count; i++)
        count += waiting_leaves(lane, &waiting->messages[i]);
    db_clear(&lane->params);
    db_array(&lane->params, DB_INT8, count);
    for (size_t i = 0; i < waiting->count; i++)
        if (waiting_leaves(lane, &waiting->messages[i]))
            db_int8(&lane->params, waiting->messages[i].parked_id);
    db_send(lane->db, "parked_delete", &lane->params);
    return 1;
}

static struct request
request_of(const struct message *message)
{
    const Inservice__Common__V1__Discard *discard = (void *)message->body;
    const Inservice__Common__V1__Release *release = (void *)message->body;

    if (strcmp(message->type, "inservice.common.v1.Discard") == 0)
        return (struct request){discard->topic, discard->key,
                                strtoll(discard->parked_id, NULL, 10)};
    if (strcmp(message->type, "inservice.common.v1.Release") == 0)
        return (struct request){release->topic, release->key, 0};
    return (struct request){"", "", 0};
}

/* One page: the operator's message (first page) and the parked rows. */
static enum lane_result
operate_page(struct lane *lane, struct message *message, bool first,
             const struct request *request, struct waiting *ret_waiting)
{
    enum lane_result result = waiting_load(lane, message, request, ret_waiting);

    if (result != LANE_OK)
        return result;
    batch_begin(lane->batch, clock_now());
    if (first)
        batch_add(lane->batch, message);
    for (size_t i = 0; i < ret_waiting->count; i++)
        batch_add(lane->batch, &ret_waiting->messages[i]);
    lane_hold_followers(lane);
    lane_note_class(lane);
    if (FAILPOINT(lane_before_operate))
        return LANE_RETRY;
    if (batch_size(lane->batch) == 0)
        return LANE_OK;
    return lane_attempt(lane, waiting_delete, ret_waiting);
}

/* A page that cannot be written is tried one by one. A message that still fails
 * stays parked, and so do all later messages of its key. */
static bool
waiting_shrink(struct lane *lane, struct waiting *waiting)
{
    if (waiting->most == 0 || db_rollback(lane->db) != DB_OK)
        return false;
    waiting->most = waiting->most > 1 ? 1 : 0;
    return true;
}

static bool
waiting_has_more(const struct lane *lane, const struct waiting *waiting,
                 const struct request *request)
{
    bool more = waiting->most > 0 && waiting->count == waiting->most &&
                request->parked_id == 0;

    for (size_t i = 0; i < waiting->count; i++)
        more = more && waiting_leaves(lane, &waiting->messages[i]);
    return more;
}

static enum lane_result
operate_all(struct lane *lane, struct message *message)
{
    struct waiting *waiting = ARENA_NEW(lane->arena, struct waiting);
    struct request request;
    bool first = true, more = true;
    enum lane_result result = LANE_OK;

    waiting->most = PARKED_PAGE;
    batch_begin(lane->batch, clock_now()); /* to read its body */
    batch_add(lane->batch, message);
    if (message->broken != NULL)
        return lane_attempt(lane, NULL, NULL);
    request = request_of(message);
    request.topic = arena_strdup(lane->arena, request.topic);
    request.key = arena_strdup(lane->arena, request.key);
    while (result == LANE_OK && more) {
        result = operate_page(lane, message, first, &request, waiting);
        if (result == LANE_FAULT && waiting_shrink(lane, waiting)) {
            result = LANE_OK;
            continue;
        }
        first = false;
        more = waiting_has_more(lane, waiting, &request);
    }
    return result;
}

enum lane_result
lane_operate(struct lane *lane, struct message *message)
{
    arena_reset(lane->arena);
    for (int tries = 0; tries < 10; tries++) {
        enum lane_result result = operate_all(lane, message);
        if (result == LANE_OK && FAILPOINT(lane_operated))
            return LANE_AGAIN;
        if (result == LANE_OK) /* memory follows the table */
            return lane_read_parked(lane);
        if (result == LANE_AGAIN || db_rollback(lane->db) != DB_OK)
            return LANE_AGAIN;
        lane_pause(lane);
    }
    return LANE_AGAIN;
}
