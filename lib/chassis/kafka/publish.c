/* Publishing journal rows after COMMIT, and commands from the gateway.
 *
 * One idempotent, gapless producer per lane worker (rule 3). Per lane it keeps
 * the contiguous prefix that the broker has acknowledged; it becomes
 * lane.published_seq. An error report is never an acknowledgement. Called by
 * the worker's thread only; sender_* is thread-safe.
 */
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <librdkafka/rdkafka.h>

#include "chassis/base/clock.h"
#include "chassis/base/failpoint.h"
#include "chassis/kafka/kafka.h"
#include "chassis/kafka/kafka_conf.h"
#include "chassis/kafka/kafka_refusal.h"
#include "chassis/base/metrics.h"

enum { WINDOW = 65536, ROW_HEADERS = 10 };

/* A request's records of one partition together must stay below the topics'
 * max.message.bytes (512 KiB); otherwise the broker refuses them forever. */
#define BATCH_BYTES "262144"

/* Commands on their way to the broker; each takes about 2 KiB of memory. */
#define SENDER_QUEUE "20000"

static const char *const kind_names[TOPIC_KINDS] = {"command", "outcome",
                                                    "event", "state", "dlq"};

struct lane_window {
    int64_t acked; /* contiguous prefix */
    int64_t sent;  /* highest sent */
    bool done[WINDOW];
};

struct publisher {
    const char *service;
    rd_kafka_t *producer;
    rd_kafka_topic_t *topics[TOPIC_KINDS];
    struct lane_window *lanes[LANES_MAX];
    size_t in_flight;
    bool failed;
};

const char *
topic_name(const char *service, enum topic_kind kind, char buffer[64])
{
    snprintf(buffer, 64, "inservice.%s.%s.v1", service, kind_names[kind]);
    return buffer;
}

/* The opaque of a message is the row's place: the lane in the high byte. */
static void *
opaque_of(int lane, int64_t seq)
{
    return (void *)(uintptr_t)((uint64_t)lane << 56 | (uint64_t)seq);
}

static void
lane_acked(struct publisher *publisher, int lane, int64_t seq)
{
    struct lane_window *window = publisher->lanes[lane];

    if (seq <= window->acked || seq > window->sent)
        return; /* of an earlier taking of this lane */
    window->done[seq % WINDOW] = true;
    while (window->acked < window->sent &&
           window->done[(window->acked + 1) % WINDOW]) {
        window->acked++;
        window->done[window->acked % WINDOW] = false;
    }
}

static void
on_delivery(rd_kafka_t *producer, const rd_kafka_message_t *message,
            void *context)
{
    struct publisher *publisher = context;
    uint64_t place = (uint64_t)(uintptr_t)message->_private;

    (void)producer;
    publisher->in_flight--;
    kafka_note_right(message->err, rd_kafka_topic_name(message->rkt));
    if (message->err != RD_KAFKA_RESP_ERR_NO_ERROR ||
        FAILPOINT(publish_acknowledged))
        return;
    lane_acked(publisher, (int)(place >> 56),
               (int64_t)(place & UINT64_C(0xffffffffffffff)));
}

static bool
publisher_open_topics(struct publisher *publisher, char ret_error[256])
{
    char name[64];

    for (int kind = 0; kind < TOPIC_KINDS; kind++) {
        topic_name(publisher->service, kind, name);
        publisher->topics[kind] =
            rd_kafka_topic_new(publisher->producer, name, NULL);
        if (!kafka_topic_ready(publisher->producer, publisher->topics[kind],
                               ret_error))
            return false;
    }
    return true;
}

