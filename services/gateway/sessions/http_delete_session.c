/* Route 58, DELETE /v1/sessions/{id}: signs out, here or elsewhere.
 *
 * `current` names the caller's present session. Only the caller's own sessions;
 * another account's is answered as not found. */
#include "gateway/events.h"
#include "gateway/routes.h"

#include <string.h>

#include "gateway/request/request.h"
#include "gateway/sessions/sessions.h"

static void
end_session(struct http_request *request, struct http_response *response,
            const uint8_t digest[SEAL_DIGEST])
{
    const char *account_id = request_principal(request)->account_id;
    struct db_params params = {0};

    db_bytes(&params, digest, SEAL_DIGEST);
    db_uuid(&params, account_id);
    PGresult *row = request_query(request, response, "session_end", &params);
    db_params_free(&params);
    if (row == NULL)
        return;
    if (PQntuples(row) == 0) {
        http_problem(request, response, "NOT_FOUND", NULL, 0);
    } else {
        log_event(session_ended, log_str("account_id", account_id));
        http_answer(response, 204);
    }
    PQclear(row);
}

void
http_delete_session(struct http_request *request,
                    struct http_response *response)
{
    const char *id = request->params[0];
    uint8_t digest[SEAL_DIGEST];

    if (!request_session(request, response))
        return;
    if (strcmp(id, "current") == 0)
        id = request_principal(request)->session_id;
    if (session_id_parse(id, digest))
        end_session(request, response, digest);
    else
        http_problem(request, response, "NOT_FOUND", NULL, 0);
}
