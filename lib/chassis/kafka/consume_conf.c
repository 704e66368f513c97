/* How a consumer fetches, and how much memory fetched records may take.
 *
 * The bound holds for one process, whatever waits on the topics; its workers
 * share it. A record takes about 750 bytes beside its key and value (headers,
 * librdkafka's entry in the queue), and librdkafka does not count them: so the
 * number of records is limited, too. See docs/lane.md, "Memory".
 */
#include <stdio.h>

#include "chassis/base/settings.h"
#include "chassis/kafka/kafka.h"
#include "chassis/kafka/kafka_conf.h"

/* Fetching stops at either limit of the queue. One answer of each broker may
 * come on top; librdkafka accepts no smaller FETCH_BYTES than 1,000,000. */
enum { QUEUED_RECORDS = 10000, QUEUED_KIB = 8192, FETCH_BYTES = 1024 * 1024 };

static void
conf_set_number(rd_kafka_conf_t *conf, const char *name, size_t value)
{
    char text[24];

    snprintf(text, sizeof text, "%zu", value);
    kafka_conf_set(conf, name, text);
}

/* A static member has a name; each worker of a process has its own. */
static void
consumer_name(rd_kafka_conf_t *conf, int worker)
{
    const char *name = chassis_settings.instance_id;
    char text[KEY_MAX];

    if (name == NULL || name[0] == '\0')
        return;
    if (worker > 0)
        snprintf(text, sizeof text, "%.100s-%d", name, worker + 1);
    kafka_conf_set(conf, "group.instance.id", worker > 0 ? text : name);
}

size_t
consumer_records_max(void)
{
    return QUEUED_RECORDS / (size_t)chassis_settings.workers;
}

static void
consumer_bound(rd_kafka_conf_t *conf)
{
    conf_set_number(conf, "queued.min.messages", consumer_records_max());
    conf_set_number(conf, "queued.max.messages.kbytes",
                    QUEUED_KIB / (size_t)chassis_settings.workers);
    conf_set_number(conf, "fetch.max.bytes", FETCH_BYTES);
    conf_set_number(conf, "max.partition.fetch.bytes", FETCH_BYTES);
}

rd_kafka_conf_t *
consumer_conf(const struct consumer_options *options)
{
    rd_kafka_conf_t *conf = kafka_conf_new();
    const char *group = options->group;

    kafka_conf_set(conf, "group.id", group ? group : "inservice-follower");
    kafka_conf_set(conf, "enable.auto.commit", "false");
    kafka_conf_set(conf, "enable.auto.offset.store", "false");
    kafka_conf_set(conf, "auto.offset.reset", "error");
    kafka_conf_set(conf, "partition.assignment.strategy", "range");
    kafka_conf_set(conf, "fetch.wait.max.ms", "100");
    kafka_conf_set(conf, "fetch.error.backoff.ms", "20");
    kafka_conf_set(conf, "enable.partition.eof",
                   options->ends ? "true" : "false");
    kafka_conf_set(conf, "max.poll.interval.ms", "300000");
    conf_set_number(conf, "session.timeout.ms",
                    (size_t)chassis_settings.session_timeout / 1000);
    kafka_conf_set(conf, "heartbeat.interval.ms", "1000");
    consumer_bound(conf);
    if (group != NULL)
        consumer_name(conf, options->worker);
    return conf;
}
