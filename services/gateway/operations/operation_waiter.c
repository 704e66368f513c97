/* Requests that wait for a command's outcome, and when they may answer.
 *
 * A waiter is registered before its command is sent, so no outcome is missed. A
 * refusal wakes at once. A command that was done wakes when the read model has
 * applied its last state (sequence of the owner's lane). Outcomes come from the
 * follower; positions from the lane of views in this process or from the
 * poller. Holds locks only for a look-up. States: services/gateway/README.md.
 */
#include <stdio.h>
#include <string.h>

#include "chassis/base/wire.h"
#include "chassis/lane/batch.h"
#include "chassis/lane/handler.h"
#include "chassis/lane/store.h"

#include "gateway/operations/internal.h"

#include "inservice/common/v1/outcome.pb-c.h"

typedef Inservice__Common__V1__Outcome Outcome;

static const int64_t hook_trusted = SECONDS(10);
static const int64_t hook_grace = MILLISECONDS(200);

static struct waiter *
waiter_of(struct map_entry *entry)
{
    return MAP_ITEM(entry, struct waiter, by_command);
}

/* The first request that waits for it; NULL: most outcomes are those of other
 * processes. */
static struct waiter *
waiter_find(struct operations *operations, const uint8_t command_id[16])
{
    return waiter_of(
        map_find(MAP(operations->buckets), map_bytes(NULL, command_id, 16)));
}

void
waiter_add(struct operations *operations, struct waiter *waiter,
           const char *command_id, struct arena *arena)
{
    *waiter = (struct waiter){.arena = arena, .patient = true};
    if (!uuid_parse(command_id, waiter->command_id))
        memset(waiter->command_id, 0, sizeof waiter->command_id);
    pthread_mutex_init(&waiter->lock, NULL);
    condition_init(&waiter->turned);
    atomic_fetch_add(&operations->waiters, 1);

    pthread_mutex_lock(&operations->table_lock);
    map_add(MAP(operations->buckets), &waiter->by_command,
            map_bytes(NULL, waiter->command_id, sizeof waiter->command_id));
    pthread_mutex_unlock(&operations->table_lock);
}

static struct waiter **
pending_place(struct operations *operations, const struct waiter *waiter)
{
    struct waiter **place =
        &operations->positions[waiter->service][waiter->lane].pending;

    while (*place != waiter)
        place = &(*place)->next_pending;
    return place;
}

