/* The settings that every service has, and their values.
 *
 * One row a setting; settings.c reads the rows and prints them as
 * documentation. Deadlines must keep one order, otherwise a frozen owner could
 * write after another took its lane: statement timeout < session timeout (fence
 * of the lane), and inbox rows outlive every repetition (rule 6).
 */
#include "chassis/base/clock.h"
#include "chassis/base/lanes.h"
#include "chassis/base/settings.h"

/* Before they are read: for programs of tests. */
struct chassis_settings chassis_settings = {.access_log = "off"};

#define TO(field) &chassis_settings.field

const struct setting chassis_setting_rows[] = {
    {.name = "DATABASE_URL",
     .type = SETTING_TEXT,
     .value = TO(database_url),
     .secret = true,
     .help = "PostgreSQL connection of the service's own role."},
    {.name = "OWNER_DATABASE_URL",
     .type = SETTING_TEXT,
     .value = TO(owner_database_url),
     .default_text = "",
     .secret = true,
     .help = "Connection of the role that owns the schema; only `migrate` "
             "uses it."},
    {.name = "KAFKA_BOOTSTRAP",
     .type = SETTING_TEXT,
     .value = TO(kafka_bootstrap),
     .help = "Kafka brokers, host:port with commas."},
    {.name = "KAFKA_SECURITY",
     .type = SETTING_FILE,
     .value = TO(kafka_security),
     .default_text = "",
     .secret = true,
     .help = "File of further librdkafka properties (TLS, SASL), name=value "
             "lines."},
    {.name = "LISTEN_ADDRESS",
     .type = SETTING_TEXT,
     .value = TO(listen_address),
     .default_text = "127.0.0.1",
     .help = "Address the HTTP listener binds to."},
    {.name = "LISTEN_PORT",
     .type = SETTING_INT,
     .value = TO(listen_port),
     .default_text = "0",
     .min = 0,
     .max = 65535,
     .help = "Port of the HTTP listener; 0 takes any free one, see the event "
             "`listening`."},
    {.name = "PORT_FILE",
     .type = SETTING_TEXT,
     .value = TO(port_file),
     .default_text = "",
     .help = "File the port is written to when the service listens."},
    {.name = "INSTANCE_ID",
     .type = SETTING_TEXT,
     .value = TO(instance_id),
     .default_text = "",
     .help = "Name of this process in the group of its service, different for "
             "each: after a restart it has its lanes back at once. Without a "
             "name the lanes of a killed process stand for SESSION_TIMEOUT. "
             "The Debian package and `deploy/k8s` set it."},
    {.name = "LOG_LEVEL",
     .type = SETTING_CHOICE,
     .value = TO(log_level),
     .default_text = "info",
     .choices = "debug|info|warning|error",
     .help = "Lowest level that is written."},
    {.name = "ACCESS_LOG",
     .type = SETTING_CHOICE,
     .value = &chassis_settings.access_log,
     .default_text = "errors",
     .choices = "off|errors|all",
     .help = "Requests that get a line in the log: none, those answered with "
             "400 and above, or all."},
    {.name = "LANES",
     .type = SETTING_INT,
     .value = TO(lanes),
     .default_text = "",
     .min = 1,
     .max = LANES_MAX,
     .help = "Lanes of the installation, and partitions of every topic: the "
             "first `migrate` writes the number (24 if none is set) and it "
             "stays; another number ends a start."},
    {.name = "WORKERS",
     .type = SETTING_INT,
     .value = TO(workers),
     .default_text = "1",
     .min = 1,
     .max = WORKERS_MAX,
     .help = "Workers of the lane in one process, each with lanes and a "
             "database connection of its own; the gateway has one."},
    {.name = "BATCH_MAX",
     .type = SETTING_INT,
     .value = TO(batch_max),
     .default_text = "200",
     .min = 1,
     .max = 200,
     .help = "Messages one transaction takes at most."},
    {.name = "SESSION_TIMEOUT",
     .type = SETTING_DURATION,
     .value = TO(session_timeout),
     .default_text = "10s",
     .min = SECONDS(3),
     .max = SECONDS(60),
     .help = "After this silence the group gives a process's lanes away: so "
             "long they stand if a machine is lost. A process with an "
             "INSTANCE_ID that is back earlier keeps them."},
    {.name = "STATEMENT_TIMEOUT",
     .type = SETTING_DURATION,
     .value = TO(statement_timeout),
     .default_text = "5s",
     .min = MILLISECONDS(100),
     .max = SECONDS(55),
     .help = "Limit of one statement and of an idle transaction; keep it below "
             "SESSION_TIMEOUT."},
    {.name = "DRAIN_DEADLINE",
     .type = SETTING_DURATION,
     .value = TO(drain_deadline),
     .default_text = "20s",
     .min = SECONDS(1),
     .max = SECONDS(300),
     .help = "From SIGTERM to the end of the process."},
    {.name = "IN_FLIGHT_MAX",
     .type = SETTING_INT,
     .value = TO(in_flight_max),
     .default_text = "10000",
     .min = 200,
     .max = 1000000,
     .help = "Journal rows of one process not yet acknowledged by the broker "
             "before its lanes wait; each takes about 2 KiB of memory."},
    {.name = "INBOX_KEPT",
     .type = SETTING_DURATION,
     .value = TO(inbox_kept),
     .default_text = "14d",
     .min = DAYS(9),
     .max = DAYS(365),
     .help = "How long decided commands are remembered: at least the re-send "
             "deadline (2 d) and the command topic's retention (7 d) "
             "together."},
    {0},
};
