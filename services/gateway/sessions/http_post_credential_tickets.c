/* Route 26, POST /v1/business-accounts/{id}/credential-tickets: another ticket.
 *
 * For the account's approver, never for their own account (B20). The ticket
 * goes to the holder by mail and is shown to no one else, so an approver cannot
 * sign in as the officer. A repeated Idempotency-Key sends one mail. */
#include "gateway/routes.h"

#include <stdio.h>
#include <string.h>

#include "rules/masking.h"

#include "gateway/accounts/business_account.h"
#include "gateway/gateway.h"
#include "gateway/identity/identity.h"
#include "gateway/limits/budget.h"
#include "gateway/mail/mail.h"
#include "gateway/operations/internal.h"
#include "gateway/request/form.h"
#include "gateway/request/render.h"
#include "gateway/request/request.h"
#include "gateway/sessions/sessions.h"

/* The caller's key combined with their account, so that keys of two callers
 * never collide. */
static bool
read_key(struct http_request *request, struct http_response *response,
         struct ticket_wish *wish)
{
    const char *account_id = request_principal(request)->account_id;
    const char *key = http_header(request, "Idempotency-Key");
    char id[UUID_TEXT];

    if (key == NULL || !operation_key_ok(key)) {
        http_problem(request, response, "IDEMPOTENCY_KEY_MISSING", NULL, 0);
        return false;
    }
    uuid_derive((const char *const[]){"ticket", account_id, key}, 3, id);
    snprintf(wish->key, sizeof(wish->key), "TICKET/%s", id);
    return true;
}

static bool
read_account(struct http_request *request, struct http_response *response,
             struct ticket_wish *wish)
{
    CLEANUP(result_clear)
    PGresult *row = business_account_read(request, response);
    if (row == NULL)
        return false;

    wish->account_id = request->params[0];
    wish->account_kind = ACCOUNT_BUSINESS;
    wish->account_version = db_get_int(row, 0, ACCOUNT_VERSION);
    if (!mask_email(db_get_text(row, 0, ACCOUNT_EMAIL), wish->email,
                    sizeof(wish->email)))
        wish->email[0] = '\0';
    if (db_get_int(row, 0, ACCOUNT_STATUS) == ACCOUNT_ACTIVE)
        return true;
    http_problem(request, response, "NOT_ACTIVE", NULL, 0);
    return false;
}

/* Columns of ticket_repeated: purpose and account of this key's first use. */
static bool
check_repeated(struct http_request *request, struct http_response *response,
               const struct ticket_wish *wish, bool *ret_repeated)
{
    CLEANUP(db_params_free) struct db_params params = {0};

    db_text(&params, wish->key);
    CLEANUP(result_clear)
    PGresult *row =
        request_query(request, response, "ticket_repeated", &params);
    if (row == NULL)
        return false;
    *ret_repeated = PQntuples(row) == 1;
    if (!*ret_repeated || (db_get_int(row, 0, 0) == (int64_t)wish->purpose &&
                           strcmp(db_copy_uuid(request->arena, row, 0, 1),
                                  wish->account_id) == 0))
        return true;
    http_problem(request, response, "IDEMPOTENCY_KEY_REUSED", NULL, 0);
    return false;
}

static void
send_note(const struct http_request *request, struct db *db,
          const struct ticket_wish *wish)
{
    const struct principal *principal = request_principal(request);

    audit_send(
        db, &(struct audit_entry){
                .actor = principal->account_id,
                .organization = principal->officer.organization,
                .client = request->client->address,
                .what = "CREDENTIAL_TICKET",
                .subject = wish->account_id,
                .purpose = word_name(&ticket_purpose_words, (int)wish->purpose),
                .result = "MAILED",
                .trace_id = request->trace_id,
            });
}

/* Writes the wish and its audit row in one transaction. */
static enum db_end
write_down(const struct http_request *request, struct db *db,
           const struct ticket_wish *wish)
{
    const struct principal *principal = request_principal(request);
    struct db_params params = {0};

    mail_ask_send(db, &params,
                  &(struct mail_wish){
                      .key = wish->key,
                      .purpose = wish->purpose,
                      .account_id = wish->account_id,
                      .account_kind = wish->account_kind,
                      .account_version = wish->account_version,
                      .asked_at = clock_now(),
                      .asked_by = principal->account_id,
                  });
    send_note(request, db, wish);
    db_sync(db);
    db_params_free(&params);
    return db_end_after(db, 2);
}

static bool
note_wish(struct http_request *request, struct http_response *response,
          const struct ticket_wish *wish)
{
    struct db *db = sessions_take(request, response);
    if (db == NULL)
        return false;

    enum db_end end = write_down(request, db, wish);
    pool_give(gateway.pool, db);
    if (end != DB_OK)
        request_unavailable(request, response, "ticket_write_failed");
    return end == DB_OK;
}

static void
answer(struct http_response *response, const struct ticket_wish *wish)
{
    struct bytes *out = &response->body;

    json_open(out, NULL, '{');
    json_text(out, "accountId", wish->account_id);
    json_word(out, "purpose", &ticket_purpose_words, (int)wish->purpose);
    json_text(out, "mailedTo", wish->email);
    json_close(out, '}');
    http_answer(response, 202);
}

static void
ask(struct http_request *request, struct http_response *response,
    const struct ticket_wish *wish)
{
    const struct budget_claim claim = {BUDGET_TICKETS_OF_ACCOUNT,
                                       wish->account_id};
    bool repeated = false;

    if (!check_repeated(request, response, wish, &repeated))
        return;
    if (!repeated && (!budget_spend(request, response, &claim, 1) ||
                      !note_wish(request, response, wish)))
        return;
    answer(response, wish);
    mail_wake();
}

void
ticket_wish_submit(struct http_request *request, struct http_response *response,
                   struct ticket_wish *wish)
{
    if (!read_key(request, response, wish))
        return;
    ask(request, response, wish);
}

void
http_post_credential_tickets(struct http_request *request,
                             struct http_response *response)
{
    struct ticket_wish wish = {0};
    struct form form;

    if (!read_account(request, response, &wish))
        return;
    form_open(&form, request);
    wish.purpose =
        (int)form_word(&form, "purpose", &ticket_purpose_words, true);
    if (form_close(&form, response))
        ticket_wish_submit(request, response, &wish);
}
