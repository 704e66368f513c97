/* Route 26, POST /v1/business-accounts/{id}/credential-tickets: another ticket.
 *
 * For the approver of the account, never for himself (B20): the ticket goes to
 * the holder by mail and is shown to nobody else, so an approver cannot sign in
 * as his officer. A repeated Idempotency-Key mails once.
 */
#include <stdio.h>
#include <string.h>

#include "chassis/base/log.h"

#include "rules/masking.h"

#include "gateway/accounts/business_account.h"
#include "gateway/form.h"
#include "gateway/identity/identity.h"
#include "gateway/mail/mail.h"
#include "gateway/operations/operation.h"
#include "gateway/render.h"
#include "gateway/routes.h"
#include "gateway/sessions/sessions.h"

enum { WISHES_PER_HOUR = 10 };

/* The caller's key under his own account, so that nobody meets another's. */
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

/* Columns of ticket_wishes: asked for this account in the last hour; purpose
 * and account of this key's first use, if it was used. */
static bool
check_wishes(struct http_request *request, struct http_response *response,
             struct db *db, const struct ticket_wish *wish, bool *ret_repeated)
{
    struct db_params params = {0};
    CLEANUP(result_clear) PGresult *row = NULL;

    db_uuid(&params, wish->account_id);
    db_time(&params, clock_now() - SECONDS(3600));
    db_text(&params, wish->key);
    enum db_end end = db_query(db, "ticket_wishes", &params, &row);
    db_params_free(&params);
    if (end != DB_OK) {
        request_unavailable(request, response, "wishes_not_read");
        return false;
    }
    *ret_repeated = !db_is_null(row, 0, 1);
    if (*ret_repeated && (db_get_int(row, 0, 1) != (int64_t)wish->purpose ||
                          strcmp(db_copy_uuid(request->arena, row, 0, 2),
                                 wish->account_id) != 0)) {
        http_problem(request, response, "IDEMPOTENCY_KEY_REUSED", NULL, 0);
        return false;
    }
    if (*ret_repeated || db_get_int(row, 0, 0) < WISHES_PER_HOUR)
        return true;
    http_set_header(response, "Retry-After", "3600");
    http_problem(request, response, "TOO_MANY_REQUESTS", NULL, 0);
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

/* The wish and its audit row in one transaction: none without the other. */
static enum db_end
write_down(struct http_request *request, struct db *db,
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
    enum db_end end = db_next(db, NULL);
    if (end == DB_OK)
        end = db_next(db, NULL);
    return end == DB_OK ? db_end_trip(db) : end;
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
ask(struct http_request *request, struct http_response *response, struct db *db,
    const struct ticket_wish *wish)
{
    bool repeated = false;

    if (!check_wishes(request, response, db, wish, &repeated))
        return;
    if (!repeated && write_down(request, db, wish) != DB_OK) {
        request_unavailable(request, response, "ticket_not_asked");
        return;
    }
    answer(response, wish);
    mail_wake();
}

void
ticket_wish_submit(struct http_request *request, struct http_response *response,
                   struct ticket_wish *wish)
{
    if (!read_key(request, response, wish))
        return;
    struct db *db = sessions_take(request, response);
    if (db == NULL)
        return;
    ask(request, response, db, wish);
    pool_give(gateway.pool, db);
}

void
http_post_credential_tickets(struct http_request *request,
                             struct http_response *response)
{
    struct ticket_wish wish = {0};
    struct form form;

    if (!read_account(request, response, &wish) ||
        !form_open(&form, request, response))
        return;
    wish.purpose =
        (int)form_word(&form, "purpose", &ticket_purpose_words, true);
    if (form_close(&form, response))
        ticket_wish_submit(request, response, &wish);
}
