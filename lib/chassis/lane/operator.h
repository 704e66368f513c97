/* The operator's commands, the same for every service: parked, republish,
 * audit-state, verify-journal, rebuild-views, topics-lost, restored. They write
 * only positions, the incarnation and the copies of other services' states; all
 * other changes are messages of the lane, decided by their owner.
 */
#pragma once

#include "attributes.h"
#include "chassis/base/clock.h"
#include "chassis/lane/service_tables.h"

extern const struct host_command operator_commands[]; /* NULL-ended */
int operator_run(const struct service *service, int argc, char **argv);

/* For the files of the operator's commands only. */
struct db;
/* A connection for the chassis' statements and `queries` (NULL: none). NULL: it
 * was printed why. */
struct db *operator_open(const struct service *service,
                         const struct sql_text *queries);
/* Prints how a command is used; returns 2. */
int operator_usage(const char *name);
/* False: it is no lane; it was printed. */
bool operator_lane(const char *text, int *ret_lane);
/* False: a process of the service runs, or the database does not answer;
 * `ret_reason` says so. */
bool operator_is_alone(const struct service *service, struct db *db,
                       char ret_reason[512]);
/* `parked`, see operator_parked.c. */
int operator_parked(const struct service *service, int argc, char **argv);

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
/* Says every state again, see say_again.c; `type` and `key` (or NULL): only
 * those after this key, and the types after this one. Exit status. */
int say_all_again(const struct service *service, const char *type,
                  const char *key);
/* After Kafka's topics were lost, see topics_lost.c. Exit status: 1 when
 * nothing was changed, or when not everything could be said again. */
int topics_lost(const struct service *service, bool anyway);
/* Rule 11, before the service starts on a restored backup, see restored.c. Exit
 * status: 1 when nothing was changed. */
int restored(const struct service *service);
/* Rule 5, see audit_state.c. Exit status: 0 also when versions differed and
 * were republished; 1 when a state was missing on the topic. */
int audit_state(const struct service *service);
/* The journal's chain, see verify_journal.c. Exit status: 0 if it is whole. */
int verify_journal(const struct service *service);
/* Rule 4, see rebuild.c. Exit status: 1 when nothing was changed. */
struct rebuild_wish {
    bool skip_broken;  /* messages that no view can apply are left out */
    bool drop_missing; /* rows that are on no topic any more are deleted */
};
int rebuild_views(const struct service *service,
                  const struct rebuild_wish *wish);