struct publisher *
publisher_new(const char *service, char ret_error[256])
{
    struct publisher *publisher = calloc(1, sizeof *publisher);
    rd_kafka_conf_t *conf = kafka_conf_new();

    if (publisher == NULL)
        abort();
    publisher->service = service;
    kafka_conf_set(conf, "enable.idempotence", "true");
    kafka_conf_set(conf, "enable.gapless.guarantee", "true");
    kafka_conf_set(conf, "message.timeout.ms", "0");
    kafka_conf_set(conf, "linger.ms", "0");
    kafka_conf_set(conf, "batch.size", BATCH_BYTES);
    kafka_conf_set(conf, "queue.buffering.max.messages", "1000000");
    rd_kafka_conf_set_dr_msg_cb(conf, on_delivery);
    rd_kafka_conf_set_opaque(conf, publisher);
    publisher->producer = kafka_new(RD_KAFKA_PRODUCER, conf, ret_error);
    if (publisher->producer == NULL ||
        !publisher_open_topics(publisher, ret_error)) {
        publisher_free(publisher);
        return NULL;
    }
    for (int lane = 0; lane < lane_count(); lane++) {
        publisher->lanes[lane] = calloc(1, sizeof *publisher->lanes[lane]);
        if (publisher->lanes[lane] == NULL)
            abort();
    }
    return publisher;
}

void
publisher_free(struct publisher *publisher)
{
    if (publisher == NULL)
        return;
    for (int kind = 0; kind < TOPIC_KINDS; kind++)
        if (publisher->topics[kind] != NULL)
            rd_kafka_topic_destroy(publisher->topics[kind]);
    if (publisher->producer != NULL) {
        rd_kafka_purge(publisher->producer,
                       RD_KAFKA_PURGE_F_QUEUE | RD_KAFKA_PURGE_F_INFLIGHT);
        rd_kafka_flush(publisher->producer, 1000);
        rd_kafka_destroy(publisher->producer);
    }
    for (int lane = 0; lane < lane_count(); lane++)
        free(publisher->lanes[lane]);
    free(publisher);
}

void
publisher_begin_lane(struct publisher *publisher, int lane,
                     int64_t published_seq)
{
    struct lane_window *window = publisher->lanes[lane];

    memset(window->done, 0, sizeof window->done);
    window->acked = window->sent = published_seq;
}

static void
header_add(rd_kafka_headers_t *headers, const char *name, const char *value)
{
    if (value != NULL)
        rd_kafka_header_add(headers, name, -1, value, -1);
}

static void
header_add_int(rd_kafka_headers_t *headers, const char *name, int64_t value)
{
    char text[24];

    snprintf(text, sizeof text, "%lld", (long long)value);
    rd_kafka_header_add(headers, name, -1, text, -1);
}

/* CloudEvents 1.0 binary mode, and headers for followers of the lane. */
static rd_kafka_headers_t *
row_headers(const char *service, const struct journal_row *row)
{
    rd_kafka_headers_t *headers = rd_kafka_headers_new(ROW_HEADERS + 5);
    char text[64];

    header_add(headers, "ce_specversion", "1.0");
    if (row->kind == TOPIC_COMMAND) {
        header_add(headers, "ce_id", row->command_id);
    } else {
        snprintf(text, sizeof text, "%d-%lld-%lld", row->lane,
                 (long long)row->incarnation, (long long)row->seq);
        header_add(headers, "ce_id", text);
    }
    header_add(headers, "ce_type", row->type);
    snprintf(text, sizeof text, "/inservice/%s", service);
    header_add(headers, "ce_source", text);
    header_add(headers, "ce_subject", row->key);
    header_add(headers, "ce_time", clock_text(row->at, text));
    header_add(headers, "content-type", "application/protobuf");
    header_add_int(headers, "ce_sequence", row->seq);
    header_add_int(headers, "ce_incarnation", row->incarnation);
    header_add_int(headers, "ce_lane", row->lane);
    if (row->version > 0)
        header_add_int(headers, "ce_entityversion", row->version);
    header_add(headers, "ce_causationid", row->causation);
    header_add(headers, "ce_completes", row->completes);
    header_add(headers, "ce_origin", row->origin);
    if (row->kind == TOPIC_DLQ)
        header_add(headers, "ce_reason", row->code);
    header_add(headers, "traceparent", row->traceparent);
    return headers;
}

