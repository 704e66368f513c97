/* `doctor`: may this user read and write the topics, and use its group?
 *
 * Reading is tried: the end of a topic is told only to those who may. For
 * writing a record is sent that is larger than the topic allows. The broker
 * looks at the right first and at the size then, so it says which of the two is
 * wrong, and keeps nothing.
 */
#include "chassis/kafka/kafka_checkup.h"

#include <stdlib.h>
#include <string.h>

#include "chassis/base/clock.h"
#include "chassis/kafka/kafka_conf.h"

enum { TRY_BYTES = 900 * 1000, TRY_MS = 10000 };

static const char give_rights[] = "give the rights of docs/kafka-acl.md";

static bool
is_right(rd_kafka_resp_err_t err)
{
    return err == RD_KAFKA_RESP_ERR_TOPIC_AUTHORIZATION_FAILED ||
           err == RD_KAFKA_RESP_ERR_GROUP_AUTHORIZATION_FAILED;
}

/* --- reading ------------------------------------------------------------ */
static size_t
follow(rd_kafka_t *kafka, const struct broker_checkup *broker)
{
    rd_kafka_topic_partition_list_t *list =
        rd_kafka_topic_partition_list_new((int)broker->count);
    size_t count = 0;

    for (size_t i = 0; i < broker->count; i++) {
        if (!broker->there[i] || !broker->uses[i].read)
            continue;
        rd_kafka_topic_partition_list_add(list, broker->uses[i].name, 0)
            ->offset = RD_KAFKA_OFFSET_END;
        count++;
    }
    rd_kafka_assign(kafka, list);
    rd_kafka_topic_partition_list_destroy(list);
    return count;
}

/* How many topics cannot be read; every topic answers once. */
static size_t
try_reading(rd_kafka_t *kafka, struct broker_checkup *broker)
{
    int64_t deadline = clock_monotonic() + MILLISECONDS(TRY_MS);
    size_t left = follow(kafka, broker), bad = 0;

    while (left > 0 && clock_monotonic() < deadline) {
        rd_kafka_message_t *record = rd_kafka_consumer_poll(kafka, 100);
        if (record == NULL)
            continue;
        if (record->rkt != NULL && is_right(record->err)) {
            bad++;
            checkup_fault(broker->checkup, "rights", give_rights,
                          "%s may not be read",
                          rd_kafka_topic_name(record->rkt));
        }
        if (record->rkt != NULL)
            left--;
        rd_kafka_message_destroy(record);
    }
    if (left > 0)
        checkup_skip(broker->checkup, "rights",
                     "%zu topics did not answer whether they may be read",
                     left);
    return bad + left;
}

/* Whether the library tells that the group is refused. It repeats its question
 * in the meantime. */
static bool
hears_refusal(rd_kafka_t *kafka)
{
    rd_kafka_message_t *record = rd_kafka_consumer_poll(kafka, 100);
    bool refused =
        record != NULL && record->rkt == NULL && is_right(record->err);

    if (record != NULL)
        rd_kafka_message_destroy(record);
    return refused;
}

/* The group's positions are told to those who may use it; they are not used. */
static bool
try_group(rd_kafka_t *kafka, struct broker_checkup *broker)
{
    int64_t deadline = clock_monotonic() + MILLISECONDS(TRY_MS);
    rd_kafka_topic_partition_list_t *list =
        rd_kafka_topic_partition_list_new(1);
    bool told = false, refused = false;

    rd_kafka_topic_partition_list_add(list, broker->uses[0].name, 0);
    while (!told && !refused && clock_monotonic() < deadline) {
        rd_kafka_resp_err_t err = rd_kafka_committed(kafka, list, 500);
        told = err == RD_KAFKA_RESP_ERR_NO_ERROR;
        refused = is_right(err) || (!told && hears_refusal(kafka));
    }
    rd_kafka_topic_partition_list_destroy(list);
    if (refused)
        checkup_fault(broker->checkup, "rights", give_rights,
                      "the group %s may not be used", broker->group);
    else if (!told)
        checkup_skip(broker->checkup, "rights",
                     "it was not told whether the group %s may be used",
                     broker->group);
    return told;
}

static bool
check_reading(struct broker_checkup *broker)
{
    char error[256];
    rd_kafka_conf_t *conf = kafka_conf_new();

    kafka_conf_set(conf, "group.id", broker->group);
    kafka_conf_set(conf, "enable.auto.commit", "false");
    kafka_conf_set(conf, "enable.partition.eof", "true");
    kafka_conf_set(conf, "fetch.wait.max.ms", "100");
    rd_kafka_t *kafka = kafka_new(RD_KAFKA_CONSUMER, conf, error);
    if (kafka == NULL)
        return false;
    rd_kafka_poll_set_consumer(kafka);
    bool group = try_group(kafka, broker);
    bool sound = try_reading(kafka, broker) == 0 && group;
    rd_kafka_consumer_close(kafka);
    rd_kafka_destroy(kafka);
    return sound;
}

/* --- writing ------------------------------------------------------------ */
static void
on_tried(rd_kafka_t *kafka, const rd_kafka_message_t *record, void *context)
{
    struct broker_checkup *broker = context;
    const char *topic = rd_kafka_topic_name(record->rkt);
    bool *sound = record->_private;

    (void)kafka;
    if (record->err == RD_KAFKA_RESP_ERR_MSG_SIZE_TOO_LARGE)
        return;
    *sound = false;
    if (is_right(record->err))
        checkup_fault(broker->checkup, "rights", give_rights,
                      "%s may not be written", topic);
    else
        checkup_skip(broker->checkup, "rights",
                     "%s did not answer whether it may be written: %s", topic,
                     rd_kafka_err2str(record->err));
}

/* A larger limit would take the record. */
static bool
may_try(const struct broker_checkup *broker, size_t which)
{
    return broker->there[which] && broker->uses[which].write &&
           broker->message_max[which] > 0 &&
           broker->message_max[which] < TRY_BYTES;
}

static bool
check_writing(struct broker_checkup *broker)
{
    static char record[TRY_BYTES];
    char error[256];
    bool sound = true;
    rd_kafka_conf_t *conf = kafka_conf_new();

    kafka_conf_set(conf, "message.timeout.ms", "10000");
    rd_kafka_conf_set_dr_msg_cb(conf, on_tried);
    rd_kafka_conf_set_opaque(conf, broker);
    rd_kafka_t *kafka = kafka_new(RD_KAFKA_PRODUCER, conf, error);
    if (kafka == NULL)
        return false;
    for (size_t i = 0; i < broker->count; i++) {
        if (!may_try(broker, i)) {
            sound = sound && !broker->uses[i].write;
            continue;
        }
        rd_kafka_topic_t *topic =
            rd_kafka_topic_new(kafka, broker->uses[i].name, NULL);
        rd_kafka_produce(topic, 0, RD_KAFKA_MSG_F_COPY, record, sizeof record,
                         "doctor", 6, &sound);
        rd_kafka_topic_destroy(topic);
    }
    rd_kafka_flush(kafka, TRY_MS);
    rd_kafka_destroy(kafka);
    return sound;
}

void
right_checkup(struct broker_checkup *broker)
{
    bool reading = check_reading(broker), writing = check_writing(broker);

    if (reading && writing)
        checkup_ok(broker->checkup, "rights",
                   "topics and group may be used as the programs need");
}
