/* Shared by the worker's files: one turn of one import. */
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

/* import_turn.c: reads outcomes, sends the next rows and notes the progress,
 * within the caller's transaction. DB_OK with *ret_moved: a row was settled or
 * sent. */
enum db_end import_turn(struct turn *turn, int64_t now,
                        bool *ret_moved) WARN_UNUSED;
