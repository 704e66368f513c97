/* metrics.c: the table of the gateway's metrics; `gateway metrics` prints it.
 */
#include "gateway/metrics.h"

#define METRIC METRIC_DEFINED
#include "gateway/metrics.def"
#undef METRIC

#define METRIC METRIC_LISTED
const struct metric *const gateway_metrics[] = {
#include "gateway/metrics.def"
    NULL,
};
