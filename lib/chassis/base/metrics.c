/* Metrics: a table of fixed size, found by hash, updated by atomic adds.
 *
 * Called from every thread; a lock is taken only when a series is first seen
 * and while printing. The maximum is SERIES_MAX; a series beyond it or with
 * labels that its row lacks is counted in `metrics_dropped_total`.
 * Never allocates and never logs (log.c counts here). Histograms keep their
 * buckets apart; printing adds them up.
 */
#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "attributes.h"
#include "chassis/base/map.h"
#include "chassis/base/metrics.h"
#include "chassis/base/process_metrics.h"

/* Of every name that is printed. */
#define PREFIX "inservice_"

enum {
    SERIES_MAX = 2048,
    SLOTS = 2 * SERIES_MAX, /* a power of two: half stays empty */
    LABELS_MAX_BYTES = 160,
    BUCKETS_MAX = 14,
};

#define METRIC METRIC_DEFINED
#include "chassis/base/metrics.def"
#undef METRIC

#define METRIC METRIC_LISTED
const struct metric *const chassis_metrics[] = {
#include "chassis/base/metrics.def"
    NULL,
};

struct kind_row {
    const char *type;        /* in the TYPE line */
    const char *words;       /* in the document */
    const int64_t *bounds;   /* upper bounds, inclusive */
    const char *const *text; /* the same as printed */
    size_t buckets;
};

static const int64_t duration_bounds[] = {
    500,    1000,   2500,   5000,    10000,   25000,   50000,
    100000, 250000, 500000, 1000000, 2500000, 5000000, 10000000,
};
static const char *const duration_text[] = {
    "0.0005", "0.001", "0.0025", "0.005", "0.01", "0.025", "0.05",
    "0.1",    "0.25",  "0.5",    "1",     "2.5",  "5",     "10",
};
static const int64_t count_bounds[] = {1, 2, 5, 10, 20, 50, 100, 200, 500};
static const char *const count_text[] = {"1",  "2",   "5",   "10", "20",
                                         "50", "100", "200", "500"};

static const struct kind_row kinds[METRIC_KINDS] = {
    [METRIC_KIND_counter] = {"counter", "counter", NULL, NULL, 0},
    [METRIC_KIND_gauge] = {"gauge", "gauge", NULL, NULL, 0},
    [METRIC_KIND_duration] = {"histogram", "histogram of seconds",
                              duration_bounds, duration_text,
                              COUNT_OF(duration_bounds)},
    [METRIC_KIND_count] = {"histogram", "histogram of counts", count_bounds,
                           count_text, COUNT_OF(count_bounds)},
};

struct series {
    const struct metric *metric;
    char labels[LABELS_MAX_BYTES];
    _Atomic int64_t value; /* of a histogram: the sum */
    _Atomic int64_t buckets[BUCKETS_MAX + 1];
};

static struct series all_series[SERIES_MAX];
static size_t series_count; /* under the lock */
static struct series *_Atomic slots[SLOTS];
static _Atomic int64_t dropped;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

/* Whether each label of the text is one of the row's. */
static bool
labels_fit(const char *names, const char *labels)
{
    while (*labels != '\0') {
        size_t size = strcspn(labels, "=");
        const char *name = names;
        while (strcspn(name, ",") != size || memcmp(name, labels, size) != 0) {
            name += strcspn(name, ",");
            if (*name++ == '\0')
                return false;
        }
        const char *value = strchr(labels, '"');
        const char *end = value == NULL ? NULL : strchr(value + 1, '"');
        if (end == NULL)
            return false;
        labels = end + 1 + (end[1] == ',');
    }
    return true;
}

/* The slot of a series, or the empty slot for it. */
static struct series *_Atomic *
slot_of(const struct metric *metric, const char *labels)
{
    uint32_t hash = map_text(metric, labels).hash;

    for (size_t at = hash % SLOTS;; at = (at + 1) % SLOTS) {
        struct series *series = atomic_load(&slots[at]);
        if (series == NULL ||
            (series->metric == metric && strcmp(series->labels, labels) == 0))
            return &slots[at];
    }
}

static struct series *
series_register(const struct metric *metric, const char *labels)
{
    pthread_mutex_lock(&lock);
    struct series *_Atomic *slot = slot_of(metric, labels);
    struct series *series = atomic_load(slot);
    if (series == NULL && series_count < SERIES_MAX &&
        labels_fit(metric->labels, labels)) {
        series = &all_series[series_count++];
        memcpy(series->labels, labels, strlen(labels) + 1);
        series->metric = metric;
        atomic_store(slot, series);
    }
    pthread_mutex_unlock(&lock);
    return series;
}

/* The series to update; NULL when the update is to be dropped. */
static struct series *
series_of(const struct metric *metric, const char *labels)
{
    struct series *series = NULL;
    if (strnlen(labels, LABELS_MAX_BYTES) < LABELS_MAX_BYTES) {
        series = atomic_load(slot_of(metric, labels));
        if (series == NULL)
            series = series_register(metric, labels);
    }
    if (series == NULL)
        atomic_fetch_add(&dropped, 1);
    return series;
}

void
metric_counter_add(const struct metric_counter *metric, const char *labels,
                   int64_t amount)
{
    struct series *series = series_of(&metric->is, labels);
    if (series != NULL)
        atomic_fetch_add(&series->value, amount);
}

