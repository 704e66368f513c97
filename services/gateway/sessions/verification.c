/* Codes by mail and their tokens: shared by routes 10 and 11, by the mail with
 * the code, and by applications. */
#include <stdio.h>
#include <string.h>

#include "gateway/gateway.h"
#include "gateway/sessions/sessions.h"

void
verification_code_mac(const char *verification_id, const char *code,
                      uint8_t ret_mac[SEAL_DIGEST])
{
    char text[UUID_TEXT + 32];

    snprintf(text, sizeof(text), "verification/%s/%.8s", verification_id, code);
    seal_mac(gateway.token_keys, text, ret_mac);
}

void
verification_token(const char *verification_id, const char *code,
                   char ret_token[VERIFICATION_TOKEN_TEXT])
{
    char text[UUID_TEXT + 32];
    uint8_t mac[SEAL_DIGEST];

    snprintf(text, sizeof(text), "proof/%s/%.8s", verification_id, code);
    seal_mac(gateway.token_keys, text, mac);
    session_id_text(mac, ret_token);
}

enum db_end
verification_find(struct db *db, struct arena *arena, const char *token,
                  struct verification *ret_verification)
{
    struct db_params params = {0};
    struct verification verification = {.email = ""};
    uint8_t digest[SEAL_DIGEST];
    PGresult *row = NULL;

    seal_digest(token, strlen(token), digest);
    db_bytes(&params, digest, sizeof(digest));
    db_time(&params, clock_now());
    enum db_end end = db_query(db, "verification_find", &params, &row);
    db_params_free(&params);
    if (end == DB_OK && PQntuples(row) == 1) {
        const char *id = db_copy_uuid(arena, row, 0, 0);
        memcpy(verification.id, id, UUID_TEXT);
        verification.email = db_copy_text(arena, row, 0, 1);
    }
    PQclear(row);
    if (end == DB_OK)
        *ret_verification = verification;
    return end;
}
