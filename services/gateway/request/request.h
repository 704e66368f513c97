/* Shared by all handlers: session and data in one round trip, the right to ask,
 * ids, ETag and If-Match.
 *
 * A request runs in its connection's thread. Authority is rules/authority.h;
 * nothing here decides what an owner decides.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "chassis/db/db.h"
#include "chassis/http/http.h"

#include "rules/authority.h"
#include "rules/role.h"
#include "rules/route.h"

#include "gateway/request/pool.h"
#include "gateway/sessions/session.h"

/* One round trip: session (if any) plus the queries that `send` queued. Answers
 * 401 where the route needs a sign-in; every other right is request_allows().
 * False: the response holds the problem. On true the caller owns `*ret_db`
 * (pool_give) and reads its own results next, then request_end_trip(). `send`
 * may be NULL. */
typedef void request_send(struct db *db, struct http_request *request);
bool request_begin(struct http_request *request, struct http_response *response,
                   request_send *send, struct db **ret_db) WARN_UNUSED;
/* The session alone, in a trip of its own. False as above. */
bool request_session(struct http_request *request,
                     struct http_response *response) WARN_UNUSED;
/* Ends the trip; false: 503 is in the response. */
bool request_end_trip(struct http_request *request,
                      struct http_response *response,
                      struct db *db) WARN_UNUSED;
static inline const struct principal *
request_principal(const struct http_request *request)
{
    return request->principal;
}
/* Whether the principal may use the request's route on the target, by the
 * rules' whole table, step-up included. False: 401, 403 or 404 is in the
 * response. `token`: the caller has the proof that the row asks for. */
bool request_allows(struct http_request *request,
                    struct http_response *response, const struct target *target,
                    bool token) WARN_UNUSED;
/* The same for a target that a field of the form names: its pointer stands in
 * the refusal. NULL: none does. */
bool request_allows_field(struct http_request *request,
                          struct http_response *response,
                          const struct target *target,
                          const char *pointer) WARN_UNUSED;
/* The caller in the rules' form. */
struct caller request_caller(const struct http_request *request, bool token);
/* Returns the connection without taking the remaining results. */
void request_abandon(struct db *db);
/* 503 UNAVAILABLE with Retry-After, and one log event. */
void request_unavailable(struct http_request *request,
                         struct http_response *response, const char *why);
/* The n-th path parameter as an id; false: 404 is in the response. */
bool request_id(struct http_request *request, struct http_response *response,
                int n, const char **ret_id) WARN_UNUSED;
/* Session and the one query that `send` queues, in one round trip; returns the
 * connection. NULL: the problem is in the response. The result is the caller's
 * (PQclear). */
PGresult *request_read(struct http_request *request,
                       struct http_response *response,
                       request_send *send) WARN_UNUSED;
/* The same for `count` queries; false: the problem is in the response. The
 * results are the caller's (PQclear), also on false. */
bool request_read_many(struct http_request *request,
                       struct http_response *response, request_send *send,
                       PGresult **ret_results, size_t count) WARN_UNUSED;
/* Session and a thing by id (an `enum shared_query`), in a round trip shared
 * with other requests. NULL: the problem is in the response. The result is the
 * caller's (PQclear). */
PGresult *request_read_shared(struct http_request *request,
                              struct http_response *response, int query,
                              const char *id) WARN_UNUSED;
/* Answers 404, or 401 if the caller is not signed in, so that ids cannot be
 * guessed. */
void request_unknown(struct http_request *request,
                     struct http_response *response);
/* One query in a round trip of its own, for lists that need the caller first.
 * NULL: 503 is in the response. The result is the caller's (PQclear). */
PGresult *request_query(struct http_request *request,
                        struct http_response *response, const char *query,
                        const struct db_params *params) WARN_UNUSED;
/* The same with the plan that is made once, whatever the parameters are. */
PGresult *request_query_lasting(struct http_request *request,
                                struct http_response *response,
                                const char *query,
                                const struct db_params *params) WARN_UNUSED;
/* Checks reach over a unit (and approval, if the route's row asks for it).
 * False: 403 or 404 is in the response. */
bool request_reaches(struct http_request *request,
                     struct http_response *response,
                     const struct unit *unit) WARN_UNUSED;
/* Answers the refusal; for a key that was accepted before, its answer. */
void request_turn_away(struct http_request *request,
                       struct http_response *response, const char *code);
/* True if one of the targets allows it (a teacher may have several units). */
bool request_allows_any(struct http_request *request,
                        struct http_response *response,
                        const struct target *targets, size_t count) WARN_UNUSED;
enum { UNIT_SQL_COLUMNS = 5 };
/* A unit from five columns: code, kind, managing centre, parent, status. */
struct unit request_unit(struct arena *arena, const PGresult *result, int row,
                         int column);
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
 * in the response. order_new() passes the others on. */
bool request_if_match(struct http_request *request,
                      struct http_response *response, bool required,
                      int64_t *ret_version) WARN_UNUSED;

/* Whether If-Match names this version. */
bool request_names_version(const struct http_request *request,
                           int64_t version) WARN_UNUSED;

/* The thing of the request's route as its GET shows it to the caller, who owns
 * it (json_decref). NULL: nothing to show. Reads the database and clears the
 * response. */
json_t *present_state(struct http_request *request,
                      struct http_response *response) WARN_UNUSED;
