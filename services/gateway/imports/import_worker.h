/* What the worker's files share: one turn of one import. */
#pragma once

#include "gateway/imports/import.h"
#include "gateway/operations/operations.h"

enum {
    ROWS_IN_FLIGHT = 2000, /* sent, without outcome, of one import */
    SENT_ALL = INT32_MAX,  /* sent_to: no row of the wave is left */
};

struct turn {
    struct db *db;
    struct db_params params;
    struct arena *arena;
    const char *import_id;
    enum import_kind kind;
    Order *head;
    const char *traceparent;
    int32_t wave, settled_to, sent_to, attempts;
    int64_t progressed_at;
    int64_t waiting; /* sent, without outcome */
};

/* import_turn.c: sees what has outcomes, sends what may go, and notes it;
 * within a transaction that the caller begins and ends. DB_OK with *ret_moved:
 * something was settled or sent. */
enum db_end import_turn(struct turn *turn, int64_t now,
                        bool *ret_moved) WARN_UNUSED;
