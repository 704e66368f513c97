/* The batch: messages, the rows they need, the decisions. Pure.
 *
 * The lane and the simulation share this model; it loads and writes nothing.
 * The shell adds messages, asks which rows are wanted, puts in the rows of the
 * tables, has every message decided in order, and takes out changed rows,
 * outcomes, journal rows and timers. Handlers see only struct keys (which rows
 * a message needs) and struct decision (rows, order, say()). No clock, no I/O,
 * no randomness: time comes with the order.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <protobuf-c/protobuf-c.h>

#include "chassis/base/arena.h"
#include "attributes.h"
#include "chassis/base/clock.h"
#include "chassis/base/map.h"
#include "chassis/db/db.h"

#include "inservice/common/v1/order.pb-c.h"

enum { LANES = 24, KEY_MAX = 128, MESSAGE_VALUE_MAX = 256 * 1024 };

typedef Inservice__Common__V1__Order Order;

/* The four ends of any piece of work. */
enum end {
    DONE,
    REFUSED, /* by a rule, with a code; the outcome is published */
    RETRY,   /* a fault outside: the same batch again, after a pause */
    BROKEN,  /* our fault or a bad message: parked with its key */
};

/* --- stores: the tables a service decides upon -------------------------- */
struct row; /* every stored struct begins with one */
struct decision;

enum store_kind {
    STORE_AGGREGATE, /* own lane only (rule 1); has a version and a snapshot */
    STORE_CHILD,     /* rows of an aggregate, loaded by their parent */
    STORE_RECORD,    /* a row without version or snapshot, own lane only */
    STORE_COPY,      /* of another service's states; begins like struct copy */
    STORE_CLAIM,     /* inserted first, then locked; any lane; no facts */
    STORE_HINT,      /* read across lanes without lock; never written */
};

/* Statements by name: <name>_load (keys → rows, ordered; claims FOR UPDATE: the
 * lock on the lane's row protects all other rows),
 * <name>_load_children (parents → rows) where parent is set, <name>_save
 * (one array per column), <name>_insert (keys; claims only), <name>_age and
 * <name>_sweep (copies only: rebuild.c). The order of the service's store list
 * is the lock order: claims first. */
struct store {
    const char *name;
    enum store_kind kind;
    size_t size;                     /* of the struct */
    const struct db_column *columns; /* of load and save */
    size_t key;            /* offset of the key member (const char *) */
    size_t parent;         /* offset of the parent member; 0: none */
    enum db_type key_type; /* DB_UUID or DB_TEXT */
    enum db_type parent_type;
    bool personal;          /* its state carries personal data */
    const char *state_type; /* of an aggregate: name of its state message */
    const struct store *const
        *children; /* what its snapshot reads; NULL: none */
    /* The state message of an aggregate, built in the decision's arena. */
    ProtobufCMessage *(*snapshot)(struct decision *decision, const void *row);
};

struct row {
    const struct store *store;
    struct row *next_in_store; /* in the order of arrival */
    struct map_entry in_map;
    const void *changed_by; /* the message that changed it last */
    int64_t version;        /* aggregates: counts every changing command */
    bool exists;
    bool dirty;
};

/* How every row that follows another service's messages begins: its key, then
 * its version. After a restore the owner counts versions again from those of
 * the backup, under a higher incarnation (rule 11). */
struct copy {
    struct row row;
    const char *key;
    int64_t version; /* the owner's */
    int64_t incarnation;
};

/* Stands after each struct that begins like struct copy; `key` is its key. */
#define BEGINS_LIKE_COPY(type, key_member)                                     \
    COPY_MEMBER(type, row, row);                                               \
    COPY_MEMBER(type, key_member, key);                                        \
    COPY_MEMBER(type, version, version);                                       \
    COPY_MEMBER(type, incarnation, incarnation)
