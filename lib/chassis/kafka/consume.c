/* Consuming lanes: one group decides who owns them, all inputs follow.
 *
 * The first input is subscribed; when its partitions are assigned, the same
 * lanes of all other inputs are assigned by hand (two topics in one group were
 * seen to split a lane between owners). Offsets are never committed to Kafka:
 * they stand in the lane's tables. Without a group (followers) all lanes of all
 * inputs are read from their end.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <librdkafka/rdkafka.h>

#include "chassis/base/arena.h"
#include "chassis/base/clock.h"
#include "chassis/base/seal.h"
#include "chassis/kafka/consume_internal.h"
#include "chassis/kafka/kafka_conf.h"
#include "chassis/kafka/kafka_refusal.h"
#include "chassis/base/log.h"
#include "chassis/base/settings.h"
#include "chassis/base/wire_text.h"

/* After a batch of many messages more are on their way: wait a moment for them,
 * because one transaction and one request to the broker cost the same for one
 * message as for a hundred. */
enum { GATHER_FROM = 4, GATHER_EACH_MS = 3, GATHER_ALL_MS = 15 };

static void
consumer_set_lanes(struct consumer *consumer,
                   const rd_kafka_topic_partition_list_t *partitions)
{
    memset(consumer->lanes, 0, sizeof consumer->lanes);
    for (int i = 0; partitions != NULL && i < partitions->cnt; i++)
        if (partitions->elems[i].partition < lane_count())
            consumer->lanes[partitions->elems[i].partition] = true;
}

/* Only notes the event; the worker acts after consumer_poll(). */
static void
on_rebalance(rd_kafka_t *kafka, rd_kafka_resp_err_t err,
             rd_kafka_topic_partition_list_t *partitions, void *context)
{
    struct consumer *consumer = context;

    if (err == RD_KAFKA_RESP_ERR__ASSIGN_PARTITIONS) {
        consumer_set_lanes(consumer, partitions);
        consumer->given = true;
        return;
    }
    consumer->revoked = true;
    consumer->given = false;
    rd_kafka_assign(kafka, NULL);
}

/* Every input must exist: a missing topic would be silent forever. */
static bool
consumer_check_inputs(struct consumer *consumer, char ret_error[256])
{
    for (size_t i = 0; i < consumer->input_count; i++) {
        rd_kafka_topic_t *topic = rd_kafka_topic_new(
            consumer->kafka, consumer->inputs[i].topic, NULL);
        bool ready = kafka_topic_ready(consumer->kafka, topic, ret_error);
        rd_kafka_topic_destroy(topic);
        if (!ready)
            return false;
    }
    return true;
}

static bool
consumer_subscribe(struct consumer *consumer, char ret_error[256])
{
    rd_kafka_topic_partition_list_t *topics =
        rd_kafka_topic_partition_list_new(1);

    rd_kafka_topic_partition_list_add(topics, consumer->inputs[0].topic,
                                      RD_KAFKA_PARTITION_UA);
    rd_kafka_resp_err_t err = rd_kafka_subscribe(consumer->kafka, topics);
    rd_kafka_topic_partition_list_destroy(topics);
    if (err != RD_KAFKA_RESP_ERR_NO_ERROR)
        snprintf(ret_error, 256, "subscribe: %s", rd_kafka_err2str(err));
    return err == RD_KAFKA_RESP_ERR_NO_ERROR;
}

/* RD_KAFKA_OFFSET_END is -1, which means the beginning to consumer_assign(). */
static bool
consumer_follow_ends(struct consumer *consumer)
{
    int64_t offsets[16][LANES_MAX];

    for (size_t i = 0; i < 16; i++)
        for (int lane = 0; lane < lane_count(); lane++)
            offsets[i][lane] = RD_KAFKA_OFFSET_TAIL(0);
    memset(consumer->lanes, true, (size_t)lane_count());
    return consumer_assign(consumer, (const int64_t(*)[LANES_MAX])offsets);
}

