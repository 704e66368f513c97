/* Route 11, POST /v1/email-verifications/{id}/confirm: the code for a token.
 *
 * Five tries a code, each taken before it is compared. An unknown id, a code
 * that is over and a wrong one get the same answer: CODE_WRONG. The token is
 * good for 30 minutes, for route 12.
 */
#include <string.h>

#include "chassis/base/metrics.h"

#include "rules/fold.h"

#include "gateway/form.h"
#include "gateway/gateway.h"
#include "gateway/render.h"
#include "gateway/routes.h"
#include "gateway/sessions/sessions.h"

/* What people type for six digits: blanks between them, full-width signs. */
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
    if (!form_open(&form, request, response))
        return false;

    const char *text = form_text(&form, "code", 1, 90);
    if (text[0] != '\0' && (!fold_width(text, narrow, sizeof(narrow)) ||
                            !read_code(narrow, ret_code)))
        form_fault(&form, "code", "FIELD_BAD", "驗證碼為六位數字。");
    return form_close(&form, response);
}

/* Takes a try; DB_OK with `ret_right` false when there was none to take. */
static enum db_end
try_code(struct db *db, const char *id, const char *code, bool *ret_right)
{
    struct db_params params = {0};
    PGresult *row = NULL;
    uint8_t mac[SEAL_DIGEST];
    size_t size = 0;

    db_uuid(&params, id);
    db_time(&params, clock_now());
    enum db_end end = db_query(db, "verification_try", &params, &row);
    db_params_free(&params);
    *ret_right = false;
    if (end == DB_OK && PQntuples(row) == 1 && !db_is_null(row, 0, 0)) {
        const uint8_t *known = db_get_bytes(row, 0, 0, &size);
        verification_code_mac(id, code, mac);
        *ret_right =
            size == sizeof(mac) && memcmp(known, mac, sizeof(mac)) == 0;
    }
    PQclear(row);
    return end;
}

static enum db_end
give_token(struct db *db, const char *id, char ret_token[SEAL_TOKEN_TEXT])
{
    struct db_params params = {0};
    uint8_t digest[SEAL_DIGEST];

    seal_token(ret_token, digest);
    db_uuid(&params, id);
    db_bytes(&params, digest, sizeof(digest));
    db_time(&params, clock_now() + VERIFICATION_TOKEN_AGE);
    enum db_end end = db_query(db, "verification_confirm", &params, NULL);
    db_params_free(&params);
    return end;
}

static void
answer(struct http_response *response, const char *token)
{
    struct bytes *out = &response->body;

    json_open(out, NULL, '{');
    json_text(out, "token", token);
    json_int(out, "expiresInSeconds", VERIFICATION_TOKEN_AGE / SECONDS(1));
    json_close(out, '}');
    http_set_header(response, "Cache-Control", "no-store");
    http_answer(response, 200);
}

static void
confirm(struct http_request *request, struct http_response *response,
        struct db *db, const char *code)
{
    const char *id = request->params[0];
    char token[SEAL_TOKEN_TEXT];
    bool right = false;
    enum db_end end = try_code(db, id, code, &right);

    if (end == DB_OK && right)
        end = give_token(db, id, token);
    if (end != DB_OK) {
        request_unavailable(request, response, "code_not_tried");
    } else if (right) {
        answer(response, token);
    } else {
        metric_add("codes_wrong_total", "", 1);
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
