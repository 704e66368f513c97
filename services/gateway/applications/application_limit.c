/* application_limit: limits how often one may apply, so that strangers cannot
 * fill a unit's list (B12).
 *
 * Counts per client address, network and mailbox before anything is written.
 * The mailbox is proven, so only its owner uses up its budget. The read model
 * has the number of a mailbox's applications that wait at a unit. It is a
 * moment late, so the mailbox's budget at that unit limits parallel requests. A
 * repeated answer counts nothing; a request that is decided again counts. The
 * account service limits the unit's total. Called by http_post_application.
 */
#include "gateway/applications/application.h"

#include "gateway/gateway.h"
#include "gateway/limits/budget.h"
#include "gateway/operations/submit.h"
#include "gateway/request/request.h"

/* The applicant's own budgets are the last two. */
enum { CLAIM_CLIENT, CLAIM_NETWORK, CLAIM_MAILBOX, CLAIM_AT_UNIT, CLAIMS };

static void
fill(const struct http_request *request, const struct application *application,
     struct budget_claim claims[CLAIMS])
{
    claims[CLAIM_CLIENT] = (struct budget_claim){BUDGET_APPLICATIONS_OF_CLIENT,
                                                 request->client->host};
    claims[CLAIM_NETWORK] = (struct budget_claim){
        BUDGET_APPLICATIONS_OF_NETWORK, request->client->network};
    claims[CLAIM_MAILBOX] = (struct budget_claim){
        BUDGET_APPLICATIONS_OF_MAILBOX,
        budget_private(request->arena, application->email, NULL)};
    claims[CLAIM_AT_UNIT] =
        (struct budget_claim){BUDGET_APPLICATIONS_OF_MAILBOX_AT_UNIT,
                              budget_private(request->arena, application->email,
                                             application->organization)};
}

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
                     struct application *application)
{
    CLEANUP(db_params_free) struct db_params params = {0};
    struct budget_claim claims[CLAIMS];

    bind(request, application, &params);
    CLEANUP(result_clear)
    PGresult *row =
        request_query(request, response, "application_waiting", &params);
    if (row == NULL)
        return false;
    if (db_get_bool(row, 0, 1) && !operation_decides_again(row, 2))
        return true;
    fill(request, application, claims);
    if (!budget_spend(request, response, claims, CLAIMS))
        return false;
    application->counted = true;
    if (db_get_int(row, 0, 0) <
        gateway_settings.applications_per_mailbox_at_unit)
        return true;
    http_set_header(response, "Retry-After", "3600");
    http_problem(request, response, "TOO_MANY_APPLICATIONS", NULL, 0);
    return false;
}

void
application_left_none(struct http_request *request,
                      const struct application *application)
{
    struct budget_claim claims[CLAIMS];

    if (!application->counted)
        return;
    fill(request, application, claims);
    budget_give_back(request, &claims[CLAIM_AT_UNIT], 1);
}
