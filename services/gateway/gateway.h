/* The process: its tables, settings and parts, and the data that lives as long.
 *
 * Handlers need other headers: request/request.h, request/form.h, lists/page.h,
 * operations/submit.h. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "chassis/base/seal.h"
#include "chassis/base/settings.h"
#include "chassis/http/http.h"
#include "chassis/lane/handler.h"
#include "chassis/lane/service_tables.h"
#include "chassis/lane/store.h"

extern const struct core gateway_core;
extern const struct input gateway_inputs[];
extern const struct setting gateway_setting_rows[];
extern struct http_route gateway_routes[]; /* filled by routes_fill() */
extern const struct host_command gateway_host_commands[];

/* --- settings.c --------------------------------------------------------- */
struct gateway_settings {
    const char *key_dir;
    const char *code_tables_dir; /* of found-platform; "": built-in ones */
    int64_t database_pool;       /* connections of the HTTP threads */
    int64_t connection_max, connection_per_ip_max, connection_per_network_max;
    int64_t stream_max, large_bodies_max;
    const char *trusted_proxies, *proxy_header;
    const char *metrics_from; /* networks that may read /metrics */
    int64_t drain_delay;      /* from SIGTERM until the door closes */
    bool smtp_tls;            /* no mail without encryption */
    int64_t wait_default;     /* Prefer: wait when absent */
    int64_t session_idle, session_absolute, step_up_age;
    int64_t hash_pool, hash_queue_max, hash_per_address;
    int64_t sign_in_failures, sign_in_failure_period;
    const char *mail_spool; /* folder; else smtp_url */
    const char *smtp_url, *mail_from, *public_url;
    int64_t mail_max_age; /* older events send no mail (rebuilt view) */
    int64_t ticket_age;   /* a ticket is good for this long */
    /* Limits: see limits/budget.c and settings.c. */
    int64_t verifications_per_client, verifications_per_network,
        verifications_per_mailbox, verifications_per_mailbox_all,
        verifications_per_mailbox_first;
    int64_t applications_per_client, applications_per_network,
        applications_per_mailbox, applications_per_mailbox_at_unit;
    int64_t tickets_per_account;
    int64_t look_ups_per_officer, look_ups_per_unit, look_up_misses_per_name;
    int64_t wrong_numbers_per_officer, wrong_numbers_per_unit,
        wrong_numbers_per_application;
    int64_t sign_in_tries, sign_in_tries_all, sessions_per_account;
    const char *foreign_numbers_from; /* T3: day */
    const char *old_numbers_until;    /* T3: day */
    int64_t resend_after;             /* operations without outcome */
    int64_t undo_days;                /* the teacher service has the same value
                                       */
};
extern struct gateway_settings gateway_settings;

/* --- gateway.c: objects of the process ---------------------------------- */
struct gateway {
    struct pool *pool;
    struct shared_reader *reader;
    struct seal_keys *identity_keys; /* numbers: MAC and seal */
    struct seal_keys *token_keys;    /* cursors, receipts */
    struct operations *operations;
};
extern struct gateway gateway;

/* service.run: starts all parts, serves until SIGTERM, stops them in reverse.
 */
int gateway_run(const struct service *service);
/* Opens only keys and pool, for host commands and views on their own. Returns
 * false, with `ret_error`, on failure. */
bool gateway_open(char ret_error[256]) WARN_UNUSED;
void gateway_close(void);
/* What the table of settings cannot express. False: `ret_error` says why. */
bool gateway_settings_sound(char ret_error[256]) WARN_UNUSED;
/* Its own lines of `doctor`, see checkup.c. */
void gateway_checkup(struct checkup *checkup, bool schema);

/* Parts with threads of their own, in the order of gateway.c. A failed start
 * sets the error. */
/* operations/: waiters, writer, watcher, sweeper. NULL: no. */
struct operations *operations_start(char ret_error[256]);
void operations_stop(struct operations *operations);
/* sessions/: the bounded pool of threads that hash passwords. */
bool sessions_start(char ret_error[256]);
void sessions_stop(void);
/* imports/: the thread that carries out committed imports. */
bool imports_start(char ret_error[256]);
void imports_stop(void);
/* mail/: the thread that sends waiting mails. */
bool mail_start(char ret_error[256]);
void mail_stop(void);
/* retention.c: the thread that deletes old rows. */
bool retention_start(char ret_error[256]);
void retention_stop(void);
