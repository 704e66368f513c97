/* Reads the keys, lanes and versions of an aggregate's rows (<store>_walk).
 *
 * A page is one statement along the primary key, so memory is bounded and a
 * walk can be continued after any key. Called by audit_state.c and say_again.c.
 */
#include "chassis/lane/store_walk.h"

int
store_walk(struct db *db, const struct store *store, const char *after,
           struct arena *arena, struct walked **ret_rows)
{
    struct db_params params = {0};
    PGresult *rows = NULL;

    if (store->key_type == DB_UUID)
        db_uuid(&params,
                after ? after : "00000000-0000-0000-0000-000000000000");
    else
        db_text(&params, after ? after : "");
    db_int4(&params, WALK_PAGE);
    enum db_end end = db_query(db, arena_printf(arena, "%s_walk", store->name),
                               &params, &rows);
    db_params_free(&params);
    if (end != DB_OK)
        return -1;
    int count = PQntuples(rows);
    *ret_rows = ARENA_ARRAY(arena, struct walked, (size_t)count);
    for (int i = 0; i < count; i++)
        (*ret_rows)[i] = (struct walked){
            .key = db_copy_text(arena, rows, i, 0),
            .lane = lane_of(db_get_text(rows, i, 1)),
            .version = db_get_int(rows, i, 2),
        };
    PQclear(rows);
    return count;
}
