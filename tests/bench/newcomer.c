/* A consumer that begins: how fast does it read a state topic from the
 * beginning?
 *
 *   newcomer say FILE        has the owners say every state of FILE again; a
 *                            line is service, type, key, lane key, with tabs
 *   newcomer raw SERVICE     reads by librdkafka alone
 *   newcomer read SERVICE    reads as another system does that is built on the
 *                            chassis: bounded memory, headers checked, message
 *                            decoded
 *
 * Prints one JSON object. Used by `make bench`; talks to Kafka only.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chassis/base/clock.h"
#include "chassis/base/lanes.h"
#include "chassis/base/log.h"
#include "chassis/base/settings.h"
#include "chassis/kafka/kafka.h"
#include "chassis/kafka/kafka_conf.h"
#include "chassis/lane/operator.h"

#include "inservice/account/v1/states.pb-c.h"
#include "inservice/teacher/v1/states.pb-c.h"

enum { PIECE = 1000, WAIT_MS = 1000 };

struct reading {
    long states, wrong;
    size_t bytes;
    int64_t began;
    int open; /* lanes that have not been read to their end */
};

static int
report(const struct reading *reading)
{
    double seconds = (double)(clock_monotonic() - reading->began) / 1e6;

    printf(
        "{\"count\": %ld, \"wrong\": %ld, \"bytes\": %zu, \"seconds\": %.3f, "
        "\"per_second\": %.1f}\n",
        reading->states, reading->wrong, reading->bytes, seconds,
        (double)reading->states / seconds);
    return reading->wrong == 0 ? 0 : 1;
}

static int
fail(const char *what, const char *why)
{
    fprintf(stderr, "newcomer: %s: %s\n", what, why);
    return 1;
}

/* --- say ---------------------------------------------------------------- */
static bool
republish_one(struct sender *sender, char *line)
{
    char *fields[4] = {NULL};

    for (size_t i = 0; i < 4; i++)
        fields[i] = strsep(&line, "\t\n");
    if (fields[3] == NULL)
        return false;
    /* The queue may be full for a while: the sender's thread empties it. */
    while (!operator_republish(sender,
                               fields[0][0] == 'a' ? "account" : "teacher",
                               fields[1], fields[2], lane_of(fields[3])))
        if (!sender_flush(sender, 30000))
            return false;
    return true;
}

static int
republish_all(const char *path)
{
    char error[256] = "", line[256];
    struct sender *sender = sender_new(error);
    FILE *file = fopen(path, "re");
    struct reading reading = {.began = clock_monotonic()};

    if (sender == NULL || file == NULL)
        return fail("say", sender == NULL ? error : path);
    while (fgets(line, sizeof line, file) != NULL) {
        if (!republish_one(sender, line))
            return fail(path, "a line cannot be said");
        reading.states++;
    }
    fclose(file);
    bool sent = sender_flush(sender, 60000);
    sender_free(sender);
    return sent ? report(&reading) : fail("say", "not acknowledged");
}

/* --- raw ---------------------------------------------------------------- */
static void
take_raw(struct reading *reading, rd_kafka_message_t *record)
{
    if (record->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
        reading->open--;
    } else if (record->err == RD_KAFKA_RESP_ERR_NO_ERROR) {
        reading->states++;
        reading->bytes += record->len + record->key_len;
    } else {
        reading->wrong++;
    }
    rd_kafka_message_destroy(record);
}

