/* Two flags of the process that every thread may read or set.
 *
 * Whether it is to stop (SIGTERM drains), and whether it is ready (/readyz).
 * Set by service_main() and the workers; no locks, no I/O.
 */
#pragma once

#include <stdbool.h>

/* True after SIGTERM or SIGINT. */
bool service_stopping(void);
/* Sets the answer of /readyz; `reason` if not ready (static text). */
void service_ready(bool ready, const char *reason);
/* The last answer; never ready once it is to stop. `ret_reason` is static. */
bool process_is_ready(const char **ret_reason);
/* Called by the signal handler, and by a worker that cannot go on. */
void process_stop(void);
/* For a fault that waiting does not heal: stops the process, which then ends
 * with status 1. True: the first one; log it. */
bool process_fail(void);
bool process_failed(void);
