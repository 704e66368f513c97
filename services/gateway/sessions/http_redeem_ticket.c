/* Route 60, POST /v1/credential-tickets/redeem: a ticket for a password.
 *
 * A weak password does not spend the ticket: the holder tries again. Redeeming
 * ends all sessions of the account and spends its other tickets, so that old
 * mails become useless. Unknown, used and expired tickets get the same answer.
 * 503 if the account is not in the read model yet. */
#include "gateway/events.h"
#include "gateway/routes.h"

#include <string.h>

#include "chassis/base/clock.h"

#include "gateway/gateway.h"
#include "gateway/operations/operations.h"
#include "gateway/request/form.h"
#include "gateway/request/render.h"
#include "gateway/request/request.h"
#include "gateway/sessions/sessions.h"

static const int64_t account_patience = SECONDS(2);
static const int64_t account_pause = MILLISECONDS(50);

struct redemption {
    uint8_t digest[SEAL_DIGEST];
    const char *password;
    const char *account_id, *login, *email; /* of its ticket */
};

static bool
read_form(struct http_request *request, struct http_response *response,
          struct redemption *ret)
{
    struct form form;
    form_open(&form, request);

    const char *token = form_text(&form, "ticket", 1, 100);
    ret->password = form_secret(&form, "password", PASSWORD_MAX);
    seal_digest(token, strlen(token), ret->digest);
    return form_close(&form, response);
}

/* Returns NULL if it answered. The founding's ticket exists before its account
 * is in the read model, so this waits for the account for a while. */
static PGresult *
read_ticket(struct http_request *request, struct http_response *response,
            const struct redemption *redemption)
{
    CLEANUP(db_params_free) struct db_params params = {0};
    int64_t deadline = clock_monotonic() + account_patience;
    PGresult *row;

    db_bytes(&params, redemption->digest, SEAL_DIGEST);
    db_time(&params, clock_now());
    for (;;) {
        row = request_query(request, response, "ticket_find", &params);
        if (row == NULL || PQntuples(row) == 0 || db_get_bool(row, 0, 4))
            return row;
        PQclear(row);
        if (clock_monotonic() >= deadline ||
            !operations_pause(gateway.operations, account_pause)) {
            request_unavailable(request, response, "account_wait_failed");
            return NULL;
        }
    }
}

static bool
find_ticket(struct http_request *request, struct http_response *response,
            struct redemption *redemption)
{
    struct arena *arena = request->arena;

    CLEANUP(result_clear)
    PGresult *row = read_ticket(request, response, redemption);
    if (row == NULL)
        return false;
    if (PQntuples(row) == 0) {
        http_problem(request, response, "TICKET_SPENT", NULL, 0);
        return false;
    }
    redemption->account_id = db_copy_uuid(arena, row, 0, 1);
    redemption->login = db_copy_text(arena, row, 0, 2);
    redemption->email = db_copy_text(arena, row, 0, 3);
    return true;
}

static bool
password_will_do(struct http_request *request, struct http_response *response,
                 const struct redemption *redemption)
{
    struct http_error error = {
        .pointer = "/password",
        .code = "PASSWORD_WEAK",
        .detail = password_fault(redemption->password, redemption->login,
                                 redemption->email),
    };

    if (error.detail == NULL)
        return true;
    http_problem(request, response, "PASSWORD_WEAK", &error, 1);
    return false;
}

static void
send_redemption(struct db *db, const struct redemption *redemption,
                const char *hash)
{
    struct db_params params = {0};
    int64_t now = clock_now();

    db_bytes(&params, redemption->digest, SEAL_DIGEST);
    db_time(&params, now);
    db_text(&params, hash);
    db_send(db, "ticket_redeem", &params);
    db_clear(&params);
    db_uuid(&params, redemption->account_id);
    db_send(db, "session_end_all", &params);
    db_time(&params, now);
    db_send(db, "ticket_spend_others", &params);
    db_sync(db);
    db_params_free(&params);
}

/* One transaction: ticket and password, sessions, other tickets. */
static enum db_end
redeem(struct db *db, const struct redemption *redemption, const char *hash,
       bool *ret_done)
{
    PGresult *row = NULL;

    send_redemption(db, redemption, hash);
    enum db_end end = db_next(db, &row);
    *ret_done = end == DB_OK && PQntuples(row) == 1;
    PQclear(row);
    return end == DB_OK ? db_end_after(db, 2) : end;
}

static void
answer(struct http_response *response, const struct redemption *redemption)
{
    struct bytes *out = &response->body;

    json_open(out, NULL, '{');
    json_text(out, "accountId", redemption->account_id);
    json_text(out, "login", redemption->login);
    json_close(out, '}');
    http_answer(response, 200);
}

static void
finish(struct http_request *request, struct http_response *response,
       const struct redemption *redemption, const char *hash)
{
    bool done = false;
    struct db *db = sessions_take(request, response);
    if (db == NULL)
        return;

    enum db_end end = redeem(db, redemption, hash, &done);
    pool_give(gateway.pool, db);
    if (end != DB_OK) {
        request_unavailable(request, response, "ticket_redeem_failed");
    } else if (!done) {
        http_problem(request, response, "TICKET_SPENT", NULL, 0);
    } else {
        log_event(ticket_redeemed,
                  log_str("account_id", redemption->account_id));
        answer(response, redemption);
    }
}

void
http_redeem_ticket(struct http_request *request, struct http_response *response)
{
    struct redemption redemption = {0};
    struct hash_place place;
    char hash[128];

    if (!read_form(request, response, &redemption) ||
        !find_ticket(request, response, &redemption) ||
        !password_will_do(request, response, &redemption) ||
        !hash_enter(request, response, &place))
        return;
    if (hash_make(&place, redemption.password, hash))
        finish(request, response, &redemption, hash);
    else
        http_problem(request, response, "BROKEN", NULL, 0);
    hash_leave(&place);
}
