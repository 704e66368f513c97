/* The batch as a container: messages in, wanted keys out, loaded rows in.
 *
 * Form is checked here, so that handlers only ever see messages that are
 * sound, known and in their own lane. Deciding is batch_decide.c; what handlers
 * say is batch_say.c. Called by the lane's worker and by the simulation.
 */
#include "chassis/batch_internal.h"

#include <stdlib.h>
#include <string.h>

#include "chassis/wire.h"

void
list_add(struct arena *arena, struct list *list, void *item)
{
    if (list->count == list->capacity) {
        size_t capacity = list->capacity ? list->capacity * 2 : 32;
        void **items = ARENA_ARRAY(arena, void *, capacity);
        if (list->count > 0)
            memcpy(items, list->items, list->count * sizeof *items);
        list->items = items;
        list->capacity = capacity;
    }
    list->items[list->count++] = item;
}

static uint32_t
murmur2(const void *bytes, size_t size)
{
    const uint8_t *data = bytes;
    const uint32_t m = 0x5bd1e995;
    uint32_t h = UINT32_C(0x9747b28c) ^ (uint32_t)size;

    for (; size >= 4; size -= 4, data += 4) {
        uint32_t k = (uint32_t)data[0] | (uint32_t)data[1] << 8 |
                     (uint32_t)data[2] << 16 | (uint32_t)data[3] << 24;
        k *= m;
        k ^= k >> 24;
        h = h * m ^ k * m;
    }
    if (size == 3)
        h ^= (uint32_t)data[2] << 16;
    if (size >= 2)
        h ^= (uint32_t)data[1] << 8;
    if (size >= 1)
        h = (h ^ data[0]) * m;
    h ^= h >> 13;
    h *= m;
    return h ^ h >> 15;
}

int
lane_of(const char *lane_key)
{
    return (int)((murmur2(lane_key, strlen(lane_key)) & 0x7fffffff) % LANES);
}

const struct handler *
handler_find(const struct handler *handlers, const char *type)
{
    for (const struct handler *h = handlers; h->type != NULL; h++)
        if (strcmp(h->type, type) == 0)
            return h;
    return NULL;
}

struct batch *
batch_new(const struct core *core)
{
    struct batch *batch = calloc(1, sizeof *batch);

    if (batch == NULL)
        abort();
    batch->core = core;
    batch->arena = arena_new(1 << 20);
    for (; core->stores[batch->store_count] != NULL; batch->store_count++)
        batch->stores[batch->store_count].store =
            core->stores[batch->store_count];
    return batch;
}

void
batch_free(struct batch *batch)
{
    if (batch == NULL)
        return;
    arena_free(batch->arena);
    free(batch);
}

struct arena *
batch_arena(struct batch *batch)
{
    return batch->arena;
}

static void
batch_clear_rows(struct batch *batch)
{
    memset(batch->rows, 0, sizeof batch->rows);
    memset(batch->inbox_hash, 0, sizeof batch->inbox_hash);
    memset(batch->marks, 0, sizeof batch->marks);
    memset(batch->lanes, 0, sizeof batch->lanes);
    batch->inbox = batch->results = batch->journal = batch->timers =
        batch->command_ids = (struct list){0};
    for (size_t i = 0; i < batch->store_count; i++) {
        struct store_rows *rows = &batch->stores[i];
        *rows = (struct store_rows){.store = rows->store};
        rows->last = &rows->first;
    }
}

void
batch_begin(struct batch *batch, int64_t now)
{
    arena_reset(batch->arena);
    batch->now = now;
    batch->messages = (struct list){0};
    batch_clear_rows(batch);
}

struct store_rows *
batch_store(struct batch *batch, const struct store *store)
{
    for (size_t i = 0; i < batch->store_count; i++)
        if (batch->stores[i].store == store)
            return &batch->stores[i];
    return NULL;
}

static const char *
row_member(const void *row, size_t offset)
{
    return *(const char *const *)((const char *)row + offset);
}

static size_t
row_bucket(const struct store *store, const char *key)
{
    uint32_t h = murmur2(key, strlen(key));

    return (h ^ (uint32_t)((uintptr_t)store >> 4)) % BATCH_BUCKETS;
}

struct row *
batch_row(const struct batch *batch, const struct store *store, const char *key)
{
    struct row *row = batch->rows[row_bucket(store, key)];

    while (row != NULL && (row->store != store ||
                           strcmp(row_member(row, store->key), key) != 0))
        row = row->next_in_hash;
    return row;
}

struct row *
batch_adopt(struct batch *batch, struct row *row)
{
    struct store_rows *rows = batch_store(batch, row->store);
    const char *key =
        row->store->key == 0 ? NULL : row_member(row, row->store->key);

    *rows->last = row;
    rows->last = &row->next_in_store;
    if (key != NULL) {
        struct row **bucket = &batch->rows[row_bucket(row->store, key)];
        row->next_in_hash = *bucket;
        *bucket = row;
    }
    return row;
}

