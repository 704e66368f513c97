/* Metrics: a table of fixed size, found by hash, updated by atomic adds.
 *
 * Called from every thread; a lock is taken only when a series is first seen
 * and while printing. The maximum is SERIES_MAX; a series beyond it, with too
 * long a name, or with another type is counted in `metrics_dropped_total`.
 * Never allocates and never logs (log.c counts here). Histograms keep their
 * buckets apart; printing adds them up.
 */
#include <inttypes.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "attributes.h"
#include "chassis/base/metrics.h"

enum {
    SERIES_MAX = 2048,
    SLOTS = 2 * SERIES_MAX, /* a power of two: half stays empty */
    NAME_MAX_BYTES = 64,
    LABELS_MAX_BYTES = 160,
    BUCKETS_MAX = 14,
};

enum kind {
    KIND_COUNTER,
    KIND_GAUGE,
    KIND_DURATION,
    KIND_COUNT,
};

struct kind_row {
    const char *type;        /* in the TYPE line */
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

static const struct kind_row kinds[] = {
    [KIND_COUNTER] = {"counter", NULL, NULL, 0},
    [KIND_GAUGE] = {"gauge", NULL, NULL, 0},
    [KIND_DURATION] = {"histogram", duration_bounds, duration_text,
                       COUNT_OF(duration_bounds)},
    [KIND_COUNT] = {"histogram", count_bounds, count_text,
                    COUNT_OF(count_bounds)},
};

struct series {
    char name[NAME_MAX_BYTES];
    char labels[LABELS_MAX_BYTES];
    enum kind kind;
    _Atomic int64_t value; /* of a histogram: the sum */
    _Atomic int64_t buckets[BUCKETS_MAX + 1];
};

static struct series all_series[SERIES_MAX];
static size_t series_count; /* under the lock */
static struct series *_Atomic slots[SLOTS];
static _Atomic int64_t dropped;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

static uint64_t
hash_text(uint64_t hash, const char *text)
{
    for (; *text != '\0'; text++)
        hash = (hash ^ (unsigned char)*text) * 0x100000001b3u;
    return (hash ^ 0xff) * 0x100000001b3u;
}

/* The slot of a series, or the empty slot for it. */
static struct series *_Atomic *
slot_of(const char *name, const char *labels)
{
    uint64_t hash = hash_text(hash_text(0xcbf29ce484222325u, name), labels);

    for (size_t at = (hash ^ hash >> 32) % SLOTS;; at = (at + 1) % SLOTS) {
        struct series *series = atomic_load(&slots[at]);
        if (series == NULL || (strcmp(series->name, name) == 0 &&
                               strcmp(series->labels, labels) == 0))
            return &slots[at];
    }
}

static struct series *
series_register(const char *name, const char *labels, enum kind kind)
{
    pthread_mutex_lock(&lock);
    struct series *_Atomic *slot = slot_of(name, labels);
    struct series *series = atomic_load(slot);
    if (series == NULL && series_count < SERIES_MAX) {
        series = &all_series[series_count++];
        memcpy(series->name, name, strlen(name) + 1);
        memcpy(series->labels, labels, strlen(labels) + 1);
        series->kind = kind;
        atomic_store(slot, series);
    }
    pthread_mutex_unlock(&lock);
    return series;
}

/* The series to update; NULL when the update is to be dropped. */
static struct series *
series_of(const char *name, const char *labels, enum kind kind)
{
    struct series *series = NULL;
    if (strnlen(name, NAME_MAX_BYTES) < NAME_MAX_BYTES &&
        strnlen(labels, LABELS_MAX_BYTES) < LABELS_MAX_BYTES) {
        series = atomic_load(slot_of(name, labels));
        if (series == NULL)
            series = series_register(name, labels, kind);
    }
    if (series != NULL && series->kind == kind)
        return series;
    atomic_fetch_add(&dropped, 1);
    return NULL;
}

void
metric_add(const char *name, const char *labels, int64_t amount)
{
    struct series *series = series_of(name, labels, KIND_COUNTER);
    if (series != NULL)
        atomic_fetch_add(&series->value, amount);
}

void
metric_set(const char *name, const char *labels, int64_t value)
{
    struct series *series = series_of(name, labels, KIND_GAUGE);
    if (series != NULL)
        atomic_store(&series->value, value);
}

static void
observe(const char *name, const char *labels, enum kind kind, int64_t value)
{
    struct series *series = series_of(name, labels, kind);
    if (series == NULL)
        return;

    size_t bucket = 0;
    while (bucket < kinds[kind].buckets && value > kinds[kind].bounds[bucket])
        bucket++;
    atomic_fetch_add(&series->buckets[bucket], 1);
    atomic_fetch_add(&series->value, value);
}

void
metric_observe(const char *name, const char *labels, int64_t duration)
{
    observe(name, labels, KIND_DURATION, duration);
}

void
metric_observe_count(const char *name, const char *labels, int64_t count)
{
    observe(name, labels, KIND_COUNT, count);
}

/* `name suffix {labels, more} ` up to the value. */
static void
print_key(struct bytes *out, const struct series *series, const char *suffix,
          const char *bound)
{
    bytes_add_text(out, series->name);
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
    const struct kind_row *kind = &kinds[series->kind];
    int64_t total = 0;

    for (size_t i = 0; i <= kind->buckets; i++) {
        total += atomic_load(&series->buckets[i]);
        print_key(out, series, "_bucket",
                  i < kind->buckets ? kind->text[i] : "+Inf");
        bytes_printf(out, "%" PRId64 "\n", total);
    }
    int64_t sum = atomic_load(&series->value);
    print_key(out, series, "_sum", NULL);
    if (series->kind == KIND_DURATION)
        bytes_printf(out, "%.6f\n", (double)sum / 1e6);
    else
        bytes_printf(out, "%" PRId64 "\n", sum);
    print_key(out, series, "_count", NULL);
    bytes_printf(out, "%" PRId64 "\n", total);
}

static void
print_series(struct bytes *out, struct series *series)
{
    if (kinds[series->kind].buckets > 0) {
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
    int order = strcmp(a->name, b->name);
    return order != 0 ? order : strcmp(a->labels, b->labels);
}

void
metrics_print(struct bytes *out)
{
    static struct series *sorted[SERIES_MAX];
    const char *name = "";

    pthread_mutex_lock(&lock);
    for (size_t i = 0; i < series_count; i++)
        sorted[i] = &all_series[i];
    qsort(sorted, series_count, sizeof(sorted[0]), by_name);
    for (size_t i = 0; i < series_count; i++) {
        if (strcmp(name, sorted[i]->name) != 0)
            bytes_printf(out, "# TYPE %s %s\n", sorted[i]->name,
                         kinds[sorted[i]->kind].type);
        name = sorted[i]->name;
        print_series(out, sorted[i]);
    }
    pthread_mutex_unlock(&lock);
    bytes_printf(out,
                 "# TYPE metrics_dropped_total counter\n"
                 "metrics_dropped_total %" PRId64 "\n",
                 atomic_load(&dropped));
}
