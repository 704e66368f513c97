/* PostgreSQL's tables of one service, as committed: rows by key, by parent.
 *
 * Only what a store's columns name is kept, as a table would: a member without
 * a column is forgotten between two batches. Empty uuids and dates come back
 * as NULL. Never half written: db.c calls save when a transaction commits.
 */
#include <string.h>

#include "sim_internal.h"

static size_t
bucket_of(const char *key)
{
    uint32_t h = 2166136261u;

    for (; *key != '\0'; key++)
        h = (h ^ (uint8_t)*key) * 16777619u;
    return h % SIM_BUCKETS;
}

bool
store_named(const struct store *store, const char *name)
{
    return strcmp(store->name, name) == 0;
}

bool
hint_named(const struct store *store, const char *name)
{
    return store->kind == STORE_HINT && store_named(store, name);
}

struct table *
table_of(const struct db *db, const struct store *store)
{
    for (size_t i = 0; i < db->table_count; i++)
        if (db->tables[i].store == store)
            return (struct table *)(uintptr_t)&db->tables[i];
    return NULL;
}

struct table *
table_named(const struct db *db, const char *name)
{
    for (size_t i = 0; i < db->table_count; i++)
        if (store_named(db->tables[i].store, name))
            return (struct table *)(uintptr_t)&db->tables[i];
    return NULL;
}

/* The primary key: the store's key, or a child's first column. */
size_t
table_key_offset(const struct store *store)
{
    return store->key != 0 ? store->key : store->columns[0].offset;
}

static const char *
member(const void *row, size_t offset)
{
    return *(const char *const *)((const char *)row + offset);
}

struct slot *
table_slot(const struct table *table, const char *key)
{
    struct slot *slot = table->buckets[bucket_of(key)];

    while (slot != NULL && strcmp(slot->key, key) != 0)
        slot = slot->next_in_hash;
    return slot;
}

const void *
table_row(const struct table *table, const char *key)
{
    const struct slot *slot =
        key == NULL || key[0] == '\0' ? NULL : table_slot(table, key);

    return slot == NULL ? NULL : slot->row;
}

const struct slot *
table_child(const struct table *table, const char *parent,
            const struct slot *previous)
{
    const struct slot *slot = previous ? previous->next : table->first;

    while (slot != NULL && (slot->row == NULL || slot->parent == NULL ||
                            strcmp(slot->parent, parent) != 0))
        slot = slot->next;
    return slot;
}

static void
copy_text(struct arena *arena, const struct db_column *column, const char *from,
          char *to)
{
    const char *text = member(from, column->offset);

    if ((column->type != DB_TEXT || column->or_null) && text != NULL &&
        text[0] == '\0')
        text = NULL;
    *(const char **)(void *)(to + column->offset) = arena_strdup(arena, text);
}

static void
copy_bytes(struct arena *arena, const struct db_column *column,
           const char *from, char *to)
{
    const struct db_blob *blob =
        (const struct db_blob *)(const void *)(from + column->offset);
    struct db_blob *copy = (struct db_blob *)(void *)(to + column->offset);

    copy->size = blob->size;
    if (blob->data != NULL)
        copy->data = arena_copy(arena, blob->data, blob->size);
}

/* The members that have a column, with texts of their own. */
static void
copy_columns(struct arena *arena, const struct store *store, const void *from,
             void *to)
{
    for (const struct db_column *c = store->columns; c->name != NULL; c++) {
        char *into = (char *)to + c->offset;
        const char *out_of = (const char *)from + c->offset;
        switch (c->type) {
        case DB_TEXT:
        case DB_UUID:
        case DB_DATE:
            copy_text(arena, c, from, to);
            break;
        case DB_BYTES:
            copy_bytes(arena, c, from, to);
            break;
        case DB_BOOL:
            memcpy(into, out_of, sizeof(bool));
            break;
        case DB_INT2:
        case DB_INT4:
            memcpy(into, out_of, sizeof(int32_t));
            break;
        case DB_INT8:
        case DB_TIME:
            memcpy(into, out_of, sizeof(int64_t));
            break;
        }
    }
}

struct slot *
table_add(struct world *world, struct table *table, const char *key)
{
    struct slot *slot = ARENA_NEW(world->arena, struct slot);
    struct slot **bucket = &table->buckets[bucket_of(key)];

    slot->key = arena_strdup(world->arena, key);
    slot->next_in_hash = *bucket;
    *bucket = slot;
    *table->last = slot;
    table->last = &slot->next;
    table->count++;
    return slot;
}

void
table_save(struct world *world, struct table *table, const void *row)
{
    const struct store *store = table->store;
    const char *key = member(row, table_key_offset(store));
    struct slot *slot;

    if (key == NULL || key[0] == '\0')
        world_fail(world, "a row of %s has no key", store->name);
    slot = table_slot(table, key);
    if (slot == NULL)
        slot = table_add(world, table, key);
    int64_t before =
        slot->row == NULL ? 0 : ((const struct row *)slot->row)->version;
    int64_t after = ((const struct row *)row)->version;
    if (store->kind == STORE_HINT)
        world_fail(world, "a hint was written: %s", store->name);
    if (store->kind == STORE_AGGREGATE && after <= before)
        world_fail(world, "I9: %s %s goes from version %lld to %lld",
                   store->name, key, (long long)before, (long long)after);
    slot->row = arena_alloc(world->arena, store->size);
    copy_columns(world->arena, store, row, slot->row);
    ((struct row *)slot->row)->store = store;
    ((struct row *)slot->row)->version = after;
    slot->parent = store->parent == 0 ? NULL : member(slot->row, store->parent);
}

void
table_load(struct batch *batch, const struct store *store, const void *row)
{
    void *blank = batch_blank(batch, store);

    copy_columns(batch_arena(batch), store, row, blank);
    ((struct row *)blank)->version = ((const struct row *)row)->version;
    batch_put(batch, blank);
}

/* --- texts that were seen: inbox and facts applied ---------------------- */
const struct inbox_entry *
entry_find(struct inbox_entry *const *buckets, const char *key)
{
    const struct inbox_entry *entry = buckets[bucket_of(key)];

    while (entry != NULL && strcmp(entry->command_id, key) != 0)
        entry = entry->next_in_hash;
    return entry;
}

struct inbox_entry *
entry_add(struct world *world, struct inbox_entry **buckets, const char *key)
{
    struct inbox_entry **bucket = &buckets[bucket_of(key)];
    struct inbox_entry *entry = ARENA_NEW(world->arena, struct inbox_entry);

    entry->command_id = arena_strdup(world->arena, key);
    entry->next_in_hash = *bucket;
    *bucket = entry;
    return entry;
}

const struct inbox_entry *
inbox_find(const struct db *db, const char *id)
{
    return entry_find(db->inbox, id);
}

void
db_forget_applied(struct db *db)
{
    memset(db->applied, 0, sizeof db->applied);
    db->applied_count = 0;
}
