/* Where topics end: asked of the broker at rare moments, and as the last fetch
 * told it, each second.
 */
#include <time.h>

#include "chassis/base/clock.h"
#include "chassis/kafka/consume_internal.h"

/* A topic that was just made may have no leader yet. */
static bool
consumer_watermarks(struct consumer *consumer, size_t input, int lane,
                    int64_t *ret_low, int64_t *ret_high)
{
    int64_t deadline = clock_monotonic() + MILLISECONDS(2 * ASK_TIMEOUT_MS);

    for (;;) {
        if (rd_kafka_query_watermark_offsets(
                consumer->kafka, consumer->inputs[input].topic, lane, ret_low,
                ret_high, ASK_TIMEOUT_MS) == RD_KAFKA_RESP_ERR_NO_ERROR)
            return true;
        if (clock_monotonic() > deadline)
            return false;
        nanosleep(&(struct timespec){0, 100000000}, NULL);
    }
}

int64_t
consumer_end(struct consumer *consumer, size_t input, int lane)
{
    int64_t low, high;

    if (!consumer_watermarks(consumer, input, lane, &low, &high))
        return -1;
    return low == high ? 0 : high;
}

int64_t
consumer_next(struct consumer *consumer, size_t input, int lane)
{
    int64_t low, high;

    return consumer_watermarks(consumer, input, lane, &low, &high) ? high : -1;
}

int64_t
consumer_behind(const struct consumer *consumer, size_t input, int lane,
                int64_t next)
{
    int64_t low, high;

    if (rd_kafka_get_watermark_offsets(
            consumer->kafka, consumer->inputs[input].topic, lane, &low,
            &high) != RD_KAFKA_RESP_ERR_NO_ERROR ||
        high <= next)
        return 0;
    return high - (next > low ? next : low);
}
