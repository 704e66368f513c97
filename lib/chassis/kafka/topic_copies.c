/* A warning at start: topics with one copy on a cluster that could keep three.
 *
 * Such topics are made if the brokers' default is 1. Nothing goes wrong until a
 * disk is lost. Called by the thread of broker_watch.c.
 */
#include "chassis/kafka/topic_copies.h"

#include <string.h>

#include "chassis/base/log.h"

enum { COPIES = 3, ANSWER_MS = 5000 };

static const char prefix[] = "inservice.";

static int
fewest_copies(const struct rd_kafka_metadata_topic *topic)
{
    int fewest = COPIES;

    for (int i = 0; i < topic->partition_cnt; i++)
        if (topic->partitions[i].replica_cnt < fewest)
            fewest = topic->partitions[i].replica_cnt;
    return fewest;
}

struct few_copies
topic_copies(const struct rd_kafka_metadata *metadata)
{
    struct few_copies found = {0};

    if (metadata->broker_cnt < COPIES)
        return found;
    for (int i = 0; i < metadata->topic_cnt; i++) {
        const struct rd_kafka_metadata_topic *topic = &metadata->topics[i];
        int copies = fewest_copies(topic);
        if (strncmp(topic->topic, prefix, strlen(prefix)) != 0 ||
            copies >= COPIES)
            continue;
        if (found.topics++ == 0) {
            found.topic = topic->topic;
            found.copies = copies;
        }
    }
    return found;
}

void
topic_copies_tell(const struct rd_kafka_metadata *metadata)
{
    struct few_copies found = topic_copies(metadata);

    if (found.topics > 0)
        log_event(topic_copies_few, log_int("topics", (int64_t)found.topics),
                  log_str("topic", found.topic),
                  log_int("copies", found.copies),
                  log_int("brokers", metadata->broker_cnt));
}

void
topic_copies_check(rd_kafka_t *kafka)
{
    const struct rd_kafka_metadata *metadata;

    if (rd_kafka_metadata(kafka, 1, NULL, &metadata, ANSWER_MS) !=
        RD_KAFKA_RESP_ERR_NO_ERROR)
        return;
    topic_copies_tell(metadata);
    rd_kafka_metadata_destroy(metadata);
}
