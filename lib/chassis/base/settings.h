/* One table of settings per process; the table is also the documentation.
 *
 * A value comes from the environment (INSERVICE_<NAME>), otherwise from the
 * file that --settings or INSERVICE_SETTINGS names (NAME=value lines, with or
 * without the prefix, # comments; not readable by other users if it holds
 * secrets), otherwise from the row's default. A wrong value, an unknown name in
 * the file or a missing required one ends the start with one precise line per
 * fault. Values of `secret` rows are never printed.
 */
#pragma once

#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>

#include "attributes.h"

enum setting_type {
    SETTING_TEXT, /* const char *  */
    SETTING_INT,  /* int64_t, within [min, max]; 0 where "" is the default */
    SETTING_BOOL, /* bool: true|false */
    SETTING_DURATION, /* int64_t microseconds: 250ms, 5s, 10min, 12h, 14d */
    SETTING_SIZE,     /* int64_t bytes: 64KiB, 8MiB, 300 */
    SETTING_CHOICE,   /* const char *, one of the words in `choices` */
    SETTING_FILE,     /* const char *, path of a readable file, owner-only when
                         secret */
};

struct setting {
    const char *name; /* "DATABASE_URL": read from INSERVICE_DATABASE_URL */
    enum setting_type type;
    void *value;              /* where it goes */
    const char *default_text; /* NULL: required; "" with TEXT, INT: none */
    int64_t min, max;         /* of INT, DURATION, SIZE; both 0: no bound */
    const char *choices;      /* "a|b|c" */
    bool secret;
    const char *help; /* one sentence */
};

/* The rows that every service has (database, broker, listen address, log
 * level, instance id, batch size …), and their values. */
struct chassis_settings {
    const char *database_url;
    const char *owner_database_url; /* only `migrate` uses it */
    const char *kafka_bootstrap;
    const char *kafka_security; /* file of librdkafka name=value lines */
    const char *listen_address;
    int64_t listen_port;   /* 0: any free port, printed in event `listening` */
    const char *port_file; /* the port is written there when listening */
    const char *instance_id; /* static group membership when set */
    const char *log_level;
    const char *access_log;    /* which requests are logged */
    int64_t lanes;             /* 0: as many as the tables have */
    int64_t workers;           /* of a service's lanes in one process */
    int64_t batch_max;         /* messages a batch, 1–200 */
    int64_t session_timeout;   /* of the group */
    int64_t statement_timeout; /* below the session timeout */
    int64_t drain_deadline;    /* from SIGTERM to exit */
    int64_t
        in_flight_max;  /* journal rows not yet acknowledged, of all workers */
    int64_t inbox_kept; /* rule 6: ≥ re-send deadline + command retention */
};
extern struct chassis_settings chassis_settings;
enum { WORKERS_MAX = 12 };
extern const struct setting chassis_setting_rows[];

/* Reads both tables (each ends with a NULL name). False: faults were written
 * to `errors`, one a line. The module owns all texts, forever. */
bool settings_read(const struct setting *service_rows, const char *file,
                   FILE *errors) WARN_UNUSED;
/* Prints both tables as Markdown. */
void settings_document(const struct setting *service_rows, FILE *out);
