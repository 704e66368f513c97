/* settings.c: the gateway's own settings; the chassis' rows come before them.
 *
 * Read once at start by service_main(); `gateway settings` prints the table as
 * documentation. No other file reads the environment.
 */
#include "gateway/gateway.h"

struct gateway_settings gateway_settings;

#define AT(member) &gateway_settings.member

const struct setting gateway_setting_rows[] = {
    {.name = "KEY_DIR", .type = SETTING_TEXT, .value = AT(key_dir),
     .help = "Folder of the keys that seal ID numbers and tokens; only its "
             "owner may read it."},
    {.name = "DATABASE_POOL", .type = SETTING_INT, .value = AT(database_pool),
     .default_text = "16", .min = 1, .max = 200,
     .help = "Connections to the database for HTTP requests."},
    {.name = "CONNECTION_MAX", .type = SETTING_INT,
     .value = AT(connection_max), .default_text = "1024", .min = 1,
     .max = 65536, .help = "HTTP connections at most."},
    {.name = "CONNECTION_PER_IP_MAX", .type = SETTING_INT,
     .value = AT(connection_per_ip_max), .default_text = "256", .min = 1,
     .max = 65536, .help = "HTTP connections from one address at most."},
    {.name = "WAIT_DEFAULT", .type = SETTING_DURATION,
     .value = AT(wait_default), .default_text = "2s", .min = 0,
     .max = SECONDS(30),
     .help = "How long a command is waited for where Prefer says nothing."},
    {.name = "SESSION_IDLE", .type = SETTING_DURATION,
     .value = AT(session_idle), .default_text = "30min", .min = SECONDS(60),
     .max = SECONDS(12 * 3600),
     .help = "A session that is not used for this long is over."},
    {.name = "SESSION_ABSOLUTE", .type = SETTING_DURATION,
     .value = AT(session_absolute), .default_text = "12h",
     .min = SECONDS(60), .max = DAYS(1),
     .help = "A session is over after this long, used or not."},
    {.name = "STEP_UP_AGE", .type = SETTING_DURATION, .value = AT(step_up_age),
     .default_text = "15min", .min = SECONDS(1), .max = SECONDS(3600),
     .help = "How long ago the sign-in may be for what asks for step-up."},
    {.name = "HASH_POOL", .type = SETTING_INT, .value = AT(hash_pool),
     .default_text = "2", .min = 1, .max = 64,
     .help = "Passwords hashed at the same time, 19 MiB each."},
    {.name = "HASH_QUEUE_MAX", .type = SETTING_INT, .value = AT(hash_queue_max),
     .default_text = "64", .min = 1, .max = 10000,
     .help = "Sign-ins that wait for hashing; the rest gets 503."},
    {.name = "MAIL_SPOOL", .type = SETTING_TEXT, .value = AT(mail_spool),
     .default_text = "",
     .help = "Folder where mails are written instead of being sent."},
    {.name = "SMTP_URL", .type = SETTING_TEXT, .value = AT(smtp_url),
     .default_text = "", .secret = true,
     .help = "Mail server, smtp:// or smtps://, with user and password."},
    {.name = "MAIL_FROM", .type = SETTING_TEXT, .value = AT(mail_from),
     .default_text = "inservice@localhost", .help = "Sender of all mails."},
    {.name = "MAIL_MAX_AGE", .type = SETTING_DURATION,
     .value = AT(mail_max_age), .default_text = "2d", .min = SECONDS(1),
     .max = DAYS(30),
     .help = "Occasions older than this mail nobody, so a read model that is "
             "built anew stays silent."},
    {.name = "TICKET_AGE", .type = SETTING_DURATION, .value = AT(ticket_age),
     .default_text = "7d", .min = SECONDS(60), .max = DAYS(30),
     .help = "How long a ticket to set a password is good."},
    {.name = "VERIFICATIONS_PER_CLIENT", .type = SETTING_INT,
     .value = AT(verifications_per_client), .default_text = "300", .min = 1,
     .max = 1000000,
     .help = "Codes by e-mail that one client address may ask for in an "
             "hour."},
    {.name = "PUBLIC_URL", .type = SETTING_TEXT, .value = AT(public_url),
     .default_text = "http://127.0.0.1:8080",
     .help = "Address of the system as people see it, for links in mails."},
    {.name = "FOREIGN_NUMBERS_FROM", .type = SETTING_TEXT,
     .value = AT(foreign_numbers_from), .default_text = "2025-08-01",
     .help = "Day from which foreigners' numbers are taken (T3)."},
    {.name = "OLD_NUMBERS_UNTIL", .type = SETTING_TEXT,
     .value = AT(old_numbers_until), .default_text = "2031-01-01",
     .help = "Day from which old foreigners' numbers are void (T3)."},
    {.name = "COURSE_SYSTEM", .type = SETTING_BOOL, .value = AT(course_system),
     .default_text = "true",
     .help = "Whether a course system is there and settles accounts (B15)."},
    {.name = "RESEND_AFTER", .type = SETTING_DURATION,
     .value = AT(resend_after), .default_text = "30s",
     .min = MILLISECONDS(100), .max = SECONDS(3600),
     .help = "A command without outcome is sent again after this long."},
    {0},
};
