/* The number of lanes, and the lane of a key. Set once, read by all threads. */
#include "chassis/base/lanes.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "chassis/base/map.h"

static atomic_int lanes;

int
lane_count(void)
{
    int count = atomic_load_explicit(&lanes, memory_order_relaxed);

    if (count == 0)
        abort();
    return count;
}

void
lane_count_set(int count)
{
    atomic_store(&lanes, count);
}

int
lane_of(const char *lane_key)
{
    uint32_t hash = map_hash(lane_key, strlen(lane_key)) & 0x7fffffff;

    return (int)(hash % (uint32_t)lane_count());
}
