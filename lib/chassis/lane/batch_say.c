/* The calls of handlers: rows, facts, self-commands, timers, refusals.
 *
 * Everything said becomes a journal row with the lane's next sequence, chained
 * by digest to the row before (journal.c). Ids are derived, never random: the
 * same decision gives the same ids again (rules 1 and 6).
 */
#include "chassis/lane/batch_internal.h"
#include "chassis/lane/journal.h"

#include <stdio.h>
#include <string.h>

#include "chassis/base/clock.h"
#include "chassis/base/seal.h"

#include "inservice/common/v1/fact.pb-c.h"
#include "inservice/common/v1/outcome.pb-c.h"

typedef Inservice__Common__V1__Fact Fact;

struct fact_message {
    ProtobufCMessage base;
    Fact *fact;
};

static void
decision_fault(struct decision *decision, const char *reason)
{
    if (decision->batch->fault == NULL)
        decision->batch->fault = reason;
}

static struct row *
row_wanted(struct decision *decision, const struct store *store,
           const char *key)
{
    if (key == NULL || key[0] == '\0')
        return NULL;
    struct row *row = batch_row(decision->batch, store, key);
    if (row == NULL)
        decision_fault(decision, "row_not_asked_for");
    return row;
}

void *
row_find(struct decision *decision, const struct store *store, const char *key)
{
    struct row *row = row_wanted(decision, store, key);

    return row != NULL && row->exists ? row : NULL;
}

void *
row_add(struct decision *decision, const struct store *store, const char *key)
{
    struct row *row = row_wanted(decision, store, key);

    if (row == NULL || row->exists)
        return NULL;
    row->exists = true;
    row->version = 0;
    row_change(decision, row);
    return row;
}

void *
row_add_child(struct decision *decision, const struct store *store,
              const char *parent)
{
    if (!batch_parent_wanted(decision->batch, store, parent)) {
        decision_fault(decision, "parent_not_asked_for");
    }
    struct row *row = batch_blank(decision->batch, store);
    *(const char **)((char *)row + store->parent) =
        arena_strdup(decision->arena, parent);
    row->exists = true;
    row_change(decision, row);
    return batch_adopt(decision->batch, row);
}

void
row_change(struct decision *decision, void *changed)
{
    struct row *row = changed;

    if (row->store->kind == STORE_HINT)
        decision_fault(decision, "hint_changed");
    if (row->changed_by != decision->message) {
        row->version++;
        list_add(decision->arena, &decision->batch->changed, row);
    }
    row->changed_by = decision->message;
    row->dirty = true;
    if (row->store->kind == STORE_AGGREGATE && decision->batch->subject == NULL)
        decision->batch->subject = row;
}

/* Incarnation before version: after a restore a lower version is newer. A known
 * row keeps its columns when the incarnation rises. */
void *
copy_follow(struct decision *decision, const struct store *store,
            const char *key, int64_t version)
{
    int64_t incarnation = decision->message->incarnation;
    struct copy *copy = row_find(decision, store, key);

    if (copy != NULL &&
        (copy->incarnation > incarnation ||
         (copy->incarnation == incarnation && copy->version >= version)))
        return NULL;
    if (copy == NULL)
        copy = row_add(decision, store, key);
    if (copy == NULL)
        return NULL; /* the batch has noted the fault */
    copy->version = version;
    copy->incarnation = incarnation;
    row_change(decision, copy);
    return copy;
}

void *
copy_of_state(struct decision *decision, const struct store *store,
              const char *key, const Inservice__Common__V1__Fact *fact,
              enum end *ret_end)
{
    *ret_end = fact == NULL || key[0] == '\0' ? BROKEN : DONE;
    return *ret_end == DONE ? copy_follow(decision, store, key, fact->version)
                            : NULL;
}

void *
row_child(struct decision *decision, const struct store *store,
          const char *parent, const void *previous)
{
    if (parent == NULL || parent[0] == '\0')
        return NULL; /* keys_children() ignored it */
    if (previous == NULL &&
        !batch_parent_wanted(decision->batch, store, parent))
        decision_fault(decision, "parent_not_asked_for");
    return batch_child(decision->batch, store, parent, previous);
}

void
subject(struct decision *decision, const void *row)
{
    decision->batch->subject = row;
}

const char *
subject_key(const void *row)
{
    const struct row *r = row;

    return *(const char *const *)((const char *)row + r->store->key);
}

bool
version_differs(const struct decision *decision, const void *row)
{
    const Order *order = decision->order;
    const struct row *r = row;

    if (order->expected_version_presence_case !=
        INSERVICE__COMMON__V1__ORDER__EXPECTED_VERSION_PRESENCE_EXPECTED_VERSION)
        return false;
    int64_t version = r != NULL && r->exists ? r->version : 0;
    for (size_t i = 0; i < order->n_other_versions; i++)
        if (order->other_versions[i] == version)
            return false;
    return order->expected_version != version;
}

/* --- the journal -------------------------------------------------------- */
static void
chain_row(struct arena *arena, struct lane_state *lane, struct journal_row *row)
{
    uint8_t *digest = arena_alloc(arena, SEAL_DIGEST);

    seal_digest(row->value, row->size, digest);
    journal_chain(arena, lane->chain, digest, row, row->chain);
    memcpy(lane->chain, row->chain, sizeof lane->chain);
    row->open = row->personal ? NULL : row->value;
    row->open_size = row->size;
    row->digest = row->personal && row->value != NULL ? digest : NULL;
    row->digest_size = SEAL_DIGEST;
}

