/* See for_case.h. */
#include "for_case.h"

struct arena *arena;
struct batch *batch;

int
arena_begin(void **state)
{
    (void)state;
    arena = arena_new(0);
    return 0;
}

int
arena_end(void **state)
{
    (void)state;
    arena_free(arena);
    return 0;
}

int
batch_end(void **state)
{
    (void)state;
    batch_free(batch);
    return 0;
}
