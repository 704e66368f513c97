/* Runs and checks migrations; the only code that changes a schema.
 *
 * Called by `<service> migrate` and at every start. A script that was changed
 * after it ran is an error: migrations only go forward.
 */
#include "chassis/db/migrate.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

#include "chassis/base/clock.h"
#include "chassis/base/seal.h"
#include "chassis/base/settings.h"
#include "chassis/db/db.h"
#include "chassis/db/lane_table.h"

extern const struct sql_text chassis_migrations[];

static const struct sql_text migrate_queries[] = {
    {"migration_find", "SELECT checksum FROM schema_migration "
                       "WHERE part = $1 AND name = $2"},
    {"migration_newer",
     "SELECT name FROM schema_migration WHERE part = $1 "
     "AND name <> ALL($2::text[]) AND NOT older_builds_fit ORDER BY name"},
    {"migration_record",
     "INSERT INTO schema_migration (part, name, checksum, older_builds_fit) "
     "VALUES ($1, $2, $3, $4)"},
    {.name = NULL},
};
/* Prepared apart, because the others need the table. */
static const struct sql_text made_queries[] = {
    {"migration_made",
     "SELECT FROM pg_attribute WHERE attname = 'older_builds_fit' "
     "AND attrelid = to_regclass('schema_migration')"},
    {.name = NULL},
};

static const char table_sql[] =
    "CREATE TABLE IF NOT EXISTS schema_migration ("
    "part text NOT NULL, name text NOT NULL, checksum bytea NOT NULL, "
    "at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (part, name)); "
    "ALTER TABLE schema_migration ADD COLUMN IF NOT EXISTS "
    "older_builds_fit boolean NOT NULL DEFAULT false";
/* After each run: new partitions come with all rights. */
static const char upkeep_sql[] =
    "SELECT journal_months(current_date, 24); "
    "SELECT withhold('{UPDATE,DELETE,TRUNCATE}', '{journal}'); "
    "SELECT withhold('{INSERT,UPDATE,DELETE,TRUNCATE}', '{schema_migration}')";
/* The first line of a script on whose schema the builds before it still run. */
static const char expands[] = "-- expands: ";

struct part {
    const char *name;
    const struct sql_text *scripts;
};

static enum db_end
migrate_open(const char *service, const char *url,
             const struct sql_text *queries, struct db **ret_db,
             char error[256])
{
    return db_open_schema(service, url, queries, SECONDS(300), ret_db, error);
}

enum found {
    FOUND_SAME,
    FOUND_OTHER, /* recorded with another checksum */
    FOUND_NOT,
};

static enum db_end
migration_find(struct db *db, const char *part, const struct sql_text *script,
               enum found *ret_found)
{
    uint8_t digest[SEAL_DIGEST];
    struct db_params params = {0};
    PGresult *rows = NULL;
    size_t size;

    seal_digest(script->text, strlen(script->text), digest);
    db_text(&params, part);
    db_text(&params, script->name);
    enum db_end end = db_query(db, "migration_find", &params, &rows);
    db_params_free(&params);
    if (end != DB_OK)
        return end;
    *ret_found = FOUND_NOT;
    if (PQntuples(rows) > 0) {
        const uint8_t *stored = db_get_bytes(rows, 0, 0, &size);
        *ret_found = size == sizeof digest && memcmp(stored, digest, size) == 0
                         ? FOUND_SAME
                         : FOUND_OTHER;
    }
    PQclear(rows);
    return DB_OK;
}

static enum db_end
migration_record(struct db *db, const char *part, const struct sql_text *script)
{
    uint8_t digest[SEAL_DIGEST];
    struct db_params params = {0};

    seal_digest(script->text, strlen(script->text), digest);
    db_text(&params, part);
    db_text(&params, script->name);
    db_bytes(&params, digest, sizeof digest);
    db_bool(&params, strncmp(script->text, expands, strlen(expands)) == 0);
    enum db_end end = db_query(db, "migration_record", &params, NULL);
    db_params_free(&params);
    return end;
}

/* One transaction of `migrate`. */
struct step {
    const char *part;
    struct sql_text script;
    bool recorded; /* as a script that has run */
};

/* Who waits for a table's lock holds up all who come after, so it gives up
 * soon. */