struct consumer *
consumer_new(const struct consumer_options *options, char ret_error[256])
{
    struct consumer *consumer = calloc(1, sizeof *consumer);

    if (consumer == NULL)
        abort();
    consumer->inputs = options->inputs;
    while (options->inputs[consumer->input_count].topic != NULL)
        consumer->input_count++;
    consumer->batch_max = options->batch_max;
    consumer->grouped = options->group != NULL;
    consumer->group = options->group != NULL ? options->group : "no group";
    consumer->arena = arena_new(0);
    consumer->messages = calloc(options->batch_max, sizeof *consumer->messages);
    consumer->records = calloc(options->batch_max, sizeof *consumer->records);
    rd_kafka_conf_t *conf = consumer_conf(options);
    rd_kafka_conf_set_opaque(conf, consumer);
    if (consumer->grouped)
        rd_kafka_conf_set_rebalance_cb(conf, on_rebalance);
    consumer->kafka = kafka_new(RD_KAFKA_CONSUMER, conf, ret_error);
    if (consumer->kafka == NULL ||
        !consumer_check_inputs(consumer, ret_error)) {
        consumer_free(consumer);
        return NULL;
    }
    rd_kafka_poll_set_consumer(consumer->kafka);
    consumer->queue = rd_kafka_queue_get_consumer(consumer->kafka);
    if (consumer->grouped ? !consumer_subscribe(consumer, ret_error)
                          : !consumer_follow_ends(consumer)) {
        consumer_free(consumer);
        return NULL;
    }
    return consumer;
}

static void
consumer_drop(struct consumer *consumer)
{
    for (size_t i = 0; i < consumer->count; i++)
        rd_kafka_message_destroy(consumer->records[i]);
    consumer->count = 0;
    arena_reset(consumer->arena);
}

void
consumer_free(struct consumer *consumer)
{
    if (consumer == NULL)
        return;
    consumer_drop(consumer);
    if (consumer->queue != NULL)
        rd_kafka_queue_destroy(consumer->queue);
    if (consumer->kafka != NULL) {
        rd_kafka_consumer_close(consumer->kafka);
        rd_kafka_destroy(consumer->kafka);
    }
    arena_free(consumer->arena);
    free(consumer->messages);
    free(consumer->records);
    free(consumer);
}

/* "2026-08-01T00:00:00.000000Z" to µs since 1970; 0 for any other form. */
static int64_t
time_of(const char *text)
{
    int y, mo, d, h, mi, s, us = 0;

    if (sscanf(text, "%4d-%2d-%2dT%2d:%2d:%2d.%6d", &y, &mo, &d, &h, &mi, &s,
               &us) < 6)
        return 0;
    int64_t years = mo <= 2 ? y - 1 : y;
    int64_t era = years / 400, of_era = years - era * 400;
    int64_t of_year = (153 * (mo + (mo > 2 ? -3 : 9)) + 2) / 5 + d - 1;
    int64_t days = era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 +
                   of_year - 719468;
    return SECONDS(days * 86400 + h * 3600 + mi * 60 + s) + us;
}

/* Texts from outside are stored and indexed: a text that is too long or not
 * UTF-8 is replaced by the hex of its beginning, so that it can be parked. */
static const char *
text_from_outside(struct arena *arena, const void *text, size_t size)
{
    char hex[2 * 32 + 1];

    if (size <= KEY_MAX && wire_text_valid(text, size) &&
        memchr(text, '\0', size) == NULL)
        return arena_strndup(arena, text, size);
    return arena_printf(arena, "hex:%s",
                        seal_hex(text, size < 32 ? size : 32, hex));
}

/* A whole number that leaves room for the ones after it. Any other text counts
 * as no header: cut to the largest number, it would make all later facts look
 * like repetitions. */
static void
number_from_outside(const char *text, int64_t *number)
{
    size_t digits = strspn(text, "0123456789");

    if (digits > 0 && digits <= 18 && text[digits] == '\0')
        *number = strtoll(text, NULL, 10);
}

static void
message_header(struct message *message, struct arena *arena, const char *name,
               const char *value, size_t size)
{
    const struct {
        const char *name;
        const char **text;
        int64_t *number;
    } known[] = {
        {"ce_type", &message->type, NULL},
        {"ce_id", &message->id, NULL},
        {"ce_source", &message->source, NULL},
        {"traceparent", &message->traceparent, NULL},
        {"ce_causationid", &message->causation, NULL},
        {"ce_completes", &message->completes, NULL},
        {"ce_sequence", NULL, &message->sequence},
        {"ce_incarnation", NULL, &message->incarnation},
        {"ce_entityversion", NULL, &message->entity_version},
    };

    if (strcmp(name, "ce_time") == 0)
        message->at = time_of(value);
    for (size_t i = 0; i < COUNT_OF(known); i++) {
        if (strcmp(known[i].name, name) != 0)
            continue;
        if (known[i].text != NULL)
            *known[i].text = text_from_outside(arena, value, size);
        else
            number_from_outside(value, known[i].number);
    }
}

