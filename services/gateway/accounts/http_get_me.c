/* Route 47: the caller's live accounts and units, and the present rights of the
 * signed-in account (as stored, narrowed by role, kind and the unit's state).
 * It also shows an account that the caller still holds elsewhere (B25). */
#include "gateway/routes.h"

#include <string.h>

#include "gateway/request/render.h"
#include "gateway/request/request.h"

enum column {
    KIND,
    ID,
    VERSION,
    STATUS,
    LOGIN,
    NAME,
    PHONE,
    EMAIL,
    ROLE,
    PERMISSIONS,
    ORGANIZATION,
    ORGANIZATION_NAME,
    ORGANIZATION_KIND,
    ORGANIZATION_STATUS,
};

static void
render_account(struct http_request *request, struct bytes *out,
               const PGresult *result, int row)
{
    const struct principal *me = request_principal(request);
    const char *id = db_copy_uuid(request->arena, result, row, ID);
    int kind = (int)db_get_int(result, row, ORGANIZATION_KIND);
    int role = (int)db_get_int(result, row, ROLE);

    json_open(out, NULL, '{');
    json_word(out, "kind", &account_kind_words,
              (int)db_get_int(result, row, KIND));
    json_text(out, "id", id);
    json_bool(out, "signedIn", strcmp(id, me->account_id) == 0);
    json_int(out, "version", db_get_int(result, row, VERSION));
    json_word(out, "status", &account_status_words,
              (int)db_get_int(result, row, STATUS));
    json_text(out, "login", db_get_text(result, row, LOGIN));
    json_text(out, "name", db_get_text(result, row, NAME));
    json_text(out, "phone", db_get_text(result, row, PHONE));
    json_text(out, "email", db_get_text(result, row, EMAIL));
    json_word(out, "role", &role_words, role);
    json_bits(
        out, "permissions", &permission_words,
        permissions_effective((unsigned)db_get_int(result, row, PERMISSIONS),
                              (enum role)role, (enum organization_kind)kind,
                              (enum organization_state)db_get_int(
                                  result, row, ORGANIZATION_STATUS)));
    json_text(out, "organization", db_get_text(result, row, ORGANIZATION));
    json_text(out, "organizationName",
              db_get_text(result, row, ORGANIZATION_NAME));
    json_word(out, "organizationKind", &organization_kind_words, kind);
    json_close(out, '}');
}

void
http_get_me(struct http_request *request, struct http_response *response)
{
    CLEANUP(db_params_free) struct db_params params = {0};

    if (!request_session(request, response))
        return;
    const struct principal *me = request_principal(request);
    db_uuid(&params, me->account_id);
    db_uuid(&params, me->person_id);
    CLEANUP(result_clear)
    PGresult *result = request_query(request, response, "me_read", &params);
    if (result == NULL)
        return;

    struct bytes *out = &response->body;
    json_open(out, NULL, '{');
    json_text(out, "accountId", me->account_id);
    json_text(out, "personId", me->person_id);
    json_bits(out, "permissions", &permission_words, me->officer.permissions);
    json_word(out, "reach", &reach_words, (int)reach_widest(&me->officer));
    json_time(out, "signedInAt", me->auth_time);
    json_open(out, "accounts", '[');
    for (int row = 0; row < PQntuples(result); row++)
        render_account(request, out, result, row);
    json_close(out, ']');
    json_close(out, '}');
    http_answer(response, 200);
}
