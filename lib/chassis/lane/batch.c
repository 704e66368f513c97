/* The batch as a container: wanted keys out, loaded rows in, results out.
 *
 * batch_form.c adds messages, batch_decide.c decides them, batch_say.c journals
 * what handlers say. Called by the lane's worker and by the simulation.
 */
#include "chassis/lane/batch_internal.h"

#include <stdlib.h>
#include <string.h>

#include "chassis/base/clock.h"

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
    memset(batch->inbox_map, 0, sizeof batch->inbox_map);
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

struct row *
batch_row(const struct batch *batch, const struct store *store, const char *key)
{
    struct map rows = BATCH_ROWS(batch);

    return MAP_ITEM(map_find(rows, map_text(store, key)), struct row, in_map);
}

/* Rows without a key of their own are found by their parent, which never
 * changes. Other rows may get their parent later: search them one by one. */
static bool
found_by_parent(const struct store *store)
{
    return store->key == 0 && store->parent != 0;
}

static struct row *
row_after(const struct row *row, bool mapped)
{
    return mapped ? MAP_ITEM(map_same(&row->in_map), struct row, in_map)
                  : row->next_in_store;
}

static bool
is_child(const struct row *row, const struct store *store, const char *parent)
{
    if (row->store != store || !row->exists)
        return false;
    const char *of = row_member(row, store->parent);
    return of != NULL && strcmp(of, parent) == 0;
}

struct row *
batch_child(const struct batch *batch, const struct store *store,
            const char *parent, const struct row *previous)
{
    bool mapped = found_by_parent(store);
    struct row *row;

    if (previous != NULL)
        row = row_after(previous, mapped);
    else if (mapped)
        row = batch_row(batch, store, parent);
    else
        row = batch_store((struct batch *)(uintptr_t)batch, store)->first;
    while (row != NULL && !is_child(row, store, parent))
        row = row_after(row, mapped);
    return row;
}

/* Children keep their order of arrival; mostly one follows its sibling. */
static struct map_entry *
last_sibling(struct batch *batch, const struct store_rows *rows,
             const char *parent)
{
    struct map_entry *last = NULL;

    if (rows->latest != NULL && is_child(rows->latest, rows->store, parent))
        return &rows->latest->in_map;
    for (struct map_entry *at =
             map_find(BATCH_ROWS(batch), map_text(rows->store, parent));
         at != NULL; at = map_same(at))
        last = at;
    return last;
}

struct row *
batch_adopt(struct batch *batch, struct row *row)
{
    const struct store *store = row->store;
    struct store_rows *rows = batch_store(batch, store);
    bool by_parent = found_by_parent(store);
    const char *key = by_parent         ? row_member(row, store->parent)
                      : store->key == 0 ? NULL
                                        : row_member(row, store->key);
    struct map_entry *before =
        by_parent && key != NULL ? last_sibling(batch, rows, key) : NULL;

    if (before != NULL)
        map_add_after(before, &row->in_map);
    else if (key != NULL)
        map_add(BATCH_ROWS(batch), &row->in_map, map_text(store, key));
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
        wanted->in_map = links.in_map;
    }
}

bool
batch_time_fits(const struct batch *batch, int64_t at, bool system)
{
    enum { DAYS_AHEAD = 1, DAYS_OF_TIMERS = 400 };

    return at > 0 &&
           at <= batch->now + DAYS(system ? DAYS_OF_TIMERS : DAYS_AHEAD);
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

struct inbox_row *
batch_inbox_find(const struct batch *batch, const char *id)
{
    struct map inbox = MAP(((struct batch *)(uintptr_t)batch)->inbox_map);

    return MAP_ITEM(map_find(inbox, map_text(NULL, id)), struct inbox_row,
                    in_map);
}

void
batch_inbox_add(struct batch *batch, struct inbox_row *row)
{
    map_add(MAP(batch->inbox_map), &row->in_map,
            map_text(NULL, row->command_id));
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
