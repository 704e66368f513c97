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

struct operations {
    struct sender *sender;
    atomic_bool stopping;
    atomic_bool broker_seen; /* topics exist; nothing is sent before */

    pthread_mutex_t table_lock;
    atomic_size_t waiters; /* requests between their queueing and the answer */
    struct map_entry *buckets[WAITER_BUCKETS];
    struct waiter *all;          /* the list of waiters */
    bool held[LANES_MAX];        /* lanes whose ends this process writes */
    pthread_cond_t watch_wanted; /* the watcher sleeps on it until watch_due */
    int64_t watch_due;

    pthread_mutex_t queue_lock;
    pthread_cond_t queue_some;
    struct waiter *queue_first, *queue_last;
    size_t queue_size;

    pthread_mutex_t pause_lock; /* lets threads sleep until the stop */
    pthread_cond_t pause_over;

    pthread_t writer, watcher, sweeper;
};

/* --- operation_start.c -------------------------------------------------- */
/* Without sender and threads: what tests of the tables need. */
struct operations *operations_new(void);
void operations_free(struct operations *operations);

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

/* --- operation_waiter.c: call these with table_lock held ------------------ */
/* The operation ids of waiters whose rows must be looked up now, as one array;
 * returns how many. Their next look is a pause later. */
size_t waiters_due(struct operations *operations, struct db_params *params,
                   int64_t *ret_next);
/* Ends the wait of all that wait for this command. */
void waiters_end(struct operations *operations, const uint8_t command_id[16],
                 const struct result *result);

/* --- the other threads -------------------------------------------------- */
void *operation_watcher(void *operations);
void *operation_sweeper(void *operations);

/* --- operation_preference.c --------------------------------------------- */
/* Whether a text may be an Idempotency-Key: 1 to 255 printable ASCII
 * characters. */
bool operation_key_ok(const char *key);

/* --- operation_answer.c ------------------------------------------------- */
/* The parts of an answer; texts are the row's. */
struct answer {
    const char *operation_id, *type, *subject, *location;
    int done_status;
    bool receipt;
    struct result result;
};
/* 200/201, the refusal's problem, or 202. */
void operation_answer(struct http_request *request,
                      struct http_response *response,
                      const struct answer *answer);
/* Result from four columns: state, code, version, outcome. */
void result_read(struct arena *arena, const PGresult *rows, int row, int column,
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
    int64_t decided_at, outcome_incarnation;
};
