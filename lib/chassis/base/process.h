/* Flags of the process that every thread may read or set.
 *
 * Whether it is to stop (SIGTERM drains), whether it is ready, whether the
 * broker answers, and whether it answers people's requests (/readyz).
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
/* Whether the broker answered when it was last asked; true before that. */
bool process_broker(void);
void process_set_broker(bool there);
/* Whether the process answers people's requests from its own tables, which it
 * can do without the broker. */
bool process_reads(void);
void process_set_reads(bool reads);
/* Called by the signal handler, and by a worker that cannot go on. */
void process_stop(void);
/* For a fault that waiting does not heal: stops the process, which then ends
 * with status 1. True: the first one; log it. */
bool process_fail(void);
bool process_failed(void);