#define COPY_MEMBER(type, member, of_copy)                                     \
    _Static_assert(offsetof(type, member) == offsetof(struct copy, of_copy) && \
                       __builtin_types_compatible_p(                           \
                           __typeof__(((type *)0)->member),                    \
                           __typeof__(((struct copy *)0)->of_copy)),           \
                   #type " does not begin like struct copy: " #member)

/* --- messages ----------------------------------------------------------- */
enum topic_kind {
    TOPIC_COMMAND,
    TOPIC_OUTCOME,
    TOPIC_EVENT,
    TOPIC_STATE,
    TOPIC_DLQ,
    TOPIC_KINDS,
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
    const Order *order;
    const char *lane_key; /* as keys() named it */
    const char *broken;   /* reason; if set, it is parked instead of decided */
    bool undecodable;     /* broken forever: no build will read it */
    bool discarded;       /* an operator discarded it: refused undecided */
    bool skipped;         /* applied before, or answered from the inbox */
    enum end end;
    const char *code; /* of a refusal */
};

/* --- handlers: one table per service ------------------------------------ */
struct keys;

enum handler_kind {
    HANDLER_DO,      /* a command: may refuse */
    HANDLER_ON,      /* a reactor on a fact: may not */
    HANDLER_VIEW,    /* a copy of another's state, by entity version */
    HANDLER_OPERATE, /* the operator's: release, discard, republish */
};

struct handler {
    enum handler_kind kind;
    const char *type; /* "inservice.account.v1.EnableBusinessAccount" */
    const ProtobufCMessageDescriptor *message;
    void (*keys)(struct keys *keys, const void *message);
    enum end (*handle)(struct decision *decision, const void *message);
    const char *const *facts;    /* messages it may say; NULL-ended */
    const char *const *refusals; /* codes it may give; NULL-ended */
    const char *routes; /* numbers of the routes that send it, "16 20"; "" */
    bool any_value;     /* accepts unknown enum numbers, too */
};

/* --- what keys() uses --------------------------------------------------- */
/* The lane key: the owner refuses a command that came by another lane. */
void keys_lane(struct keys *keys, const char *lane_key);
/* A row by its key; "" and NULL are ignored. */
void keys_row(struct keys *keys, const struct store *store, const char *key);
/* All rows of a parent. */
void keys_children(struct keys *keys, const struct store *store,
                   const char *parent);

/* The record's key: the only content of a tombstone (NULL message). */
const char *keys_record(const struct keys *keys);

/* --- what handle() uses ------------------------------------------------- */
struct decision {
    struct arena *arena;
    struct batch *batch;
    struct message *message;
    const Order *order; /* of a command; NULL for facts */
    int64_t now;        /* the order's or the fact's time */
};

/* The row, or NULL when it does not exist (a claim always exists). Only rows
 * that keys() asked for can be found; any other key makes it BROKEN. */
void *row_find(struct decision *decision, const struct store *store,
               const char *key);
/* A new row with its key, dirty; NULL when it exists already. */
void *row_add(struct decision *decision, const struct store *store,
              const char *key);
/* A new child row of `parent`; the caller sets its own key columns. */
void *row_add_child(struct decision *decision, const struct store *store,
                    const char *parent);
/* Marks it changed: saved, version + 1 once per message, snapshot said. */
void row_change(struct decision *decision, void *row);
/* The next child of a parent, in order of arrival; NULL gives the first. */
void *row_child(struct decision *decision, const struct store *store,
                const char *parent, const void *previous);

/* For rows that begin like struct copy. Returns the row to update, its version
 * set to the message's. NULL: the row has this or a newer version already
 * (rules 4, 8, 11). */
void *copy_follow(struct decision *decision, const struct store *store,
                  const char *key, int64_t version);

/* Journals a fact about an aggregate (call it after row_change). `event` is the
 * protobuf message; its Fact is filled in. Key is the aggregate's. */
void say(struct decision *decision, void *row, ProtobufCMessage *event);
/* A command to this service itself (rule 1). Its id is derived from the present
 * message and `about` ("SuspendLeaver/014301"); its Order is filled in
 * (order->at, causation). The lane is that of `lane_key`. */
void order_self(struct decision *decision, const char *about,
                const char *lane_key, ProtobufCMessage *command);
/* A timer: `command` is journaled to this lane's service when due. The same
 * `name` replaces it; timer_clear() removes it. */
void timer_set(struct decision *decision, const char *name, int64_t due_at,
               const char *lane_key, ProtobufCMessage *command);
void timer_clear(struct decision *decision, const char *name);

/* return refuse(d, "LAST_CHIEF"); no row may have been changed before. */
enum end refuse(struct decision *decision, const char *code) WARN_UNUSED;
/* Adds a detail to the refusal that follows (texts are copied). */
void refuse_detail(struct decision *decision, const char *pointer,
                   const char *code, const char *text);
/* True when the order names a version and the row has another (or none). */
bool version_differs(const struct decision *decision, const void *row);
/* The aggregate the outcome is about; default: the first one changed. */
void subject(struct decision *decision, const void *row);
const char *subject_key(const void *row);

/* --- what the shell uses ------------------------------------------------ */
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
    const char *code;      /* outcome: refusal code or NULL */
    const char *traceparent;
    int64_t version; /* entity version; 0: none */
    int64_t at;
    const uint8_t *value; /* NULL: tombstone */
    size_t size;
    bool personal; /* its bytes stand in journal_personal */
    uint8_t chain[32];
};

