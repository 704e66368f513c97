/* How an application stands: the members that the list of applications and the
 * single application share. */
#include "gateway/applications/application.h"

#include "gateway/request/render.h"

void
application_standing(struct http_request *request, struct bytes *out,
                     const PGresult *result, int row, int first)
{
    json_word(out, "wantedRole", &role_words,
              (int)db_get_int(result, row, first + WANTED_ROLE));
    json_text(out, "succeeds",
              db_copy_uuid(request->arena, result, row, first + SUCCEEDS));
    json_word(out, "status", &account_status_words,
              (int)db_get_int(result, row, first + STATUS));
    json_word(out, "closedCause", &closed_cause_words,
              (int)db_get_int(result, row, first + CLOSED_CAUSE));
    json_bool(out, "identityProven",
              db_get_bool(result, row, first + IDENTITY_PROVEN));
    json_time(out, "appliedAt", db_get_time(result, row, first + APPLIED_AT));
    json_time(out, "lapsesAt", db_get_time(result, row, first + LAPSES_AT));
}
