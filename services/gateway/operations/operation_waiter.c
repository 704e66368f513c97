/* Requests that wait for the end of an operation.
 *
 * A waiter is registered before its command is sent, so no end is missed. The
 * lane of views ends the operation in the transaction that shows its result; in
 * the process that has the lane, operations_committed() wakes the waiter after
 * COMMIT. Where another process has the lane, the watcher looks the row up.
 * Holds locks only for a look-up. States: services/gateway/README.md.
 */
#include <stdio.h>
#include <string.h>

#include "chassis/lane/batch.h"
#include "chassis/lane/handler.h"

#include "gateway/operations/internal.h"

#include "inservice/common/v1/outcome.pb-c.h"

typedef Inservice__Common__V1__Outcome Outcome;

/* Between two looks at a row: another process ends it, or this one does and the
 * look only repairs what a change of the lane's owner lost. */
static const int64_t look_pause = MILLISECONDS(3);
static const int64_t look_pause_held = MILLISECONDS(200);

static struct waiter *
waiter_of(struct map_entry *entry)
{
    return MAP_ITEM(entry, struct waiter, by_command);
}

static int64_t
next_look(const struct operations *operations, const struct waiter *waiter,
          int64_t now)
{
    return now +
           (operations->held[waiter->lane] ? look_pause_held : look_pause);
}

static void
list_add_waiter(struct operations *operations, struct waiter *waiter)
{
    waiter->next = operations->all;
    waiter->place = &operations->all;
    if (waiter->next != NULL)
        waiter->next->place = &waiter->next;
    operations->all = waiter;
}

void
waiter_add(struct operations *operations, struct waiter *waiter,
           const char *operation_id, const char *command_id, int lane,
           struct arena *arena)
{
    *waiter = (struct waiter){
        .arena = arena,
        .patient = true,
        .operation_id = operation_id,
        .lane = lane,
    };
    if (!uuid_parse(command_id, waiter->command_id))
        memset(waiter->command_id, 0, sizeof waiter->command_id);
    pthread_mutex_init(&waiter->lock, NULL);
    condition_init(&waiter->turned);
    atomic_fetch_add(&operations->waiters, 1);

    pthread_mutex_lock(&operations->table_lock);
    map_add(MAP(operations->buckets), &waiter->by_command,
            map_bytes(NULL, waiter->command_id, sizeof waiter->command_id));
    list_add_waiter(operations, waiter);
    waiter->look_at = next_look(operations, waiter, clock_monotonic());
    if (waiter->look_at < operations->watch_due)
        pthread_cond_signal(&operations->watch_wanted);
    pthread_mutex_unlock(&operations->table_lock);
}

static void
take_out(struct operations *operations, struct waiter *waiter)
{
    map_remove(MAP(operations->buckets), &waiter->by_command);
    *waiter->place = waiter->next;
    if (waiter->next != NULL)
        waiter->next->place = waiter->place;
}

void
waiter_remove(struct operations *operations, struct waiter *waiter)
{
    pthread_mutex_lock(&operations->table_lock);
    if (!waiter->over)
        take_out(operations, waiter);
    pthread_mutex_unlock(&operations->table_lock);
    atomic_fetch_sub(&operations->waiters, 1);
    pthread_cond_destroy(&waiter->turned);
    pthread_mutex_destroy(&waiter->lock);
}

bool
waiter_wait(struct waiter *waiter, int64_t deadline)
{
    pthread_mutex_lock(&waiter->lock);
    while (!waiter->over)
        if (!condition_wait(&waiter->turned, &waiter->lock, deadline))
            break;
    bool over = waiter->over;
    pthread_mutex_unlock(&waiter->lock);
    return over;
}

/* The last access: its thread may be gone when the lock is free. */
static void
end_wait(struct operations *operations, struct waiter *waiter,
         const struct result *result)
{
    take_out(operations, waiter);
    pthread_mutex_lock(&waiter->lock);
    waiter->result = *result;
    if (result->outcome != NULL)
        waiter->result.outcome =
            arena_copy(waiter->arena, result->outcome, result->outcome_size);
    waiter->over = true;
    if (waiter->writing != WAITER_WRITING)
        pthread_cond_signal(&waiter->turned);
    pthread_mutex_unlock(&waiter->lock);
}

