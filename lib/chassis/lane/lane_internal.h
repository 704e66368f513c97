/* Shared by the files of the lane only. A file calls those above it, and none
 * below it.
 *
 * lane_state.c   what all use: lanes held, inputs, pauses, readiness
 * lane_published.c  rows on their way to the broker
 * lane_park.c    parked keys in memory, setting messages aside
 * lane_read.c    the first round trip
 * lane_write.c   the second round trip's statements
 * lane_batch.c   one attempt of a batch, its four ends
 * lane_operate.c release and discard
 * lane_process.c the messages of one poll: portions, repeats, splitting
 * lane_pass.c    facts without a handler here
 * lane_take.c    taking lanes: positions, unpublished rows, parked keys
 * lane_tick.c    once a second: timers, positions, retention
 * lane.c         the worker's loop, rebalancing, drain
 * lane_workers.c several workers in one process
 * rebuild.c      rebuild-views: rebuilds copies, by the same trips
 */
#pragma once

#include "chassis/db/db.h"
#include "chassis/kafka/kafka.h"
#include "chassis/lane/lane.h"

enum { INPUTS_MAX = 12 };

struct input_position {
    int64_t next_offset;
    int64_t again_before; /* commands before are decided again (`restored`) */
    struct mark mark;
};

struct lane_memory {
    bool owned;
    struct lane_state state;
    int64_t published_written; /* published_seq as the table has it */
    int64_t lost_seq;          /* rows up to here were on lost topics, too */
    int cautious; /* messages still taken one by one (crash loop) */
};

struct parked_key {
    const char *topic;
    char *key;
    int lane;
    struct map_entry in_map;
};

struct lane {
    struct lane_options options;
    char label[16]; /* of this worker's metrics */
    const struct core *core;
    const struct input *inputs;
    size_t input_count;
    const struct sql_text *tables[3];
    struct db *db;
    struct publisher *publisher;
    struct consumer *consumer;
    struct batch *batch;
    struct arena *arena; /* lives through one batch_process() */
    struct db_params params;
    struct lane_memory lanes[LANES_MAX];
    struct input_position positions[INPUTS_MAX][LANES_MAX];
    int64_t passed[INPUTS_MAX][LANES_MAX]; /* position after unheard; 0: none */
    struct map_entry *parked[256];
    int64_t parked_count;
    int64_t next_tick, next_retention;
    int64_t calm_at;  /* when the last taking counts as survived; 0: now */
    int64_t back_off; /* µs; 0: none */
};

enum lane_result {
    LANE_OK,
    LANE_AGAIN,     /* memory and table may differ: take the lanes again */
    LANE_RETRY,     /* nothing was written: try again after a pause */
    LANE_FAULT,     /* nothing was written, for an unknown reason */
    LANE_ONCE_MORE, /* a message was parked: read the rest again */
};

/* lane_state.c */
/* The lanes held, ascending; returns how many. */
size_t lane_owned(const struct lane *lane, int ret_lanes[LANES_MAX]);
/* -1: no input has this topic. */
int lane_input_index(const struct lane *lane, const char *topic);
/* Logs an end that is not DB_OK. */
enum lane_result lane_result_of(struct lane *lane, enum db_end end,
                                const char *where);
/* Waits longer after each failure in a row: 20 ms to 1 s. */
void lane_pause(struct lane *lane);
/* Sets the gauges that memory shows: lanes held, parked keys, records and rows
 * that wait. */
void lane_gauge(const struct lane *lane);
/* This worker's part of the process's readiness. */
void lane_ready(const struct lane *lane, bool ready, const char *reason);
/* Before the first worker starts: how many must be ready. */
void lane_expect_workers(int count);

/* lane_published.c */
/* Waits while too many rows are on their way. False: the producer has failed.
 */
bool lane_await_room(struct lane *lane) WARN_UNUSED;
/* Sets the gauge of the oldest row that the broker has not acknowledged. */
enum lane_result lane_gauge_unpublished(struct lane *lane) WARN_UNUSED;
/* Writes acknowledged positions that have moved to the table. */
enum lane_result lane_write_published(struct lane *lane) WARN_UNUSED;

/* lane_park.c */
bool lane_key_parked(const struct lane *lane, const struct message *message);
void lane_park_key(struct lane *lane, const char *topic, const char *key,
                   int which);
void lane_unpark_key(struct lane *lane, const char *topic, const char *key);
void lane_forget_parked(struct lane *lane);
/* After COMMIT: adds the parked messages to memory. */
void lane_note_parked(struct lane *lane);
enum lane_result lane_read_parked(struct lane *lane) WARN_UNUSED;
/* Queues the parked rows of this batch and says their dlq rows. */
void lane_say_dead_letters(struct lane *lane);
size_t lane_write_parked(struct lane *lane);
bool lane_is_operators(const struct message *message);

/* lane_read.c: the first round trip of what lane->batch wants */
struct trip {
    bool lanes[LANES_MAX];
    bool inputs[INPUTS_MAX][LANES_MAX];
    int input_rows;
    int lane_rows;
};
void lane_trip_note(struct lane *lane, struct trip *trip);
void lane_ask(struct lane *lane, const struct trip *trip);
/* The wanted rows of one store, and the answer. */
void lane_ask_store(struct lane *lane, const struct store *store);
enum lane_result lane_hear_store(struct lane *lane,
                                 const struct store *store) WARN_UNUSED;
enum lane_result lane_hear(struct lane *lane,
                           const struct trip *trip) WARN_UNUSED;

/* lane_write.c: each returns how many statements it queued; none without rows.
 */
size_t lane_write_rows(struct lane *lane, const char *query,
                       const struct db_column *columns, const void *const *rows,
                       size_t count);
size_t lane_write_store(struct lane *lane, const struct store *store);
size_t lane_write_results(struct lane *lane);
void lane_note_written(struct lane *lane);

/* lane_batch.c */
/* Later messages of a broken message's key wait, too; other keys flow. */
void lane_hold_followers(struct lane *lane);
/* Names the batch's types to failpoints; nothing in release builds. */
void lane_note_class(struct lane *lane);
/* One attempt with the messages of lane->batch. `finish` (or NULL) adds
 * statements to the second round trip and returns how many. */
typedef size_t lane_finish(struct lane *lane, void *context);
enum lane_result lane_attempt(struct lane *lane, lane_finish *finish,
                              void *context) WARN_UNUSED;
/* Publishes the batch's journal rows; false: the producer has failed. */
bool lane_publish(struct lane *lane) WARN_UNUSED;

/* lane_operate.c */
enum lane_result lane_operate(struct lane *lane,
                              struct message *message) WARN_UNUSED;

/* lane_process.c */
enum lane_result lane_process(struct lane *lane, struct message *messages,
                              size_t count) WARN_UNUSED;

/* lane_pass.c */
/* Removes facts without a handler and keeps the positions after them. Returns
 * how many messages are left; they are first, in order. */
size_t lane_pass(struct lane *lane, struct message *messages, size_t count);
/* Writes those positions to the table. */
enum lane_result lane_write_passed(struct lane *lane) WARN_UNUSED;
void lane_forget_passed(struct lane *lane);

/* lane_take.c */
enum lane_result lane_take(struct lane *lane) WARN_UNUSED;
/* Restarts and rebalances of idle lanes are no crash loop: resets the counter
 * when the process has survived a taking for a while, or stops in order. */
enum lane_result lane_calm(struct lane *lane) WARN_UNUSED;

/* lane_tick.c */
enum lane_result lane_tick(struct lane *lane) WARN_UNUSED;
