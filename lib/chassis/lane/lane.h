/* The lane: commands and facts in, one transaction per batch, facts out.
 *
 * One worker owns some of the lanes of all inputs. It takes the waiting
 * messages of all of them together, reads every row they ask for in one round
 * trip, decides in memory, writes in a second one and publishes the journal
 * rows after COMMIT. The eleven rules are in docs/lane.md; loss, duplicates and
 * reordering on the way do not change the effect.
 */
#pragma once

#include <stdatomic.h>
#include <stdbool.h>

#include "chassis/lane/service_tables.h"

struct lane_options {
    const struct service *service;
    const char *group; /* "inservice-account" */
    int worker;        /* which of the process's workers: 0, 1 … */
    bool silent;       /* never publishes: a service of views (no producer) */
    /* Whether to drain; NULL: service_stopping(). If requests of the process
     * wait for its lane, the lane must drain last. */
    bool (*stopping)(void);
    /* Called after COMMIT in the worker's thread; may be NULL. */
    void (*committed)(void *context, const struct batch *batch);
    /* Called when lanes were taken or let go; may be NULL. */
    void (*held)(void *context, const bool lanes[LANES_MAX]);
    void *context;
};

struct lane;

struct lane *lane_new(const struct lane_options *options);
void lane_free(struct lane *lane);
/* Runs until it is to stop (then drains) or until a fault that only an operator
 * can fix. Returns the exit status. Blocks: use a thread of its own where the
 * process does more. */
int lane_run(struct lane *lane);
/* The same with as many workers as the setting WORKERS has, each in a thread;
 * returns the exit status of the one that failed. */
int lane_run_workers(const struct lane_options *options);
