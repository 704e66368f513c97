/* Messages in: form, type, order, and the keys each one wants.
 *
 * What is checked here no handler has to check again: they only ever see
 * messages that are sound, known and carry an order. A message of a newer
 * build is set aside with its key (rule 10); rubbish is dead at once.
 */
#include "chassis/batch_internal.h"

#include <string.h>

#include "chassis/wire.h"

const struct handler *
handler_find(const struct handler *handlers, const char *type)
{
    for (const struct handler *h = handlers; h->type != NULL; h++)
        if (strcmp(h->type, type) == 0)
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

/* Unpacks the value; a tombstone of a state topic has no body. */
static void
message_open(struct batch *batch, struct message *message)
{
    struct wire_fault fault = {0};

    message->handler = handler_find(batch->core->handlers, message->type);
    if (message->handler == NULL && message->kind == TOPIC_COMMAND) {
        message->handler = handler_find(operate_handlers, message->type);
        if (message->handler == NULL)
            message_break(message, "unknown_type", false);
    }
    if (message->handler == NULL)
        return;
    if (message->value == NULL && message->kind == TOPIC_STATE)
        return;
    enum wire_verdict verdict =
        wire_unpack(message->handler->message, arena_protobuf(batch->arena),
                    message->value, message->size, &message->body, &fault);
    if (verdict == WIRE_UNKNOWN)
        message_break(message, "newer_contract", false);
    else if (verdict == WIRE_BAD)
        message_break(message, fault.reason, true);
    else if (message->kind == TOPIC_COMMAND)
        message->order = ((struct order_message *)message->body)->order;
}

/* A command must say who gave it and when, and its id must be the record's. */
static void
message_check_order(struct message *message)
{
    uint8_t binary[16];

    if (message->handler == NULL || message->kind != TOPIC_COMMAND ||
        message->broken != NULL)
        return;
    if (message->order == NULL ||
        !uuid_parse(message->order->command_id, binary) ||
        strcmp(message->order->command_id, message->id) != 0)
        message_break(message, "no_order", true);
}

static void
message_collect_keys(struct batch *batch, struct message *message)
{
    struct keys keys = {batch, message};

    if (message->broken != NULL || message->handler == NULL)
        return;
    if (message->order != NULL)
        list_add(batch->arena, &batch->command_ids, message->order->command_id);
    if (message->handler->keys != NULL)
        message->handler->keys(&keys, message->body);
}

void
batch_add(struct batch *batch, struct message *message)
{
    list_add(batch->arena, &batch->messages, message);
    message->handler = NULL;
    message->body = NULL;
    message->order = NULL;
    message->skipped = false;
    message->end = DONE;
    message->code = NULL;
    if (message->broken != NULL)
        return;
    message_open(batch, message);
    message_check_order(message);
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
