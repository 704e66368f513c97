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

#include "chassis/base/arena.h"
#include "chassis/base/map.h"
#include "chassis/lane/handler.h"
#include "chassis/lane/store.h"

/* The service of a batch. */
struct core {
    const char *name;                  /* "account" */
    const struct handler *handlers;    /* NULL message ends */
    const struct store *const *stores; /* lock order, NULL-ended */
    /* For a service of clients: ends the command that a state answers, in the
     * transaction that applies the state. NULL: it has no clients. */
    void (*complete_keys)(struct keys *keys);
    void (*complete)(struct decision *decision);
};

/* The store whose states have this type; NULL: none. */
const struct store *store_of_state(const struct core *core, const char *type);

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
