/* The view of a handler: the keys it names, the rows it gets, what it may say.
 *
 * A do_, on_ or view_ file of a service includes this and its service's header.
 * keys() names the rows a message needs; handle() checks, decides, changes and
 * says. Pure: no clock, no I/O, no randomness; time comes with the order.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <protobuf-c/protobuf-c.h>

#include "attributes.h"
#include "chassis/base/arena.h"
#include "chassis/kafka/message.h"

#include "inservice/common/v1/fact.pb-c.h"
#include "inservice/common/v1/order.pb-c.h"

typedef Inservice__Common__V1__Order Order;

struct store;
struct batch;
struct decision;

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
    const ProtobufCMessageDescriptor *message; /* its name is the ce_type */
    void (*keys)(struct keys *keys, const void *message);
    enum end (*handle)(struct decision *decision, const void *message);
    const char *const *facts;    /* it may say these; NULL-ended */
    const char *const *orders;   /* commands it may give this service itself */
    const char *const *refusals; /* codes it may give; NULL-ended */
    const char *routes; /* numbers of the routes that send it, "16 20"; "" */
    bool any_value;     /* accepts unknown enum numbers, too */
};

/* --- for keys() --------------------------------------------------------- */
/* The lane key: the owner refuses a command that came by another lane. */
void keys_lane(struct keys *keys, const char *lane_key);
/* A row by its key; "" and NULL are ignored. */
void keys_row(struct keys *keys, const struct store *store, const char *key);
/* All rows of a parent; "" and NULL are ignored. */
void keys_children(struct keys *keys, const struct store *store,
                   const char *parent);

/* The message itself: its completes and causation. */
const struct message *keys_message(const struct keys *keys);
/* The record's key: the only content of a tombstone (NULL message). */
const char *keys_record(const struct keys *keys);

/* --- for handle() ------------------------------------------------------- */
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
/* The same for a state, whose version stands in `fact`. If it returns NULL, the
 * handler returns `ret_end`: BROKEN for a state without head or key. */
void *copy_of_state(struct decision *decision, const struct store *store,
                    const char *key, const Inservice__Common__V1__Fact *fact,
                    enum end *ret_end);

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

/* The operator's messages, known to every lane. */
extern const struct handler operate_handlers[];
/* The handler of a type, or NULL. */
const struct handler *handler_find(const struct handler *handlers,
                                   const char *type);
