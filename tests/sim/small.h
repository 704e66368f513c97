/* A small service for the tests of the lane's rules: units that count, and a
 * hearer of their facts. It borrows messages of the account and teacher
 * contracts; small.c gives their meaning here. */
#pragma once

#include "sim.h"

#include "inservice/account/v1/commands.pb-c.h"
#include "inservice/account/v1/events.pb-c.h"
#include "inservice/account/v1/states.pb-c.h"
#include "inservice/teacher/v1/events.pb-c.h"

struct unit_counted {
    struct row row;
    const char *code;
    int64_t count;
};

struct heard {
    struct row row;
    const char *key;
    int64_t times;
    int64_t version; /* of the newest fact */
    bool gone;
};

/* `small_core_before` is an older build: it does not know CloseOrganization. */
extern const struct core small_core, small_core_before, hearer_core;
extern const struct input small_inputs[], hearer_inputs[];
/* Loads the hint that rule 7 warns of. */
bool small_load(struct world *world, struct db *db, struct batch *batch,
                const struct store *store);
