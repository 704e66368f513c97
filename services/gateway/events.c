/* events.c: the table of the gateway's log events; `gateway events` prints it.
 */
#include "gateway/events.h"

#define EVENT EVENT_DEFINED
#include "gateway/events.def"
#undef EVENT

#define EVENT EVENT_LISTED
const struct event *const gateway_events[] = {
#include "gateway/events.def"
    NULL,
};
