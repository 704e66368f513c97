/* Walking all rows of an aggregate's table, page by page. */
#pragma once

#include "attributes.h"
#include "chassis/base/arena.h"
#include "chassis/db/db.h"
#include "chassis/lane/service_tables.h"

enum { WALK_PAGE = 1000 };

struct walked {
    const char *key;
    int lane;
    int64_t version;
};

/* The next page in the order of the keys, after `after` (NULL: the first page).
 * Returns how many rows, fewer than WALK_PAGE on the last page; -1: the
 * database has failed. Rows live as long as the arena. */
int store_walk(struct db *db, const struct store *store, const char *after,
               struct arena *arena, struct walked **ret_rows) WARN_UNUSED;