struct journal_row *
batch_say_row(struct batch *batch, int lane, const struct journal_row *content)
{
    struct journal_row *row = ARENA_NEW(batch->arena, struct journal_row);
    struct lane_state *state = &batch->lanes[lane];

    *row = *content;
    row->lane = lane;
    row->seq = ++state->seq;
    row->incarnation = state->incarnation;
    chain_row(batch->arena, state, row);
    list_add(batch->arena, &batch->journal, row);
    if (row->size > MESSAGE_VALUE_MAX) /* rule 3: checked before COMMIT */
        batch->fault = "message_too_large";
    return row;
}

static const uint8_t *
pack(struct decision *decision, const ProtobufCMessage *message,
     size_t *ret_size)
{
    size_t size = protobuf_c_message_get_packed_size(message);
    uint8_t *bytes = arena_alloc(decision->arena, size + 1);

    protobuf_c_message_pack(message, bytes);
    *ret_size = size;
    return bytes;
}

static const char *
decision_command_id(const struct decision *decision)
{
    return decision->order ? decision->order->command_id : NULL;
}

static const char *
decision_actor(const struct decision *decision)
{
    return decision->order && decision->order->actor
               ? decision->order->actor->account_id
               : NULL;
}

void
say(struct decision *decision, void *about, ProtobufCMessage *message)
{
    struct row *row = about;
    const char *state_type = row->store->state_type;
    bool state = state_type != NULL &&
                 strcmp(message->descriptor->name, state_type) == 0;
    Fact *fact = ARENA_NEW(decision->arena, Fact);
    struct journal_row content = {
        .kind = state ? TOPIC_STATE : TOPIC_EVENT,
        .partition = decision->message->lane,
        .type = message->descriptor->name,
        .key = subject_key(row),
        .command_id = decision_command_id(decision),
        .causation = decision->message->id,
        .actor = decision_actor(decision),
        .traceparent = decision->message->traceparent,
        .completes = state && row == decision->batch->answering
                         ? batch_completes(decision->message)
                         : NULL,
        .version = row->version,
        .at = decision->now,
        .personal = state && row->store->personal,
    };

    if (row->changed_by != decision->message)
        decision_fault(decision, "said_of_unchanged");
    inservice__common__v1__fact__init(fact);
    fact->version = row->version;
    fact->at = decision->now;
    if (content.actor != NULL)
        fact->actor_account_id = (char *)(uintptr_t)content.actor;
    if (content.command_id != NULL)
        fact->command_id = (char *)(uintptr_t)content.command_id;
    ((struct fact_message *)message)->fact = fact;
    content.value = pack(decision, message, &content.size);
    batch_say_row(decision->batch, decision->message->lane, &content);
}

/* Fills in the Order of a command that a decision gives to its own service. */
static const char *
order_fill(struct decision *decision, const char *about, int64_t at,
           ProtobufCMessage *command)
{
    Order *order = ARENA_NEW(decision->arena, Order);
    char *id = arena_alloc(decision->arena, UUID_TEXT);
    const char *parts[] = {decision->message->source ? decision->message->source
                                                     : "",
                           decision->message->id, about};

    uuid_derive(parts, COUNT_OF(parts), id);
    inservice__common__v1__order__init(order);
    order->command_id = id;
    order->at = at;
    ((struct order_message *)command)->order = order;
    return id;
}

void
order_self(struct decision *decision, const char *about, const char *lane_key,
           ProtobufCMessage *command)
{
    struct journal_row content = {
        .kind = TOPIC_COMMAND,
        .partition = lane_of(lane_key),
        .type = command->descriptor->name,
        .key = arena_strdup(decision->arena, lane_key),
        .causation = decision->message->id,
        .traceparent = decision->message->traceparent,
        .at = decision->now,
    };

    content.command_id = order_fill(decision, about, decision->now, command);
    content.value = pack(decision, command, &content.size);
    batch_say_row(decision->batch, decision->message->lane, &content);
}

void
timer_set(struct decision *decision, const char *name, int64_t due_at,
          const char *lane_key, ProtobufCMessage *command)
{
    struct timer_row *timer = ARENA_NEW(decision->arena, struct timer_row);

    timer->command_id = order_fill(decision, name, due_at, command);
    timer->name = arena_strdup(decision->arena, name);
    timer->lane = decision->message->lane;
    timer->due_at = due_at;
    timer->partition = lane_of(lane_key);
    timer->type = command->descriptor->name;
    timer->lane_key = arena_strdup(decision->arena, lane_key);
    timer->value = pack(decision, command, &timer->size);
    list_add(decision->arena, &decision->batch->timers, timer);
}

void
batch_forget_timer(struct batch *batch, int lane, const char *name)
{
    struct timer_row *timer = ARENA_NEW(batch->arena, struct timer_row);

    timer->name = arena_strdup(batch->arena, name);
    timer->lane = lane;
    timer->due_at = DB_NO_TIME;
    list_add(batch->arena, &batch->timers, timer);
}

void
timer_clear(struct decision *decision, const char *name)
{
    batch_forget_timer(decision->batch, decision->message->lane, name);
}

/* --- refusals ----------------------------------------------------------- */
enum end
refuse(struct decision *decision, const char *code)
{
    decision->batch->refusal = code;
    return REFUSED;
}

void
refuse_detail(struct decision *decision, const char *pointer, const char *code,
              const char *text)
{
    Inservice__Common__V1__Detail *detail =
        ARENA_NEW(decision->arena, Inservice__Common__V1__Detail);

    inservice__common__v1__detail__init(detail);
    detail->pointer = arena_strdup(decision->arena, pointer ? pointer : "");
    detail->code = arena_strdup(decision->arena, code ? code : "");
    detail->text = arena_strdup(decision->arena, text ? text : "");
    list_add(decision->arena, &decision->batch->details, detail);
}
