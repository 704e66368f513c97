/* Called by the batch for its rows, by lanes, waiters and imports. Chains: an
 * entry compares its whole hash before any byte of its key.
 */
#include "chassis/base/map.h"

uint32_t
map_hash(const void *bytes, size_t size)
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

void
map_add(struct map map, struct map_entry *entry, struct map_key key)
{
    struct map_entry **bucket = map_bucket(map, &key);

    entry->key = key;
    entry->next = *bucket;
    *bucket = entry;
}

void
map_add_after(struct map_entry *before, struct map_entry *entry)
{
    *entry = *before;
    before->next = entry;
}

void
map_remove(struct map map, struct map_entry *entry)
{
    struct map_entry **place = map_bucket(map, &entry->key);

    while (*place != entry)
        place = &(*place)->next;
    *place = entry->next;
}
