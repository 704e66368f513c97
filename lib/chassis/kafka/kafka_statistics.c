/* What the broker is asked: requests of each client, as the event
 * `kafka_requests`.
 *
 * Off by default. The line statistics.interval.ms=… in the file
 * INSERVICE_KAFKA_SECURITY turns it on; then each producer and consumer of the
 * process logs its counts since its start at that interval. The counts come
 * from librdkafka's statistics (a JSON text of all it knows).
 */
#include "chassis/kafka/kafka_conf.h"

#include <jansson.h>

#include "chassis/base/log.h"

struct counts {
    int64_t produce, fetch, all, messages;
};

/* A broker's `req` has a member for each type of request. */
static void
counts_add_broker(struct counts *counts, json_t *broker)
{
    json_t *requests = json_object_get(broker, "req");

    counts->all += json_integer_value(json_object_get(broker, "tx"));
    counts->produce += json_integer_value(json_object_get(requests, "Produce"));
    counts->fetch += json_integer_value(json_object_get(requests, "Fetch"));
}

/* Called by rd_kafka_poll() and the consumer's queue. 0: the library frees
 * `text`. */
static int
on_statistics(rd_kafka_t *kafka, char *text, size_t size, void *context)
{
    json_t *all = json_loadb(text, size, 0, NULL), *broker;
    json_t *brokers = json_object_get(all, "brokers");
    struct counts counts = {
        .messages = json_integer_value(json_object_get(all, "txmsgs"))};
    const char *name;

    (void)context;
    json_object_foreach(brokers, name, broker)
    {
        counts_add_broker(&counts, broker);
    }
    log_event(kafka_requests, log_str("client", rd_kafka_name(kafka)),
              log_int("produce", counts.produce),
              log_int("fetch", counts.fetch), log_int("all", counts.all),
              log_int("messages_sent", counts.messages));
    json_decref(all);
    return 0;
}

void
kafka_statistics(rd_kafka_conf_t *conf)
{
    rd_kafka_conf_set_stats_cb(conf, on_statistics);
}
