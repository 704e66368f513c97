/* Route 10, POST /v1/email-verifications: a six-digit code by mail.
 *
 * Always 202 with an id, whatever the address is: nobody learns anything from
 * it. One address gets five mails an hour at most, one client some hundred
 * (a school or a county sits behind one address). The code is made when the
 * mail is sent; here only the wish is written down.
 */
#include <stdio.h>

#include "chassis/base/log.h"
#include "chassis/base/metrics.h"

#include "gateway/command.h"
#include "gateway/form.h"
#include "gateway/gateway.h"
#include "gateway/mail/mail.h"
#include "gateway/render.h"
#include "gateway/routes.h"
#include "gateway/sessions/sessions.h"

#define AN_HOUR SECONDS(3600)

static const char *
read_email(struct http_request *request, struct http_response *response)
{
    struct form form;
    if (!form_open(&form, request, response))
        return NULL;

    const char *email = form_email(&form, "email", true);
    return form_close(&form, response) ? email : NULL;
}

/* How many were asked for in the last hour, by address and by client. */
static enum db_end
count_recent(struct db *db, const char *email, const char *client,
             int64_t *ret_by_address, int64_t *ret_by_client)
{
    struct db_params params = {0};
    PGresult *row = NULL;

    db_text(&params, email);
    db_text(&params, client);
    db_time(&params, clock_now() - AN_HOUR);
    enum db_end end = db_query(db, "verification_recent", &params, &row);
    db_params_free(&params);
    if (end == DB_OK) {
        *ret_by_address = db_get_int(row, 0, 0);
        *ret_by_client = db_get_int(row, 0, 1);
    }
    PQclear(row);
    return end;
}

/* The verification and its mail, in one transaction. */
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

    enum db_end end = db_next(db, NULL);
    if (end == DB_OK)
        end = db_next(db, NULL);
    return end == DB_OK ? db_end_trip(db) : end;
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

static void
refuse_client(struct http_request *request, struct http_response *response)
{
    metric_add("verifications_refused_total", "by=\"client\"", 1);
    http_set_header(response, "Retry-After", "600");
    http_problem(request, response, "TOO_MANY_REQUESTS", NULL, 0);
}

static void
ask(struct http_request *request, struct http_response *response, struct db *db,
    const char *email)
{
    char id[UUID_TEXT];
    int64_t by_address = 0;
    int64_t by_client = 0;
    enum db_end end =
        count_recent(db, email, request->client->host, &by_address, &by_client);

    uuid_v7(id);
    if (end == DB_OK &&
        by_client >= gateway_settings.verifications_per_client) {
        refuse_client(request, response);
        return;
    }
    if (by_address >= VERIFICATIONS_PER_ADDRESS)
        metric_add("verifications_refused_total", "by=\"address\"", 1);
    else if (end == DB_OK)
        end = write_down(db, id, email, request->client->host);
    if (end != DB_OK) {
        request_unavailable(request, response, "verification_not_written");
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
