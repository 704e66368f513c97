/* How many copies Kafka keeps of our topics. */
#pragma once

#include <stddef.h>

#include <librdkafka/rdkafka.h>

struct few_copies {
    size_t topics;     /* with fewer copies than there could be */
    const char *topic; /* the first of them; the metadata's */
    int copies;        /* of its partition with the fewest */
};

/* Topics of ours with fewer than three copies, if there are three brokers. */
struct few_copies topic_copies(const struct rd_kafka_metadata *metadata);
/* Logs what topic_copies() finds, as one event. */
void topic_copies_tell(const struct rd_kafka_metadata *metadata);
/* Asks the broker, and tells. */
void topic_copies_check(rd_kafka_t *kafka);
