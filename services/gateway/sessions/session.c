/* Reads the caller's session with its account and unit.
 *
 * Called by request.c in every request. A session is valid while its account is
 * ACTIVE and has not lost the right since the session began. The query checks
 * both, so a disabling works from the next request on (T16). Tokens are stored
 * and looked up only by digest. Sign-in makes sessions, not this file. */
#include "gateway/gateway.h"

#include <string.h>

#include "chassis/base/clock.h"

#include "gateway/request/request.h"
#include "gateway/sessions/sessions.h"

/* Use is written at most this often. */
#define TOUCH_AFTER SECONDS(60)

/* The token in the header, otherwise in the cookie. Returns NULL if none has
 * the form of a token. */
static const char *
session_token(const struct http_request *request)
{
    static const char scheme[] = "Bearer ";
    const char *header = http_header(request, "Authorization");
    const char *token;

    if (header != NULL)
        token = strncasecmp(header, scheme, strlen(scheme)) == 0
                    ? header + strlen(scheme)
                    : NULL;
    else
        token = http_cookie(request, SESSION_COOKIE);
    if (token == NULL || strlen(token) != SEAL_TOKEN_TEXT - 1)
        return NULL;
    return token;
}

bool
session_digest(const struct http_request *request,
               uint8_t ret_digest[SEAL_DIGEST])
{
    const char *token = session_token(request);

    if (token != NULL)
        seal_digest(token, strlen(token), ret_digest);
    return token != NULL;
}

bool
session_send(struct db *db, const struct http_request *request)
{
    struct db_params params = {0};
    uint8_t digest[SEAL_DIGEST];
    int64_t now = clock_now();

    if (!session_digest(request, digest))
        return false;
    db_array(&params, DB_BYTES, 1);
    db_bytes(&params, digest, sizeof digest);
    db_time(&params, now);
    db_time(&params, now - gateway_settings.session_idle);
    db_send(db, "session_load", &params);
    db_params_free(&params);
    return true;
}

static const char *
session_id_of(struct arena *arena, const char *token)
{
    uint8_t digest[SEAL_DIGEST];
    char *id = arena_alloc(arena, SESSION_ID_TEXT);

    if (token == NULL)
        return NULL;
    seal_digest(token, strlen(token), digest);
    session_id_text(digest, id);
    return id;
}

/* "" if the column is NULL: ids of a principal are never NULL. */
static const char *
id_at(struct arena *arena, const PGresult *result, int column)
{
    const char *id = db_copy_uuid(arena, result, 0, column);

    return id != NULL ? id : "";
}

static void
take_principal(const struct http_request *request, const PGresult *result,
               struct principal *ret_principal)
{
    struct arena *arena = request->arena;
    enum organization_kind kind =
        (enum organization_kind)db_get_int(result, 0, 5);
    enum role role = (enum role)db_get_int(result, 0, 8);
    struct principal *p = ret_principal;

    p->kind = db_get_int(result, 0, 0) == ACCOUNT_BUSINESS ? PRINCIPAL_BUSINESS
                                                           : PRINCIPAL_TEACHER;
    p->account_id = id_at(arena, result, 1);
    p->person_id = id_at(arena, result, 2);
    p->account_version = db_get_int(result, 0, 3);
    p->officer = (struct officer){
        .account_id = p->account_id,
        .person_id = p->person_id,
        .organization = db_copy_text(arena, result, 0, 4),
        .kind = kind,
        .role = role,
        .permissions = permissions_effective(
            (unsigned)db_get_int(result, 0, 9), role, kind,
            (enum organization_state)db_get_int(result, 0, 6)),
    };
    p->auth_time = db_get_time(result, 0, 10);
    p->seen_at = db_get_time(result, 0, 11);
    p->session_id = session_id_of(arena, session_token(request));
}

void
session_take(const struct http_request *request, const PGresult *result,
             struct principal *ret_principal)
{
    *ret_principal =
        (struct principal){.account_id = "", .person_id = "", .session_id = ""};
    if (PQntuples(result) == 1)
        take_principal(request, result, ret_principal);
}

enum db_end
session_receive(struct db *db, const struct http_request *request,
                struct principal *ret_principal)
{
    PGresult *result = NULL;
    enum db_end end = db_next(db, &result);

    if (end == DB_OK)
        session_take(request, result, ret_principal);
    PQclear(result);
    return end;
}

bool
session_untouched(const struct http_request *request)
{
    const struct principal *principal = request_principal(request);

    return principal != NULL && principal->kind != PRINCIPAL_NONE &&
           clock_now() - principal->seen_at >= TOUCH_AFTER;
}

void
session_touch(struct db *db, const struct http_request *request)
{
    struct db_params params = {0};
    uint8_t digest[SEAL_DIGEST];

    if (!session_untouched(request) || !session_digest(request, digest))
        return;
    db_bytes(&params, digest, sizeof digest);
    db_time(&params, clock_now());
    (void)!db_query(db, "session_touch", &params, NULL);
    db_params_free(&params);
}
