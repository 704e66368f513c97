/* Kafka for the lane: a publisher of journal rows and a consumer of lanes.
 * Decides nothing; offsets and sequences belong to the lane.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attributes.h"
#include "chassis/kafka/message.h"

/* Name of a topic: "inservice.<service>.<kind>.v1", static text. */
const char *topic_name(const char *service, enum topic_kind kind,
                       char buffer[64]);

/* --- publisher ---------------------------------------------------------- */
struct publisher;

/* An idempotent, gapless producer (rule 3) for `service`'s topics. NULL with
 * `ret_error` (256 bytes) when the settings are refused or topics are absent.
 */
struct publisher *publisher_new(const char *service, char ret_error[256]);
/* Does not wait. NULL is fine. */
void publisher_free(struct publisher *publisher);
/* The lane begins after `published_seq`; its tracking is reset. */
void publisher_begin_lane(struct publisher *publisher, int lane,
                          int64_t published_seq);
/* Queues a row (bytes are copied); rows of a lane come in order of seq. Polls
 * while librdkafka's queue is full. False: the producer has failed for good. */
bool publisher_send(struct publisher *publisher,
                    const struct journal_row *row) WARN_UNUSED;
/* Counts a row as acknowledged that no topic needs; in order, like
 * publisher_send(). False: the producer has failed for good. */
bool publisher_pass(struct publisher *publisher, int lane,
                    int64_t seq) WARN_UNUSED;
/* Handles acknowledgements for at most `timeout_ms`. */
void publisher_poll(struct publisher *publisher, int timeout_ms);
/* The contiguous prefix of the lane that the broker has acknowledged. */
int64_t publisher_acked(const struct publisher *publisher, int lane);
/* Rows sent and not yet acknowledged. */
size_t publisher_in_flight(const struct publisher *publisher);
/* True after a fatal error: make a new one, take the lanes again. */
bool publisher_failed(const struct publisher *publisher);

/* --- a plain producer of commands (gateway, tools) ---------------------- */
struct sender;
typedef void sender_acked(void *context, bool ok);
struct sender *sender_new(char ret_error[256]);
void sender_free(struct sender *sender);
/* Asks the broker for the command topic of `service` (blocks for a while);
 * false: it is not there now. */
bool sender_open(struct sender *sender, const char *service) WARN_UNUSED;
/* Queues a command for `service`; false: the queue is full (the caller's row
 * will be sent again by the sweeper). Thread-safe. */
bool sender_send(struct sender *sender, const char *service, int lane,
                 const char *type, const char *command_id, const char *lane_key,
                 const char *source, const char *traceparent, int64_t at,
                 const void *value, size_t size) WARN_UNUSED;
/* Waits until all is acknowledged (true) or `timeout_ms` has passed. */
bool sender_flush(struct sender *sender, int timeout_ms);

/* --- consumer ----------------------------------------------------------- */
struct consumer;

struct consumer_options {
    const char *group; /* NULL: no group, all lanes from the end */
    const struct input
        *inputs; /* the first is subscribed, the others assigned */
    size_t batch_max;
    int worker; /* > 0: another member of the same process */
    bool ends;  /* without a group: track consumer_at_end() */
};

struct consumer *consumer_new(const struct consumer_options *options,
                              char ret_error[256]);
/* Leaves the group. NULL is fine. */
void consumer_free(struct consumer *consumer);

enum consumer_news {
    CONSUMER_NOTHING,
    CONSUMER_MESSAGES, /* consumer_messages() has some */
    CONSUMER_GIVEN,    /* other lanes were assigned: take them, then assign */
    CONSUMER_REVOKED,  /* lanes are revoked: release, then confirm */
    CONSUMER_FAILED,   /* offsets out of range or fatal: see the reason */
};
/* Waits up to `timeout_ms` for the first message, then takes all that are
 * ready, up to batch_max. Messages live until the next call. */
enum consumer_news consumer_poll(struct consumer *consumer, int timeout_ms);
struct message *consumer_messages(struct consumer *consumer, size_t *ret_count);
/* The assigned lanes (LANES_MAX flags). */
const bool *consumer_lanes(const struct consumer *consumer);
const char *consumer_reason(const struct consumer *consumer);
/* True after CONSUMER_FAILED: another process has the same INSTANCE_ID. */
bool consumer_replaced(const struct consumer *consumer);
/* Starts (again) at these offsets for all inputs × assigned lanes;
 * offsets[input][lane], -1: from the beginning. Drops fetched records. */
bool consumer_assign(struct consumer *consumer,
                     const int64_t (*offsets)[LANES_MAX]) WARN_UNUSED;
/* After CONSUMER_REVOKED: gives the lanes back. */
void consumer_confirm(struct consumer *consumer);
/* The offset after the last record of an input's lane now; -1: unknown. */
int64_t consumer_end(struct consumer *consumer, size_t input, int lane);
/* The offset of the next record that an input's lane gets, even if retention
 * has deleted all before; -1: unknown. */
int64_t consumer_next(struct consumer *consumer, size_t input, int lane);
/* How many records an input's lane has from the offset `next` on, as the last
 * answer of the broker told; 0 before the first. */
int64_t consumer_behind(const struct consumer *consumer, size_t input, int lane,
                        int64_t next) WARN_UNUSED;
/* With `ends`: an input's lane has been read to its end since it was assigned.
 * The last offsets may hold no record, so the last record is no proof. */
bool consumer_at_end(const struct consumer *consumer, size_t input, int lane);
/* Fetched records that wait for consumer_poll(); consumer_records_max() of
 * kafka_conf.h limits them. */
size_t consumer_waiting(const struct consumer *consumer);
/* Stops fetching; offsets stay with the caller. */
void consumer_pause(struct consumer *consumer);
