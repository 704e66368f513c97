/* Commands on their way: for gateway.c, for handlers of operations, and for
 * imports, whose rows are durable by themselves.
 *
 *   operation_submit    submit.h: key, row, send, wait, answer
 *   operation_writer    all queued submissions share one INSERT
 *   operation_waiter    requests that wait; woken by the lane of views
 *   operation_watcher   looks up rows that another process ends
 *   operation_sweeper   sends commands without outcome again
 */
#pragma once

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "chassis/base/map.h"
#include "chassis/lane/handler.h"
#include "chassis/lane/store.h"
#include "chassis/kafka/kafka.h"

#include "gateway/sessions/session.h"

/* operations_start() and operations_stop() are in gateway.h: the start waits
 * for broker and database; the stop writes the queue and flushes what was sent.
 */
struct operations;

/* lane_options of the lane of views; context: struct operations. Wakes the
 * waiters of the commands that the batch ended. */
void operations_committed(void *context, const struct batch *batch);
/* The lanes whose ends this process writes itself. */
void operations_held(void *context, const bool lanes[LANES_MAX]);

/* --- services and their topics ------------------------------------------ */
enum { OPERATION_SERVICES = 2 };
/* "account", "teacher": static texts; the index stands in the table. */
extern const char *const operation_services[]; /* NULL ends */
/* The index, or -1. */
int operation_service(const char *name);

/* The highest operation id of that time (wall clock µs). */
void operation_id_of(int64_t at, uint8_t ret_id[16]);

/* --- packing and sending ------------------------------------------------ */
struct packed {
    const char *type; /* full name of the message */
    const uint8_t *data;
    size_t size;
};
/* Packs a command into the arena. */
struct packed command_pack(struct arena *arena,
                           const ProtobufCMessage *command);
/* An order without a request (imports): makes its ids; `expected_version` -1:
 * not asked. principal NULL: no account, for anonymous applications. */
Order *order_of(struct arena *arena, const struct principal *principal,
                int64_t expected_version);
/* Sends; false: not now (no broker seen yet, queue full), send it again. */
bool operations_send(struct operations *operations, int service, int lane,
                     const struct packed *command, const char *command_id,
                     const char *lane_key, const char *traceparent,
                     int64_t at) WARN_UNUSED;

/* --- the request's headers --- */
/* The Idempotency-Key; NULL where the route needs none and there is none.
 * False: 400 is in the response. */
bool operation_key(struct http_request *request, struct http_response *response,
                   const char **ret_key) WARN_UNUSED;
/* Two requests are the same if method, path, If-Match and body are. */
void operation_hash(const struct http_request *request, const void *body,
                    size_t size, uint8_t ret_hash[SEAL_DIGEST]);
void operation_hash_of(const char *method, const char *path,
                       const char *if_match, const void *body, size_t size,
                       uint8_t ret_hash[SEAL_DIGEST]);
/* How long the client waits (µs), by the header Prefer (NULL: none). */
int64_t prefer_wait(const char *prefer, int64_t otherwise);
/* Sleeps up to `duration` µs; false: the process stops. */
bool operations_pause(struct operations *operations, int64_t duration);
/* The deadline of a wait, or sooner if the process stops: then a request waits
 * only a last moment, so that it is answered before its connection is cut. Call
 * it again in each turn. */
int64_t operation_last_moment(int64_t deadline);

/* --- the outcome of a command --- */
enum operation_state { OPERATION_ACCEPTED, OPERATION_DONE, OPERATION_REFUSED };
enum { OPERATION_CODE_MAX = 64 };

struct result {
    enum operation_state state;
    char code[OPERATION_CODE_MAX + 1]; /* of a refusal */
    int64_t version;        /* DONE: its version; REFUSED: its present one */
    const uint8_t *outcome; /* a refusal's message, with its details; or NULL */
    size_t outcome_size;
};

/* --- waiting ------------------------------------------------------------ */
/* Lives in the waiting thread's frame between waiter_add and waiter_remove; its
 * members belong to operations/. */
struct waiter {
    struct map_entry by_command;
    struct waiter *next, **place; /* in the list of all */
    struct waiter *next_queued;   /* in the writer's queue */
    uint8_t command_id[16];
    const char *operation_id;
    int64_t look_at;     /* when to look its row up; monotonic */
    struct arena *arena; /* refusals are copied there while the owner sleeps */
    pthread_mutex_t lock;
    pthread_cond_t turned;
    enum {
        WAITER_WRITTEN, /* the row is there and sent: the usual beginning */
        WAITER_WRITING, /* in the writer's queue */
        WAITER_REPEATED,
        WAITER_NOT_WRITTEN,
    } writing;
    bool patient; /* sleeps on after the row is written */
    bool over;    /* the operation has ended and its result can be read */
    int lane;
    struct result result;
    const struct operation *operation; /* the writer's */
};

/* Call it before the command is sent; the ids live as long as the waiter. The
 * caller must not use `arena` until waiter_remove(). */
void waiter_add(struct operations *operations, struct waiter *waiter,
                const char *operation_id, const char *command_id, int lane,
                struct arena *arena);
/* Sleeps until the operation has ended, at most until `deadline` (monotonic
 * µs). True: waiter->result is filled. */
bool waiter_wait(struct waiter *waiter, int64_t deadline) WARN_UNUSED;
void waiter_remove(struct operations *operations, struct waiter *waiter);

/* --- in the lane of views (inbox.c) -------------------------------------- */
/* How a command ended. */
struct ended {
    enum operation_state state;
    const char *code;       /* of a refusal */
    int64_t version;        /* as in struct result */
    int64_t state_seq;      /* visible when the view has it; 0: now */
    struct db_blob outcome; /* of a refusal with details */
};
/* Each writes the end to the operation's row, or to the import's; unknown ones
 * are ignored. */
extern const struct store operation_outcome_store;
void operation_complete_keys(struct keys *keys);
void operation_complete(struct decision *decision);
void on_outcome_keys(struct keys *keys, const void *message);
enum end on_outcome(struct decision *decision, const void *message);
