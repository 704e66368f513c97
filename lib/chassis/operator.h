/* The operator's commands, the same for every service: parked, republish,
 * restored. They write nothing themselves but the incarnation: what is to be
 * done is a message of the lane, decided by its owner like any other.
 */
#pragma once

#include "chassis/service.h"

extern const struct host_command operator_commands[]; /* NULL-ended */
int operator_run(const struct service *service, int argc, char **argv);
