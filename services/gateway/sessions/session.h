/* The principal of a request, from its session.
 *
 * The session's query is sent together with the request's own, in one round
 * trip. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "chassis/base/seal.h"
#include "chassis/db/db.h"
#include "chassis/http/http.h"

#include "rules/authority.h"

enum principal_kind {
    PRINCIPAL_NONE,     /* not signed in */
    PRINCIPAL_BUSINESS, /* a business account */
    PRINCIPAL_TEACHER,  /* a teacher account: themselves only */
};

struct principal {
    enum principal_kind kind;
    const char *account_id; /* "" when NONE */
    const char *person_id;
    int64_t account_version;
    struct officer officer; /* rules/authority.h; of a business account */
    int64_t auth_time;      /* wall clock µs of the sign-in: step-up (★) */
    int64_t seen_at;        /* wall clock µs of its last written use */
    const char *session_id; /* text digest of the token */
};

#define SESSION_COOKIE "inservice_session"

/* Queues the session's query on `db` (bearer token or cookie). Returns false,
 * with nothing queued, if the request carries no token. */
bool session_send(struct db *db,
                  const struct http_request *request) WARN_UNUSED;
/* Takes the result. DB_OK with kind NONE: no such session, or it has ended. */
enum db_end session_receive(struct db *db, const struct http_request *request,
                            struct principal *ret_principal) WARN_UNUSED;
/* The digest that finds the request's session. Returns false if there is no
 * token. */
bool session_digest(const struct http_request *request,
                    uint8_t ret_digest[SEAL_DIGEST]) WARN_UNUSED;
/* The principal from a row of session_load; kind NONE when there is none. */
void session_take(const struct http_request *request, const PGresult *result,
                  struct principal *ret_principal);
/* Whether the use must be written again. */
bool session_untouched(const struct http_request *request) WARN_UNUSED;
/* Writes that the session was used, at most once a minute; this costs a round
 * trip. A failure is not reported, because it only ends the session earlier. */
void session_touch(struct db *db, const struct http_request *request);
