/* The data that Kafka carries: a message, a journal row, a topic.
 *
 * The consumer gives messages, the lane decides them, the publisher sends
 * journal rows. A lane is a partition number, the same for every topic.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <protobuf-c/protobuf-c.h>

#include "chassis/base/lanes.h"
#include "chassis/kafka/topic_kind.h"

enum { KEY_MAX = 128, MESSAGE_VALUE_MAX = 256 * 1024 };

/* The four ends of any piece of work. */
enum end {
    DONE,
    REFUSED, /* by a rule, with a code; the outcome is published */
    RETRY,   /* a fault outside: the same batch again, after a pause */
    BROKEN,  /* our fault or a bad message: parked with its key */
};

/* One record as it came from Kafka; texts live as long as the batch. */
struct message {
    const char *topic;
    enum topic_kind kind;
    int lane;
    int64_t offset;
    const char *key;
    const char *type;        /* ce_type: full name of the protobuf message */
    const char *id;          /* ce_id; a command's id */
    const char *source;      /* ce_source */
    const char *traceparent; /* or NULL */
    const char *causation;   /* ce_causationid; or NULL */
    const char *completes;   /* ce_completes, of a state; or NULL */
    int64_t sequence;        /* ce_sequence; -1: none */
    int64_t incarnation;     /* ce_incarnation */
    int64_t entity_version;  /* ce_entityversion; 0: none */
    int64_t at;              /* ce_time, µs */
    const uint8_t *value;    /* NULL: tombstone */
    size_t size;
    int64_t parked_id; /* > 0: comes from `parked`, not from the topic */

    /* The batch's own. */
    const struct handler *handler;
    ProtobufCMessage *body;
    const struct Inservice__Common__V1__Order *order;
    const char *lane_key; /* as keys() named it */
    const char *broken;   /* reason; if set, it is parked instead of decided */
    bool undecodable;     /* broken forever: no build will read it */
    bool bad_form;        /* a command that no handler may read: refused */
    bool again;           /* a restored backup has it decided again */
    bool discarded;       /* an operator discarded it: refused undecided */
    bool skipped;         /* applied before, or answered from the inbox */
    enum end end;
    const char *code; /* of a refusal */
};

/* One input topic of a service, in its inbox.c. The first row is its own
 * command topic: that group decides who owns a lane. */
struct input {
    const char *topic; /* "inservice.account.command.v1"; NULL ends */
    enum topic_kind kind;
};

/* One row for a topic, as the journal keeps it. */
struct journal_row {
    int lane; /* whose sequence */
    int64_t seq;
    int64_t incarnation;
    enum topic_kind kind;
    int partition; /* = lane, except for commands to other lanes */
    const char *type;
    const char *key; /* record key */
    const char *command_id;
    const char *causation; /* ce_causationid: id of what led to it */
    const char *actor;     /* account id or NULL */
    const char *code;      /* outcome: refusal code; dlq: reason; or NULL */
    const char *traceparent;
    const char *completes; /* a state that answers its command: the id of the
                            * operation, or of the import; else NULL */
    const char *origin;    /* of the dlq: "topic/partition/offset"; else NULL */
    int64_t version;       /* entity version; 0: none */
    int64_t at;
    const uint8_t *value; /* NULL: tombstone */
    size_t size;
    bool personal; /* its bytes stand in journal_personal */
    /* batch_say_row() sets the rest. In the journal a personal value is only
     * `digest`, another value is `open`; a tombstone has neither. */
    const uint8_t *open;
    size_t open_size;
    const uint8_t *digest;
    size_t digest_size;
    uint8_t chain[32];
};
