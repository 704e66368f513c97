/* Route 10, POST /v1/email-verifications: a six-digit code by mail.
 *
 * Always answers 202 with an id, for any mailbox. A client may order few codes
 * an hour for one mailbox, but several hundred in all, because a county may
 * share one address. All clients of a network share a larger limit. The code is
 * made when the mail is sent; here only the wish is written. */
#include "gateway/routes.h"

#include <stdio.h>

#include "gateway/gateway.h"
#include "gateway/limits/budget.h"
#include "gateway/mail/mail.h"
#include "gateway/request/form.h"
#include "gateway/request/render.h"
#include "gateway/request/request.h"
#include "gateway/sessions/sessions.h"

/* The answer shows a refusal by the first two budgets, but not by the third. */
enum { CLAIM_CLIENT, CLAIM_NETWORK, CLAIM_PAIR, CLAIMS };

static const char *
read_email(struct http_request *request, struct http_response *response)
{
    struct form form;
    form_open(&form, request);

    const char *email = form_email(&form, "email", true);
    return form_close(&form, response) ? email : NULL;
}

/* Writes the verification and its mail in one transaction. */
static enum db_end
write_down(struct db *db, const char *id, const char *email, const char *client)
{
    struct db_params params = {0};
    char key[MAIL_KEY_TEXT];
    int64_t now = clock_now();

    db_uuid(&params, id);
    db_text(&params, email);
    db_text(&params, client);
    db_time(&params, now);
    db_time(&params, now + VERIFICATION_AGE);
    db_send(db, "verification_insert", &params);
    snprintf(key, sizeof(key), "VERIFICATION/%s", id);
    mail_ask_send(db, &params,
                  &(struct mail_wish){.key = key,
                                      .purpose = MAIL_VERIFICATION,
                                      .address = email,
                                      .asked_at = now});
    db_sync(db);
    db_params_free(&params);
    return db_end_after(db, 2);
}

static void
answer(struct http_response *response, const char *id)
{
    struct bytes *out = &response->body;

    json_open(out, NULL, '{');
    json_text(out, "id", id);
    json_int(out, "codeDigits", 6);
    json_int(out, "expiresInSeconds", VERIFICATION_AGE / SECONDS(1));
    json_close(out, '}');
    http_answer(response, 202);
}

static enum db_end
take_one(struct db *db, enum budget budget, const char *holder, bool *ret_taken)
{
    const struct budget_claim claim = {budget, holder};
    struct budget_result result = {0};
    enum db_end end = budget_take(db, &claim, 1, &result);

    *ret_taken = result.passed == 1;
    return end;
}

/* A mailbox has a limit of its own, so that it is not flooded. The first codes
 * of a few clients of each network do not count, so strangers in another
 * network cannot use it up. */
static enum db_end
take_mailbox(struct http_request *request, struct db *db, const char *email,
             const struct budget_result *client, bool *ret_sent)
{
    const char *network = request->client->network;
    enum db_end end = DB_OK;

    *ret_sent = false;
    if (client->passed < CLAIMS)
        return DB_OK;
    if (client->counted[CLAIM_PAIR] == 1)
        end =
            take_one(db, BUDGET_FIRST_CODES_OF_MAILBOX_AND_NETWORK,
                     budget_private(request->arena, email, network), ret_sent);
    if (end == DB_OK && !*ret_sent)
        end = take_one(db, BUDGET_CODES_OF_MAILBOX,
                       budget_private(request->arena, email, NULL), ret_sent);
    return end;
}

static void
ask(struct http_request *request, struct http_response *response, struct db *db,
    const char *email)
{
    const char *client = request->client->host;
    const struct budget_claim claims[CLAIMS] = {
        [CLAIM_CLIENT] = {BUDGET_CODES_OF_CLIENT, client},
        [CLAIM_NETWORK] = {BUDGET_CODES_OF_NETWORK, request->client->network},
        [CLAIM_PAIR] = {BUDGET_CODES_OF_MAILBOX_AND_CLIENT,
                        budget_private(request->arena, email, client)},
    };
    struct budget_result budget = {0};
    char id[UUID_TEXT];
    bool sent = false;
    enum db_end end = budget_take(db, claims, CLAIMS, &budget);

    uuid_v7(id);
    if (end == DB_OK && budget.passed < CLAIM_PAIR) {
        budget_refuse(request, response, &budget);
        return;
    }
    if (end == DB_OK)
        end = take_mailbox(request, db, email, &budget, &sent);
    if (end == DB_OK && sent)
        end = write_down(db, id, email, client);
    if (end != DB_OK) {
        request_unavailable(request, response, "verification_write_failed");
        return;
    }
    answer(response, id);
    mail_wake();
}

void
http_post_email_verifications(struct http_request *request,
                              struct http_response *response)
{
    const char *email = read_email(request, response);
    if (email == NULL)
        return;

    struct db *db = sessions_take(request, response);
    if (db == NULL)
        return;
    ask(request, response, db, email);
    pool_give(gateway.pool, db);
}
