/* Facts without a handler here: a topic carries everything that its service
 * says, and most of it concerns only some listeners.
 *
 * They change nothing, so they cost no transaction of their own: the position
 * after them is kept in memory and written with the next batch, or once a
 * second. Until then the table has an older position: after a crash the facts
 * are read again. Called by lane.c before a batch and by lane_tick.c.
 */
#include "chassis/lane/lane_internal.h"

#include <string.h>

#include "chassis/base/metrics.h"

/* Commands are always answered. A state without a handler may answer a command,
 * or be the position that an outcome names. */
static bool
is_heard(const struct lane *lane, const struct message *message)
{
    return message->kind == TOPIC_COMMAND || message->kind == TOPIC_STATE ||
           handler_find(lane->core->handlers, message->type) != NULL;
}

size_t
lane_pass(struct lane *lane, struct message *messages, size_t count)
{
    size_t heard = 0;

    for (size_t i = 0; i < count; i++) {
        const struct message *message = &messages[i];
        int input = lane_input_index(lane, message->topic);
        if (input < 0 || is_heard(lane, message)) {
            if (input >= 0)
                lane->passed[input][message->lane] = 0;
            messages[heard++] = *message;
            continue;
        }
        lane->passed[input][message->lane] = message->offset + 1;
    }
    if (heard < count)
        metric_add(lane_passed_total, "", (int64_t)(count - heard));
    return heard;
}

void
lane_forget_passed(struct lane *lane)
{
    memset(lane->passed, 0, sizeof lane->passed);
}

/* A batch of positions only: the same fences, the same COMMIT. */
enum lane_result
lane_write_passed(struct lane *lane)
{
    struct message messages[INPUTS_MAX * LANES_MAX];
    size_t count = 0;

    for (size_t in = 0; in < lane->input_count; in++)
        for (int l = 0; l < lane_count(); l++)
            if (lane->passed[in][l] > 0)
                messages[count++] = (struct message){
                    .topic = lane->inputs[in].topic,
                    .kind = lane->inputs[in].kind,
                    .lane = l,
                    .offset = lane->passed[in][l] - 1,
                    .key = "",
                    .type = "",
                    .id = "",
                    .source = "",
                    .sequence = -1,
                };
    if (count == 0)
        return LANE_OK;
    lane_forget_passed(lane);
    return lane_process(lane, messages, count);
}
