/* service_main(): reads settings, opens the log, answers the host's commands
 * (`migrate`, `settings`, `commands`, `failpoints`, `parked …`, …) or runs the
 * service until SIGTERM drains it. account and teacher run the lane; the
 * gateway has a run() of its own.
 */
#pragma once

#include "chassis/base/process.h"
#include "chassis/lane/service_tables.h"

/* Waits until the database can be read. False: the schema is wrong (and was
 * logged), or the process is to stop. */
bool service_await_schema(const struct service *service) WARN_UNUSED;

int service_main(const struct service *service, int argc, char **argv);
