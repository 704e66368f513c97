/* The lane of a key. */
#include "chassis/kafka/message.h"

#include <string.h>

#include "chassis/base/map.h"

int
lane_of(const char *lane_key)
{
    return (int)((map_hash(lane_key, strlen(lane_key)) & 0x7fffffff) % LANES);
}
