/* Settings, database, schema, clock, broker, disk, and the service's own parts.
 *
 * A part that needs another one is left out if that one is at fault. The broker
 * is asked by kafka_checkup.c. */
#include "chassis/lane/doctor.h"

#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chassis/base/checkup.h"
#include "chassis/base/clock.h"
#include "chassis/base/settings.h"
#include "chassis/db/db.h"
#include "chassis/db/migrate.h"
#include "chassis/lane/topic_uses.h"

/* More than that, and the times in messages, tickets and timers are wrong. */
static const int64_t clocks_apart_max = SECONDS(2);
static const int64_t answer_max = SECONDS(5);

static const struct sql_text doctor_queries[] = {
    {"doctor_clock", "SELECT clock_timestamp()"},
    {.name = NULL},
};

int
doctor_settings_refused(void)
{
    struct checkup checkup = {false};

    checkup_fault(&checkup, "settings",
                  "correct the lines above; docs/settings.md lists all",
                  "a process would not start with them");
    return 1;
}

/* --- database ----------------------------------------------------------- */
static bool
check_database(struct checkup *checkup, const struct service *service,
               struct db **ret_db)
{
    char error[256];

    switch (db_open_schema(service->core.name, chassis_settings.database_url,
                           doctor_queries, answer_max, ret_db, error)) {
    case DB_OK:
        checkup_ok(checkup, "database", "it answers, and knows the role");
        return true;
    case DB_DENIED:
        checkup_fault(checkup, "database",
                      "correct INSERVICE_DATABASE_URL, or make role and "
                      "database",
                      "%s", error);
        break;
    case DB_RETRY:
    case DB_LOST:
    case DB_FAULT:
        checkup_fault(checkup, "database",
                      "see whether it runs and can be reached; docs/"
                      "operations.md, \"TLS, users and rights\"",
                      "%s", error);
    }
    return false;
}

/* Returns the number of lanes; 0: not known. */
static int
check_schema(struct checkup *checkup, const struct service *service)
{
    char error[256];

    switch (migrate_check(service->core.name, service->migrations,
                          chassis_settings.database_url, error)) {
    case SCHEMA_FITS:
        checkup_ok(checkup, "schema", "it fits this build; %d lanes",
                   lane_count());
        return lane_count();
    case SCHEMA_OLD: /* the text says what to run */
    case SCHEMA_LANES:
        checkup_fault(checkup, "schema", NULL, "%s", error);
        break;
    case SCHEMA_WRONG:
        checkup_fault(checkup, "schema", "start the build that fits it", "%s",
                      error);
        break;
    case SCHEMA_DENIED:
    case SCHEMA_UNREACHABLE:
        checkup_fault(checkup, "schema", "see the line of the database", "%s",
                      error);
    }
    return 0;
}

/* Compared with the middle of the question, so that a slow line is no
 * difference. */
static void
check_clock(struct checkup *checkup, struct db *db)
{
    PGresult *rows = NULL;
    int64_t before = clock_now();
    enum db_end end = db_query(db, "doctor_clock", NULL, &rows);
    int64_t after = clock_now();

    if (end != DB_OK) {
        checkup_skip(checkup, "clock", "%s", db_error(db));
        return;
    }
    int64_t apart = before + (after - before) / 2 - db_get_time(rows, 0, 0);
    PQclear(rows);
    double seconds = (double)apart / 1e6;
    if (apart > clocks_apart_max || apart < -clocks_apart_max)
        checkup_fault(checkup, "clock",
                      "run a time service (chrony) on both machines",
                      "it is %+.1f s against the database's", seconds);
    else
        checkup_ok(checkup, "clock", "%+.3f s against the database's", seconds);
}

/* --- the rest ----------------------------------------------------------- */
static void
check_broker(struct checkup *checkup, const struct service *service, int lanes)
{
    struct topic_use uses[USES_MAX];
    char group[64];

    snprintf(group, sizeof group, "inservice-%s", service->core.name);
    kafka_checkup(checkup, group, uses, topic_uses(service, uses), lanes);
}

static void
check_name(struct checkup *checkup)
{
    const char *name = chassis_settings.instance_id;

    if (name != NULL && name[0] != '\0')
        checkup_ok(checkup, "instance", "its name is %s", name);
    else
        checkup_note(
            checkup, "instance",
            "no INSERVICE_INSTANCE_ID: after a hard end its lanes "
            "stand for %lld s",
            (long long)(chassis_settings.session_timeout / SECONDS(1)));
}

static void
check_port_file(struct checkup *checkup)
{
    char path[PATH_MAX];

    if (chassis_settings.port_file == NULL ||
        chassis_settings.port_file[0] == '\0')
        return;
    snprintf(path, sizeof path, "%s", chassis_settings.port_file);
    checkup_folder(checkup, dirname(path), 1 << 20);
}

int
doctor_run(const struct service *service)
{
    struct checkup checkup = {false};
    struct db *db = NULL;
    int lanes = 0;

    checkup_ok(&checkup, "settings", "a process starts with them");
    if (check_database(&checkup, service, &db)) {
        lanes = check_schema(&checkup, service);
        check_clock(&checkup, db);
    } else {
        checkup_skip(&checkup, "schema", "not looked at without a database");
        checkup_skip(&checkup, "clock", "not looked at without a database");
    }
    db_free(db);
    check_broker(&checkup, service, lanes);
    check_name(&checkup);
    check_port_file(&checkup);
    if (service->checkup != NULL)
        service->checkup(&checkup, lanes > 0);
    return checkup.ill ? 1 : 0;
}
