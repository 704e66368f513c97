/* Whether the broker answers, asked once a second. */
#pragma once

/* Starts the thread of the process that asks. It sets process_broker() and the
 * gauge broker_reachable. */
void broker_watch_start(void);
void broker_watch_stop(void);
