/* Shared by sign-in, e-mail verification and redeeming of tickets.
 *
 * Tokens are 256 random bits. Only the holder has them: the tables store
 * digests. No answer here reveals whether a login, an address or a person is
 * known. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "chassis/base/clock.h"
#include "chassis/db/db.h"
#include "chassis/http/http.h"
#include "chassis/base/seal.h"

enum {
    CODE_TRIES = 5,
    PASSWORD_MIN = 12, /* characters as people count them */
    PASSWORD_MAX = 256,
};
#define SIGN_IN_LOCK           SECONDS(15 * 60)
#define VERIFICATION_AGE       SECONDS(15 * 60) /* of the code */
#define VERIFICATION_TOKEN_AGE SECONDS(30 * 60) /* of the token */

enum ticket_purpose { /* stored in the tables */
                      TICKET_ACTIVATE = 1,
                      TICKET_RESET_TOTP = 2,
};
extern const struct words ticket_purpose_words;

/* A connection for several steps; the caller gives it back (pool_give). Returns
 * NULL with 503 in the response. */
struct db *sessions_take(struct http_request *request,
                         struct http_response *response) WARN_UNUSED;

/* --- session_id.c ------------------------------------------------------- */
enum { SESSION_ID_TEXT = 2 * SEAL_DIGEST + 1 };
/* A session's id: its token's digest in hexadecimal. */
void session_id_text(const uint8_t digest[SEAL_DIGEST],
                     char ret_id[SESSION_ID_TEXT]);
bool session_id_parse(const char *id,
                      uint8_t ret_digest[SEAL_DIGEST]) WARN_UNUSED;

/* --- hash_pool.c: at most hash_pool passwords at once ------------------- */
/* A place in the queue. */
struct hash_place {
    uint64_t host, network;
    bool suspect; /* the address failed lately, or holds several places */
};
/* Takes a place. Returns false, with 503 in the response, if none is free for
 * this client. Call it before anything is counted; hold no database connection
 * while hashing. */
bool hash_enter(struct http_request *request, struct http_response *response,
                struct hash_place *ret_place) WARN_UNUSED;
void hash_leave(const struct hash_place *place);
/* Waits for a turn, then hashes. `hash` NULL: hashes anyway and returns false,
 * so that an unknown login takes as long as a known one. */
bool hash_verify(const struct hash_place *place, const char *hash,
                 const char *password) WARN_UNUSED;
bool hash_make(const struct hash_place *place, const char *password,
               char ret_hash[128]) WARN_UNUSED;
/* How long this client may not sign in, because too many sign-ins from its
 * address failed; 0: it may. Failures of its network never block it. */
int64_t sign_in_wait(const struct http_client *client) WARN_UNUSED;
void sign_in_failed(const struct http_client *client);

/* --- password.c: passwords that are too easy to guess. Pure. --- */
/* Returns NULL, or the fault in zh-TW. `password` was prepared by
 * form_secret(); `login` and `email` may be NULL or empty. */
const char *password_fault(const char *password, const char *login,
                           const char *email);

/* --- verification.c: a person has proven their e-mail address --- */
/* MAC of a code with its verification's id, because six digits alone can be
 * guessed. */
void verification_code_mac(const char *verification_id, const char *code,
                           uint8_t ret_mac[SEAL_DIGEST]);
/* The token for a right code; always the same for the same code. */
enum { VERIFICATION_TOKEN_TEXT = 2 * SEAL_DIGEST + 1 };
void verification_token(const char *verification_id, const char *code,
                        char ret_token[VERIFICATION_TOKEN_TEXT]);
struct verification {
    char id[UUID_TEXT]; /* the anonymous scope of Idempotency-Key */
    const char *email;  /* in the arena */
};
/* The verification of this token. DB_OK with an empty id: none, or it has
 * expired. Good for any number of requests within its 30 minutes. */
enum db_end
verification_find(struct db *db, struct arena *arena, const char *token,
                  struct verification *ret_verification) WARN_UNUSED;

/* --- http_post_credential_tickets.c ------------------------------------- */
enum { EMAIL_TEXT = 300 };
/* A ticket that an officer asks for, to be mailed to the holder. */
struct ticket_wish {
    char key[160];          /* of the mail; from the Idempotency-Key */
    char email[EMAIL_TEXT]; /* masked */
    int purpose;            /* enum ticket_purpose */
    const char *account_id;
    int account_kind;
    int64_t account_version;
};
/* Writes the ticket with its audit row and answers 202 or the problem. The
 * caller has checked the rights and filled in all but the key. */
void ticket_wish_submit(struct http_request *request,
                        struct http_response *response,
                        struct ticket_wish *wish);

/* --- ticket.c ----------------------------------------------------------- */
/* Makes a ticket for an account; only the holder may see `ret_token`. */
enum db_end ticket_make(struct db *db, enum ticket_purpose purpose,
                        const char *account_id, int account_kind,
                        char ret_token[SEAL_TOKEN_TEXT]) WARN_UNUSED;
