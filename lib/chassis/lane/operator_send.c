/* The operator's messages to a lane. operator.c and audit_state.c send them. */
#include "chassis/lane/operator.h"

#include <stdlib.h>

#include "chassis/base/clock.h"
#include "chassis/kafka/kafka.h"

#include "inservice/common/v1/operate.pb-c.h"

bool
operator_give(struct sender *sender, const char *service, int lane,
              const char *key, ProtobufCMessage *message, Order *order,
              char ret_id[UUID_TEXT])
{
    uuid_v7(ret_id);
    order->command_id = ret_id;
    order->at = clock_now();
    size_t size = protobuf_c_message_get_packed_size(message);
    uint8_t *bytes = malloc(size + 1);
    if (bytes == NULL)
        abort();
    protobuf_c_message_pack(message, bytes);
    bool ok =
        sender_send(sender, service, lane, message->descriptor->name, ret_id,
                    key, "/inservice/operator", NULL, order->at, bytes, size);
    free(bytes);
    return ok;
}

bool
operator_republish(struct sender *sender, const char *service, const char *type,
                   const char *key, int lane)
{
    Inservice__Common__V1__Republish republish;
    Order order;
    char id[UUID_TEXT];

    inservice__common__v1__republish__init(&republish);
    inservice__common__v1__order__init(&order);
    republish.order = &order;
    republish.type = (char *)(uintptr_t)type;
    republish.key = (char *)(uintptr_t)key;
    republish.lane = (uint32_t)lane;
    return operator_give(sender, service, lane, key, &republish.base, &order,
                         id);
}
