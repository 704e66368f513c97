/* What the handlers of this folder begin with, and how a session is named.
 *
 * A session's id is its token's digest: it can be shown and sent back, and
 * nobody can make the token from it.
 */
#include <stdio.h>
#include <string.h>

#include "gateway/gateway.h"
#include "gateway/sessions/sessions.h"

static const struct word purpose_rows[] = {
    {TICKET_ACTIVATE, "ACTIVATE", "開通帳號"},
    {TICKET_RESET_TOTP, "RESET_TOTP", "重設第二因子"},
};
const struct words ticket_purpose_words = {"ticket purpose", purpose_rows,
                                           COUNT_OF(purpose_rows)};

static const char hex_digits[] = "0123456789abcdef";

bool
sessions_begin(struct http_request *request, struct http_response *response)
{
    struct db *db;

    return request_begin(request, response, NULL, &db) &&
           request_end_trip(request, response, db);
}

struct db *
sessions_take(struct http_request *request, struct http_response *response)
{
    struct db *db = pool_take(gateway.pool, clock_monotonic() + SECONDS(2));

    if (db == NULL)
        request_unavailable(request, response, "no_connection");
    return db;
}

void
session_id_text(const uint8_t digest[SEAL_DIGEST], char ret_id[SESSION_ID_TEXT])
{
    for (size_t i = 0; i < SEAL_DIGEST; i++) {
        ret_id[2 * i] = hex_digits[digest[i] >> 4];
        ret_id[2 * i + 1] = hex_digits[digest[i] & 15];
    }
    ret_id[SESSION_ID_TEXT - 1] = '\0';
}

static int
hex_digit(char c)
{
    const char *at = c == '\0' ? NULL : strchr(hex_digits, c);

    return at == NULL ? -1 : (int)(at - hex_digits);
}

bool
session_id_parse(const char *id, uint8_t ret_digest[SEAL_DIGEST])
{
    uint8_t digest[SEAL_DIGEST];

    if (strlen(id) != SESSION_ID_TEXT - 1)
        return false;
    for (size_t i = 0; i < SEAL_DIGEST; i++) {
        int high = hex_digit(id[2 * i]);
        int low = hex_digit(id[2 * i + 1]);
        if (high < 0 || low < 0)
            return false;
        digest[i] = (uint8_t)(high << 4 | low);
    }
    memcpy(ret_digest, digest, sizeof(digest));
    return true;
}
