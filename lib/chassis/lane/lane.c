/* The worker's loop: take what waits, process it, tick, follow the group.
 *
 * After every doubt: forget memory, take the lanes again. SIGTERM drains:
 * finish the present batch, publish its rows, write the acknowledged positions,
 * leave the group.
 */
#include "chassis/lane/lane_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chassis/base/clock.h"
#include "chassis/base/failpoint.h"
#include "chassis/base/log.h"
#include "chassis/base/metrics.h"
#include "chassis/base/process.h"
#include "chassis/db/db.h"
#include "chassis/lane/service_tables.h"

extern const struct sql_text chassis_queries[];

struct lane *
lane_new(const struct lane_options *options)
{
    struct lane *lane = calloc(1, sizeof *lane);

    if (lane == NULL)
        abort();
    lane->options = *options;
    if (lane->options.stopping == NULL)
        lane->options.stopping = service_stopping;
    lane->core = &options->service->core;
    snprintf(lane->label, sizeof lane->label, "worker=\"%d\"", options->worker);
    lane->inputs = options->service->inputs;
    while (lane->inputs[lane->input_count].topic != NULL)
        lane->input_count++;
    if (lane->input_count > INPUTS_MAX)
        abort();
    lane->tables[0] = chassis_queries;
    lane->tables[1] = options->service->queries;
    lane->batch = batch_new(lane->core);
    lane->arena = arena_new(0);
    return lane;
}

void
lane_free(struct lane *lane)
{
    if (lane == NULL)
        return;
    consumer_free(lane->consumer);
    publisher_free(lane->publisher);
    db_free(lane->db);
    db_params_free(&lane->params);
    batch_free(lane->batch);
    arena_free(lane->arena);
    lane_forget_parked(lane);
    free(lane);
}

static bool
lane_join(struct lane *lane)
{
    char error[256];
    struct consumer_options options = {
        .group = lane->options.group,
        .inputs = lane->inputs,
        .batch_max = (size_t)chassis_settings.batch_max,
        .worker = lane->options.worker,
    };

    while (lane->consumer == NULL && !lane->options.stopping()) {
        lane->consumer = consumer_new(&options, error);
        if (lane->consumer == NULL) {
            log_event(consumer_unavailable, log_str("reason", error));
            lane_ready(lane, false, "broker");
            lane_pause(lane);
        }
    }
    if (FAILPOINT(lane_joined))
        lane_ready(lane, false, "joining");
    return lane->consumer != NULL;
}

/* Waits for acknowledgements and writes them, so that the next owner does not
 * publish the rows again. At most two seconds: duplicates are harmless. */
static void
lane_settle(struct lane *lane)
{
    int64_t deadline = clock_monotonic() + SECONDS(2);

    if (lane->db != NULL && db_alive(lane->db) && lane_calm(lane) != LANE_OK)
        log_event(crash_counter_reset_failed);
    if (lane->db != NULL && db_alive(lane->db) &&
        lane_write_passed(lane) != LANE_OK)
        log_event(skipped_positions_write_failed);
    if (lane->options.silent || lane->publisher == NULL)
        return;
    while (publisher_in_flight(lane->publisher) > 0 &&
           !publisher_failed(lane->publisher) && clock_monotonic() < deadline)
        publisher_poll(lane->publisher, 20);
    if (FAILPOINT(lane_drained))
        return;
    if (lane->db != NULL && db_alive(lane->db) &&
        lane_write_published(lane) != LANE_OK)
        log_event(positions_write_failed);
}

static void
lane_tell_held(const struct lane *lane)
{
    bool held[LANES_MAX];

    for (int i = 0; i < LANES_MAX; i++)
        held[i] = lane->lanes[i].owned;
    if (lane->options.held != NULL)
        lane->options.held(lane->options.context, held);
}

static void
lane_release(struct lane *lane)
{
    if (FAILPOINT(lane_revoked))
        return;
    lane_settle(lane);
    memset(lane->lanes, 0, sizeof lane->lanes);
    lane_forget_parked(lane);
    lane_gauge(lane);
    lane_tell_held(lane);
    consumer_confirm(lane->consumer);
    (void)FAILPOINT(lane_let_go);
    log_event(lanes_revoked);
}

/* Tries to take until it succeeds, the lanes are revoked, or we stop. */
static void
lane_take_patiently(struct lane *lane)
{
    consumer_pause(lane->consumer);
    while (!lane->options.stopping()) {
        if (lane_take(lane) == LANE_OK) {
            lane_tell_held(lane);
            lane_ready(lane, true, "");
            return;
        }
        lane_ready(lane, false, "taking lanes");
        lane_pause(lane);
        enum consumer_news news = consumer_poll(lane->consumer, 0);
        if (news == CONSUMER_REVOKED) {
            lane_release(lane);
            return;
        }
    }
}

static void
note_age(const struct lane *lane, const struct message *messages, size_t count)
{
    int64_t now = clock_now();

    if (count > 0 && messages[0].at > 0)
        metric_set(lane_oldest_message_seconds, lane->label,
                   (now - messages[0].at) / 1000000);
}

static enum lane_result
lane_step(struct lane *lane, enum consumer_news news)
{
    size_t count;
    struct message *messages;

    if (news == CONSUMER_GIVEN) {
        lane_take_patiently(lane);
        return LANE_OK;
    }
    if (news == CONSUMER_REVOKED) {
        lane_release(lane);
        return LANE_OK;
    }
    if (news == CONSUMER_MESSAGES) {
        messages = consumer_messages(lane->consumer, &count);
        note_age(lane, messages, count);
        if (FAILPOINT(lane_messages_taken))
            return LANE_AGAIN;
        count = lane_pass(lane, messages, count);
        enum lane_result result = lane_process(lane, messages, count);
        if (result != LANE_OK)
            return result;
    }
    if (!lane_await_room(lane))
        return LANE_AGAIN;
    return lane_tick(lane);
}

static void
lane_tell_failure(const struct lane *lane)
{
    if (consumer_replaced(lane->consumer))
        log_event(instance_replaced,
                  log_str("instance", chassis_settings.instance_id));
    else
        log_event(position_lost,
                  log_str("reason", consumer_reason(lane->consumer)));
}

int
lane_run(struct lane *lane)
{
    metric_set(lane_owned, lane->label, 0);
    if (!lane_join(lane))
        return 0;
    while (!lane->options.stopping()) {
        int owned[LANES_MAX];
        bool idle = lane->options.silent || lane_owned(lane, owned) == 0 ||
                    publisher_in_flight(lane->publisher) == 0;
        enum consumer_news news = consumer_poll(lane->consumer, idle ? 100 : 5);
        if (news == CONSUMER_FAILED) {
            lane_tell_failure(lane);
            return 1;
        }
        if (lane_step(lane, news) != LANE_OK && !lane->options.stopping()) {
            lane_pause(lane);
            lane_take_patiently(lane);
        }
    }
    lane_ready(lane, false, "draining");
    consumer_pause(lane->consumer);
    if (FAILPOINT(lane_draining))
        return 0;
    lane_settle(lane);
    if (FAILPOINT(lane_settled))
        return 0;
    log_event(drained);
    return 0;
}