/* Removes it from the table, and from the list of its lane. */
static void
take_out(struct operations *operations, struct waiter *waiter)
{
    map_remove(MAP(operations->buckets), &waiter->by_command);
    if (waiter->pending) {
        *pending_place(operations, waiter) = waiter->next_pending;
        waiter->pending = false;
    }
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
end_wait(struct operations *operations, struct waiter *waiter)
{
    take_out(operations, waiter);
    pthread_mutex_lock(&waiter->lock);
    waiter->over = true;
    if (waiter->writing != WAITER_WRITING)
        pthread_cond_signal(&waiter->turned);
    pthread_mutex_unlock(&waiter->lock);
}

/* --- positions ---------------------------------------------------------- */

static bool
has_reached(const struct lane_position *position, const struct waiter *waiter)
{
    if (position->incarnation != waiter->incarnation)
        return position->incarnation > waiter->incarnation;
    return position->sequence >= waiter->state_seq;
}

void
position_reached(struct operations *operations, int service, int lane,
                 int64_t sequence, int64_t incarnation, bool hooked)
{
    struct lane_position *position = &operations->positions[service][lane];
    bool newer = incarnation != position->incarnation
                     ? incarnation > position->incarnation
                     : sequence > position->sequence;

    if (hooked)
        position->hooked_at = clock_monotonic();
    if (!newer)
        return;
    position->sequence = sequence;
    position->incarnation = incarnation;
    struct waiter *waiter = position->pending;
    while (waiter != NULL) {
        struct waiter *next = waiter->next_pending;
        if (has_reached(position, waiter))
            end_wait(operations, waiter);
        waiter = next;
    }
}

static int
state_service(const struct message *message)
{
    char name[64];

    if (message->kind != TOPIC_STATE)
        return -1;
    for (int service = 0; service < OPERATION_SERVICES; service++) {
        topic_name(operation_services[service], TOPIC_STATE, name);
        if (strcmp(message->topic, name) == 0)
            return service;
    }
    return -1;
}

void
operations_committed(void *context, const struct batch *batch)
{
    struct operations *operations = context;

    pthread_mutex_lock(&operations->table_lock);
    for (size_t i = 0; i < batch_size(batch); i++) {
        const struct message *message = batch_message(batch, i);
        int service = state_service(message);
        if (service >= 0)
            position_reached(operations, service, message->lane,
                             message->sequence, message->incarnation, true);
    }
    pthread_mutex_unlock(&operations->table_lock);
}

/* --- outcomes ----------------------------------------------------------- */

static void
note_result(struct waiter *waiter, const Outcome *outcome,
            const struct message *message)
{
    struct result *result = &waiter->result;

    pthread_mutex_lock(&waiter->lock);
    if (outcome->result_case == INSERVICE__COMMON__V1__OUTCOME__RESULT_DONE) {
        result->state = OPERATION_DONE;
        result->version = outcome->done->version;
        waiter->state_seq = outcome->done->state_seq;
    } else {
        result->state = OPERATION_REFUSED;
        result->version = outcome->refused->current_version;
        snprintf(result->code, sizeof result->code, "%s",
                 outcome->refused->code);
        result->outcome =
            arena_copy(waiter->arena, message->value, message->size);
        result->outcome_size = message->size;
    }
    pthread_mutex_unlock(&waiter->lock);
}

/* The hook reports lanes that this process applies; the poller reads them only
 * in case another process has taken the lane meanwhile. */
static int64_t
poll_again(const struct lane_position *position, int64_t now, int64_t pause)
{
    bool ours =
        position->hooked_at > 0 && now - position->hooked_at < hook_trusted;

    return now + (ours ? hook_grace : pause);
}

/* Done, but its state is not in the read model yet. */
static void
wait_on(struct operations *operations, struct lane_position *position,
        struct waiter *waiter)
{
    waiter->poll_after = poll_again(position, clock_monotonic(), 0);
    waiter->pending = true;
    waiter->next_pending = position->pending;
    position->pending = waiter;
    if (waiter->poll_after < operations->poll_due)
        pthread_cond_signal(&operations->poll_wanted);
}

static void
decide(struct operations *operations, int service, struct waiter *waiter,
       const Outcome *outcome, const struct message *message)
{
    struct lane_position *position =
        &operations->positions[service][message->lane];

    waiter->service = service;
    waiter->lane = message->lane;
    waiter->incarnation = message->incarnation;
    note_result(waiter, outcome, message);
    if (waiter->state_seq == 0 || has_reached(position, waiter))
        end_wait(operations, waiter);
    else
        wait_on(operations, position, waiter);
}

void
waiters_decide(struct operations *operations, int service,
               const struct message *message)
{
    ProtobufCMessage *body = NULL;
    uint8_t id[16];

    if (!uuid_parse(message->key, id))
        return;
    pthread_mutex_lock(&operations->table_lock);
    struct waiter *waiter = waiter_find(operations, id);
    bool wanted =
        waiter != NULL &&
        wire_unpack(&inservice__common__v1__outcome__descriptor, NULL,
                    message->value, message->size, &body, NULL) == WIRE_OK;
    const Outcome *outcome = (const Outcome *)body;
    while (wanted && waiter != NULL) {
        struct waiter *next = waiter_of(map_same(&waiter->by_command));
        if (!waiter->pending && outcome->result_case != 0)
            decide(operations, service, waiter, outcome, message);
        waiter = next;
    }
    if (body != NULL)
        protobuf_c_message_free_unpacked(body, NULL);
    pthread_mutex_unlock(&operations->table_lock);
}

/* --- the poller's part -------------------------------------------------- */

int64_t
positions_due(struct operations *operations, int64_t now, int64_t pause)
{
    int64_t due = INT64_MAX;

    for (int i = 0; i < OPERATION_SERVICES * LANES_MAX; i++) {
        const struct lane_position *position =
            &operations->positions[i / LANES_MAX][i % LANES_MAX];
        for (struct waiter *w = position->pending; w; w = w->next_pending) {
            if (w->poll_after < due)
                due = w->poll_after;
            if (w->poll_after <= now)
                w->poll_after = poll_again(position, now, pause);
        }
    }
    return due;
}
