/* From a code to what it stands for: a hash table in an arena.
 *
 * Used by the dry run for the rows of a file and the units that are known. Of a
 * fixed size, given when it is made; texts and values stay the caller's.
 */
#pragma once

#include <stddef.h>

#include "chassis/base/arena.h"

struct code_map;

/* For at most `most` entries. */
struct code_map *code_map_new(struct arena *arena, size_t most);
/* Puts it in, or gives what stands there already under this code. NULL: it is
 * in now. */
void *code_map_put(struct code_map *map, const char *code, void *value);
/* NULL: unknown. */
void *code_map_get(const struct code_map *map, const char *code);
