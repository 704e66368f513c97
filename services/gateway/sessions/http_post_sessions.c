/* Route 55, POST /v1/sessions: login and password for a session.
 *
 * Every failure has the same answer and costs one hashing: unknown login, wrong
 * password, locked, disabled, not yet activated. The attempt counter is
 * increased in SQL before hashing, so even 100 parallel requests get only five
 * attempts. A login is locked per network first, so a stranger elsewhere does
 * not lock its holder out. No password, login or token is ever logged. */
#include "gateway/events.h"
#include "gateway/routes.h"

#include <stdio.h>

#include "rules/fold.h"
#include "rules/role.h"

#include "gateway/gateway.h"
#include "gateway/request/form.h"
#include "gateway/request/render.h"
#include "gateway/request/request.h"
#include "gateway/sessions/sessions.h"
#include "gateway/metrics.h"

/* The result of credential_try; account_id NULL: unknown or locked. */
struct attempt {
    const char *account_id;
    int account_kind;
    int64_t account_version;
    const char *hash;
};

struct session {
    char token[SEAL_TOKEN_TEXT];
    char id[SESSION_ID_TEXT];
    uint8_t digest[SEAL_DIGEST];
    int64_t began_at, expires_at;
};

/* Counts the attempt and reads what to verify. Returns false with 503 in the
 * response. */
static bool
take_try(struct http_request *request, struct http_response *response,
         const char *login, struct attempt *ret_attempt)
{
    CLEANUP(db_params_free) struct db_params params = {0};
    int64_t now = clock_now();

    db_text(&params, login);
    db_time(&params, now);
    db_time(&params, now - SIGN_IN_LOCK);
    db_text(&params, request->client->network);
    db_int4(&params, (int)gateway_settings.sign_in_tries);
    db_int4(&params, (int)gateway_settings.sign_in_tries_all);
    CLEANUP(result_clear)
    PGresult *row = request_query(request, response, "credential_try", &params);
    if (row == NULL)
        return false;
    *ret_attempt = (struct attempt){0};
    if (PQntuples(row) == 1)
        *ret_attempt = (struct attempt){
            .account_id = db_copy_uuid(request->arena, row, 0, 0),
            .account_kind = (int)db_get_int(row, 0, 1),
            .account_version = db_get_int(row, 0, 2),
            .hash = db_copy_text(request->arena, row, 0, 3),
        };
    return true;
}

/* Budget before credential: the order of locks, as in credential_try. */
static void
send_session(struct db *db, const struct http_request *request,
             const struct attempt *attempt, const struct session *session)
{
    CLEANUP(db_params_free) struct db_params params = {0};

    db_uuid(&params, attempt->account_id);
    db_text(&params, request->client->network);
    db_send(db, "budget_clear", &params);
    db_clear(&params);
    db_uuid(&params, attempt->account_id);
    db_send(db, "credential_clear", &params);
    db_int4(&params, (int)gateway_settings.sessions_per_account);
    db_send(db, "session_trim", &params);
    db_clear(&params);
    db_bytes(&params, session->digest, sizeof(session->digest));
    db_uuid(&params, attempt->account_id);
    db_int2(&params, attempt->account_kind);
    db_int8(&params, attempt->account_version);
    db_time(&params, session->began_at);
    db_time(&params, session->expires_at);
    db_text(&params, attempt->hash);
    db_send(db, "session_insert", &params);
    db_sync(db);
}

static enum db_end
write_session(struct db *db, const struct http_request *request,
              const struct attempt *attempt, const struct session *session,
              bool *ret_opened)
{
    CLEANUP(result_clear) PGresult *row = NULL;
    enum db_end end = DB_OK;

    send_session(db, request, attempt, session);
    for (int i = 0; i < 3 && end == DB_OK; i++)
        end = db_next(db, NULL);
    if (end == DB_OK)
        end = db_next(db, &row);
    *ret_opened = end == DB_OK && PQntuples(row) == 1;
    return end == DB_OK ? db_end_trip(db) : end;
}