static rd_kafka_error_t *
produce(rd_kafka_t *producer, rd_kafka_topic_t *topic, int partition,
        const char *key, const void *value, size_t size,
        rd_kafka_headers_t *headers, void *opaque)
{
    rd_kafka_vu_t vus[8] = {
        {.vtype = RD_KAFKA_VTYPE_RKT, .u.rkt = topic},
        {.vtype = RD_KAFKA_VTYPE_PARTITION, .u.i32 = partition},
        {.vtype = RD_KAFKA_VTYPE_MSGFLAGS, .u.i = RD_KAFKA_MSG_F_COPY},
        {.vtype = RD_KAFKA_VTYPE_OPAQUE, .u.ptr = opaque},
        {.vtype = RD_KAFKA_VTYPE_HEADERS, .u.headers = headers},
    };

    vus[5].vtype = RD_KAFKA_VTYPE_KEY;
    vus[5].u.mem.ptr = (void *)(uintptr_t)key;
    vus[5].u.mem.size = strlen(key);
    vus[6].vtype = RD_KAFKA_VTYPE_VALUE;
    vus[6].u.mem.ptr = (void *)(uintptr_t)value;
    vus[6].u.mem.size = size;
    return rd_kafka_produceva(producer, vus, 7);
}

/* Waits until the lane's window has room for this row. */
static void
window_wait(struct publisher *publisher, const struct lane_window *window,
            int64_t seq)
{
    while (!publisher->failed && seq - window->acked >= WINDOW)
        publisher_poll(publisher, 10);
}

bool
publisher_pass(struct publisher *publisher, int lane, int64_t seq)
{
    struct lane_window *window = publisher->lanes[lane];

    window_wait(publisher, window, seq);
    window->sent = seq;
    lane_acked(publisher, lane, seq);
    return !publisher_failed(publisher);
}

bool
publisher_send(struct publisher *publisher, const struct journal_row *row)
{
    struct lane_window *window = publisher->lanes[row->lane];

    window_wait(publisher, window, row->seq);
    while (!publisher_failed(publisher)) {
        rd_kafka_headers_t *headers = row_headers(publisher->service, row);
        rd_kafka_error_t *error =
            produce(publisher->producer, publisher->topics[row->kind],
                    row->partition, row->key, row->value, row->size, headers,
                    opaque_of(row->lane, row->seq));
        if (error == NULL) {
            window->sent = row->seq;
            publisher->in_flight++;
            return true;
        }
        bool full = rd_kafka_error_code(error) == RD_KAFKA_RESP_ERR__QUEUE_FULL;
        rd_kafka_error_destroy(error);
        rd_kafka_headers_destroy(headers);
        if (!full)
            publisher->failed = true;
        publisher_poll(publisher, 10);
    }
    return false;
}

void
publisher_poll(struct publisher *publisher, int timeout_ms)
{
    rd_kafka_poll(publisher->producer, timeout_ms);
}

int64_t
publisher_acked(const struct publisher *publisher, int lane)
{
    return publisher->lanes[lane]->acked;
}

size_t
publisher_in_flight(const struct publisher *publisher)
{
    return publisher->in_flight;
}

bool
publisher_failed(const struct publisher *publisher)
{
    char text[200];

    return publisher->failed ||
           rd_kafka_fatal_error(publisher->producer, text, sizeof text) !=
               RD_KAFKA_RESP_ERR_NO_ERROR;
}

/* --- commands from outside the lanes ------------------------------------ */
enum { SENDER_SERVICES = 4 };

struct sender {
    rd_kafka_t *producer;
    pthread_t thread;
    atomic_bool stop;
    pthread_mutex_t lock;
    struct {
        const char *service;
        rd_kafka_topic_t *topic;
    } topics[SENDER_SERVICES];
};

static void *
sender_serve(void *context)
{
    struct sender *sender = context;

    while (!atomic_load(&sender->stop))
        rd_kafka_poll(sender->producer, 100);
    return NULL;
}

/* A command that was not sent is sent again by the sweeper. */
static void
on_sent(rd_kafka_t *producer, const rd_kafka_message_t *message, void *context)
{
    (void)producer, (void)context;
    kafka_note_right(message->err, rd_kafka_topic_name(message->rkt));
}

