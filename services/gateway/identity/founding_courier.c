/* Sends commands of the host to their owners and receives the outcome.
 *
 * Reads the outcome topics from their end, and sends again every two seconds.
 * An owner that has decided already publishes its stored outcome again (lane
 * rule 6), so a late start of reading loses nothing. */
#include <stdlib.h>
#include <string.h>

#include "chassis/base/clock.h"
#include "chassis/base/process.h"
#include "chassis/base/wire.h"
#include "chassis/kafka/kafka.h"
#include "chassis/lane/service_tables.h"

#include "gateway/identity/founding.h"
#include "gateway/operations/operations.h"

#include "inservice/common/v1/order.pb-c.h"
#include "inservice/common/v1/outcome.pb-c.h"

typedef Inservice__Common__V1__Outcome Outcome;

#define SEND_AGAIN SECONDS(2)

enum { HEAR_MS = 100, HEAR_BATCH = 100 };

struct courier {
    struct arena *arena;
    struct sender *sender;
    struct consumer *consumer;
};

static const struct input outcome_inputs[] = {
    {"inservice.account.outcome.v1", TOPIC_OUTCOME},
    {"inservice.teacher.outcome.v1", TOPIC_OUTCOME},
    {0},
};

struct courier *
courier_new(struct arena *arena, char ret_error[256])
{
    const struct consumer_options options = {
        .inputs = outcome_inputs,
        .batch_max = HEAR_BATCH,
    };
    struct courier *courier = ARENA_NEW(arena, struct courier);

    courier->arena = arena;
    courier->sender = sender_new(ret_error);
    if (courier->sender == NULL)
        return NULL;
    courier->consumer = consumer_new(&options, ret_error);
    if (courier->consumer != NULL)
        return courier;
    sender_free(courier->sender);
    return NULL;
}

void
courier_free(struct courier *courier)
{
    if (courier == NULL)
        return;
    consumer_free(courier->consumer);
    sender_free(courier->sender);
}

/* The outcome in a message, if it belongs to this command. */
static const Outcome *
read_outcome(struct courier *courier, const struct message *message,
             const char *command_id)
{
    ProtobufCMessage *body;

    if (message->value == NULL || message->key == NULL ||
        strcmp(message->key, command_id) != 0)
        return NULL;
    if (wire_unpack(&inservice__common__v1__outcome__descriptor,
                    arena_protobuf(courier->arena), message->value,
                    message->size, &body, NULL) != WIRE_OK)
        return NULL;
    return (const Outcome *)body;
}

/* RETRY: no outcome yet. */
static enum end
hear(struct courier *courier, const char *command_id, const char **ret_code)
{
    size_t count;

    if (consumer_poll(courier->consumer, HEAR_MS) != CONSUMER_MESSAGES)
        return RETRY;
    const struct message *messages =
        consumer_messages(courier->consumer, &count);
    for (size_t i = 0; i < count; i++) {
        const Outcome *outcome =
            read_outcome(courier, &messages[i], command_id);
        if (outcome == NULL)
            continue;
        if (outcome->result_case !=
            INSERVICE__COMMON__V1__OUTCOME__RESULT_REFUSED)
            return DONE;
        *ret_code = arena_strdup(courier->arena, outcome->refused->code);
        return REFUSED;
    }
    return RETRY;
}

enum end
courier_deliver(struct courier *courier, const char *service,
                const char *lane_key, const ProtobufCMessage *command,
                int64_t deadline, const char **ret_code)
{
    const ProtobufCFieldDescriptor *field = &command->descriptor->fields[0];
    const Order *order =
        *(Order *const *)((const char *)command + field->offset);
    struct packed packed = command_pack(courier->arena, command);
    int64_t send_at = 0;

    while (clock_monotonic() < deadline && !service_stopping()) {
        if (clock_monotonic() >= send_at) {
            /* If the queue is full, the next round sends again. */
            bool sent = sender_send(courier->sender, service, lane_of(lane_key),
                                    packed.type, order->command_id, lane_key,
                                    "gateway/found-platform", NULL, order->at,
                                    packed.data, packed.size);
            send_at = clock_monotonic() + (sent ? SEND_AGAIN : 0);
        }
        enum end end = hear(courier, order->command_id, ret_code);
        if (end != RETRY)
            return end;
    }
    return RETRY;
}
