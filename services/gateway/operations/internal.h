/* Shared by the files of operations/ only.
 *
 * Locks, in the order they may be taken: operations.table_lock, then a
 * waiter's lock. The writer's queue has a lock of its own, held alone. A hash
 * table finds a waiter by its command; the thread that ends it removes it, so
 * no other thread touches it afterwards.
 */
#pragma once

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "chassis/base/clock.h"
#include "chassis/base/condition.h"
#include "chassis/db/db.h"
#include "chassis/kafka/kafka.h"

#include "gateway/operations/operations.h"

enum {
    WAITER_BUCKETS = 4096,
    OPERATION_QUEUE_MAX = 4096, /* submissions not yet written */
    OPERATION_BATCH_MAX = 500,  /* rows of one INSERT */
    OPERATION_LATE_MAX = 10000, /* undecided ids in the sweeper's memory */
    OPERATION_KEY_MAX = 255,    /* characters of an Idempotency-Key */
};

/* One row as it is inserted. */
struct operation {
    char operation_id[UUID_TEXT];
    char command_id[UUID_TEXT];
    const char *scope;
    const char *key; /* NULL: none was given */
    uint8_t request_hash[SEAL_DIGEST];
    int service, lane;
    const char *lane_key;
    struct packed command;
    const char *traceparent; /* or NULL */
    const char *subject;
    const char *location; /* or NULL */
    int done_status;
    bool receipt;
    bool only_repeats; /* as in struct submission */
    int64_t accepted_at;
};

struct lane_position {
    int64_t sequence, incarnation;
    int64_t hooked_at; /* when this process last applied a state; monotonic */
    struct waiter *pending;
};

struct operations {
    struct sender *sender;
    atomic_bool stopping;
    atomic_bool broker_seen; /* topics exist; nothing is sent before */

    pthread_mutex_t table_lock;
    atomic_size_t waiters; /* requests between their queueing and the answer */
    struct map_entry *buckets[WAITER_BUCKETS];
    struct lane_position positions[OPERATION_SERVICES][LANES_MAX];
    pthread_cond_t poll_wanted; /* the poller sleeps on it until poll_due */
    int64_t poll_due;

    pthread_mutex_t queue_lock;
    pthread_cond_t queue_some;
    struct waiter *queue_first, *queue_last;
    size_t queue_size;

    pthread_mutex_t pause_lock; /* lets threads sleep until the stop */
    pthread_cond_t pause_over;

    pthread_t writer, follower, poller, sweeper;
};

/* --- operation_writer.c ------------------------------------------------- */
void *operation_writer(void *operations);
/* Queues a waiter with its operation. False: the queue is full. */
bool operation_queue(struct operations *operations,
                     struct waiter *waiter) WARN_UNUSED;
/* Sleeps until the row is written; a patient waiter until the outcome can be
 * read or `deadline` passes. */
void operation_await(struct waiter *waiter, int64_t deadline);
bool operation_send(struct operations *operations,
                    const struct operation *operation) WARN_UNUSED;

/* --- operation_waiter.c ------------------------------------------------- */
/* An outcome came in: wakes its waiter, at once or when the position is there.
 */
void waiters_decide(struct operations *operations, int service,
                    const struct message *message);
/* The read model has applied a lane's states up to here. `hooked`: by this
 * process. Called with table_lock held. */
void position_reached(struct operations *operations, int service, int lane,
                      int64_t sequence, int64_t incarnation, bool hooked);

/* When the poller must look next. INT64_MAX: no waiter needs it; ≤ now: at
 * once, then remaining waiters are due after `pause`. Called with table_lock
 * held. */
int64_t positions_due(struct operations *operations, int64_t now,
                      int64_t pause);

/* --- the other threads -------------------------------------------------- */
void *operation_follower(void *operations);
void *operation_poller(void *operations);
void *operation_sweeper(void *operations);

/* --- operation_preference.c --------------------------------------------- */
/* Whether a text may be an Idempotency-Key: 1 to 255 printable ASCII
 * characters. */
bool operation_key_ok(const char *key);

/* --- operation_answer.c ------------------------------------------------- */
/* The parts of an answer; texts are the row's. */
struct answer {
    const char *operation_id, *subject, *location;
    int done_status;
    bool receipt;
    struct result result;
};
/* 200/201, the refusal's problem, or 202. */
void operation_answer(struct http_request *request,
                      struct http_response *response,
                      const struct answer *answer);
/* Result from four columns: state, code, version, outcome. */
void result_read(struct arena *arena, const PGresult *row, int column,
                 struct result *ret_result);
/* The details of a refusal; at most HTTP_ERRORS_MAX. */
size_t result_errors(struct arena *arena, const struct result *result,
                     struct http_error *ret_errors);

/* --- store_operation.c -------------------------------------------------- */
struct operation_outcome {
    struct row row;
    const char *operation_id;
    int32_t state;
    const char *code; /* NULL when done */
    int64_t version, outcome_seq;
    struct db_blob outcome;
    int64_t decided_at;
};
