/* application_limit: nobody fills a unit's list of applications alone (B12).
 *
 * A unit takes so many applications and no more (the account service counts);
 * so that a stranger cannot use them up and keep officers out, one address has
 * few of them, and one proof is good for few. Called by http_post_application
 * before the command is made. The read model is a moment late: what comes at
 * once is held by the second limit.
 */
#include "gateway/applications/application.h"

enum { WAITING_OF_ADDRESS = 5, UNDER_ONE_PROOF = 10 };

static void
bind(const struct http_request *request, const struct application *application,
     struct db_params *params)
{
    db_text(params, application->organization);
    db_text(params, application->email);
    db_text(params, application->scope != NULL
                        ? application->scope
                        : request_principal(request)->account_id);
    db_text(params, http_header(request, "Idempotency-Key"));
}

bool
application_has_room(struct http_request *request,
                     struct http_response *response,
                     const struct application *application)
{
    CLEANUP(db_params_free) struct db_params params = {0};

    bind(request, application, &params);
    CLEANUP(result_clear)
    PGresult *row =
        request_query(request, response, "application_waiting", &params);
    if (row == NULL)
        return false;
    if (db_get_bool(row, 0, 2) || /* it is answered again */
        (db_get_int(row, 0, 0) < WAITING_OF_ADDRESS &&
         db_get_int(row, 0, 1) < UNDER_ONE_PROOF))
        return true;
    http_set_header(response, "Retry-After", "3600");
    http_problem(request, response, "TOO_MANY_APPLICATIONS", NULL, 0);
    return false;
}