void
metric_gauge_set(const struct metric_gauge *metric, const char *labels,
                 int64_t value)
{
    struct series *series = series_of(&metric->is, labels);
    if (series != NULL)
        atomic_store(&series->value, value);
}

static void
observe(const struct metric *metric, const char *labels, int64_t value)
{
    const struct kind_row *kind = &kinds[metric->kind];
    struct series *series = series_of(metric, labels);
    if (series == NULL)
        return;

    size_t bucket = 0;
    while (bucket < kind->buckets && value > kind->bounds[bucket])
        bucket++;
    atomic_fetch_add(&series->buckets[bucket], 1);
    atomic_fetch_add(&series->value, value);
}

void
metric_duration_observe(const struct metric_duration *metric,
                        const char *labels, int64_t duration)
{
    observe(&metric->is, labels, duration);
}

void
metric_count_observe(const struct metric_count *metric, const char *labels,
                     int64_t count)
{
    observe(&metric->is, labels, count);
}

void
metrics_begin(const struct metric *const *rows)
{
    for (; rows != NULL && *rows != NULL; rows++)
        if ((*rows)->kind == METRIC_KIND_counter &&
            (*rows)->labels[0] == '\0' &&
            *rows != &metric_metrics_dropped_total.is)
            (void)series_of(*rows, "");
}

/* --- printing ----------------------------------------------------------- */

/* `name suffix {labels, more} ` up to the value. */
static void
print_key(struct bytes *out, const struct series *series, const char *suffix,
          const char *bound)
{
    bytes_add_text(out, PREFIX);
    bytes_add_text(out, series->metric->name);
    bytes_add_text(out, suffix);
    if (series->labels[0] != '\0' || bound != NULL) {
        bytes_add_char(out, '{');
        bytes_add_text(out, series->labels);
        if (series->labels[0] != '\0' && bound != NULL)
            bytes_add_char(out, ',');
        if (bound != NULL)
            bytes_printf(out, "le=\"%s\"", bound);
        bytes_add_char(out, '}');
    }
    bytes_add_char(out, ' ');
}

static void
print_histogram(struct bytes *out, struct series *series)
{
    const struct kind_row *kind = &kinds[series->metric->kind];
    int64_t total = 0;

    for (size_t i = 0; i <= kind->buckets; i++) {
        total += atomic_load(&series->buckets[i]);
        print_key(out, series, "_bucket",
                  i < kind->buckets ? kind->text[i] : "+Inf");
        bytes_printf(out, "%" PRId64 "\n", total);
    }
    int64_t sum = atomic_load(&series->value);
    print_key(out, series, "_sum", NULL);
    if (series->metric->kind == METRIC_KIND_duration)
        bytes_printf(out, "%.6f\n", (double)sum / 1e6);
    else
        bytes_printf(out, "%" PRId64 "\n", sum);
    print_key(out, series, "_count", NULL);
    bytes_printf(out, "%" PRId64 "\n", total);
}

static void
print_series(struct bytes *out, struct series *series)
{
    if (kinds[series->metric->kind].buckets > 0) {
        print_histogram(out, series);
        return;
    }
    print_key(out, series, "", NULL);
    bytes_printf(out, "%" PRId64 "\n", atomic_load(&series->value));
}

static int
by_name(const void *left, const void *right)
{
    const struct series *a = *(struct series *const *)left;
    const struct series *b = *(struct series *const *)right;
    int order = strcmp(a->metric->name, b->metric->name);
    return order != 0 ? order : strcmp(a->labels, b->labels);
}

static void
print_head(struct bytes *out, const struct metric *metric)
{
    bytes_printf(out, "# HELP " PREFIX "%s %s\n# TYPE " PREFIX "%s %s\n",
                 metric->name, metric->help, metric->name,
                 kinds[metric->kind].type);
}

void
metrics_print(struct bytes *out)
{
    static struct series *sorted[SERIES_MAX];

    pthread_mutex_lock(&lock);
    for (size_t i = 0; i < series_count; i++)
        sorted[i] = &all_series[i];
    qsort(sorted, series_count, sizeof(sorted[0]), by_name);
    for (size_t i = 0; i < series_count; i++) {
        if (i == 0 || sorted[i]->metric != sorted[i - 1]->metric)
            print_head(out, sorted[i]->metric);
        print_series(out, sorted[i]);
    }
    pthread_mutex_unlock(&lock);
    print_head(out, &metric_metrics_dropped_total.is);
    bytes_printf(out, PREFIX "metrics_dropped_total %" PRId64 "\n",
                 atomic_load(&dropped));
}

static void
document_rows(const struct metric *const *rows, FILE *out)
{
    for (; rows != NULL && *rows != NULL; rows++)
        fprintf(out, "| `" PREFIX "%s` | %s | %s | %s |\n", (*rows)->name,
                kinds[(*rows)->kind].words, (*rows)->labels, (*rows)->help);
}

void
metrics_document(const struct metric *const *service_rows, FILE *out)
{
    fputs("| metric | kind | labels | meaning |\n|---|---|---|---|\n", out);
    document_rows(chassis_metrics, out);
    process_metrics_document(out);
    document_rows(service_rows, out);
}
