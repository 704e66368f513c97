/* Shared by the batch*.c files only. */
#pragma once

#include "chassis/lane/batch.h"

enum { BATCH_BUCKETS = 4096, BATCH_MESSAGES_MAX = 1024 };

/* A list of pointers in the batch's arena. */
struct list {
    void **items;
    size_t count;
    size_t capacity;
    bool distinct; /* sorted and without repetitions */
};

struct store_rows {
    const struct store *store;
    struct row *first, **last;
    struct row *latest;  /* adopted last */
    struct list keys;    /* wanted */
    struct list parents; /* wanted */
};

struct mark_entry {
    const char *topic;
    struct mark mark;
    struct mark_entry *next;
};

struct batch {
    const struct core *core;
    struct arena *arena;
    int64_t now;
    struct list messages;
    struct store_rows stores[16];
    size_t store_count;
    struct map_entry *rows[BATCH_BUCKETS];
    struct map_entry *inbox_map[256];
    struct list inbox;   /* all of them, found and new */
    struct list results; /* inbox rows to write */
    struct list journal;
    struct list timers;
    struct list command_ids;
    struct mark_entry *marks[LANES_MAX];
    struct lane_state lanes[LANES_MAX];

    /* While one message is decided. */
    struct list details;
    struct list changed; /* rows */
    const char *refusal;
    const char *fault;
    const struct row *subject;
    const struct row *answering; /* its state answers the command, too */
    size_t journal_before;
};

/* Rows by store and key, or by parent: found_by_parent(). */
#define BATCH_ROWS(batch) MAP(((struct batch *)(uintptr_t)(batch))->rows)

struct keys {
    struct batch *batch;
    struct message *message;
};

void list_add(struct arena *arena, struct list *list, void *item);
void batch_clear_rows(struct batch *batch);
struct store_rows *batch_store(struct batch *batch, const struct store *store);
struct row *batch_row(const struct batch *batch, const struct store *store,
                      const char *key);
struct row *batch_adopt(struct batch *batch, struct row *row);
/* The first row after `previous` (NULL: of all) of that parent. */
struct row *batch_child(const struct batch *batch, const struct store *store,
                        const char *parent, const struct row *previous);
struct inbox_row *batch_inbox_find(const struct batch *batch, const char *id);
/* Whether a message of that time can be believed: it may be old, but is hardly
 * ahead of this clock. The system's own commands (`system`) may be further
 * ahead: a timer's order has the time at which it was to be due, even if the
 * timer was brought forward. */
bool batch_time_fits(const struct batch *batch, int64_t at, bool system);
/* The operation or the import that waits for this command, or NULL. */
const char *batch_completes(const struct message *message);
void batch_inbox_add(struct batch *batch, struct inbox_row *row);
bool batch_parent_wanted(const struct batch *batch, const struct store *store,
                         const char *parent);
/* The first member of every message of a kind. */
struct order_message {
    ProtobufCMessage base;
    Order *order;
};
