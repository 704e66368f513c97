/* The operator's commands, the same for every service: parked, republish,
 * audit-state, rebuild-views, restored. They write only the incarnation and the
 * copies of other services' states; all other changes are messages of the lane,
 * decided by their owner.
 */
#pragma once

#include "attributes.h"
#include "chassis/base/clock.h"
#include "chassis/lane/service_tables.h"

extern const struct host_command operator_commands[]; /* NULL-ended */
int operator_run(const struct service *service, int argc, char **argv);

struct sender;
/* Sends `message` with an id of its own (`ret_id`); `order` is its order.
 * False: the queue of the producer is full. */
bool operator_give(struct sender *sender, const char *service, int lane,
                   const char *key, ProtobufCMessage *message, Order *order,
                   char ret_id[UUID_TEXT]) WARN_UNUSED;
/* Sends a Republish of one aggregate's state; false: the broker is away. */
bool operator_republish(struct sender *sender, const char *service,
                        const char *type, const char *key,
                        int lane) WARN_UNUSED;
/* Rule 5, see audit_state.c. Exit status: 0 also when states were republished.
 */
int audit_state(const struct service *service);
/* Rule 4, see rebuild.c. Exit status: 1 when nothing was changed. */
int rebuild_views(const struct service *service, bool skip_broken);