static enum db_end
step_try(struct db *db, const struct step *step)
{
    enum db_end end = db_execute(db, "BEGIN; SET LOCAL lock_timeout = '500ms'");

    if (end == DB_OK)
        end = db_execute(db, step->script.text);
    if (end == DB_OK && step->recorded)
        end = migration_record(db, step->part, &step->script);
    if (end == DB_OK)
        end = db_execute(db, "COMMIT");
    return end;
}

static bool
lock_is_missing(const struct db *db, enum db_end end)
{
    const char *state = db_sqlstate(db);

    return end == DB_RETRY &&
           (strcmp(state, "55P03") == 0 || strcmp(state, "40P01") == 0);
}

/* Tries again while somebody else (a dump, perhaps for hours) holds a table;
 * the services work between the tries. */
static bool
step_run(struct db *db, const struct step *step)
{
    enum db_end end = step_try(db, step);

    if (lock_is_missing(db, end))
        fprintf(stderr,
                "migrate: %s/%s waits until another session (a dump?) has "
                "left its tables\n",
                step->part, step->script.name);
    while (lock_is_missing(db, end) && db_rollback(db) == DB_OK) {
        nanosleep(&(struct timespec){1, 0}, NULL);
        end = step_try(db, step);
    }
    if (end != DB_OK)
        fprintf(stderr, "migrate: %s/%s failed: %s\n", step->part,
                step->script.name, db_error(db));
    return end == DB_OK;
}

static bool
migration_apply(struct db *db, const char *part, const struct sql_text *script)
{
    if (!step_run(db, &(struct step){part, *script, true}))
        return false;
    printf("migrate: %s/%s\n", part, script->name);
    return true;
}

static bool
migrate_part(struct db *db, const struct part *part)
{
    enum found found;

    for (const struct sql_text *s = part->scripts; s->name != NULL; s++) {
        if (migration_find(db, part->name, s, &found) != DB_OK) {
            fprintf(stderr, "migrate: %s\n", db_error(db));
            return false;
        }
        switch (found) {
        case FOUND_SAME:
            break;
        case FOUND_NOT:
            if (!migration_apply(db, part->name, s))
                return false;
            break;
        case FOUND_OTHER:
            fprintf(stderr,
                    "migrate: %s/%s has run with other content; migrations "
                    "only go forward: add a new one\n",
                    part->name, s->name);
            return false;
        }
    }
    return true;
}

static bool
migrate_all(struct db *db, const char *service,
            const struct sql_text *migrations)
{
    const struct part parts[] = {
        {"chassis", chassis_migrations},
        {service, migrations},
    };

    for (size_t i = 0; i < COUNT_OF(parts); i++)
        if (!migrate_part(db, &parts[i]))
            return false;
    return step_run(db, &(struct step){service, {"upkeep", upkeep_sql}, false});
}

static bool
migrate_lanes(const char *service, const char *url)
{
    char error[256];

    if (lane_table_fill(service, url, error) == DB_OK && error[0] == '\0')
        return true;
    fprintf(stderr, "migrate: %s\n", error);
    return false;
}

int
migrate_run(const char *service, const struct sql_text *migrations)
{
    const char *url = chassis_settings.owner_database_url;
    char error[256] = "";
    struct db *lock, *worker = NULL;
    bool ok = false;

    if (migrate_open(service, url, NULL, &lock, error) == DB_OK) {
        ok = db_execute(lock, "SELECT pg_advisory_lock(hashtext("
                              "'migrate ' || current_schema()))") == DB_OK;
        if (!ok)
            snprintf(error, sizeof error, "%s", db_error(lock));
    }
    ok = ok &&
         step_run(lock, &(struct step){service, {"table", table_sql}, false}) &&
         migrate_open(service, url, migrate_queries, &worker, error) == DB_OK;
    if (error[0] != '\0')
        fprintf(stderr, "migrate: %s\n", error);
    ok = ok && migrate_all(worker, service, migrations) &&
         migrate_lanes(service, url);
    db_free(worker);
    db_free(lock); /* gives the lock back */
    return ok ? 0 : 1;
}

static enum schema_state
state_after(enum db_end end)
{
    switch (end) {
    case DB_OK:
        return SCHEMA_FITS;
    case DB_FAULT:
        return SCHEMA_WRONG;
    case DB_DENIED:
        return SCHEMA_DENIED;
    case DB_RETRY:
    case DB_LOST:
        break;
    }
    return SCHEMA_UNREACHABLE;
}

