/* request.c: the steps that all handlers share.
 *
 * Session and data come in one round trip; the right to ask comes from the
 * rules' table (rules/route.h), by the row of the request's route. Handlers
 * call these in order: begin, take results, end the trip, allow, answer.
 * Decides only by the rules, and reveals nothing out of reach.
 */
#include "gateway/request/request.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chassis/base/clock.h"

#include "rules/refusals.h"

#include "gateway/events.h"
#include "gateway/gateway.h"
#include "gateway/operations/submit.h"
#include "gateway/request/if_match.h"
#include "gateway/request/shared_read.h"

/* How long a request waits for a connection of the pool. */
#define POOL_WAIT SECONDS(1)

void
request_unavailable(struct http_request *request,
                    struct http_response *response, const char *why)
{
    log_event(request_unavailable, log_str("why", why),
              log_int("route", request->route->number));
    http_set_header(response, "Retry-After", "1");
    http_problem(request, response, "UNAVAILABLE", NULL, 0);
}

void
request_abandon(struct db *db)
{
    (void)db_skip_trip(db); /* the pool checks the connection */
    pool_give(gateway.pool, db);
}

/* Whether the route always needs a sign-in. */
static bool
needs_sign_in(const struct route *row)
{
    for (size_t i = 0; i < ROUTE_GRANTS; i++)
        if (row->grants[i].ground == GROUND_ANYONE ||
            row->grants[i].ground == GROUND_TOKEN)
            return false;
    return true;
}

static bool
admit(struct http_request *request, struct http_response *response,
      enum db_end end, struct principal *principal)
{
    const struct route *row = route_by_number((unsigned)request->route->number);

    if (end != DB_OK) {
        request_unavailable(request, response, "session_read_failed");
        return false;
    }
    request->principal = principal;
    if (row == NULL ||
        (principal->kind == PRINCIPAL_NONE && needs_sign_in(row))) {
        http_set_header(response, "WWW-Authenticate", "Bearer");
        http_problem(request, response, "NOT_SIGNED_IN", NULL, 0);
        return false;
    }
    return true;
}

bool
request_begin(struct http_request *request, struct http_response *response,
              request_send *send, struct db **ret_db)
{
    struct principal *principal = ARENA_NEW(request->arena, struct principal);
    struct db *db = pool_take(gateway.pool, clock_monotonic() + POOL_WAIT);
    enum db_end end = DB_OK;

    *principal =
        (struct principal){.account_id = "", .person_id = "", .session_id = ""};
    if (db == NULL) {
        request_unavailable(request, response, "no_connection");
        return false;
    }
    bool session = session_send(db, request);
    if (send != NULL)
        send(db, request);
    db_sync(db);
    if (session)
        end = session_receive(db, request, principal);
    if (!admit(request, response, end, principal)) {
        if (end == DB_OK)
            request_abandon(db);
        else
            pool_give(gateway.pool, db);
        return false;
    }
    *ret_db = db;
    return true;
}

bool
request_end_trip(struct http_request *request, struct http_response *response,
                 struct db *db)
{
    enum db_end end = db_end_trip(db);

    if (end == DB_OK)
        session_touch(db, request);
    pool_give(gateway.pool, db);
    if (end != DB_OK)
        request_unavailable(request, response, "connection_lost");
    return end == DB_OK;
}

bool
request_read_many(struct http_request *request, struct http_response *response,
                  request_send *send, PGresult **ret_results, size_t count)
{
    enum db_end end = DB_OK;
    struct db *db;

    for (size_t i = 0; i < count; i++)
        ret_results[i] = NULL;
    if (!request_begin(request, response, send, &db))
        return false;
    for (size_t i = 0; i < count && end == DB_OK; i++)
        end = db_next(db, &ret_results[i]);
    if (end == DB_OK)
        return request_end_trip(request, response, db);
    gateway_db_failed(db, end, request->route->path);
    pool_give(gateway.pool, db);
    request_unavailable(request, response, "query_failed");
    return false;
}

PGresult *
request_read(struct http_request *request, struct http_response *response,
             request_send *send)
{
    PGresult *result;

    if (request_read_many(request, response, send, &result, 1))
        return result;
    PQclear(result);
    return NULL;
}

/* On a connection of its own, once a minute and session. */
static void
touch_session(struct http_request *request)
{
    if (!session_untouched(request))
        return;
    struct db *db = pool_take(gateway.pool, clock_monotonic() + POOL_WAIT);
    if (db == NULL)
        return;
    session_touch(db, request);
    pool_give(gateway.pool, db);
}