static void
message_read(struct consumer *consumer, const rd_kafka_message_t *record,
             struct message *message)
{
    const char *topic = rd_kafka_topic_name(record->rkt);
    rd_kafka_headers_t *headers = NULL;
    const char *name;
    const void *value;
    size_t size;

    *message = (struct message){
        .lane = record->partition,
        .offset = record->offset,
        .key = text_from_outside(
            consumer->arena, record->key ? record->key : "", record->key_len),
        .type = "",
        .id = "",
        .source = "",
        .sequence = -1,
        .value = record->payload,
        .size = record->len,
    };
    for (size_t i = 0; i < consumer->input_count; i++) {
        if (strcmp(consumer->inputs[i].topic, topic) == 0) {
            message->topic = consumer->inputs[i].topic;
            message->kind = consumer->inputs[i].kind;
        }
    }
    rd_kafka_message_headers(record, &headers);
    for (size_t i = 0;
         headers != NULL &&
         rd_kafka_header_get_all(headers, i, &name, &value, &size) == 0;
         i++)
        if (value != NULL)
            message_header(message, consumer->arena, name, value, size);
}

static void
consumer_note_end(struct consumer *consumer, const rd_kafka_message_t *record)
{
    for (size_t i = 0; i < consumer->input_count && i < 16; i++)
        if (record->partition < lane_count() &&
            strcmp(consumer->inputs[i].topic,
                   rd_kafka_topic_name(record->rkt)) == 0)
            consumer->at_end[i][record->partition] = true;
}

bool
consumer_at_end(const struct consumer *consumer, size_t input, int lane)
{
    return consumer->at_end[input][lane];
}

/* librdkafka heals transient errors, not lost positions. */
static bool
consumer_error(struct consumer *consumer, const rd_kafka_message_t *record)
{
    if (record->err == RD_KAFKA_RESP_ERR__PARTITION_EOF) {
        consumer_note_end(consumer, record);
        return false;
    }
    bool lost = record->err == RD_KAFKA_RESP_ERR__AUTO_OFFSET_RESET ||
                record->err == RD_KAFKA_RESP_ERR_OFFSET_OUT_OF_RANGE ||
                record->err == RD_KAFKA_RESP_ERR__FATAL;

    if (record->err == RD_KAFKA_RESP_ERR__FATAL)
        consumer->replaced = rd_kafka_fatal_error(consumer->kafka, NULL, 0) ==
                             RD_KAFKA_RESP_ERR_FENCED_INSTANCE_ID;
    kafka_note_right(record->err, record->rkt != NULL
                                      ? rd_kafka_topic_name(record->rkt)
                                      : consumer->group);
    if (lost)
        consumer->reason = rd_kafka_err2str(record->err);
    log_event(consume_error,
              log_str("reason", rd_kafka_message_errstr(record)));
    return lost;
}

size_t
consumer_waiting(const struct consumer *consumer)
{
    return rd_kafka_queue_length(consumer->queue);
}

/* After its queue was full, librdkafka 2.0 fetches again after a second or when
 * the broker answers a request. This request ends the pause; its answer is not
 * used. Without it a fast reader has nothing to read in that second. */
static void
consumer_ask(struct consumer *consumer)
{
    rd_kafka_topic_partition_list_t *ends = rd_kafka_topic_partition_list_new(
        (int)consumer->input_count * lane_count());

    for (size_t i = 0; i < consumer->input_count; i++)
        for (int lane = 0; lane < lane_count(); lane++)
            if (consumer->lanes[lane])
                rd_kafka_topic_partition_list_add(
                    ends, consumer->inputs[i].topic, lane)
                    ->offset = RD_KAFKA_OFFSET_END;
    (void)rd_kafka_offsets_for_times(consumer->kafka, ends, ASK_TIMEOUT_MS);
    rd_kafka_topic_partition_list_destroy(ends);
}