/* Clears the attempts, ends sessions above the limit and writes the new one, in
 * one transaction. Not opened: the password was changed while it was verified.
 * Returns false with 503 in the response. */
static bool
open_session(struct http_request *request, struct http_response *response,
             const struct attempt *attempt, struct session *session,
             bool *ret_opened)
{
    struct db *db = sessions_take(request, response);
    if (db == NULL)
        return false;

    seal_token(session->token, session->digest);
    session_id_text(session->digest, session->id);
    session->began_at = clock_now();
    session->expires_at = session->began_at + gateway_settings.session_absolute;
    enum db_end end = write_session(db, request, attempt, session, ret_opened);
    pool_give(gateway.pool, db);
    if (end != DB_OK)
        request_unavailable(request, response, "session_write_failed");
    return end == DB_OK;
}

static void
answer_session(struct http_response *response, const struct attempt *attempt,
               const struct session *session)
{
    struct bytes *out = &response->body;
    char location[SESSION_ID_TEXT + 16];

    metric_add(sign_ins_total, "result=\"done\"", 1);
    log_event(session_opened, log_str("account_id", attempt->account_id));
    json_open(out, NULL, '{');
    json_text(out, "id", session->id);
    json_text(out, "token", session->token);
    json_text(out, "accountId", attempt->account_id);
    json_word(out, "accountKind", &account_kind_words, attempt->account_kind);
    json_time(out, "authTime", session->began_at);
    json_time(out, "expiresAt", session->expires_at);
    json_int(out, "idleSeconds", gateway_settings.session_idle / SECONDS(1));
    json_close(out, '}');
    snprintf(location, sizeof(location), "/v1/sessions/%s", session->id);
    http_set_header(response, "Location", location);
    http_set_header(response, "Cache-Control", "no-store");
    http_answer(response, 201);
}

static void
refuse_sign_in(struct http_request *request, struct http_response *response)
{
    sign_in_failed(request->client);
    metric_add(sign_ins_total, "result=\"failed\"", 1);
    log_event(sign_in_failed, log_str("client", request->client->address));
    http_problem(request, response, "SIGN_IN_FAILED", NULL, 0);
}

/* Counts an attempt, verifies, opens, answers. Holds no connection while it
 * hashes the password. */
static void
sign_in(struct http_request *request, struct http_response *response,
        const struct hash_place *place, const char *login, const char *password)
{
    struct attempt attempt;
    struct session session;

    if (!take_try(request, response, login, &attempt))
        return;
    bool right = hash_verify(place, attempt.hash, password);
    if (right && !open_session(request, response, &attempt, &session, &right))
        return;
    if (right)
        answer_session(response, &attempt, &session);
    else
        refuse_sign_in(request, response);
}

/* Returns false, with 429 in the response, if too many sign-ins from this
 * address failed. */
static bool
may_try(struct http_request *request, struct http_response *response)
{
    int64_t wait = sign_in_wait(request->client);
    if (wait == 0)
        return true;

    metric_add(sign_ins_total, "result=\"braked\"", 1);
    http_problem(request, response, "TOO_MANY_REQUESTS", NULL, 0);
    http_set_retry_after(response, wait);
    http_close_after(response);
    return false;
}

void
http_post_sessions(struct http_request *request, struct http_response *response)
{
    char folded[LOGIN_LENGTH_MAX + 1] = "";
    struct hash_place place;
    struct form form;
    form_open(&form, request);

    const char *login = form_text(&form, "login", 1, 200);
    const char *password = form_secret(&form, "password", PASSWORD_MAX);
    if (!form_close(&form, response))
        return;
    if (!fold_login(login, folded))
        folded[0] = '\0'; /* unknown login: the same answer after the same time
                           */
    if (!may_try(request, response) || !hash_enter(request, response, &place))
        return;
    sign_in(request, response, &place, folded, password);
    hash_leave(&place);
}
