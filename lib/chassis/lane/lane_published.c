/* Rows on their way to the broker: how many there may be, and how far it has
 * acknowledged them. */
#include "chassis/lane/lane_internal.h"

#include "chassis/base/failpoint.h"
#include "chassis/base/settings.h"
#include "chassis/db/db.h"

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
        if (publisher_failed(lane->publisher))
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