struct inbox_row {
    const char *command_id;
    int lane;
    const uint8_t *outcome;
    size_t size;
    int64_t at;
    bool stored; /* found in the table; false: to be written */
    struct map_entry in_map;
};

struct timer_row {
    const char *name;
    const char *command_id;
    int lane;
    int64_t due_at; /* DB_NO_TIME: remove it */
    int partition;
    const char *type;
    const char *lane_key;
    const uint8_t *value;
    size_t size;
};

struct lane_state { /* per lane, as the table has it; the shell copies it */
    int64_t seq;
    int64_t incarnation;
    uint8_t chain[32];
};

struct mark { /* per (topic, lane) of facts */
    int64_t sequence;
    int64_t incarnation;
};

/* The service of a batch. */
struct core {
    const char *name;                  /* "account" */
    const struct handler *handlers;    /* NULL type ends */
    const struct store *const *stores; /* lock order, NULL-ended */
};

struct batch;

struct batch *batch_new(const struct core *core);
void batch_free(struct batch *batch);
/* Empty again; `now` is the wall clock (µs) for not_after and inbox rows. */
void batch_begin(struct batch *batch, int64_t now);
struct arena *batch_arena(struct batch *batch);
/* Adds a message in the order of taking; the caller owns the struct. Checks
 * form (wire, type, lane) and collects keys; sets `broken` on a bad one. */
void batch_add(struct batch *batch, struct message *message);
size_t batch_size(const struct batch *batch);
struct message *batch_message(const struct batch *batch, size_t i);

/* The wanted keys and parents of one store: distinct, sorted. */
size_t batch_wanted_keys(const struct batch *batch, const struct store *store,
                         const char *const **ret_keys);
size_t batch_wanted_parents(const struct batch *batch,
                            const struct store *store,
                            const char *const **ret_parents);
/* Puts in a row of the table. `filled` is a struct of the store, made by
 * batch_blank(); the same key again is ignored. */
void *batch_blank(struct batch *batch, const struct store *store);
void batch_put(struct batch *batch, void *filled);
/* Distinct command ids, then the inbox rows found for them. */
size_t batch_command_ids(const struct batch *batch,
                         const char *const **ret_ids);
void batch_put_inbox(struct batch *batch, const char *command_id,
                     const uint8_t *outcome, size_t size);
/* The lane's state before this batch; marks come by message topic. */
void batch_put_lane(struct batch *batch, int lane,
                    const struct lane_state *state);
void batch_put_mark(struct batch *batch, const char *topic, int lane,
                    struct mark mark);
bool batch_get_mark(const struct batch *batch, const char *topic, int lane,
                    struct mark *ret_mark);

/* Decides all messages in order. DONE: take the results. RETRY: again later.
 * BROKEN: a message got its `broken` reason: roll back and run the batch
 * again from batch_rewind(). */
enum end batch_decide(struct batch *batch);
/* Clears rows and results; keeps messages and their `broken`. */
void batch_rewind(struct batch *batch);

/* Results. Rows: dirty ones of a store, in order of arrival. */
size_t batch_dirty(const struct batch *batch, const struct store *store,
                   void *const **ret_rows);
size_t batch_journal(const struct batch *batch,
                     struct journal_row *const **ret_rows);
size_t batch_inbox(const struct batch *batch,
                   struct inbox_row *const **ret_rows);
size_t batch_timers(const struct batch *batch,
                    struct timer_row *const **ret_rows);
const struct lane_state *batch_lane(const struct batch *batch, int lane);

/* Journals a row that comes from no handler (timers that are due, dlq). */
struct journal_row *batch_say_row(struct batch *batch, int lane,
                                  const struct journal_row *content);

/* Removes a timer (it was due and has been journaled). */
void batch_forget_timer(struct batch *batch, int lane, const char *name);

/* Lane of a key: murmur2 as Kafka's own partitioner has it, mod 24. */
int lane_of(const char *lane_key);
/* The operator's messages, known to every lane. */
extern const struct handler operate_handlers[];
/* The handler of a type, or NULL. */
const struct handler *handler_find(const struct handler *handlers,
                                   const char *type);
