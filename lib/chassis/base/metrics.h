/* Counters, gauges and histograms, printed as Prometheus text.
 *
 * A metric is a row of a table: lib/chassis/base/metrics.def for every service,
 * and a service's own. A name without a row and a wrong kind do not compile.
 * The updating functions take the row's bare name:
 *
 *     metric_add(lane_refused_total, "code=\"LAST_CHIEF\"", 1);
 *
 * Each text of labels is a series; the code chooses it (never user input), and
 * it has no label but those of the row. Updating is a look-up without lock and
 * one atomic add. At most 2,048 series, labels below 160 bytes: other updates
 * are counted in `metrics_dropped_total`.
 */
#pragma once

#include <stdint.h>
#include <stdio.h>

#include "chassis/base/bytes.h"

enum metric_kind {
    METRIC_KIND_counter,
    METRIC_KIND_gauge,
    METRIC_KIND_duration, /* buckets from 0.5 ms to 10 s, printed in seconds */
    METRIC_KIND_count,    /* buckets 1, 2, 5, 10, … 500 */
    METRIC_KINDS,
};

struct metric {
    const char *name;
    enum metric_kind kind;
    const char *labels; /* names with a comma between: "method,route" */
    const char *help;   /* one sentence */
};

/* A struct for each kind, so that the compiler sees a wrong one. */
struct metric_counter {
    struct metric is;
};
struct metric_gauge {
    struct metric is;
};
struct metric_duration {
    struct metric is;
};
struct metric_count {
    struct metric is;
};

/* The declaration that a table's METRIC(kind, name, labels, help) makes. */
#define METRIC_DECLARED(kind, name, labels, help)                              \
    extern const struct metric_##kind metric_##name;
#define METRIC_DEFINED(kind, name, labels, help)                               \
    const struct metric_##kind metric_##name = {                               \
        {#name, METRIC_KIND_##kind, labels, help}};
#define METRIC_LISTED(kind, name, labels, help) &metric_##name.is,

#define METRIC METRIC_DECLARED
#include "chassis/base/metrics.def"
#undef METRIC
extern const struct metric *const chassis_metrics[]; /* NULL-ended */

/* Adds to a counter; labels like `code="LAST_CHIEF"` or "". */
#define metric_add(name, labels, amount)                                       \
    metric_counter_add(&metric_##name, (labels), (amount))
/* Sets a gauge. */
#define metric_set(name, labels, value)                                        \
    metric_gauge_set(&metric_##name, (labels), (value))
/* Observes a duration in microseconds. */
#define metric_observe(name, labels, duration)                                 \
    metric_duration_observe(&metric_##name, (labels), (duration))
/* Observes a count (batch sizes). */
#define metric_observe_count(name, labels, count)                              \
    metric_count_observe(&metric_##name, (labels), (count))

void metric_counter_add(const struct metric_counter *metric, const char *labels,
                        int64_t amount);
void metric_gauge_set(const struct metric_gauge *metric, const char *labels,
                      int64_t value);
void metric_duration_observe(const struct metric_duration *metric,
                             const char *labels, int64_t duration);
void metric_count_observe(const struct metric_count *metric, const char *labels,
                          int64_t count);

/* Shows the table's counters without labels from the start, as 0. */
void metrics_begin(const struct metric *const *rows);
/* Writes all of them in Prometheus text format 0.0.4, sorted by name;
 * `metrics_dropped_total` is last. */
void metrics_print(struct bytes *out);
/* Prints the chassis' table and the service's (or NULL) as Markdown. */
void metrics_document(const struct metric *const *service_rows, FILE *out);
