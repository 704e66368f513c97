/* A consumer beside a long topic: how many fetched records it keeps in memory,
 * and that this limit does not slow its reading down.
 */
#include "lane/fixture.h"

#include "chassis/base/clock.h"
#include "chassis/base/settings.h"
#include "chassis/kafka/kafka.h"
#include "chassis/kafka/kafka_conf.h"

enum { RECORDS = 48000, VALUE_BYTES = 500, BATCH = 200, QUESTIONS = 20 };

/* The limit may be passed by one answer of the broker: 1 MiB of records. */
enum { ONE_ANSWER = 1024 * 1024 / VALUE_BYTES };

static const struct input topic[] = {
    {"inservice.teacher.command.v1", TOPIC_COMMAND},
    {.topic = NULL},
};

static void
given_a_long_topic(void)
{
    static const uint8_t value[VALUE_BYTES];
    char error[256];
    struct sender *sender = sender_new(error);

    assert_non_null(sender);
    for (int i = 0; i < RECORDS; i++)
        while (!sender_send(sender, "teacher", i % lane_count(), "Any", "id",
                            "key", "/test", NULL, 1, value, VALUE_BYTES))
            assert_true(sender_flush(sender, 30000)); /* its queue is full */
    assert_true(sender_flush(sender, 30000));
    sender_free(sender);
}

static struct consumer *
a_consumer_at_the_beginning(void)
{
    const struct consumer_options options = {.inputs = topic,
                                             .batch_max = BATCH};
    int64_t offsets[1][LANES_MAX];
    char error[256];
    struct consumer *consumer = consumer_new(&options, error);

    assert_non_null(consumer);
    for (int lane = 0; lane < lane_count(); lane++)
        offsets[0][lane] = -1;
    assert_true(
        consumer_assign(consumer, (const int64_t(*)[LANES_MAX])offsets));
    return consumer;
}

static size_t
read_some(struct consumer *consumer)
{
    size_t count = 0;

    if (consumer_poll(consumer, 100) == CONSUMER_MESSAGES)
        (void)consumer_messages(consumer, &count);
    return count;
}

static void
a_busy_reader_keeps_few_records(void **state)
{
    int64_t deadline = clock_monotonic() + SECONDS(30);

    (void)state;
    given_a_long_topic();
    struct consumer *consumer = a_consumer_at_the_beginning();
    while (consumer_waiting(consumer) < consumer_records_max())
        assert_true(clock_monotonic() < deadline);
    /* After each answer librdkafka may fetch again, if it finds room. */
    for (int i = 0; i < QUESTIONS; i++)
        assert_true(consumer_end(consumer, 0, i % lane_count()) > 0);
    assert_in_range(consumer_waiting(consumer), 1,
                    consumer_records_max() + ONE_ANSWER);
    consumer_free(consumer);
}

/* If a full queue were looked at again only after librdkafka's second, this
 * would take RECORDS / consumer_records_max() seconds: almost a minute. */
static void
a_small_queue_does_not_slow_the_reading(void **state)
{
    int64_t deadline = clock_monotonic() + SECONDS(20);
    size_t count = 0;

    (void)state;
    given_a_long_topic();
    chassis_settings.workers = WORKERS_MAX; /* they share the limit */
    struct consumer *consumer = a_consumer_at_the_beginning();
    while (count < RECORDS) {
        assert_true(clock_monotonic() < deadline);
        count += read_some(consumer);
        assert_in_range(consumer_waiting(consumer), 0,
                        consumer_records_max() + ONE_ANSWER);
    }
    consumer_free(consumer);
    chassis_settings.workers = 1;
}

/* Without a question to the broker; the gauge of waiting records rests on it.
 */
static void
test_p04_a_reader_knows_how_far_it_is_behind(void **state)
{
    int64_t deadline = clock_monotonic() + SECONDS(30), records = 0;

    (void)state;
    given_a_long_topic();
    struct consumer *consumer = a_consumer_at_the_beginning();
    while (records < RECORDS) {
        assert_true(clock_monotonic() < deadline);
        (void)read_some(consumer);
        records = 0;
        for (int lane = 0; lane < lane_count(); lane++)
            records += consumer_behind(consumer, 0, lane, 0);
    }
    assert_int_equal(records, RECORDS);
    assert_int_equal(consumer_behind(consumer, 0, 0, RECORDS), 0);
    int64_t end = consumer_end(consumer, 0, 1);
    assert_int_equal(consumer_behind(consumer, 0, 1, end - 7), 7);
    assert_int_equal(consumer_behind(consumer, 0, 1, end), 0);
    consumer_free(consumer);
}

#define CASE(name)                                                             \
    cmocka_unit_test_setup_teardown(name, fixture_begin, fixture_end)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        CASE(a_busy_reader_keeps_few_records),
        CASE(a_small_queue_does_not_slow_the_reading),
        CASE(test_p04_a_reader_knows_how_far_it_is_behind),
    };
    return cmocka_run_group_tests(tests, fixture_start, fixture_stop);
}