/* The first request that waits for it; NULL: most commands are those of other
 * processes. */
static struct waiter *
waiter_find(struct operations *operations, const uint8_t command_id[16])
{
    return waiter_of(
        map_find(MAP(operations->buckets), map_bytes(NULL, command_id, 16)));
}

void
waiters_end(struct operations *operations, const uint8_t command_id[16],
            const struct result *result)
{
    struct waiter *waiter = waiter_find(operations, command_id);

    while (waiter != NULL) {
        struct waiter *next = waiter_of(map_same(&waiter->by_command));
        end_wait(operations, waiter, result);
        waiter = next;
    }
}

/* --- the lane of views --------------------------------------------------- */
static void
result_of_outcome(const Outcome *outcome, const struct message *message,
                  struct result *ret_result)
{
    *ret_result = (struct result){.state = OPERATION_DONE};
    if (outcome->result_case == INSERVICE__COMMON__V1__OUTCOME__RESULT_DONE) {
        ret_result->version = outcome->done->version;
        return;
    }
    ret_result->state = OPERATION_REFUSED;
    ret_result->version = outcome->refused->current_version;
    snprintf(ret_result->code, sizeof ret_result->code, "%s",
             outcome->refused->code);
    ret_result->outcome = message->value;
    ret_result->outcome_size = message->size;
}

/* An outcome that names a state may overtake it (another topic): the watcher
 * then ends the wait, when the view has that state. */
static void
outcome_committed(struct operations *operations, const struct message *message)
{
    const Outcome *outcome = (const Outcome *)message->body;
    struct result result;
    uint8_t id[16];

    if (outcome == NULL || outcome->result_case == 0 ||
        !uuid_parse(outcome->command_id, id))
        return;
    if (outcome->result_case == INSERVICE__COMMON__V1__OUTCOME__RESULT_DONE &&
        outcome->done->state_seq > 0)
        return;
    result_of_outcome(outcome, message, &result);
    waiters_end(operations, id, &result);
}

static void
state_committed(struct operations *operations, const struct message *message)
{
    const struct result result = {
        .state = OPERATION_DONE,
        .version = message->entity_version,
    };
    uint8_t id[16];

    if (message->completes != NULL && uuid_parse(message->causation, id))
        waiters_end(operations, id, &result);
}

void
operations_committed(void *context, const struct batch *batch)
{
    struct operations *operations = context;

    pthread_mutex_lock(&operations->table_lock);
    for (size_t i = 0; i < batch_size(batch); i++) {
        const struct message *message = batch_message(batch, i);
        if (message->broken != NULL)
            continue;
        if (message->kind == TOPIC_STATE)
            state_committed(operations, message);
        else if (message->kind == TOPIC_OUTCOME)
            outcome_committed(operations, message);
    }
    pthread_mutex_unlock(&operations->table_lock);
}

void
operations_held(void *context, const bool lanes[LANES_MAX])
{
    struct operations *operations = context;

    pthread_mutex_lock(&operations->table_lock);
    memcpy(operations->held, lanes, sizeof operations->held);
    pthread_mutex_unlock(&operations->table_lock);
}

/* --- the watcher's part --------------------------------------------------- */
size_t
waiters_due(struct operations *operations, struct db_params *params,
            int64_t *ret_next)
{
    int64_t now = clock_monotonic();
    size_t count = 0;

    *ret_next = INT64_MAX;
    for (struct waiter *w = operations->all; w != NULL; w = w->next)
        count += w->look_at <= now;
    db_clear(params);
    db_array(params, DB_UUID, count);
    for (struct waiter *w = operations->all; w != NULL; w = w->next) {
        if (w->look_at <= now) {
            db_uuid(params, w->operation_id);
            w->look_at = next_look(operations, w, now);
        }
        if (w->look_at < *ret_next)
            *ret_next = w->look_at;
    }
    return count;
}
