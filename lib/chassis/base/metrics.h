/* Counters, gauges and histograms, printed as Prometheus text.
 *
 * A metric is registered by its first use and keeps that type; updating is a
 * look-up without lock and one atomic add. Labels are a short fixed text chosen
 * by the code (never user input). At most 2,048 series, names below 64 bytes,
 * labels below 160: the rest is counted in `metrics_dropped_total`.
 */
#pragma once

#include <stdint.h>

#include "chassis/base/bytes.h"

/* Adds to the counter `name{labels}`; labels like `code="LAST_CHIEF"` or "". */
void metric_add(const char *name, const char *labels, int64_t amount);
/* Sets a gauge. */
void metric_set(const char *name, const char *labels, int64_t value);
/* Observes a duration in microseconds; printed in seconds with buckets from
 * 0.5 ms to 10 s. */
void metric_observe(const char *name, const char *labels, int64_t duration);
/* Observes a count (batch sizes): buckets 1, 2, 5, 10, … 500. */
void metric_observe_count(const char *name, const char *labels, int64_t count);
/* Writes all of them in Prometheus text format 0.0.4, sorted by name;
 * `metrics_dropped_total` is last. */
void metrics_print(struct bytes *out);
