/* The gateway's own log events: the rows of events.def. */
#pragma once

#include "chassis/base/log.h"

#define EVENT EVENT_DECLARED
#include "gateway/events.def"
#undef EVENT
extern const struct event *const gateway_events[]; /* NULL-ended */
