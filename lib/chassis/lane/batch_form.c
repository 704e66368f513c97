/* Messages in: form, type, order, and the keys each one wants.
 *
 * Handlers need not repeat these checks: they only see messages that are sound,
 * known and carry an order of a time that can be. A message of a newer build is
 * parked with its key (rule 10), but a client's command with an enum number
 * that is unknown here is refused; rubbish goes to the dlq at once.
 */
#include "chassis/lane/batch_internal.h"

#include <string.h>

#include "chassis/base/clock.h"
#include "chassis/base/wire.h"

const struct handler *
handler_find(const struct handler *handlers, const char *type)
{
    for (const struct handler *h = handlers; h->message != NULL; h++)
        if (strcmp(h->message->name, type) == 0)
            return h;
    return NULL;
}

void
keys_lane(struct keys *keys, const char *lane_key)
{
    keys->message->lane_key =
        arena_strdup(keys->batch->arena, lane_key ? lane_key : "");
}

void
keys_row(struct keys *keys, const struct store *store, const char *key)
{
    struct batch *batch = keys->batch;

    if (key == NULL || key[0] == '\0' || batch_row(batch, store, key) != NULL)
        return;
    struct row *row = batch_blank(batch, store);
    char *copy = arena_strdup(batch->arena, key);
    *(const char **)((char *)row + store->key) = copy;
    batch_adopt(batch, row);
    list_add(batch->arena, &batch_store(batch, store)->keys, copy);
}

void
keys_children(struct keys *keys, const struct store *store, const char *parent)
{
    struct batch *batch = keys->batch;

    if (parent == NULL || parent[0] == '\0')
        return;
    list_add(batch->arena, &batch_store(batch, store)->parents,
             arena_strdup(batch->arena, parent));
}

const struct message *
keys_message(const struct keys *keys)
{
    return keys->message;
}

const char *
keys_record(const struct keys *keys)
{
    return keys->message->key;
}

static void
message_break(struct message *message, const char *reason, bool undecodable)
{
    message->broken = reason;
    message->undecodable = undecodable;
}

/* A command begins with an order, a fact does not: a message on the wrong kind
 * of topic must not be taken for the other kind. */
static const struct handler *
handler_on(const struct handler *handlers, const struct message *message)
{
    const struct handler *handler = handler_find(handlers, message->type);
    bool command = handler != NULL && (handler->kind == HANDLER_DO ||
                                       handler->kind == HANDLER_OPERATE);

    return command == (message->kind == TOPIC_COMMAND) ? handler : NULL;
}

/* What a client asked for is answered: unlike a message of the system, it need
 * not wait for a build that knows the number. */
static void
message_take_order(struct message *message, enum wire_verdict verdict)
{
    const Order *order = ((struct order_message *)message->body)->order;
    bool unknown = verdict != WIRE_OK && !message->handler->any_value;

    if (unknown && order != NULL && order->actor == NULL) {
        message_break(message, "newer_contract", false);
        return;
    }
    message->order = order;
    message->bad_form = unknown;
}

/* Unpacks the value; a tombstone of a state topic has no body. */
static void
message_open(struct batch *batch, struct message *message)
{
    struct wire_fault fault = {0};

    message->handler = handler_on(batch->core->handlers, message);
    if (message->handler == NULL && message->kind == TOPIC_COMMAND) {
        message->handler = handler_on(operate_handlers, message);
        if (message->handler == NULL)
            message_break(message, "unknown_type", false);
    }
    if (message->handler == NULL)
        return;
    if (message->value == NULL && message->kind == TOPIC_STATE)
        return;
    enum wire_verdict most =
        message->handler->any_value || message->kind == TOPIC_COMMAND
            ? WIRE_NEW_VALUE
            : WIRE_OK;
    enum wire_verdict verdict = wire_unpack_up_to(
        most, message->handler->message, arena_protobuf(batch->arena),
        message->value, message->size, &message->body, &fault);
    if (verdict == WIRE_BAD)
        message_break(message, fault.reason, true);
    else if (verdict > most)
        message_break(message, "newer_contract", false);
    else if (message->kind == TOPIC_COMMAND)
        message_take_order(message, verdict);
}

/* The order's id must be the record's. Its time is the only clock of the
 * decision, so it must be one that a sender's clock can show: any time ago
 * (timers, parked keys and repeated commands are late), but hardly ahead. */
static void
message_check_order(const struct batch *batch, struct message *message)
{
    uint8_t binary[16];

    if (message->handler == NULL || message->kind != TOPIC_COMMAND ||
        message->broken != NULL)
        return;
    if (message->order == NULL ||
        !uuid_parse(message->order->command_id, binary) ||
        strcmp(message->order->command_id, message->id) != 0)
        message_break(message, "no_order", true);
    else if (!batch_time_fits(batch, message->order->at,
                              message->order->actor == NULL))
        message->bad_form = true;
}

/* An operator may also discard a command that cannot be read here. Only the
 * record's id is known: the outcome is made from it. */
static void
message_give_up(struct batch *batch, struct message *message)
{
    uint8_t binary[16];

    message_break(message, NULL, false);
    message->handler = NULL;
    message->order = NULL;
    if (message->kind != TOPIC_COMMAND || !uuid_parse(message->id, binary))
        return;
    Order *order = ARENA_NEW(batch->arena, Order);
    inservice__common__v1__order__init(order);
    order->command_id = arena_strdup(batch->arena, message->id);
    message->order = order;
    list_add(batch->arena, &batch->command_ids, order->command_id);
}

static void
message_collect_keys(struct batch *batch, struct message *message)
{
    struct keys keys = {batch, message};

    if (message->broken != NULL)
        return;
    if (message->completes != NULL && batch->core->complete_keys != NULL)
        batch->core->complete_keys(&keys);
    if (message->handler == NULL)
        return;
    if (message->order != NULL)
        list_add(batch->arena, &batch->command_ids, message->order->command_id);
    if (message->handler->keys != NULL && !message->bad_form)
        message->handler->keys(&keys, message->body);
}

void
batch_add(struct batch *batch, struct message *message)
{
    list_add(batch->arena, &batch->messages, message);
    message->handler = NULL;
    message->body = NULL;
    message->order = NULL;
    message->skipped = message->bad_form = false;
    message->end = DONE;
    message->code = NULL;
    if (message->broken != NULL)
        return;
    message_open(batch, message);
    message_check_order(batch, message);
    if (message->discarded && message->broken != NULL)
        message_give_up(batch, message);
    message_collect_keys(batch, message);
}

void
batch_rewind(struct batch *batch)
{
    struct list messages = batch->messages;

    batch_clear_rows(batch);
    batch->messages = (struct list){0};
    for (size_t i = 0; i < messages.count; i++)
        batch_add(batch, messages.items[i]);
}
