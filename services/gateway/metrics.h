/* The gateway's own metrics: the rows of metrics.def. */
#pragma once

#include "chassis/base/metrics.h"

#define METRIC METRIC_DECLARED
#include "gateway/metrics.def"
#undef METRIC
extern const struct metric *const gateway_metrics[]; /* NULL-ended */
