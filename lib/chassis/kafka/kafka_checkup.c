/* `doctor` at the broker: does it answer, and are the topics there?
 *
 * Settings and rights are in topic_checkup.c and right_checkup.c. */
#include "chassis/kafka/kafka_checkup.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "chassis/base/clock.h"
#include "chassis/base/settings.h"
#include "chassis/kafka/kafka_conf.h"
#include "chassis/kafka/kafka_refusal.h"
#include "chassis/kafka/topic_copies.h"

enum { ANSWER_MS = 5000 };
/* A topic or a right that was just made is not known to every broker yet. */
static const int64_t made_max = SECONDS(3);

static const char make_topics[] =
    "run `topics --create`; if it is there: give the rights of "
    "docs/kafka-acl.md";

/* NULL: it was told why. */
static const struct rd_kafka_metadata *
ask(rd_kafka_t *kafka, struct checkup *checkup)
{
    const struct rd_kafka_metadata *metadata;
    char reason[REFUSAL_REASON];
    bool final;
    rd_kafka_resp_err_t err =
        rd_kafka_metadata(kafka, 1, NULL, &metadata, ANSWER_MS);

    rd_kafka_poll(kafka, 0); /* serves the callbacks of errors */
    if (err == RD_KAFKA_RESP_ERR_NO_ERROR)
        return metadata;
    if (kafka_refusal_last(reason, &final))
        checkup_fault(checkup, "broker",
                      "correct the file INSERVICE_KAFKA_SECURITY", "%s",
                      reason);
    else
        checkup_fault(checkup, "broker",
                      "start the brokers, or correct "
                      "INSERVICE_KAFKA_BOOTSTRAP; if they need TLS, set "
                      "INSERVICE_KAFKA_SECURITY",
                      "none answers at %s (%s)",
                      chassis_settings.kafka_bootstrap, rd_kafka_err2str(err));
    return NULL;
}

static const struct rd_kafka_metadata_topic *
find(const struct rd_kafka_metadata *metadata, const char *name)
{
    for (int i = 0; i < metadata->topic_cnt; i++)
        if (strcmp(metadata->topics[i].topic, name) == 0 &&
            metadata->topics[i].err == RD_KAFKA_RESP_ERR_NO_ERROR)
            return &metadata->topics[i];
    return NULL;
}

static bool
all_there(const struct rd_kafka_metadata *metadata,
          const struct broker_checkup *broker)
{
    for (size_t i = 0; i < broker->count; i++)
        if (find(metadata, broker->uses[i].name) == NULL)
            return false;
    return true;
}

static const struct rd_kafka_metadata *
ask_patiently(rd_kafka_t *kafka, const struct broker_checkup *broker)
{
    int64_t deadline = clock_monotonic() + made_max;
    const struct rd_kafka_metadata *metadata = ask(kafka, broker->checkup);

    while (metadata != NULL && !all_there(metadata, broker) &&
           clock_monotonic() < deadline) {
        rd_kafka_metadata_destroy(metadata);
        nanosleep(&(struct timespec){0, 100000000}, NULL);
        metadata = ask(kafka, broker->checkup);
    }
    return metadata;
}

static bool
topic_is_sound(struct checkup *checkup, const struct topic_use *use,
               const struct rd_kafka_metadata_topic *topic, int lanes)
{
    if (topic == NULL)
        checkup_fault(checkup, "topics", make_topics,
                      "%s is absent, or this user may not see it", use->name);
    else if (lanes != 0 && topic->partition_cnt != lanes)
        checkup_fault(checkup, "topics",
                      "use this installation's broker, or delete the topic and "
                      "run `topics --create`",
                      "%s has %d partitions; the schema has %d lanes",
                      use->name, topic->partition_cnt, lanes);
    else
        return true;
    return false;
}

static void
check_copies(struct checkup *checkup, const struct rd_kafka_metadata *metadata)
{
    struct few_copies few = topic_copies(metadata);

    if (few.topics > 0)
        checkup_fault(checkup, "topics",
                      "give them three copies and min.insync.replicas=2",
                      "%zu have too few copies (%s: %d) for %d brokers",
                      few.topics, few.topic, few.copies, metadata->broker_cnt);
}

static void
check_topics(struct broker_checkup *broker,
             const struct rd_kafka_metadata *metadata, int lanes)
{
    size_t sound = 0;

    for (size_t i = 0; i < broker->count; i++) {
        const struct topic_use *use = &broker->uses[i];
        const struct rd_kafka_metadata_topic *topic = find(metadata, use->name);
        broker->there[i] = topic != NULL;
        if (topic_is_sound(broker->checkup, use, topic, lanes))
            sound++;
    }
    if (sound == broker->count)
        checkup_ok(broker->checkup, "topics", "all %zu are there", sound);
    check_copies(broker->checkup, metadata);
}

void
kafka_checkup(struct checkup *checkup, const char *group,
              const struct topic_use *uses, size_t count, int lanes)
{
    struct broker_checkup broker = {
        .checkup = checkup, .group = group, .uses = uses, .count = count};
    char error[256];
    rd_kafka_t *kafka = kafka_new(RD_KAFKA_PRODUCER, kafka_conf_new(), error);

    if (kafka == NULL) {
        checkup_fault(checkup, "broker",
                      "correct the file INSERVICE_KAFKA_SECURITY", "%s", error);
        return;
    }
    const struct rd_kafka_metadata *metadata = ask_patiently(kafka, &broker);
    if (metadata != NULL) {
        checkup_ok(checkup, "broker", "%d at %s", metadata->broker_cnt,
                   chassis_settings.kafka_bootstrap);
        check_topics(&broker, metadata, lanes);
        rd_kafka_metadata_destroy(metadata);
        topic_checkup(&broker);
        right_checkup(&broker);
    } else
        checkup_skip(checkup, "topics", "not looked at without a broker");
    rd_kafka_destroy(kafka);
}