void *
batch_blank(struct batch *batch, const struct store *store)
{
    struct row *row = arena_alloc(batch->arena, store->size);

    row->store = store;
    return row;
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

static int
text_compare(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static void
list_sort_distinct(struct list *list)
{
    size_t kept = 0;

    if (list->count > 1)
        qsort(list->items, list->count, sizeof *list->items, text_compare);
    for (size_t i = 0; i < list->count; i++)
        if (kept == 0 || strcmp(list->items[kept - 1], list->items[i]) != 0)
            list->items[kept++] = list->items[i];
    list->count = kept;
}

static size_t
list_texts(const struct list *list, const char *const **ret_texts)
{
    *ret_texts = (const char *const *)(const void *)list->items;
    return list->count;
}

size_t
batch_wanted_keys(const struct batch *batch, const struct store *store,
                  const char *const **ret_keys)
{
    struct store_rows *rows =
        batch_store((struct batch *)(uintptr_t)batch, store);

    list_sort_distinct(&rows->keys);
    return list_texts(&rows->keys, ret_keys);
}

size_t
batch_wanted_parents(const struct batch *batch, const struct store *store,
                     const char *const **ret_parents)
{
    struct store_rows *rows =
        batch_store((struct batch *)(uintptr_t)batch, store);

    list_sort_distinct(&rows->parents);
    rows->parents_sorted = true;
    return list_texts(&rows->parents, ret_parents);
}

bool
batch_parent_wanted(const struct batch *batch, const struct store *store,
                    const char *parent)
{
    const char *const *parents;
    size_t count = batch_wanted_parents(batch, store, &parents);

    return count > 0 && bsearch(&parent, parents, count, sizeof *parents,
                                text_compare) != NULL;
}

void
batch_put(struct batch *batch, void *filled)
{
    struct row *row = filled;
    const struct store *store = row->store;
    const char *key = store->key == 0 ? NULL : row_member(row, store->key);
    struct row *wanted = key == NULL ? NULL : batch_row(batch, store, key);

    row->exists = true;
    if (wanted == NULL) {
        batch_adopt(batch, row);
    } else if (!wanted->exists) {
        struct row links = *wanted;
        memcpy(wanted, row, store->size);
        wanted->next_in_store = links.next_in_store;
        wanted->next_in_hash = links.next_in_hash;
    }
}

size_t
batch_size(const struct batch *batch)
{
    return batch->messages.count;
}

struct message *
batch_message(const struct batch *batch, size_t i)
{
    return batch->messages.items[i];
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

size_t
batch_command_ids(const struct batch *batch, const char *const **ret_ids)
{
    struct list *ids = &((struct batch *)(uintptr_t)batch)->command_ids;

    list_sort_distinct(ids);
    return list_texts(ids, ret_ids);
}

static size_t
inbox_bucket(const char *id)
{
    return murmur2(id, strlen(id)) % 256;
}

struct inbox_row *
batch_inbox_find(const struct batch *batch, const char *id)
{
    struct inbox_row *row = batch->inbox_hash[inbox_bucket(id)];

    while (row != NULL && strcmp(row->command_id, id) != 0)
        row = row->next;
    return row;
}

void
batch_inbox_add(struct batch *batch, struct inbox_row *row)
{
    struct inbox_row **bucket = &batch->inbox_hash[inbox_bucket(row->command_id)];

    row->next = *bucket;
    *bucket = row;
    if (!row->stored)
        list_add(batch->arena, &batch->results, row);
}

void
batch_put_inbox(struct batch *batch, const char *command_id,
                const uint8_t *outcome, size_t size)
{
    struct inbox_row *row = ARENA_NEW(batch->arena, struct inbox_row);

    row->command_id = arena_strdup(batch->arena, command_id);
    row->outcome = arena_copy(batch->arena, outcome, size);
    row->size = size;
    row->stored = true;
    batch_inbox_add(batch, row);
}

void
batch_put_lane(struct batch *batch, int lane, const struct lane_state *state)
{
    batch->lanes[lane] = *state;
}

const struct lane_state *
batch_lane(const struct batch *batch, int lane)
{
    return &batch->lanes[lane];
}

void
batch_put_mark(struct batch *batch, const char *topic, int lane,
               struct mark mark)
{
    struct mark_entry *entry = batch->marks[lane];

    while (entry != NULL && strcmp(entry->topic, topic) != 0)
        entry = entry->next;
    if (entry == NULL) {
        entry = ARENA_NEW(batch->arena, struct mark_entry);
        entry->topic = topic;
        entry->next = batch->marks[lane];
        batch->marks[lane] = entry;
    }
    entry->mark = mark;
}

bool
batch_get_mark(const struct batch *batch, const char *topic, int lane,
               struct mark *ret_mark)
{
    for (const struct mark_entry *entry = batch->marks[lane]; entry != NULL;
         entry = entry->next) {
        if (strcmp(entry->topic, topic) == 0) {
            *ret_mark = entry->mark;
            return true;
        }
    }
    return false;
}

size_t
batch_dirty(const struct batch *batch, const struct store *store,
            void *const **ret_rows)
{
    struct batch *mine = (struct batch *)(uintptr_t)batch;
    struct list dirty = {0};

    for (struct row *row = batch_store(mine, store)->first; row != NULL;
         row = row->next_in_store)
        if (row->dirty)
            list_add(mine->arena, &dirty, row);
    *ret_rows = dirty.items;
    return dirty.count;
}

size_t
batch_journal(const struct batch *batch, struct journal_row *const **ret_rows)
{
    *ret_rows = (struct journal_row *const *)(void *)batch->journal.items;
    return batch->journal.count;
}

size_t
batch_inbox(const struct batch *batch, struct inbox_row *const **ret_rows)
{
    *ret_rows = (struct inbox_row *const *)(void *)batch->results.items;
    return batch->results.count;
}

size_t
batch_timers(const struct batch *batch, struct timer_row *const **ret_rows)
{
    *ret_rows = (struct timer_row *const *)(void *)batch->timers.items;
    return batch->timers.count;
}
