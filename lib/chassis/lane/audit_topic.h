/* The last state of every key on a service's state topic; for audit_state.c. */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attributes.h"
#include "chassis/base/lanes.h"
#include "chassis/lane/service_tables.h"

struct consumer;

struct said {
    char *key;
    const struct store *store;
    int64_t version;
    size_t order;
    int lane;
    bool seen; /* the table has the key */
};

struct audit_topic {
    const struct core *core;
    struct consumer *consumer;
    struct said *said; /* sorted by store and key, one each */
    size_t count, capacity;
    int64_t from[LANES_MAX]; /* offset of the next record to read */
    int64_t left[LANES_MAX]; /* offset of the last record to read, -1: done */
};

/* Reads on to the end that the topic has now. False: it cannot be read. */
bool audit_topic_read(struct audit_topic *topic) WARN_UNUSED;
/* NULL: the topic tells no state of this key. */
struct said *audit_topic_find(const struct audit_topic *topic,
                              const struct store *store, const char *key);
void audit_topic_free(struct audit_topic *topic);
