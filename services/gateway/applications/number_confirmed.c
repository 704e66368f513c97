/* number_confirmed: is the number from the personnel file the applicant's?
 *
 * Called by routes 7 and 16. An unknown number, another person's and the right
 * one take the same steps, and the first two get the same answer, so an
 * approver cannot look up numbers here. A try is taken from the budgets before
 * the comparison and given back if the number is right. Only a confirmed number
 * is stored (B25).
 */
#include "gateway/applications/application.h"

#include <string.h>

#include "gateway/identity/identity.h"
#include "gateway/identity/person.h"
#include "gateway/limits/budget.h"
#include "gateway/request/request.h"
#include "gateway/metrics.h"

enum { CLAIMS = 3 };

static const char what[] = "APPLICATION_NUMBER";

static bool
note(struct http_request *request, struct http_response *response,
     const char *application, const char *result)
{
    return audit_write_request(request, response, what, application, "",
                               result);
}

/* The row from which the read model makes the number CURRENT. */
static bool
write_down(struct http_request *request, struct http_response *response,
           const char *number, const struct identity *found)
{
    struct identity written;

    return found->state != 0 ||
           person_of_number(request, response, "/number", number,
                            PERSON_PROPOSED, &written, NULL);
}

bool
number_confirmed(struct http_request *request, struct http_response *response,
                 const char *application, const char *number,
                 const char *person_id)
{
    const struct principal *principal = request_principal(request);
    const struct budget_claim claims[CLAIMS] = {
        {BUDGET_NUMBERS_OF_OFFICER, principal->account_id},
        {BUDGET_NUMBERS_OF_UNIT, principal->officer.organization},
        {BUDGET_NUMBERS_OF_SUBJECT, application},
    };
    const struct budget_note refused = {what, application, ""};
    struct identity identity = {.person_id = ""};

    if (!budget_spend_audited(request, response, claims, CLAIMS, &refused))
        return false;
    bool read = person_of_number(request, response, "/number", number,
                                 PERSON_DERIVED, &identity, NULL);
    bool right = read && strcmp(identity.person_id, person_id) == 0;
    if (!read || right) /* a malformed number reveals nothing */
        budget_give_back(request, claims, CLAIMS);
    if (!read || !note(request, response, application,
                       right ? "CONFIRMED" : "NOT_CONFIRMED"))
        return false;
    if (right)
        return write_down(request, response, number, &identity);
    metric_add(wrong_numbers_total, "", 1);
    http_problem(request, response, "IDENTITY_NOT_CONFIRMED", NULL, 0);
    return false;
}
