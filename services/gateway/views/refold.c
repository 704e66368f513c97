/* Folds the names of the read model again when the rule has changed.
 *
 * Called at every start, before the door opens. The folded forms are kept, so
 * they are good under one version of the rule and of Unicode's tables only
 * (rules/fold.h); masks follow, because they use the same tables. Walks each
 * table by its key, a transaction a batch; a start that is interrupted begins
 * again. Two gateways that start together write the same. Serves O1, T9.
 */
#include "gateway/views/refold.h"

#include <stdio.h>
#include <string.h>

#include "chassis/base/clock.h"
#include "chassis/base/process.h"
#include "chassis/lane/service_tables.h"

#include "rules/fold.h"
#include "rules/masking.h"

#include "gateway/events.h"
#include "gateway/gateway.h"
#include "gateway/request/pool.h"
#include "gateway/views/views.h"

enum { BATCH = 2000, TRIES = 5 };

#define DATABASE_WAIT SECONDS(5)

static const struct names {
    const char *read, *save;
    const char *first; /* sorts before every key */
} tables[] = {
    {"fold_units", "fold_units_save", ""},
    {"fold_accounts", "fold_accounts_save",
     "00000000-0000-0000-0000-000000000000"},
    {"fold_teachers", "fold_teachers_save",
     "00000000-0000-0000-0000-000000000000"},
};

static const char *
masked(struct arena *arena, const char *name)
{
    size_t room = strlen(name) + 4;
    char *mask = arena_alloc(arena, room);

    return mask_name(name, mask, room) ? mask : "";
}

/* The rows as four arrays: key, name, fold, mask. */
static void
add_columns(struct arena *arena, const PGresult *rows, struct db_params *params)
{
    size_t count = (size_t)PQntuples(rows);

    for (int column = 0; column < 4; column++) {
        db_array(params, DB_TEXT, count);
        for (int row = 0; row < (int)count; row++) {
            const char *name = db_get_text(rows, row, 1);
            if (column == 2)
                db_text(params, view_folded(arena, name));
            else if (column == 3)
                db_text(params, masked(arena, name));
            else
                db_text(params, db_get_text(rows, row, column));
        }
    }
}

/* A lock of another writer: tries again. */
static enum db_end
save(struct db *db, const char *query, const struct db_params *params)
{
    enum db_end end = DB_RETRY;

    for (int try = 0; end == DB_RETRY && try < TRIES; try++) {
        PGresult *result = NULL;
        end = db_query(db, query, params, &result);
        PQclear(result);
    }
    return end;
}

/* One batch; `ret_last` (in the arena) is the key of its last row, NULL at the
 * end of the table. */
static enum db_end
fold_batch(struct db *db, struct arena *arena, const struct names *table,
           const char *after, const char **ret_last)
{
    CLEANUP(db_params_free) struct db_params asked = {0}, folded = {0};
    PGresult *rows = NULL;

    *ret_last = NULL;
    db_text(&asked, after);
    db_int4(&asked, BATCH);
    enum db_end end = db_query(db, table->read, &asked, &rows);
    if (end == DB_OK && PQntuples(rows) > 0) {
        add_columns(arena, rows, &folded);
        *ret_last = db_copy_text(arena, rows, PQntuples(rows) - 1, 0);
        end = save(db, table->save, &folded);
    }
    PQclear(rows);
    return end;
}

static enum db_end
fold_table(struct db *db, const struct names *table)
{
    char after[64];
    enum db_end end = DB_OK;
    bool more = true;

    snprintf(after, sizeof after, "%s", table->first);
    while (end == DB_OK && more && !service_stopping()) {
        struct arena *arena = arena_new(0);
        const char *last;
        end = fold_batch(db, arena, table, after, &last);
        more = last != NULL;
        if (more)
            snprintf(after, sizeof after, "%s", last);
        arena_free(arena);
    }
    return end;
}

static enum db_end
is_current(struct db *db, const char *version, bool *ret_current)
{
    PGresult *row = NULL;
    enum db_end end = db_query(db, "fold_version_read", NULL, &row);

    *ret_current = end == DB_OK && PQntuples(row) == 1 &&
                   strcmp(db_get_text(row, 0, 0), version) == 0;
    PQclear(row);
    return end;
}

static enum db_end
refold_tables(struct db *db)
{
    CLEANUP(db_params_free) struct db_params params = {0};
    char version[FOLD_VERSION_TEXT];
    bool current;

    fold_version(version);
    enum db_end end = is_current(db, version, &current);
    if (end != DB_OK || current)
        return end;
    log_event(names_fold_started, log_str("version", version));
    for (size_t i = 0; end == DB_OK && i < COUNT_OF(tables); i++)
        end = fold_table(db, &tables[i]);
    if (end != DB_OK || service_stopping())
        return end;
    db_text(&params, version);
    end = save(db, "fold_version_save", &params);
    if (end == DB_OK)
        log_event(names_folded, log_str("version", version));
    return end;
}

bool
refold(char ret_error[256])
{
    struct db *db = pool_take(gateway.pool, clock_monotonic() + DATABASE_WAIT);
    enum db_end end = DB_LOST;

    if (db != NULL) {
        end = refold_tables(db);
        if (end != DB_OK)
            snprintf(ret_error, 256, "names are not folded again: %s",
                     db_error(db));
        pool_give(gateway.pool, db);
    } else {
        snprintf(ret_error, 256, "the database is away");
    }
    return end == DB_OK;
}
