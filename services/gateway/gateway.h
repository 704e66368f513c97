/* What the gateway's files share: the pool, who asks, how a request is read
 * and how a command goes in.
 *
 * A request runs in its connection's thread: session and data are fetched in
 * one round trip (session_send() beside the data's own query), authority is
 * rules/authority.h, and a command goes through operation_submit(). Nothing
 * here decides what an owner decides.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "chassis/lane/batch.h"
#include "chassis/db/db.h"
#include "chassis/http/http.h"
#include "chassis/base/seal.h"
#include "chassis/service.h"

#include "rules/authority.h"
#include "rules/role.h"
#include "rules/route.h"

#include "inservice/teacher/v1/states.pb-c.h"

extern const struct core gateway_core;
extern const struct input gateway_inputs[];
extern const struct setting gateway_setting_rows[];
extern const struct http_route gateway_routes[];
extern const struct host_command gateway_host_commands[];

/* --- settings.c --------------------------------------------------------- */
struct gateway_settings {
    const char *key_dir;
    const char *code_tables_dir; /* of found-platform; "": built-in ones */
    int64_t database_pool;       /* connections of the HTTP threads */
    int64_t connection_max, connection_per_ip_max, connection_per_network_max;
    int64_t stream_max, large_bodies_max;
    const char *trusted_proxies, *proxy_header;
    int64_t wait_default; /* Prefer: wait when absent */
    int64_t session_idle, session_absolute, step_up_age;
    int64_t hash_pool, hash_queue_max, hash_per_address;
    int64_t sign_in_failures, sign_in_failure_period;
    const char *mail_spool; /* folder; else smtp_url */
    const char *smtp_url, *mail_from, *public_url;
    int64_t mail_max_age; /* older occasions mail nobody (rebuilt view) */
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
    int64_t undo_days;                /* as the teacher service has it */
};
extern struct gateway_settings gateway_settings;

/* --- gateway.c: what lives as long as the process ----------------------- */
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
/* Keys and pool alone: what host commands and views on their own need. False:
 * `ret_error` says why. */
bool gateway_open(char ret_error[256]) WARN_UNUSED;
void gateway_close(void);

/* What else lives as long as the process; gateway.c starts them in this order
 * and stops them in reverse. A start that fails says why (256 bytes). */
/* operations/: waiters, followers of the outcome topics, sweeper. NULL: no. */
struct operations *operations_start(char ret_error[256]);
void operations_stop(struct operations *operations);
/* sessions/: the bounded pool of threads that hash passwords. */
bool sessions_start(char ret_error[256]);
void sessions_stop(void);
/* imports/: the thread that carries committed imports out. */
bool imports_start(char ret_error[256]);
void imports_stop(void);
/* mail/: the thread that sends waiting mails. */
bool mail_start(char ret_error[256]);
void mail_stop(void);

/* --- inbox.c ------------------------------------------------------------ */
/* identity/: called by the view of TeacherState; the number's row goes from
 * PROPOSED to CURRENT (B19). `_keys` asks for rows, the other changes them. */
void view_identity_keys(struct keys *keys,
                        const Inservice__Teacher__V1__TeacherState *state);
void view_identity(struct decision *decision,
                   const Inservice__Teacher__V1__TeacherState *state);

/* --- pool.c: connections for HTTP threads ------------------------------- */
/* Waits until `deadline` (monotonic µs); NULL: none free, or no database. The
 * connection is given back with pool_give(); a lost one is reopened there. */
struct pool *pool_new(size_t size);
/* A connection outside the pool, with the gateway's statements, under a name of
 * its own; NULL: not now, the log says why. The caller's (db_free). */
struct db *gateway_connect(const char *name, bool index_only_plans) WARN_UNUSED;
void pool_free(struct pool *pool);
struct db *pool_take(struct pool *pool, int64_t deadline) WARN_UNUSED;
void pool_give(struct pool *pool, struct db *db);

/* --- sessions/session.c: who asks --------------------------------------- */
enum principal_kind {
    PRINCIPAL_NONE,     /* nobody signed in */
    PRINCIPAL_BUSINESS, /* a business account */
    PRINCIPAL_TEACHER,  /* a teacher account: himself only */
};