static int
read_raw(const char *topic)
{
    rd_kafka_conf_t *conf = kafka_conf_new();
    rd_kafka_message_t *records[PIECE];
    struct reading reading = {.open = lane_count()};
    char error[256] = "";

    kafka_conf_set(conf, "group.id", "inservice-bench");
    kafka_conf_set(conf, "enable.auto.commit", "false");
    kafka_conf_set(conf, "enable.partition.eof", "true");
    rd_kafka_t *kafka = kafka_new(RD_KAFKA_CONSUMER, conf, error);
    if (kafka == NULL)
        return fail("raw", error);
    rd_kafka_poll_set_consumer(kafka);
    rd_kafka_queue_t *queue = rd_kafka_queue_get_consumer(kafka);
    rd_kafka_topic_partition_list_t *list =
        rd_kafka_topic_partition_list_new(lane_count());
    for (int lane = 0; lane < lane_count(); lane++)
        rd_kafka_topic_partition_list_add(list, topic, lane)->offset =
            RD_KAFKA_OFFSET_BEGINNING;
    reading.began = clock_monotonic();
    rd_kafka_assign(kafka, list);
    while (reading.open > 0) {
        ssize_t count =
            rd_kafka_consume_batch_queue(queue, WAIT_MS, records, PIECE);
        for (ssize_t i = 0; i < count; i++)
            take_raw(&reading, records[i]);
    }
    int status = report(&reading);
    rd_kafka_topic_partition_list_destroy(list);
    rd_kafka_queue_destroy(queue);
    rd_kafka_consumer_close(kafka);
    rd_kafka_destroy(kafka);
    return status;
}

/* --- read --------------------------------------------------------------- */
static const ProtobufCMessageDescriptor *
state_named(const char *type)
{
    const ProtobufCMessageDescriptor *const states[] = {
        &inservice__account__v1__organization_state__descriptor,
        &inservice__account__v1__business_account_state__descriptor,
        &inservice__account__v1__teacher_account_state__descriptor,
        &inservice__teacher__v1__teacher_state__descriptor,
    };

    for (size_t i = 0; i < sizeof states / sizeof states[0]; i++)
        if (strcmp(states[i]->name, type) == 0)
            return states[i];
    return NULL;
}

static void
take(struct reading *reading, const struct message *message)
{
    const ProtobufCMessageDescriptor *type = state_named(message->type);
    ProtobufCMessage *state = NULL;

    if (type != NULL && message->value != NULL)
        state = protobuf_c_message_unpack(type, NULL, message->size,
                                          message->value);
    reading->wrong += type != NULL && state == NULL;
    reading->states++;
    reading->bytes += message->size + strlen(message->key);
    if (state != NULL)
        protobuf_c_message_free_unpacked(state, NULL);
}

static bool
reads_on(const struct consumer *consumer)
{
    for (int lane = 0; lane < lane_count(); lane++)
        if (!consumer_at_end(consumer, 0, lane))
            return true;
    return false;
}

static int
read_as_newcomer(const char *topic)
{
    const struct input inputs[] = {{topic, TOPIC_STATE}, {NULL, TOPIC_STATE}};
    struct consumer_options options = {
        .inputs = inputs, .batch_max = PIECE, .ends = true};
    int64_t offsets[1][LANES_MAX];
    struct reading reading = {0};
    char error[256] = "";
    struct consumer *consumer = consumer_new(&options, error);

    if (consumer == NULL)
        return fail("read", error);
    for (int lane = 0; lane < lane_count(); lane++)
        offsets[0][lane] = -1;
    reading.began = clock_monotonic();
    if (!consumer_assign(consumer, (const int64_t(*)[LANES_MAX])offsets))
        return fail("read", consumer_reason(consumer));
    while (reads_on(consumer)) {
        size_t count = 0;
        if (consumer_poll(consumer, WAIT_MS) != CONSUMER_MESSAGES)
            continue;
        const struct message *messages = consumer_messages(consumer, &count);
        for (size_t i = 0; i < count; i++)
            take(&reading, &messages[i]);
    }
    int status = report(&reading);
    consumer_free(consumer);
    return status;
}

int
main(int argc, char **argv)
{
    char topic[64];

    if (argc != 3) {
        fprintf(stderr,
                "usage: newcomer say FILE | raw SERVICE | read SERVICE\n");
        return 2;
    }
    setenv("INSERVICE_DATABASE_URL", "none", 0);
    if (!settings_read((const struct setting[]){{.name = NULL}}, NULL,
                       stderr) ||
        !log_open("newcomer", "warning"))
        return 1;
    lane_count_set((int)chassis_settings.lanes);
    if (strcmp(argv[1], "say") == 0)
        return republish_all(argv[2]);
    topic_name(argv[2], TOPIC_STATE, topic);
    return strcmp(argv[1], "raw") == 0 ? read_raw(topic)
                                       : read_as_newcomer(topic);
}
