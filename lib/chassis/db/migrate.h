/* Migrations: numbered SQL, forward only, one runner at a time.
 *
 * `migrate` runs the chassis' part and the service's part as the schema's
 * owner, under an advisory lock, each script in a transaction of its own, and
 * records number, name and checksum. It works beside running services, and
 * waits for a table without holding them up while a dump reads it. The first
 * one also chooses how many lanes the schema has, for good. A service waits
 * until every script that it was built with has run. It also runs on a schema
 * with newer scripts, if each of them begins with "-- expands: " and a reason:
 * then the builds before it fit, and an upgrade can be taken back.
 */
#pragma once

#include "attributes.h"
#include "chassis/db/sql_text.h"

/* Brings the schema up to date; prints a line per script. Exit status. */
int migrate_run(const char *service, const struct sql_text *migrations);
enum schema_state {
    SCHEMA_FITS,
    SCHEMA_OLD,         /* `migrate` of this build has not run (yet) */
    SCHEMA_WRONG,       /* changed or newer: waiting does not help */
    SCHEMA_LANES,       /* another number of lanes than is set, or none */
    SCHEMA_DENIED,      /* wrong role, password or database */
    SCHEMA_UNREACHABLE, /* the database does not answer */
};
/* Compares the schema with the service's migrations and with INSERVICE_LANES;
 * sets lane_count(). Unless it fits, `ret_error` (256 bytes) has the reason. */
enum schema_state migrate_check(const char *service,
                                const struct sql_text *migrations,
                                const char *url,
                                char ret_error[256]) WARN_UNUSED;
