/* code_map.c: see code_map.h. Open addressing at half load; FNV-1a, for codes
 * are short and their senders have to be signed in as the platform.
 */
#include "gateway/imports/code_map.h"

#include <stdint.h>
#include <string.h>

struct place {
    const char *code;
    void *value;
};

struct code_map {
    struct place *places;
    size_t mask;
};

struct code_map *
code_map_new(struct arena *arena, size_t most)
{
    struct code_map *map = ARENA_NEW(arena, struct code_map);
    size_t size = 16;

    while (size < 2 * most)
        size *= 2;
    map->places = ARENA_ARRAY(arena, struct place, size);
    map->mask = size - 1;
    return map;
}

static struct place *
find(const struct code_map *map, const char *code)
{
    uint64_t hash = UINT64_C(14695981039346656037);

    for (const char *c = code; *c != '\0'; c++)
        hash = (hash ^ (unsigned char)*c) * UINT64_C(1099511628211);
    size_t at = hash & map->mask;
    while (map->places[at].code != NULL &&
           strcmp(map->places[at].code, code) != 0)
        at = (at + 1) & map->mask;
    return &map->places[at];
}

void *
code_map_put(struct code_map *map, const char *code, void *value)
{
    struct place *place = find(map, code);

    if (place->code == NULL) {
        *place = (struct place){code, value};
        return NULL;
    }
    return place->value;
}

void *
code_map_get(const struct code_map *map, const char *code)
{
    return find(map, code)->value;
}
