/* Tickets: one-time tokens that let an account's holder set a password.
 *
 * Made when the mail that carries it is sent, or when the platform is founded;
 * redeemed by route 60. The table keeps digests.
 */
#include "gateway/gateway.h"
#include "gateway/sessions/sessions.h"

enum db_end
ticket_make(struct db *db, enum ticket_purpose purpose, const char *account_id,
            int account_kind, char ret_token[SEAL_TOKEN_TEXT])
{
    struct db_params params = {0};
    uint8_t digest[SEAL_DIGEST];
    int64_t now = clock_now();

    seal_token(ret_token, digest);
    db_bytes(&params, digest, sizeof(digest));
    db_int2(&params, (int)purpose);
    db_uuid(&params, account_id);
    db_int2(&params, account_kind);
    db_time(&params, now);
    db_time(&params, now + gateway_settings.ticket_age);
    enum db_end end = db_query(db, "ticket_insert", &params, NULL);
    db_params_free(&params);
    return end;
}
