/* The world itself: chance by the seed, ids, failing with what is needed to
 * repeat the run. */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chassis/base/clock.h"

#include "sim.h"

int sim_mutant;
int sim_without;

struct world *
world_new(uint64_t seed)
{
    struct arena *arena = arena_new(1 << 20);
    struct world *world = ARENA_NEW(arena, struct world);

    world->arena = arena;
    world->seed = seed;
    world->random = seed * UINT64_C(0x9e3779b97f4a7c15) + 1;
    world->now = INT64_C(1785542400000000); /* 2026-08-01 */
    world->ghosts_last = &world->ghosts;
    return world;
}

void
world_free(struct world *world)
{
    for (size_t i = 0; i < world->owner_count; i++)
        batch_free(world->owners[i]->batch);
    arena_free(world->arena);
}

static uint64_t
next_random(struct world *world) /* splitmix64 */
{
    uint64_t z = world->random += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ z >> 30) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ z >> 27) * UINT64_C(0x94d049bb133111eb);
    return z ^ z >> 31;
}

uint32_t
pick(struct world *world, uint32_t n)
{
    return n < 2 ? 0 : (uint32_t)((next_random(world) >> 33) % n);
}

bool
chance(struct world *world, uint32_t per_mille)
{
    return pick(world, 1000) < per_mille;
}

void
world_fail(struct world *world, const char *format, ...)
{
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(world->failure, sizeof world->failure, format, arguments);
    va_end(arguments);
    if (world->escape == NULL) {
        fprintf(stderr, "sim: %s\n", world->failure);
        abort();
    }
    longjmp(*world->escape, 1);
}

const char *
world_id(struct world *world)
{
    return arena_printf(world->arena, "%08x-0000-7000-8000-%012x",
                        (unsigned)(world->seed & 0xffffffff), ++world->ids);
}

int
service_of(const struct world *world, const struct db *db)
{
    for (size_t i = 0; i < world->db_count; i++)
        if (world->dbs[i] == db)
            return (int)i;
    return -1;
}