/* Session and rows. `ret_rows` is the caller's, NULL if false. */
static bool
read_shared(struct http_request *request, struct http_response *response,
            enum shared_query query, const char *id, PGresult **ret_rows)
{
    struct principal *principal = ARENA_NEW(request->arena, struct principal);
    struct shared_read read = {.query = query, .id = id};
    bool admitted = false;

    *ret_rows = NULL;
    read.has_token = session_digest(request, read.token);
    if (!shared_read(gateway.reader, &read, clock_monotonic() + POOL_WAIT)) {
        request_unavailable(request, response, "not_read");
    } else {
        session_take(request, read.part[0], principal);
        admitted = admit(request, response, DB_OK, principal);
    }
    if (admitted) {
        touch_session(request);
        *ret_rows = read.part[1];
        read.part[1] = NULL;
    }
    shared_read_clear(&read);
    return admitted;
}

PGresult *
request_read_shared(struct http_request *request,
                    struct http_response *response, int query, const char *id)
{
    PGresult *rows;

    (void)!read_shared(request, response, (enum shared_query)query, id, &rows);
    return rows;
}

bool
request_session(struct http_request *request, struct http_response *response)
{
    PGresult *none;

    return read_shared(request, response, SHARED_QUERIES, NULL, &none);
}

/* The 401 of a caller who is not signed in: it names the proof that is missing
 * or wrong. Depends on the request's own headers only, so it reveals nothing.
 */
static const char *
sign_in_refusal(const struct http_request *request)
{
    switch (request->route->number) {
    case 12:
        return "EMAIL_NOT_VERIFIED";
    case 14:
    case 15:
    case 72:
        return http_header(request, "Receipt") != NULL ? "RECEIPT_WRONG"
                                                       : "NOT_SIGNED_IN";
    default:
        return "NOT_SIGNED_IN";
    }
}

void
request_unknown(struct http_request *request, struct http_response *response)
{
    const struct principal *principal = request_principal(request);
    bool nobody = principal == NULL || principal->kind == PRINCIPAL_NONE;

    http_problem(request, response,
                 nobody ? sign_in_refusal(request) : "NOT_FOUND", NULL, 0);
}

/* db_query() in one trip with plan_lasting. */
static enum db_end
query_lasting(struct db *db, const char *query, const struct db_params *params,
              PGresult **ret_result)
{
    PGresult *result = NULL;

    db_send(db, "plan_lasting", NULL);
    db_send(db, query, params);
    db_sync(db);
    enum db_end end = db_next(db, NULL);
    if (end == DB_OK)
        end = db_next(db, &result);
    if (end == DB_OK)
        end = db_end_trip(db);
    if (end == DB_OK)
        *ret_result = result;
    else
        PQclear(result);
    return end;
}

typedef enum db_end ask(struct db *db, const char *query,
                        const struct db_params *params, PGresult **ret_result);

static PGresult *
query_by(ask *ask_, struct http_request *request,
         struct http_response *response, const char *query,
         const struct db_params *params)
{
    PGresult *result = NULL;
    struct db *db = pool_take(gateway.pool, clock_monotonic() + POOL_WAIT);

    if (db == NULL) {
        request_unavailable(request, response, "no_connection");
        return NULL;
    }
    enum db_end end = ask_(db, query, params, &result);
    gateway_db_failed(db, end, query);
    pool_give(gateway.pool, db);
    if (end != DB_OK) {
        request_unavailable(request, response, "query_failed");
        return NULL;
    }
    return result;
}

PGresult *
request_query(struct http_request *request, struct http_response *response,
              const char *query, const struct db_params *params)
{
    return query_by(db_query, request, response, query, params);
}

PGresult *
request_query_lasting(struct http_request *request,
                      struct http_response *response, const char *query,
                      const struct db_params *params)
{
    return query_by(query_lasting, request, response, query, params);
}

struct caller
request_caller(const struct http_request *request, bool token)
{
    const struct principal *principal = request_principal(request);
    struct caller caller = {.token = token};

    if (principal == NULL || principal->kind == PRINCIPAL_NONE)
        return caller;
    caller.officer = &principal->officer;
    caller.stepped_up =
        clock_now() - principal->auth_time <= gateway_settings.step_up_age;
    return caller;
}

static enum authority
check(const struct http_request *request, const struct target *target,
      bool token)
{
    const struct route *row = route_by_number((unsigned)request->route->number);
    struct caller caller = request_caller(request, token);

    return authority_check(row, &caller, target);
}

void
request_turn_away(struct http_request *request, struct http_response *response,
                  const char *code)
{
    if (!operation_remembered(request, response))
        http_problem(request, response, code, NULL, 0);
}

