/* /livez, /readyz and /metrics: what every process answers.
 *
 * live: the process runs its loops. ready: its worker has its lanes (or none
 * to take), and without the broker it still serves reads. The gateway puts
 * these rows into its own route table; the other services serve nothing else.
 */
#pragma once

#include "chassis/http/http.h"

extern const struct http_route health_routes[]; /* NULL-ended */
http_handler health_live, health_ready, health_metrics;

/* Starts a server with these only; NULL with `ret_error` (256 bytes). */
struct http_server *health_start(char ret_error[256]);
/* Writes the port to the setting port_file and logs `listening`. */
bool health_announce(const struct http_server *server) WARN_UNUSED;
