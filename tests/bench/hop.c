/* One hop over Kafka: how long from produce to the consumer's hand?
 *
 *   hop COUNT
 *
 * librdkafka as the services set it up (linger 0), one message at a time, on a
 * topic of its own, which it makes. No group. The measure that the latency of a
 * whole HTTP command is held against by `make bench`.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <librdkafka/rdkafka.h>

#include "chassis/base/clock.h"

#include "load/load.h"

enum { WARM_UP = 200, VALUE = 400, ERROR = 256 };
static const char topic_name[] = "inservice.bench.hop";

struct hop {
    rd_kafka_t *producer, *consumer;
    rd_kafka_topic_t *topic;
    char error[ERROR];
};

static void
die(const char *what, const char *why)
{
    fprintf(stderr, "hop: %s: %s\n", what, why);
    exit(1);
}

static rd_kafka_conf_t *
conf_new(const char *const *pairs)
{
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    char error[ERROR];

    for (; pairs[0] != NULL; pairs += 2)
        if (rd_kafka_conf_set(conf, pairs[0], pairs[1], error, sizeof error) !=
            RD_KAFKA_CONF_OK)
            die(pairs[0], error);
    return conf;
}

static void
make_topic(struct hop *hop)
{
    rd_kafka_NewTopic_t *topic =
        rd_kafka_NewTopic_new(topic_name, 1, 1, hop->error, ERROR);
    rd_kafka_queue_t *queue = rd_kafka_queue_new(hop->producer);

    if (topic == NULL)
        die("topic", hop->error);
    rd_kafka_CreateTopics(hop->producer, &topic, 1, NULL, queue);
    rd_kafka_event_t *event = rd_kafka_queue_poll(queue, 10000);
    if (event == NULL)
        die("topic", "the broker does not answer");
    rd_kafka_event_destroy(event); /* there already: as good */
    rd_kafka_queue_destroy(queue);
    rd_kafka_NewTopic_destroy(topic);
}

static void
open_hop(struct hop *hop, const char *broker)
{
    hop->producer = rd_kafka_new(
        RD_KAFKA_PRODUCER,
        conf_new((const char *const[]){
            "bootstrap.servers", broker, "enable.idempotence", "true",
            "linger.ms", "0", "socket.nagle.disable", "true", NULL}),
        hop->error, ERROR);
    hop->consumer = rd_kafka_new(
        RD_KAFKA_CONSUMER,
        conf_new((const char *const[]){"bootstrap.servers", broker, "group.id",
                                       "bench", "fetch.wait.max.ms", "100",
                                       "socket.nagle.disable", "true", NULL}),
        hop->error, ERROR);
    if (hop->producer == NULL || hop->consumer == NULL)
        die("client", hop->error);
    make_topic(hop);
    hop->topic = rd_kafka_topic_new(hop->producer, topic_name, NULL);
    rd_kafka_topic_partition_list_t *list =
        rd_kafka_topic_partition_list_new(1);
    rd_kafka_topic_partition_list_add(list, topic_name, 0)->offset =
        RD_KAFKA_OFFSET_END;
    if (rd_kafka_assign(hop->consumer, list) != RD_KAFKA_RESP_ERR_NO_ERROR)
        die("assign", "refused");
    rd_kafka_topic_partition_list_destroy(list);
    for (int64_t until = clock_monotonic() + SECONDS(2);
         clock_monotonic() < until;) { /* the consumer must stand at the end */
        rd_kafka_message_t *message =
            rd_kafka_consumer_poll(hop->consumer, 100);
        if (message != NULL)
            rd_kafka_message_destroy(message);
    }
}

static int64_t
one_hop(struct hop *hop, long number)
{
    char value[VALUE] = {0};
    int64_t began = clock_monotonic();

    memcpy(value, &number, sizeof number);
    if (rd_kafka_produce(hop->topic, 0, RD_KAFKA_MSG_F_COPY, value,
                         sizeof value, NULL, 0, NULL) != 0)
        die("produce", rd_kafka_err2str(rd_kafka_last_error()));
    while (clock_monotonic() - began < SECONDS(10)) {
        rd_kafka_message_t *message =
            rd_kafka_consumer_poll(hop->consumer, 1000);
        if (message == NULL)
            continue;
        bool ours = message->err == RD_KAFKA_RESP_ERR_NO_ERROR &&
                    memcmp(message->payload, &number, sizeof number) == 0;
        rd_kafka_message_destroy(message);
        if (ours) {
            int64_t took = clock_monotonic() - began;
            rd_kafka_poll(hop->producer, 0);
            return took;
        }
    }
    die("hop", "a message did not arrive");
    return 0;
}

int
main(int argc, char **argv)
{
    const char *broker = getenv("INSERVICE_KAFKA_BOOTSTRAP");
    long count = argc == 2 ? strtol(argv[1], NULL, 10) : 0;
    struct hop hop = {.producer = NULL};

    if (count <= 0 || broker == NULL) {
        fprintf(stderr, "usage: INSERVICE_KAFKA_BOOTSTRAP=… hop COUNT\n");
        return 2;
    }
    int64_t *latency = load_alloc((size_t)count, sizeof *latency);
    open_hop(&hop, broker);
    for (long i = 0; i < WARM_UP; i++)
        (void)one_hop(&hop, -1 - i);
    int64_t began = clock_monotonic();
    for (long i = 0; i < count; i++)
        latency[i] = one_hop(&hop, i);
    load_report(latency, (size_t)count, 0, clock_monotonic() - began);
    rd_kafka_consumer_close(hop.consumer);
    rd_kafka_destroy(hop.consumer);
    rd_kafka_topic_destroy(hop.topic);
    rd_kafka_destroy(hop.producer);
    return 0;
}