struct sender *
sender_new(char ret_error[256])
{
    struct sender *sender = calloc(1, sizeof *sender);
    rd_kafka_conf_t *conf = kafka_conf_new();

    if (sender == NULL)
        abort();
    kafka_conf_set(conf, "enable.idempotence", "true");
    kafka_conf_set(conf, "message.timeout.ms", "30000");
    kafka_conf_set(conf, "linger.ms", "0");
    kafka_conf_set(conf, "batch.size", BATCH_BYTES);
    kafka_conf_set(conf, "queue.buffering.max.messages", SENDER_QUEUE);
    rd_kafka_conf_set_dr_msg_cb(conf, on_sent);
    pthread_mutex_init(&sender->lock, NULL);
    sender->producer = kafka_new(RD_KAFKA_PRODUCER, conf, ret_error);
    if (sender->producer == NULL) {
        free(sender);
        return NULL;
    }
    if (pthread_create(&sender->thread, NULL, sender_serve, sender) != 0)
        abort();
    return sender;
}

void
sender_free(struct sender *sender)
{
    if (sender == NULL)
        return;
    atomic_store(&sender->stop, true);
    pthread_join(sender->thread, NULL);
    for (size_t i = 0; i < SENDER_SERVICES; i++)
        if (sender->topics[i].topic != NULL)
            rd_kafka_topic_destroy(sender->topics[i].topic);
    rd_kafka_destroy(sender->producer);
    pthread_mutex_destroy(&sender->lock);
    free(sender);
}

/* The command topic of a service; opened once, names are static texts. */
static rd_kafka_topic_t *
sender_topic(struct sender *sender, const char *service)
{
    char name[64], error[256];
    rd_kafka_topic_t *topic = NULL;

    pthread_mutex_lock(&sender->lock);
    for (size_t i = 0; i < SENDER_SERVICES && topic == NULL; i++) {
        if (sender->topics[i].service == NULL) {
            topic = rd_kafka_topic_new(sender->producer,
                                       topic_name(service, TOPIC_COMMAND, name),
                                       NULL);
            if (!kafka_topic_ready(sender->producer, topic, error)) {
                rd_kafka_topic_destroy(topic);
                topic = NULL;
                break;
            }
            sender->topics[i].service = service;
            sender->topics[i].topic = topic;
        } else if (strcmp(sender->topics[i].service, service) == 0) {
            topic = sender->topics[i].topic;
        }
    }
    pthread_mutex_unlock(&sender->lock);
    return topic;
}

bool
sender_open(struct sender *sender, const char *service)
{
    return sender_topic(sender, service) != NULL;
}

bool
sender_send(struct sender *sender, const char *service, int lane,
            const char *type, const char *command_id, const char *lane_key,
            const char *source, const char *traceparent, int64_t at,
            const void *value, size_t size)
{
    rd_kafka_topic_t *topic = sender_topic(sender, service);
    char text[28];

    if (topic == NULL)
        return false;
    rd_kafka_headers_t *headers = rd_kafka_headers_new(8);
    header_add(headers, "ce_specversion", "1.0");
    header_add(headers, "ce_id", command_id);
    header_add(headers, "ce_type", type);
    header_add(headers, "ce_source", source);
    header_add(headers, "ce_subject", lane_key);
    header_add(headers, "ce_time", clock_text(at, text));
    header_add(headers, "content-type", "application/protobuf");
    header_add(headers, "traceparent", traceparent);
    rd_kafka_error_t *error = produce(sender->producer, topic, lane, lane_key,
                                      value, size, headers, NULL);
    if (error == NULL)
        return true;
    rd_kafka_error_destroy(error);
    rd_kafka_headers_destroy(headers);
    return false;
}

bool
sender_flush(struct sender *sender, int timeout_ms)
{
    return rd_kafka_flush(sender->producer, timeout_ms) ==
           RD_KAFKA_RESP_ERR_NO_ERROR;
}
