/* The number of lanes is chosen once and compared at every start.
 *
 * Called by migrate.c. With another number a key would come to another lane
 * than before, away from its order and its marks against duplicates. The rows
 * of the table are the number, so nothing else can disagree with them.
 */
#include "chassis/db/lane_table.h"

#include <stdio.h>

#include "chassis/base/clock.h"
#include "chassis/base/lanes.h"
#include "chassis/base/settings.h"

enum { LANES_FOUNDED = 24 }; /* if the first `migrate` is told no number */

static const struct sql_text queries[] = {
    {"lane_table_fill",
     "INSERT INTO lane (lane) SELECT generate_series(0, $1::bigint - 1) "
     "WHERE NOT EXISTS (SELECT FROM lane) RETURNING lane"},
    {"lane_table_count",
     "SELECT count(*), coalesce(max(lane) + 1, 0) FROM lane"},
    {.name = NULL},
};

static enum db_end
open_table(const char *service, const char *url, struct db **ret_db,
           char ret_error[256])
{
    return db_open_schema(service, url, queries, SECONDS(30), ret_db,
                          ret_error);
}

static enum db_end
fill(struct db *db)
{
    int64_t wanted = chassis_settings.lanes;
    struct db_params params = {0};
    PGresult *rows = NULL;

    db_int8(&params, wanted > 0 ? wanted : LANES_FOUNDED);
    enum db_end end = db_query(db, "lane_table_fill", &params, &rows);
    db_params_free(&params);
    if (end == DB_OK && PQntuples(rows) > 0)
        printf("migrate: %d lanes\n", PQntuples(rows));
    PQclear(rows);
    return end;
}

/* `count` rows, of which the last is lane `after` - 1. */
static void
compare(const char *service, int count, int after, char ret_error[256])
{
    int wanted = (int)chassis_settings.lanes;

    ret_error[0] = '\0';
    if (count == 0)
        snprintf(ret_error, 256,
                 "the table lane of the schema %.40s is empty: run `migrate` "
                 "of this build",
                 service);
    else if (count != after)
        snprintf(ret_error, 256,
                 "the table lane of the schema %.40s has %d rows, and its last "
                 "lane is %d: restore the schema",
                 service, count, after - 1);
    else if (wanted != 0 && wanted != count)
        snprintf(ret_error, 256,
                 "the schema %.40s has %d lanes and INSERVICE_LANES is %d: the "
                 "number stays as the first `migrate` wrote it; unset "
                 "INSERVICE_LANES, or begin with an empty schema",
                 service, count, wanted);
    else
        lane_count_set(count);
}

static enum db_end
count_rows(struct db *db, const char *service, bool *ret_empty,
           char ret_error[256])
{
    PGresult *rows = NULL;
    enum db_end end = db_query(db, "lane_table_count", NULL, &rows);

    if (end == DB_OK) {
        *ret_empty = db_get_int(rows, 0, 0) == 0;
        compare(service, (int)db_get_int(rows, 0, 0),
                (int)db_get_int(rows, 0, 1), ret_error);
    }
    PQclear(rows);
    return end;
}

static enum db_end
visit(const char *service, const char *url, bool may_fill, bool *ret_empty,
      char ret_error[256])
{
    struct db *db;
    enum db_end end = open_table(service, url, &db, ret_error);

    if (end != DB_OK)
        return end;
    if (may_fill)
        end = fill(db);
    if (end == DB_OK)
        end = count_rows(db, service, ret_empty, ret_error);
    if (end != DB_OK)
        snprintf(ret_error, 256, "%s", db_error(db));
    db_free(db);
    return end;
}

enum db_end
lane_table_fill(const char *service, const char *url, char ret_error[256])
{
    bool empty;

    return visit(service, url, true, &empty, ret_error);
}

enum db_end
lane_table_check(const char *service, const char *url, bool *ret_empty,
                 char ret_error[256])
{
    *ret_empty = false;
    return visit(service, url, false, ret_empty, ret_error);
}
