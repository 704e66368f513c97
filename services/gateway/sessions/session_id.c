/* The first steps of this folder's handlers, and the ids of sessions.
 *
 * A session's id is its token's digest. It can be shown and sent back, and no
 * token can be made from it. */
#include <string.h>

#include "gateway/gateway.h"
#include "gateway/request/request.h"
#include "gateway/sessions/sessions.h"

static const struct word purpose_rows[] = {
    {TICKET_ACTIVATE, "ACTIVATE", "開通帳號"},
    {TICKET_RESET_TOTP, "RESET_TOTP", "重設雙因子驗證"},
};
const struct words ticket_purpose_words = {"ticket purpose", purpose_rows,
                                           COUNT_OF(purpose_rows)};

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
    seal_hex(digest, SEAL_DIGEST, ret_id);
}

bool
session_id_parse(const char *id, uint8_t ret_digest[SEAL_DIGEST])
{
    return seal_unhex(id, SEAL_DIGEST, ret_digest);
}