struct principal {
    enum principal_kind kind;
    const char *account_id; /* "" when NONE */
    const char *person_id;
    int64_t account_version;
    struct officer officer; /* rules/authority.h; of a business account */
    int64_t auth_time;      /* wall clock µs of the sign-in: step-up (★) */
    int64_t seen_at;        /* wall clock µs of its last noted use */
    const char *session_id; /* text digest of the token */
};

#define SESSION_COOKIE "inservice_session"

/* Queues the session's query on `db` (bearer token or cookie). False: the
 * request carries no token; then nothing was queued. */
bool session_send(struct db *db,
                  const struct http_request *request) WARN_UNUSED;
/* Takes its result. DB_OK with kind NONE: no such session, or it is over. */
enum db_end session_receive(struct db *db, const struct http_request *request,
                            struct principal *ret_principal) WARN_UNUSED;
/* The digest by which the request's session is looked up; false: no token. */
bool session_digest(const struct http_request *request,
                    uint8_t ret_digest[SEAL_DIGEST]) WARN_UNUSED;
/* The principal from a row of session_load; kind NONE when there is none. */
void session_take(const struct http_request *request, const PGresult *result,
                  struct principal *ret_principal);
/* Whether the use must be noted again. */
bool session_untouched(const struct http_request *request) WARN_UNUSED;
/* Notes that the session was used, at most once a minute: one more round trip
 * then. A failure is nobody's business: it only ends the session earlier. */
void session_touch(struct db *db, const struct http_request *request);

/* --- applications/receipt.c: proof of having applied -------------------- */
enum { RECEIPT_TEXT = 65 }; /* 64 hexadecimal digits and the NUL */
/* Given once, in the answer to POST /applications; asked for in the header
 * `Receipt` by whoever looks at it without an account (route 14). */
void receipt_make(const char *account_id, char ret_receipt[RECEIPT_TEXT]);
bool receipt_matches(const char *account_id, const char *receipt) WARN_UNUSED;

/* --- handlers' common ground (request.c) -------------------------------- */
/* One round trip: session (if any) plus the queries that `send` queued; where
 * nobody may without signing in, that is asked already, and nothing else: the
 * right is request_allows(). False: the response holds the problem. On true the
 * caller owns `*ret_db` (pool_give) and reads its own results next, then
 * request_end_trip(). `send` may be NULL. */
typedef void request_send(struct db *db, struct http_request *request);
bool request_begin(struct http_request *request, struct http_response *response,
                   request_send *send, struct db **ret_db) WARN_UNUSED;
/* Ends the trip; false: 503 is in the response. */
bool request_end_trip(struct http_request *request,
                      struct http_response *response,
                      struct db *db) WARN_UNUSED;
static inline const struct principal *
request_principal(const struct http_request *request)
{
    return request->principal;
}
/* Whether the principal may use the request's route on the target: the whole of
 * the rules' table, step-up included. False: 401, 403 or 404 is in the
 * response. `token`: he has the proof the row asks for. */
bool request_allows(struct http_request *request,
                    struct http_response *response, const struct target *target,
                    bool token) WARN_UNUSED;
/* The caller as the rules see him. */
struct caller request_caller(const struct http_request *request, bool token);
/* Gives the connection back without taking the results that are left. */
void request_abandon(struct db *db);
/* 503 UNAVAILABLE with Retry-After, and one log event. */
void request_unavailable(struct http_request *request,
                         struct http_response *response, const char *why);
/* The n-th path parameter as an id; false: 404 is in the response. */
bool request_id(struct http_request *request, struct http_response *response,
                int n, const char **ret_id) WARN_UNUSED;
/* Session and the one query that `send` queues, in one round trip, the
 * connection given back. NULL: the problem is in the response; else the
 * caller's (PQclear). */
PGresult *request_read(struct http_request *request,
                       struct http_response *response,
                       request_send *send) WARN_UNUSED;
/* Session and a thing by id (an `enum shared_query`), in a round trip shared
 * with other requests. NULL: the problem is in the response; else the
 * caller's (PQclear). */
PGresult *request_read_shared(struct http_request *request,
                              struct http_response *response, int query,
                              const char *id) WARN_UNUSED;
/* 404; 401 for who is not signed in, so that ids cannot be tried out. */
void request_unknown(struct http_request *request,
                     struct http_response *response);
/* One query in a round trip of its own on a connection from the pool, for
 * lists that must know who asks before they ask. NULL: 503 is in the response.
 * The result is the caller's (PQclear). */
