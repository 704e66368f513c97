/* The consumer: shared by consume.c and consume_ends.c only. */
#pragma once

#include <librdkafka/rdkafka.h>

#include "chassis/base/arena.h"
#include "chassis/kafka/kafka.h"

enum { ASK_TIMEOUT_MS = 5000 };

struct consumer {
    rd_kafka_t *kafka;
    rd_kafka_queue_t *queue; /* fetched records that wait */
    const struct input *inputs;
    size_t input_count;
    size_t batch_max;
    struct arena *arena;
    struct message *messages;
    rd_kafka_message_t **records;
    size_t count, last_count;
    bool lanes[LANES_MAX];
    bool given, revoked, grouped, replaced;
    const char *group;          /* for messages */
    bool at_end[16][LANES_MAX]; /* if the options ask for it */
    bool was_full;              /* the queue, since the last consumer_ask() */
    const char *reason;
};
