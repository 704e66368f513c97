/* The gateway's commands for an operator at the host; a row each.
 *
 * The process has read the settings and opened the log, nothing else. A command
 * opens what it needs (gateway_open) and closes it. */
#include "gateway/gateway.h"

#include "chassis/lane/service_tables.h"

#include "gateway/identity/founding.h"
#include "gateway/keys.h"
#include "gateway/routes.h"

const struct host_command gateway_host_commands[] = {
    {"make-keys", "makes the installation's keys in KEY_DIR, once", keys_make,
     true},
    {"found-platform", "makes the platform and its first CHIEF, once",
     found_platform, false},
    {"reset-chief", "LOGIN: a ticket for a CHIEF of the platform", reset_chief,
     false},
    {"routes", "the route table, tab-separated", routes_print, true},
    {0},
};
