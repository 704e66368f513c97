/* A hash table whose entries lie in the structs they find.
 *
 * The owner declares an array of buckets, all NULL when empty, and a struct
 * map_entry in each item. Nothing is allocated here, so a map is bounded by its
 * items and may live in an arena. The longest chain decides the time: give as
 * many buckets as items are expected. Keys are bytes in a space; equal bytes
 * of two spaces (two stores, two topics) are two keys. No lock.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct map_key {
    const void *space; /* compared by its address; may be NULL */
    const void *bytes; /* live as long as the entry */
    uint32_t size, hash;
};

struct map_entry {
    struct map_key key;
    struct map_entry *next;
};

struct map {
    struct map_entry **buckets;
    size_t count; /* a power of two */
};

/* The map of an array of buckets. */
#define MAP(array) ((struct map){(array), sizeof(array) / sizeof((array)[0])})

/* murmur2 with Kafka's seed, because lane_of() has to agree with Kafka. */
uint32_t map_hash(const void *bytes, size_t size);

/* The key of an item, or of a question. */
static inline struct map_key
map_bytes(const void *space, const void *bytes, size_t size)
{
    return (struct map_key){
        .space = space,
        .bytes = bytes,
        .size = (uint32_t)size,
        .hash = map_hash(bytes, size) ^ (uint32_t)((uintptr_t)space >> 4),
    };
}

static inline struct map_key
map_text(const void *space, const char *text)
{
    return map_bytes(space, text, strlen(text));
}

static inline struct map_entry **
map_bucket(struct map map, const struct map_key *key)
{
    return map.buckets + (key->hash & (map.count - 1));
}

/* The first entry from `entry` on with that key; NULL: none. */
static inline struct map_entry *
map_next(struct map_entry *entry, const struct map_key *key)
{
    while (entry != NULL &&
           (entry->key.hash != key->hash || entry->key.space != key->space ||
            entry->key.size != key->size ||
            memcmp(entry->key.bytes, key->bytes, key->size) != 0))
        entry = entry->next;
    return entry;
}

/* The entry with that key that was added last; NULL: none. */
static inline struct map_entry *
map_find(struct map map, struct map_key key)
{
    return map_next(*map_bucket(map, &key), &key);
}

/* The next one with the same key; NULL: none. */
static inline struct map_entry *
map_same(const struct map_entry *entry)
{
    return map_next(entry->next, &entry->key);
}

/* Adds an entry under `key`. */
void map_add(struct map map, struct map_entry *entry, struct map_key key);
/* Adds an entry after `before`, with its key. */
void map_add_after(struct map_entry *before, struct map_entry *entry);
/* Removes an entry that is in the map. */
void map_remove(struct map map, struct map_entry *entry);

/* The struct an entry lies in; NULL for NULL. */
#define MAP_ITEM(entry, type, member)                                          \
    ((type *)map_item((entry), offsetof(type, member)))
static inline void *
map_item(struct map_entry *entry, size_t offset)
{
    return entry == NULL ? NULL : (char *)entry - offset;
}
