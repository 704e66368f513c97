/* The batch as a container: wanted keys out, loaded rows in, results out.
 *
 * batch_form.c adds messages, batch_decide.c decides them, batch_say.c journals
 * what handlers say. Called by the lane's worker and by the simulation.
 */
#include "chassis/lane/batch_internal.h"

#include <stdlib.h>
#include <string.h>

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
    list->distinct = false;
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

void
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
    abort(); /* a store that is not in the core's list */
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

/* Rows without a key of their own are found by their parent, which never
 * changes. Other rows may get their parent later: search them one by one. */
static bool
found_by_parent(const struct store *store)
{
    return store->key == 0 && store->parent != 0;
}

static bool
is_child(const struct row *row, const struct store *store, const char *parent)
{
    if (row->store != store || !row->exists)
        return false;
    const char *of = row_member(row, store->parent);
    return of != NULL && strcmp(of, parent) == 0;
}

/* Children keep their order of arrival; mostly one follows its sibling. */
static struct row **
child_place(struct batch *batch, const struct store_rows *rows,
            const char *parent)
{
    struct row **place = &batch->rows[row_bucket(rows->store, parent)];

    if (rows->latest != NULL && is_child(rows->latest, rows->store, parent))
        return &rows->latest->next_in_hash;
    while (*place != NULL)
        place = &(*place)->next_in_hash;
    return place;
}

struct row *
batch_child(const struct batch *batch, const struct store *store,
            const char *parent, const struct row *previous)
{
    bool hashed = found_by_parent(store);
    struct row *row;

    if (previous != NULL)
        row = hashed ? previous->next_in_hash : previous->next_in_store;
    else
        row = hashed
                  ? batch->rows[row_bucket(store, parent)]
                  : batch_store((struct batch *)(uintptr_t)batch, store)->first;
    while (row != NULL && !is_child(row, store, parent))
        row = hashed ? row->next_in_hash : row->next_in_store;
    return row;
}

struct row *
batch_adopt(struct batch *batch, struct row *row)
{
    const struct store *store = row->store;
    struct store_rows *rows = batch_store(batch, store);
    const char *key = store->key == 0 ? NULL : row_member(row, store->key);
    struct row **place = NULL;

    if (key != NULL)
        place = &batch->rows[row_bucket(store, key)];
    else if (found_by_parent(store) && row_member(row, store->parent) != NULL)
        place = child_place(batch, rows, row_member(row, store->parent));
    if (place != NULL) {
        row->next_in_hash = *place;
        *place = row;
    }
    *rows->last = row;
    rows->last = &row->next_in_store;
    rows->latest = row;
    return row;
}

void *
batch_blank(struct batch *batch, const struct store *store)
{
    struct row *row = arena_alloc(batch->arena, store->size);

    row->store = store;
    return row;
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

    if (list->distinct)
        return;
    if (list->count > 1)
        qsort(list->items, list->count, sizeof *list->items, text_compare);
    for (size_t i = 0; i < list->count; i++)
        if (kept == 0 || strcmp(list->items[kept - 1], list->items[i]) != 0)
            list->items[kept++] = list->items[i];
    list->count = kept;
    list->distinct = true;
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
    struct inbox_row **bucket =
        &batch->inbox_hash[inbox_bucket(row->command_id)];

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
