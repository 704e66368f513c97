/* Shared by the files of the fixture; tests do not include it. */
#pragma once

#include "core_fixture.h"

enum {
    STORES_MAX = 16,
    TABLE_ROWS_MAX = 512,
    SAID_MAX = 512,
    TIMERS_MAX = 256,
};

struct table {
    void *rows[TABLE_ROWS_MAX];
    const void *loaded[TABLE_ROWS_MAX]; /* the batch's row of a slot */
    size_t count;
};

struct fixture {
    struct arena *arena;
    const struct core *core;
    struct batch *batch;
    struct table tables[STORES_MAX];
    struct lane_state lanes[LANES_MAX];
    struct timer_row *timers[TIMERS_MAX];
    size_t timer_count;
    int64_t now;
    int64_t sequence, incarnation; /* of the facts heard */
    unsigned commands;
    bool expect_broken; /* of the next message */

    /* Of the last message. */
    enum end end;
    const char *code;
    struct journal_row *said[SAID_MAX];
    size_t said_count;
};

/* Compares the handler's results with its row, and keeps them. */
void coverage_note(const struct handler *handler,
                   const struct fixture *fixture);