PGresult *request_query(struct http_request *request,
                        struct http_response *response, const char *query,
                        const struct db_params *params) WARN_UNUSED;
/* Checks reach over a unit (and, where the row says so, approval) by the
 * route's row: false: 403 or 404 is in the response. */
bool request_reaches(struct http_request *request,
                     struct http_response *response,
                     const struct unit *unit) WARN_UNUSED;
/* The refusal, or, for a key whose request was let in before, its answer. */
void request_turn_away(struct http_request *request,
                       struct http_response *response, const char *code);
/* True when one of the targets allows it (a teacher is at several units). */
bool request_allows_any(struct http_request *request,
                        struct http_response *response,
                        const struct target *targets, size_t count) WARN_UNUSED;
/* A unit from five columns: code, kind, managing centre, parent, status. */
struct unit request_unit(struct arena *arena, const PGresult *result, int row,
                         int column);
static inline void
result_clear(PGresult **result)
{
    PQclear(*result);
}
/* Sets the ETag of a version: for answers to writes, and for documents that
 * change with their version only. */
void request_etag(struct http_request *request, struct http_response *response,
                  int64_t version);
/* Sets the ETag of the finished document in the body: "<version>-<digest>". The
 * digest covers the bytes after the first `own`, which the version alone
 * decides; the tag is "<version>" when none follow. Both forms are taken as
 * If-Match, which compares versions. */
void request_document_etag(struct http_request *request,
                           struct http_response *response, int64_t version,
                           size_t own);
/* The first version that If-Match names; -1: there is no If-Match. False: 428
 * (none, or `*`, where a version is needed), 412 (no tag can match) or 400 is
 * in the response. order_new() hands the others on. */
bool request_if_match(struct http_request *request,
                      struct http_response *response, bool required,
                      int64_t *ret_version) WARN_UNUSED;

/* Whether If-Match names this version. */
bool request_names_version(const struct http_request *request,
                           int64_t version) WARN_UNUSED;

/* --- present.c ---------------------------------------------------------- */
/* The thing of the request's route as its GET shows it to the caller; NULL:
 * nothing to show. The caller's (json_decref). Reads the database; what the
 * response held is gone. */
json_t *present_state(struct http_request *request,
                      struct http_response *response) WARN_UNUSED;

/* --- operations/: a command goes in ------------------------------------- */
/* A command with its Order from order_new(). */
struct submission {
    const char *lane_key;
    const char *service;             /* "account" or "teacher" */
    const ProtobufCMessage *command; /* order filled in */
    const char *subject;     /* id of the thing, for Location and ETag */
    const char *location;    /* resource path when done, or NULL */
    int done_status;         /* 200 or 201 */
    const char *replay_hash; /* NULL: hash of method, path and body */
    const char *scope;       /* NULL: the principal's account */
    bool receipt;            /* the answer carries the subject's receipt */
    bool only_repeats;       /* a key heard before: nothing was counted, so a
                              * stored 429 is answered, not decided again */
};

/* A new Order in the request's arena: command and operation ids, actor as the
 * principal stands, at, expected version (-1: not asked). */
Order *order_new(struct http_request *request, int64_t expected_version);
/* Sets the expected version; -1: not asked. */
void order_expect(Order *order, int64_t version);
/* The same with the other versions that the request's If-Match names. */
void order_expect_request(struct http_request *request, Order *order,
                          int64_t version);
/* Accepts, sends, waits as Prefer says and answers: 200/201 with ETag, the
 * refusal's problem, or 202 + Location. Handles Idempotency-Key (missing 400,
 * other body 422, in flight the same 202, answered the same answer; a stored
 * 429 is decided again). Sleeps: the caller has given its connection back.
 * True: this request made the command, whatever became of it. */
bool operation_submit(struct http_request *request,
                      struct http_response *response,
                      const struct submission *submission);
/* The same key once more, where the world has changed by what it did: the
 * answer is given again, and true returned. False: it was not heard before. */
bool operation_remembered(struct http_request *request,
                          struct http_response *response) WARN_UNUSED;
/* Whether the stored refusal in this column is one that only time ends: the
 * same key is decided again. NULL there: no refusal. */
bool operation_decides_again(const PGresult *rows, int column) WARN_UNUSED;
