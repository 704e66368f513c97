/* Route 11, POST /v1/email-verifications/{id}/confirm: the code for a token.
 *
 * Five wrong tries per code, counted in the statement that compares. An unknown
 * id, an expired code and a wrong one get the same answer: CODE_WRONG. The
 * token is good for 30 minutes, for route 12. The same code again gives the
 * same token. */
#include "gateway/routes.h"

#include <string.h>

#include "rules/fold.h"

#include "gateway/gateway.h"
#include "gateway/request/form.h"
#include "gateway/request/render.h"
#include "gateway/request/request.h"
#include "gateway/sessions/sessions.h"
#include "gateway/metrics.h"

struct proof {
    char token[VERIFICATION_TOKEN_TEXT];
    int64_t until;
};

/* Six digits as people type them: with blanks, in full-width characters. */
static bool
read_code(const char *text, char ret_code[7])
{
    char code[7] = "";
    size_t size = 0;

    for (; *text != '\0'; text++) {
        if (*text == ' ' || *text == '-')
            continue;
        if (*text < '0' || *text > '9' || size == 6)
            return false;
        code[size++] = *text;
    }
    if (size != 6)
        return false;
    memcpy(ret_code, code, sizeof(code));
    return true;
}

static bool
read_form(struct http_request *request, struct http_response *response,
          char ret_code[7])
{
    char narrow[1000] = "";
    struct form form;
    form_open(&form, request);

    const char *text = form_text(&form, "code", 1, 90);
    if (text[0] != '\0' && (!fold_width(text, narrow, sizeof(narrow)) ||
                            !read_code(narrow, ret_code)))
        form_fault(&form, "code", FAULT_CONFIRMATION_CODE);
    return form_close(&form, response);
}

/* DB_OK with `ret_right` false: a wrong code, or no try is left. */
static enum db_end
try_code(struct db *db, const char *id, const char *code, bool *ret_right)
{
    CLEANUP(db_params_free) struct db_params params = {0};
    CLEANUP(result_clear) PGresult *row = NULL;
    uint8_t mac[SEAL_DIGEST];

    verification_code_mac(id, code, mac);
    db_uuid(&params, id);
    db_time(&params, clock_now());
    db_bytes(&params, mac, sizeof(mac));
    enum db_end end = db_query(db, "verification_try", &params, &row);
    *ret_right = end == DB_OK && PQntuples(row) == 1 && db_get_bool(row, 0, 0);
    return end;
}

static enum db_end
give_proof(struct db *db, const char *id, const char *code, struct proof *proof)
{
    CLEANUP(db_params_free) struct db_params params = {0};
    CLEANUP(result_clear) PGresult *row = NULL;
    uint8_t digest[SEAL_DIGEST];

    verification_token(id, code, proof->token);
    seal_digest(proof->token, strlen(proof->token), digest);
    db_uuid(&params, id);
    db_bytes(&params, digest, sizeof(digest));
    db_time(&params, clock_now() + VERIFICATION_TOKEN_AGE);
    enum db_end end = db_query(db, "verification_confirm", &params, &row);
    if (end == DB_OK && PQntuples(row) == 1)
        proof->until = db_get_time(row, 0, 0);
    return end;
}

static void
answer(struct http_response *response, const struct proof *proof)
{
    struct bytes *out = &response->body;

    json_open(out, NULL, '{');
    json_text(out, "token", proof->token);
    json_int(out, "expiresInSeconds",
             (proof->until - clock_now() + SECONDS(1) - 1) / SECONDS(1));
    json_close(out, '}');
    http_set_header(response, "Cache-Control", "no-store");
    http_answer(response, 200);
}

static void
confirm(struct http_request *request, struct http_response *response,
        struct db *db, const char *code)
{
    const char *id = request->params[0];
    struct proof proof = {.until = clock_now()};
    bool right = false;
    enum db_end end = try_code(db, id, code, &right);

    if (end == DB_OK && right)
        end = give_proof(db, id, code, &proof);
    if (end != DB_OK) {
        request_unavailable(request, response, "code_check_failed");
    } else if (right) {
        answer(response, &proof);
    } else {
        metric_add(codes_wrong_total, "", 1);
        http_problem(request, response, "CODE_WRONG", NULL, 0);
    }
}

void
http_confirm_email_verification(struct http_request *request,
                                struct http_response *response)
{
    char code[7];
    if (!read_form(request, response, code))
        return;

    struct db *db = sessions_take(request, response);
    if (db == NULL)
        return;
    confirm(request, response, db, code);
    pool_give(gateway.pool, db);
}