/* Whether `migrate` of a build of this kind has run at all. */
static enum schema_state
check_made(const char *service, const char *url, char ret_error[256])
{
    PGresult *rows = NULL;
    struct db *db;
    enum db_end end = migrate_open(service, url, made_queries, &db, ret_error);

    if (end != DB_OK)
        return state_after(end);
    end = db_query(db, "migration_made", NULL, &rows);
    bool made = end == DB_OK && PQntuples(rows) > 0;
    if (end != DB_OK)
        snprintf(ret_error, 256, "%s", db_error(db));
    else if (!made)
        snprintf(ret_error, 256,
                 "the schema %.40s has not been made: run `migrate` of this "
                 "build",
                 service);
    PQclear(rows);
    db_free(db);
    return end == DB_OK && !made ? SCHEMA_OLD : state_after(end);
}

/* Every script has run, as it is here. */
static enum schema_state
check_scripts(struct db *db, const struct part *part, char ret_error[256])
{
    enum found found;

    for (const struct sql_text *s = part->scripts; s->name != NULL; s++) {
        enum db_end end = migration_find(db, part->name, s, &found);
        if (end != DB_OK) {
            snprintf(ret_error, 256, "%s", db_error(db));
            return state_after(end);
        }
        if (found == FOUND_SAME)
            continue;
        snprintf(ret_error, 256,
                 found == FOUND_NOT
                     ? "migration %.40s/%.80s has not run: run `migrate` of "
                       "this build"
                     : "migration %.40s/%.80s has run with other content: the "
                       "schema is not of this program",
                 part->name, s->name);
        return found == FOUND_NOT ? SCHEMA_OLD : SCHEMA_WRONG;
    }
    return SCHEMA_FITS;
}

/* Every script that has run and is not here leaves room for builds before it.
 */
static enum schema_state
check_newer(struct db *db, const struct part *part, char ret_error[256])
{
    struct db_params params = {0};
    PGresult *rows = NULL;
    size_t known = 0;

    while (part->scripts[known].name != NULL)
        known++;
    db_text(&params, part->name);
    db_array(&params, DB_TEXT, known);
    for (size_t i = 0; i < known; i++)
        db_text(&params, part->scripts[i].name);
    enum db_end end = db_query(db, "migration_newer", &params, &rows);
    db_params_free(&params);
    bool newer = end == DB_OK && PQntuples(rows) > 0;
    if (end != DB_OK)
        snprintf(ret_error, 256, "%s", db_error(db));
    else if (newer)
        snprintf(ret_error, 256,
                 "the schema is of a newer build: this one does not run on "
                 "migration %.40s/%.80s",
                 part->name, db_get_text(rows, 0, 0));
    PQclear(rows);
    return newer ? SCHEMA_WRONG : state_after(end);
}

static enum schema_state
check_lanes(const char *service, const char *url, char ret_error[256])
{
    bool empty;
    enum db_end end = lane_table_check(service, url, &empty, ret_error);

    if (end != DB_OK)
        return state_after(end);
    if (empty)
        return SCHEMA_OLD;
    return ret_error[0] == '\0' ? SCHEMA_FITS : SCHEMA_LANES;
}

static enum schema_state
check_parts(const char *service, const struct sql_text *migrations,
            const char *url, char ret_error[256])
{
    const struct part parts[] = {
        {"chassis", chassis_migrations},
        {service, migrations},
    };
    struct db *db;
    enum schema_state state = state_after(
        migrate_open(service, url, migrate_queries, &db, ret_error));

    for (size_t i = 0; state == SCHEMA_FITS && i < COUNT_OF(parts); i++) {
        state = check_scripts(db, &parts[i], ret_error);
        if (state == SCHEMA_FITS)
            state = check_newer(db, &parts[i], ret_error);
    }
    db_free(db);
    return state;
}

enum schema_state
migrate_check(const char *service, const struct sql_text *migrations,
              const char *url, char ret_error[256])
{
    enum schema_state state = check_made(service, url, ret_error);

    if (state == SCHEMA_FITS)
        state = check_parts(service, migrations, url, ret_error);
    return state == SCHEMA_FITS ? check_lanes(service, url, ret_error) : state;
}