bool
request_allows(struct http_request *request, struct http_response *response,
               const struct target *target, bool token)
{
    enum authority authority = check(request, target, token);

    if (authority == AUTHORITY_ALLOWED)
        return true;
    request_turn_away(request, response,
                      authority == AUTHORITY_NOT_SIGNED_IN
                          ? sign_in_refusal(request)
                          : authority_refusal(authority));
    return false;
}

bool
request_allows_field(struct http_request *request,
                     struct http_response *response,
                     const struct target *target, const char *pointer)
{
    enum authority authority = check(request, target, false);

    if (pointer == NULL || authority == AUTHORITY_ALLOWED ||
        authority == AUTHORITY_NOT_SIGNED_IN)
        return request_allows(request, response, target, false);
    const char *code = authority_refusal(authority);
    const struct refusal *refusal = refusal_find(code);
    struct http_error error = {pointer, code,
                               refusal != NULL ? refusal->title : NULL};
    if (!operation_remembered(request, response))
        http_problem(request, response, code, &error, 1);
    return false;
}

/* If all targets refuse, answers the most specific refusal that the caller may
 * see. */
bool
request_allows_any(struct http_request *request, struct http_response *response,
                   const struct target *targets, size_t count)
{
    enum authority worst = AUTHORITY_OUT_OF_REACH;

    for (size_t i = 0; i < count; i++) {
        enum authority authority = check(request, &targets[i], false);
        if (authority == AUTHORITY_ALLOWED)
            return true;
        if (authority != AUTHORITY_OUT_OF_REACH)
            worst = authority;
    }
    request_turn_away(request, response, authority_refusal(worst));
    return false;
}

struct unit
request_unit(struct arena *arena, const PGresult *result, int row, int column)
{
    const char *code = db_copy_text(arena, result, row, column);

    return (struct unit){
        .code = code != NULL ? code : "",
        .kind = (enum organization_kind)db_get_int(result, row, column + 1),
        .managing_centre = db_copy_text(arena, result, row, column + 2),
        .parent_code = db_copy_text(arena, result, row, column + 3),
        .state = (enum organization_state)db_get_int(result, row, column + 4),
    };
}

bool
request_reaches(struct http_request *request, struct http_response *response,
                const struct unit *unit)
{
    return request_allows(request, response,
                          &(const struct target){.unit = unit}, false);
}

bool
request_id(struct http_request *request, struct http_response *response, int n,
           const char **ret_id)
{
    uint8_t binary[16];
    const char *id = request->params[n];

    if (id == NULL || !uuid_parse(id, binary)) {
        http_problem(request, response, "NOT_FOUND", NULL, 0);
        return false;
    }
    *ret_id = id;
    return true;
}

void
request_etag(struct http_request *request, struct http_response *response,
             int64_t version)
{
    http_set_header(
        response, "ETag",
        arena_printf(request->arena, "\"%lld\"", (long long)version));
}

void
request_document_etag(struct http_request *request,
                      struct http_response *response, int64_t version,
                      size_t own)
{
    const struct bytes *body = &response->body;
    uint8_t digest[SEAL_DIGEST];
    char beside[2 * TAG_DIGEST + 1];

    if (own >= body->size) {
        request_etag(request, response, version);
        return;
    }
    seal_digest(body->data + own, body->size - own, digest);
    http_set_header(response, "ETag",
                    arena_printf(request->arena, "\"%lld-%s\"",
                                 (long long)version,
                                 seal_hex(digest, TAG_DIGEST, beside)));
}

bool
request_if_match(struct http_request *request, struct http_response *response,
                 bool required, int64_t *ret_version)
{
    static const struct http_error bad = {
        "If-Match", "BAD_FORM", "請附上讀取資料時所得的 ETag，例如 \"3\"。"};
    const char *text = http_header_list(request, "If-Match");
    struct if_match match = {0};
    enum if_match_kind kind =
        text == NULL ? IF_MATCH_TAGS : if_match_read(text, &match);

    *ret_version = match.count > 0 ? match.versions[0] : -1;
    if ((text == NULL && required) || kind == IF_MATCH_ANY)
        http_problem(request, response, "PRECONDITION_REQUIRED", &bad, 1);
    else if (kind == IF_MATCH_BAD)
        http_problem(request, response, "BAD_FORM", &bad, 1);
    else if (text != NULL && match.count == 0)
        http_problem(request, response, "CHANGED", &bad, 1);
    else
        return true;
    return false;
}

bool
request_names_version(const struct http_request *request, int64_t version)
{
    const char *text = http_header_list(request, "If-Match");
    struct if_match match;

    if (text == NULL || if_match_read(text, &match) != IF_MATCH_TAGS)
        return false;
    for (size_t i = 0; i < match.count; i++)
        if (match.versions[i] == version)
            return true;
    return false;
}
