/* Rows on their way to the broker: how many there may be, and how far it has
 * acknowledged them. */
#include "chassis/lane/lane_internal.h"

#include "chassis/base/clock.h"
#include "chassis/base/failpoint.h"
#include "chassis/base/metrics.h"
#include "chassis/base/process.h"
#include "chassis/base/settings.h"
#include "chassis/db/db.h"

static bool
all_published(const struct lane *lane)
{
    for (int i = 0; i < lane_count(); i++)
        if (lane->lanes[i].owned &&
            lane->lanes[i].state.seq > lane->lanes[i].published_written)
            return false;
    return true;
}

/* The lanes held. While the broker is away longer than the session lasts no
 * worker holds any, so each looks at all of them. */
static size_t
lanes_to_gauge(const struct lane *lane, int ret_lanes[LANES_MAX])
{
    size_t count = lane_owned(lane, ret_lanes);

    if (count > 0 || process_broker())
        return count;
    for (int i = 0; i < lane_count(); i++)
        ret_lanes[i] = i;
    return (size_t)lane_count();
}

enum lane_result
lane_gauge_unpublished(struct lane *lane)
{
    int lanes[LANES_MAX];
    size_t count = lanes_to_gauge(lane, lanes);
    bool known =
        count > 0 && lane->lanes[lanes[0]].owned && all_published(lane);
    PGresult *rows = NULL;
    int64_t age = 0;

    if (count > 0 && !known) {
        db_clear(&lane->params);
        db_array(&lane->params, DB_INT2, count);
        for (size_t i = 0; i < count; i++)
            db_int2(&lane->params, lanes[i]);
        enum db_end end = db_query(lane->db, "journal_oldest_unpublished",
                                   &lane->params, &rows);
        if (end != DB_OK)
            return lane_result_of(lane, end, "oldest_unpublished");
        if (!db_is_null(rows, 0, 0))
            age = clock_now() - db_get_time(rows, 0, 0);
        PQclear(rows);
    }
    metric_set(lane_oldest_unpublished_seconds, lane->label,
               age > 0 ? age / SECONDS(1) : 0);
    return LANE_OK;
}

/* The tick does not come while the worker waits here. */
static bool
gauges_go_on(struct lane *lane)
{
    if (clock_monotonic() < lane->next_tick)
        return true;
    lane->next_tick = clock_monotonic() + SECONDS(1);
    lane_gauge(lane);
    return lane_gauge_unpublished(lane) == LANE_OK;
}

/* Above the limit commands wait in Kafka. The workers of the process share it.
 */
bool
lane_await_room(struct lane *lane)
{
    size_t most =
        (size_t)(chassis_settings.in_flight_max / chassis_settings.workers);

    if (lane->options.silent || lane->publisher == NULL)
        return true;
    publisher_poll(lane->publisher, 0);
    while (publisher_in_flight(lane->publisher) > most &&
           !lane->options.stopping()) {
        if (publisher_failed(lane->publisher) || !gauges_go_on(lane))
            return false;
        publisher_poll(lane->publisher, 50);
    }
    return !publisher_failed(lane->publisher);
}

enum lane_result
lane_write_published(struct lane *lane)
{
    int lanes[LANES_MAX], moved[LANES_MAX];
    size_t owned = lane_owned(lane, lanes), count = 0;
    struct db_params *params = &lane->params;

    for (size_t i = 0; i < owned; i++)
        if (publisher_acked(lane->publisher, lanes[i]) >
            lane->lanes[lanes[i]].published_written)
            moved[count++] = lanes[i];
    if (count == 0)
        return LANE_OK;
    db_clear(params);
    db_array(params, DB_INT2, count);
    for (size_t i = 0; i < count; i++)
        db_int2(params, moved[i]);
    db_array(params, DB_INT8, count);
    for (size_t i = 0; i < count; i++)
        db_int8(params, publisher_acked(lane->publisher, moved[i]));
    enum db_end end = db_query(lane->db, "lane_published", params, NULL);
    if (FAILPOINT(lane_positions_written))
        return LANE_AGAIN;
    for (size_t i = 0; end == DB_OK && i < count; i++)
        lane->lanes[moved[i]].published_written =
            publisher_acked(lane->publisher, moved[i]);
    return lane_result_of(lane, end, "write_published");
}
