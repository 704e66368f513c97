/* An operator's release and discard of parked messages.
 *
 * Release runs the waiting messages of a key in order; discard refuses one with
 * DISCARDED. The handled rows are deleted in the same transaction.
 */
#include "chassis/lane/lane_internal.h"

#include <stdlib.h>
#include <string.h>

#include "chassis/base/clock.h"
#include "chassis/base/failpoint.h"
#include "chassis/db/db.h"

#include "inservice/common/v1/operate.pb-c.h"

enum { PARKED_PAGE = 200 };

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
