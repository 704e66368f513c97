/* Copies of topics (P22): what counts as too few, and what is logged then.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "attributes.h"
#include "chassis/base/log.h"
#include "chassis/kafka/topic_copies.h"

static struct rd_kafka_metadata_topic
topic(const char *name, struct rd_kafka_metadata_partition *partitions,
      int count)
{
    return (struct rd_kafka_metadata_topic){
        .topic = (char *)(uintptr_t)name,
        .partition_cnt = count,
        .partitions = partitions,
    };
}

/* Metadata of a cluster whose topics have a partition with so many copies. */
static void
with_cluster(int brokers, int copies,
             void use(const struct rd_kafka_metadata *))
{
    struct rd_kafka_metadata_partition partitions[] = {
        {.replica_cnt = 3},
        {.replica_cnt = copies},
    };
    struct rd_kafka_metadata_topic topics[] = {
        topic("another.topic", partitions, 2),
        topic("inservice.account.event.v1", partitions, 2),
        topic("inservice.account.state.v1", partitions, 1),
        topic("inservice.teacher.event.v1", partitions, 2),
    };

    use(&(struct rd_kafka_metadata){
        .broker_cnt = brokers, .topics = topics, .topic_cnt = 4});
}

static struct few_copies found;

static void
find(const struct rd_kafka_metadata *metadata)
{
    found = topic_copies(metadata);
}

static struct few_copies
found_with(int brokers, int copies)
{
    with_cluster(brokers, copies, find);
    return found;
}

static void
p22_fewer_than_three_of_three(void **state)
{
    (void)state;
    found_with(3, 2);
    assert_int_equal(found.topics, 2);
    assert_string_equal(found.topic, "inservice.account.event.v1");
    assert_int_equal(found.copies, 2);
    assert_int_equal(found_with(5, 1).copies, 1);
}

static void
p22_enough_or_not_possible(void **state)
{
    (void)state;
    assert_int_equal(found_with(3, 3).topics, 0);
    assert_int_equal(found_with(2, 1).topics, 0);
    assert_int_equal(found_with(1, 1).topics, 0);
}

/* What is logged about such a cluster. */
static void
told_with(int brokers, int copies, char ret_text[4096])
{
    int ends[2], kept = dup(STDERR_FILENO);

    assert_int_equal(pipe(ends), 0);
    dup2(ends[1], STDERR_FILENO);
    with_cluster(brokers, copies, topic_copies_tell);
    dup2(kept, STDERR_FILENO);
    close(ends[1]);
    ssize_t size = read(ends[0], ret_text, 4095);
    ret_text[size > 0 ? size : 0] = '\0';
    close(ends[0]);
    close(kept);
}

static void
p22_one_line_tells_of_all_topics(void **state)
{
    char text[4096];

    (void)state;
    told_with(3, 1, text);
    assert_non_null(strstr(text, "\"event\":\"topic_copies_few\""));
    assert_non_null(strstr(text, "\"topic\":\"inservice.account.event.v1\""));
    assert_non_null(strstr(text, "\"copies\":1,\"brokers\":3"));
    told_with(3, 3, text);
    assert_string_equal(text, "");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(p22_fewer_than_three_of_three),
        cmocka_unit_test(p22_enough_or_not_possible),
        cmocka_unit_test(p22_one_line_tells_of_all_topics),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