/* Makes librdkafka fetch again before its queue is empty. */
static void
consumer_refill(struct consumer *consumer)
{
    size_t waiting = consumer_waiting(consumer);
    size_t full = consumer_records_max();

    if (waiting >= full / 2) {
        consumer->was_full = true;
    } else if (consumer->was_full && waiting < full / 4) {
        consumer->was_full = false;
        consumer_ask(consumer);
    }
}

/* How long to wait for the next record, in ms. */
static int
poll_patience(const struct consumer *consumer, int timeout_ms, int64_t first_at)
{
    int64_t waited = clock_monotonic() - first_at;

    if (consumer->count == 0)
        return timeout_ms;
    if (consumer->last_count < GATHER_FROM ||
        waited > MILLISECONDS(GATHER_ALL_MS))
        return 0;
    return GATHER_EACH_MS;
}

enum consumer_news
consumer_poll(struct consumer *consumer, int timeout_ms)
{
    int64_t first_at = 0;

    consumer->last_count = consumer->count;
    consumer_drop(consumer);
    consumer_refill(consumer);
    while (consumer->count < consumer->batch_max) {
        rd_kafka_message_t *record = rd_kafka_consumer_poll(
            consumer->kafka, poll_patience(consumer, timeout_ms, first_at));
        if (consumer->revoked || consumer->given) {
            if (record != NULL)
                rd_kafka_message_destroy(record);
            consumer_drop(
                consumer); /* read again from the offsets of the table */
            return consumer->revoked ? CONSUMER_REVOKED : CONSUMER_GIVEN;
        }
        if (record == NULL)
            break;
        if (record->err != RD_KAFKA_RESP_ERR_NO_ERROR) {
            bool lost = consumer_error(consumer, record);
            rd_kafka_message_destroy(record);
            if (lost)
                return CONSUMER_FAILED;
            break;
        }
        if (consumer->count == 0)
            first_at = clock_monotonic();
        consumer->records[consumer->count] = record;
        struct message *message = &consumer->messages[consumer->count++];
        message_read(consumer, record, message);
    }
    return consumer->count > 0 ? CONSUMER_MESSAGES : CONSUMER_NOTHING;
}

struct message *
consumer_messages(struct consumer *consumer, size_t *ret_count)
{
    *ret_count = consumer->count;
    return consumer->messages;
}

const bool *
consumer_lanes(const struct consumer *consumer)
{
    return consumer->lanes;
}

const char *
consumer_reason(const struct consumer *consumer)
{
    return consumer->reason ? consumer->reason : "";
}

bool
consumer_replaced(const struct consumer *consumer)
{
    return consumer->replaced;
}

bool
consumer_assign(struct consumer *consumer, const int64_t (*offsets)[LANES_MAX])
{
    rd_kafka_topic_partition_list_t *list = rd_kafka_topic_partition_list_new(
        (int)consumer->input_count * lane_count());

    consumer_drop(consumer);
    memset(consumer->at_end, 0, sizeof consumer->at_end);
    for (size_t i = 0; i < consumer->input_count; i++) {
        for (int lane = 0; lane < lane_count(); lane++) {
            if (!consumer->lanes[lane])
                continue;
            int64_t offset = offsets[i][lane];
            rd_kafka_topic_partition_list_add(list, consumer->inputs[i].topic,
                                              lane)
                ->offset = offset == -1 ? RD_KAFKA_OFFSET_BEGINNING : offset;
        }
    }
    /* Assigns again, so that records fetched before are dropped. */
    rd_kafka_assign(consumer->kafka, NULL);
    rd_kafka_resp_err_t err = rd_kafka_assign(consumer->kafka, list);
    rd_kafka_topic_partition_list_destroy(list);
    consumer->given = false;
    return err == RD_KAFKA_RESP_ERR_NO_ERROR;
}

void
consumer_confirm(struct consumer *consumer)
{
    consumer->revoked = false;
    if (!consumer->given)
        memset(consumer->lanes, 0, sizeof consumer->lanes);
}

void
consumer_pause(struct consumer *consumer)
{
    rd_kafka_assign(consumer->kafka, NULL);
}
