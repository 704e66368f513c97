/* Metrics: printing, refusals, and that no update is lost. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "chassis/base/metrics.h"

#define TEST_METRICS(METRIC)                                                   \
    METRIC(counter, flood_total, "i", "Too many series.")                      \
    METRIC(gauge, lanes_test, "", "A gauge.")                                  \
    METRIC(count, messages_test, "", "A count.")                               \
    METRIC(counter, raced_total, "i", "Updated by threads.")                   \
    METRIC(counter, refused_total, "code,by", "A counter.")                    \
    METRIC(counter, silent_total, "", "Never updated.")                        \
    METRIC(duration, wait_seconds, "route", "A duration.")
#define STATIC_METRIC(...) static METRIC_DEFINED(__VA_ARGS__)
TEST_METRICS(STATIC_METRIC)

static struct bytes printed;

static const char *
print_all(void)
{
    bytes_clear(&printed);
    metrics_print(&printed);
    return bytes_text(&printed);
}

static int
tear_down(void **state)
{
    (void)state;
    bytes_free(&printed);
    return 0;
}

static void
assert_printed(const char *text)
{
    if (strstr(print_all(), text) == NULL)
        fail_msg("not printed: %s", text);
}

static void
counters_add_and_gauges_stay(void **state)
{
    (void)state;
    metric_add(refused_total, "code=\"LAST_CHIEF\"", 2);
    metric_add(refused_total, "code=\"LAST_CHIEF\"", 3);
    metric_add(refused_total, "", 1);
    metric_set(lanes_test, "", 24);
    metric_set(lanes_test, "", 12);
    assert_printed(
        "# HELP inservice_refused_total A counter.\n"
        "# TYPE inservice_refused_total counter\ninservice_refused_total 1\n"
        "inservice_refused_total{code=\"LAST_CHIEF\"} 5\n");
    assert_printed(
        "# TYPE inservice_lanes_test gauge\ninservice_lanes_test 12\n");
}

static void
durations_are_printed_in_seconds(void **state)
{
    (void)state;
    metric_observe(wait_seconds, "route=\"a\"", 500);
    metric_observe(wait_seconds, "route=\"a\"", 501);
    metric_observe(wait_seconds, "route=\"a\"", 99000000);
    assert_printed(
        "# TYPE inservice_wait_seconds histogram\n"
        "inservice_wait_seconds_bucket{route=\"a\",le=\"0.0005\"} 1\n"
        "inservice_wait_seconds_bucket{route=\"a\",le=\"0.001\"} 2\n");
    assert_printed("inservice_wait_seconds_bucket{route=\"a\",le=\"10\"} 2\n"
                   "inservice_wait_seconds_bucket{route=\"a\",le=\"+Inf\"} 3\n"
                   "inservice_wait_seconds_sum{route=\"a\"} 99.001001\n"
                   "inservice_wait_seconds_count{route=\"a\"} 3\n");
}

static void
counts_have_buckets_of_their_own(void **state)
{
    (void)state;
    metric_observe_count(messages_test, "", 1);
    metric_observe_count(messages_test, "", 200);
    metric_observe_count(messages_test, "", 501);
    assert_printed("inservice_messages_test_bucket{le=\"1\"} 1\n");
    assert_printed(
        "inservice_messages_test_bucket{le=\"200\"} 2\n"
        "inservice_messages_test_bucket{le=\"500\"} 2\n"
        "inservice_messages_test_bucket{le=\"+Inf\"} 3\n"
        "inservice_messages_test_sum 702\ninservice_messages_test_count 3\n");
}

static void
labels_without_a_row_are_refused(void **state)
{
    char labels[200];
    static const char *const wrong[] = {"cod=\"A\"", "codes=\"A\"", "code=A",
                                        "by=\"A\",route=\"B\"", "=\"A\""};

    (void)state;
    memset(labels, 'n', sizeof(labels) - 1);
    labels[sizeof(labels) - 1] = '\0';
    metric_add(refused_total, "by=\"A\",code=\"B\"", 1);
    metric_add(refused_total, labels, 1);
    for (size_t i = 0; i < sizeof(wrong) / sizeof(wrong[0]); i++)
        metric_add(refused_total, wrong[i], 1);
    assert_printed("\ninservice_refused_total{by=\"A\",code=\"B\"} 1\n");
    assert_printed("\ninservice_metrics_dropped_total 6\n");
    assert_null(strstr(print_all(), "nnnn"));
}

static void
counters_are_shown_from_the_start(void **state)
{
    static const struct metric *const rows[] = {TEST_METRICS(METRIC_LISTED)
                                                    NULL};

    (void)state;
    assert_null(strstr(print_all(), "silent_total"));
    metrics_begin(rows);
    assert_printed("\ninservice_silent_total 0\n");
    assert_null(strstr(print_all(), "flood_total"));
}

static void
the_tables_are_printed_as_a_document(void **state)
{
    static const struct metric *const rows[] = {TEST_METRICS(METRIC_LISTED)
                                                    NULL};
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    (void)state;
    metrics_document(rows, out);
    fclose(out);
    assert_non_null(strstr(text,
                           "| `inservice_refused_total` | counter | code,by | "
                           "A counter. |\n"));
    assert_non_null(
        strstr(text, "\n| `inservice_lane_batch_size` | histogram of counts"));
    free(text);
}

enum { THREADS = 4, ADDS = 20000 };

static void *
add_many(void *unused)
{
    for (int i = 0; i < ADDS; i++) {
        char labels[16];
        snprintf(labels, sizeof(labels), "i=\"%d\"", i % 50);
        metric_add(raced_total, labels, 1);
    }
    return unused;
}

static void
no_update_is_lost(void **state)
{
    (void)state;
    pthread_t threads[THREADS];
    char wanted[64];
    for (int i = 0; i < THREADS; i++)
        pthread_create(&threads[i], NULL, add_many, NULL);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    snprintf(wanted, sizeof(wanted), "inservice_raced_total{i=\"49\"} %d\n",
             THREADS * ADDS / 50);
    assert_printed(wanted);
}

/* The last test: it fills the table. */
static void
the_table_has_a_written_maximum(void **state)
{
    (void)state;
    size_t lines = 0;
    for (int i = 0; i < 3000; i++) {
        char labels[16];
        snprintf(labels, sizeof(labels), "i=\"%d\"", i);
        metric_add(flood_total, labels, 1);
    }
    metric_add(refused_total, "", 1); /* known ones go on */
    for (const char *at = print_all(); *at != '\0'; at = strchr(at, '\n') + 1)
        lines += strncmp(at, "inservice_flood_total{", 22) == 0;
    assert_in_range(lines, 1900, 2048);

    char wanted[64];
    snprintf(wanted, sizeof(wanted), "\ninservice_metrics_dropped_total %zu\n",
             6 + 3000 - lines);
    assert_printed(wanted);
    assert_printed("\ninservice_refused_total 2\n");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(counters_add_and_gauges_stay),
        cmocka_unit_test(durations_are_printed_in_seconds),
        cmocka_unit_test(counts_have_buckets_of_their_own),
        cmocka_unit_test(labels_without_a_row_are_refused),
        cmocka_unit_test(counters_are_shown_from_the_start),
        cmocka_unit_test(the_tables_are_printed_as_a_document),
        cmocka_unit_test(no_update_is_lost),
        cmocka_unit_test(the_table_has_a_written_maximum),
    };
    return cmocka_run_group_tests(tests, NULL, tear_down);
}
