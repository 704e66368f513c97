/* Runs and checks migrations; the only code that changes a schema.
 *
 * Called by `<service> migrate` and at every start. A changed script that has
 * already run is an error, never repaired: migrations only go forward.
 */
#include "chassis/db/migrate.h"

#include <stdio.h>
#include <string.h>

#include "chassis/base/clock.h"
#include "chassis/base/seal.h"

extern const struct sql_text chassis_migrations[];

static const struct sql_text migrate_queries[] = {
    {"migration_find", "SELECT checksum FROM schema_migration "
                       "WHERE part = $1 AND name = $2"},
    {"migration_count", "SELECT count(*) FROM schema_migration "
                        "WHERE part = $1"},
    {"migration_record", "INSERT INTO schema_migration (part, name, checksum) "
                         "VALUES ($1, $2, $3)"},
    {.name = NULL},
};

static const char table_sql[] =
    "CREATE TABLE IF NOT EXISTS schema_migration ("
    "part text NOT NULL, name text NOT NULL, checksum bytea NOT NULL, "
    "at timestamptz NOT NULL DEFAULT now(), PRIMARY KEY (part, name))";

struct part {
    const char *name;
    const struct sql_text *scripts;
};

static struct db *
migrate_open(const struct service *service, const char *url,
             const struct sql_text *queries, char error[256])
{
    const struct sql_text *const tables[] = {queries, NULL};
    struct db_options options = {
        .url = url,
        .name = service->core.name,
        .tables = tables,
        .statement_timeout = SECONDS(300),
    };

    return db_open(&options, error);
}

enum found {
    FOUND_SAME,
    FOUND_OTHER, /* recorded with another checksum */
    FOUND_NOT,
    FOUND_FAILED,
};

static enum found
migration_find(struct db *db, const char *part, const struct sql_text *script)
{
    uint8_t digest[SEAL_DIGEST];
    struct db_params params = {0};
    PGresult *rows = NULL;
    enum found found = FOUND_NOT;
    size_t size;

    seal_digest(script->text, strlen(script->text), digest);
    db_text(&params, part);
    db_text(&params, script->name);
    enum db_end end = db_query(db, "migration_find", &params, &rows);
    db_params_free(&params);
    if (end != DB_OK)
        return FOUND_FAILED;
    if (PQntuples(rows) > 0) {
        const uint8_t *stored = db_get_bytes(rows, 0, 0, &size);
        found = size == sizeof digest && memcmp(stored, digest, size) == 0
                    ? FOUND_SAME
                    : FOUND_OTHER;
    }
    PQclear(rows);
    return found;
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
    enum db_end end = db_query(db, "migration_record", &params, NULL);
    db_params_free(&params);
    return end;
}

static bool
migration_apply(struct db *db, const char *part, const struct sql_text *script)
{
    enum db_end end = db_execute(db, "BEGIN");

    if (end == DB_OK)
        end = db_execute(db, script->text);
    if (end == DB_OK)
        end = migration_record(db, part, script);
    if (end == DB_OK)
        end = db_execute(db, "COMMIT");
    if (end != DB_OK) {
        fprintf(stderr, "migrate: %s/%s failed: %s\n", part, script->name,
                db_error(db));
        return false;
    }
    printf("migrate: %s/%s\n", part, script->name);
    return true;
}

static bool
migrate_part(struct db *db, const struct part *part)
{
    for (const struct sql_text *s = part->scripts; s->name != NULL; s++) {
        switch (migration_find(db, part->name, s)) {
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
        case FOUND_FAILED:
            fprintf(stderr, "migrate: %s\n", db_error(db));
            return false;
        }
    }
    return true;
}

static bool
migrate_all(struct db *db, const struct service *service)
{
    const struct part parts[] = {
        {"chassis", chassis_migrations},
        {service->core.name, service->migrations},
    };

    for (size_t i = 0; i < COUNT_OF(parts); i++)
        if (!migrate_part(db, &parts[i]))
            return false;
    return db_execute(db, "SELECT journal_months(current_date, 24)") == DB_OK;
}

int
migrate_run(const struct service *service)
{
    char error[256];
    struct db *db =
        migrate_open(service, chassis_settings.owner_database_url, NULL, error);

    if (db == NULL) {
        fprintf(stderr, "migrate: %s\n", error);
        return 1;
    }
    bool ok = db_execute(db, "SELECT pg_advisory_lock(hashtext("
                             "'migrate ' || current_schema()))") == DB_OK &&
              db_execute(db, table_sql) == DB_OK;
    struct db *worker =
        ok ? migrate_open(service, chassis_settings.owner_database_url,
                          migrate_queries, error)
           : NULL;
    if (!ok)
        fprintf(stderr, "migrate: %s\n", db_error(db));
    else if (worker == NULL)
        fprintf(stderr, "migrate: %s\n", error);
    ok = worker != NULL && migrate_all(worker, service);
    db_free(worker);
    db_free(db); /* gives the lock back */
    return ok ? 0 : 1;
}

static bool
check_part(struct db *db, const struct part *part, char ret_error[256])
{
    struct db_params params = {0};
    PGresult *rows = NULL;
    int64_t known = 0, recorded = -1;

    for (const struct sql_text *s = part->scripts; s->name != NULL; s++) {
        known++;
        if (migration_find(db, part->name, s) != FOUND_SAME) {
            snprintf(ret_error, 256,
                     "migration %.40s/%.80s has not run as it is here: run "
                     "`migrate` of this build first",
                     part->name, s->name);
            return false;
        }
    }
    db_text(&params, part->name);
    if (db_query(db, "migration_count", &params, &rows) == DB_OK) {
        recorded = db_get_int(rows, 0, 0);
        PQclear(rows);
    }
    db_params_free(&params);
    if (recorded != known)
        snprintf(ret_error, 256,
                 "the schema has %lld migrations of part %.40s, this build "
                 "knows %lld: it is of a newer build",
                 (long long)recorded, part->name, (long long)known);
    return recorded == known;
}

bool
migrate_check(const struct service *service, const char *url,
              char ret_error[256])
{
    const struct part parts[] = {
        {"chassis", chassis_migrations},
        {service->core.name, service->migrations},
    };
    struct db *db = migrate_open(service, url, migrate_queries, ret_error);
    bool ok = db != NULL;

    for (size_t i = 0; ok && i < COUNT_OF(parts); i++)
        ok = check_part(db, &parts[i], ret_error);
    db_free(db);
    return ok;
}
