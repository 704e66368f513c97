/* Shared by the files of the lane: lanes held, inputs, ends of the database,
 * pauses, and the readiness of the process's workers. */
#include "chassis/lane/lane_internal.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "chassis/base/clock.h"
#include "chassis/base/log.h"
#include "chassis/base/metrics.h"
#include "chassis/base/process.h"
#include "chassis/db/db.h"
#include "chassis/lane/service_tables.h"

size_t
lane_owned(const struct lane *lane, int ret_lanes[LANES_MAX])
{
    size_t count = 0;

    for (int i = 0; i < lane_count(); i++)
        if (lane->lanes[i].owned)
            ret_lanes[count++] = i;
    return count;
}

int
lane_input_index(const struct lane *lane, const char *topic)
{
    for (size_t i = 0; i < lane->input_count; i++)
        if (strcmp(lane->inputs[i].topic, topic) == 0)
            return (int)i;
    return -1;
}

enum lane_result
lane_result_of(struct lane *lane, enum db_end end, const char *where)
{
    static const enum lane_result results[] = {
        [DB_OK] = LANE_OK,
        [DB_RETRY] = LANE_RETRY,
        [DB_LOST] = LANE_AGAIN,
        [DB_FAULT] = LANE_FAULT,
    };

    if (end != DB_OK && lane->db != NULL)
        log_event(batch_interrupted, log_str("where", where),
                  log_str("sqlstate", db_sqlstate(lane->db)),
                  log_str("reason", db_error(lane->db)));
    return results[end];
}

void
lane_pause(struct lane *lane)
{
    lane->back_off =
        lane->back_off == 0 ? MILLISECONDS(20) : lane->back_off * 2;
    if (lane->back_off > SECONDS(1))
        lane->back_off = SECONDS(1);
    nanosleep(&(struct timespec){lane->back_off / 1000000,
                                 lane->back_off % 1000000 * 1000},
              NULL);
}

/* What waits on each input, for alerts and for more processes. */
static void
gauge_behind(const struct lane *lane, const int *lanes, size_t count)
{
    char labels[120];

    for (size_t i = 0; i < lane->input_count; i++) {
        int64_t records = 0;
        for (size_t j = 0; j < count; j++) {
            int64_t next = lane->positions[i][lanes[j]].next_offset;
            int64_t passed = lane->passed[i][lanes[j]];
            records += consumer_behind(lane->consumer, i, lanes[j],
                                       passed > next ? passed : next);
        }
        snprintf(labels, sizeof labels, "%s,topic=\"%s\"", lane->label,
                 lane->inputs[i].topic);
        metric_set(lane_behind_records, labels, records);
    }
}

void
lane_gauge(const struct lane *lane)
{
    int lanes[LANES_MAX];
    size_t count = lane_owned(lane, lanes);

    metric_set(lane_owned, lane->label, (int64_t)count);
    gauge_behind(lane, lanes, count);
    metric_set(lane_parked_keys, lane->label, lane->parked_count);
    metric_set(lane_fetched_records, lane->label,
               (int64_t)consumer_waiting(lane->consumer));
    if (lane->publisher != NULL)
        metric_set(lane_in_flight_rows, lane->label,
                   (int64_t)publisher_in_flight(lane->publisher));
}

static _Atomic uint32_t workers_unready; /* a bit a worker */

void
lane_expect_workers(int count)
{
    atomic_store(&workers_unready, (UINT32_C(1) << count) - 1);
}

void
lane_ready(const struct lane *lane, bool ready, const char *reason)
{
    uint32_t bit = UINT32_C(1) << lane->options.worker;
    uint32_t before = ready ? atomic_fetch_and(&workers_unready, ~bit)
                            : atomic_fetch_or(&workers_unready, bit);

    if (!ready)
        service_ready(false, reason);
    else if ((before & ~bit) == 0)
        service_ready(true, "");
}
