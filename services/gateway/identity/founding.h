/* Between the host command found-platform and the courier of its commands. */
#pragma once

#include "chassis/base/arena.h"
#include "chassis/lane/handler.h"
#include "chassis/lane/store.h"

/* Commands without HTTP: sent until their outcome arrives. */
struct courier;

struct courier *courier_new(struct arena *arena, char ret_error[256]);
void courier_free(struct courier *courier);
/* Sends `command` (its Order has the id) to a service and waits. Returns DONE;
 * REFUSED, with a code in the arena; RETRY: no outcome by `deadline` (monotonic
 * µs). A command may be delivered again: its id makes this harmless. */
enum end courier_deliver(struct courier *courier, const char *service,
                         const char *lane_key, const ProtobufCMessage *command,
                         int64_t deadline, const char **ret_code) WARN_UNUSED;

/* An Order of the system, with an id derived from `about`. */
Order *founding_order(struct arena *arena, const char *about);
/* Sends the code tables to their owner. Returns NULL, or the fault. */
const char *founding_seed_tables(struct courier *courier, struct arena *arena,
                                 int64_t deadline);

/* `gateway found-platform …` */
int found_platform(int argc, char **argv);
/* `gateway reset-chief LOGIN`, see reset_chief.c */
int reset_chief(int argc, char **argv);
