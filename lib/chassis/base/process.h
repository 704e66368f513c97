/* What every thread of a process may ask or say about the process itself.
 *
 * Whether it is to stop (SIGTERM drains), and whether it is ready: /readyz
 * answers by it. Set by service_main() and the workers; no locks, no I/O.
 */
#pragma once

#include <stdbool.h>

/* True after SIGTERM or SIGINT. */
bool service_stopping(void);
/* Lets /readyz answer yes or no; `reason` for no (static text). */
void service_ready(bool ready, const char *reason);
/* What was last said; never ready once it is to stop. `ret_reason` is static
 * text. */
bool process_is_ready(const char **ret_reason);
/* Called by the signal handler only. */
void process_stop(void);
