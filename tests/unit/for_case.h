/* What a program makes before its cases and frees after them: fixtures of one
 * line, for setup and teardown. */
#pragma once

#include "chassis/base/arena.h"
#include "chassis/lane/batch.h"

extern struct arena *arena;
int arena_begin(void **state);
int arena_end(void **state);

/* The test makes it, of its own core. */
extern struct batch *batch;
int batch_end(void **state);
