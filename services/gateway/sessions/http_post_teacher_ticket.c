/* Route 31, POST /v1/teacher-accounts/{id}/credential-tickets: another ticket
 * for a teacher whose first one lapsed or never arrived.
 *
 * For the officers of the teacher's school, never for themselves (B20). It is
 * mailed to the address on record and shown to no officer; a ticket to print
 * comes later. An account with a password needs none. Serves T10.
 */
#include "gateway/routes.h"

#include "rules/masking.h"

#include "gateway/request/form.h"
#include "gateway/request/request.h"
#include "gateway/sessions/sessions.h"
#include "gateway/teachers/teacher_reach.h"

enum column {
    UNIT,
    PERSON = UNIT + 5,
    VERSION,
    STATUS,
    EMAIL,
    ACTIVATED,
};

static const struct word purpose_rows[] = {
    {TICKET_ACTIVATE, "ACTIVATE", "開通帳號"},
};
static const struct words purpose_words = {"teacher ticket purpose",
                                           purpose_rows, 1};

static void
send_account(struct db *db, struct http_request *request)
{
    struct db_params params = {0};

    db_uuid(&params, request->params[0]);
    db_send(db, "teacher_ticket", &params);
    db_params_free(&params);
}

/* The refusal's code, or NULL. */
static const char *
objection(const PGresult *rows)
{
    if (db_get_int(rows, 0, STATUS) != ACCOUNT_ACTIVE)
        return "NOT_ACTIVE";
    if (db_get_bool(rows, 0, ACTIVATED))
        return "ALREADY_ACTIVATED";
    return *db_get_text(rows, 0, EMAIL) == '\0' ? "EMAIL_MISSING" : NULL;
}

static bool
is_allowed(struct http_request *request, struct http_response *response,
           const PGresult *rows)
{
    if (PQntuples(rows) > 0)
        return teacher_allows(
            request, response, teacher_units(request->arena, rows, UNIT),
            (size_t)PQntuples(rows), request->params[0],
            db_copy_uuid(request->arena, rows, 0, PERSON), NULL);
    request_unknown(request, response);
    return false;
}

static bool
read_form(struct http_request *request, struct http_response *response,
          struct ticket_wish *wish)
{
    struct form form;

    form_open(&form, request);
    wish->purpose = form_word(&form, "purpose", &purpose_words, true);
    return form_close(&form, response);
}

static bool
read_account(struct http_request *request, struct http_response *response,
             struct ticket_wish *wish)
{
    CLEANUP(result_clear)
    PGresult *rows = request_read(request, response, send_account);

    if (rows == NULL || !is_allowed(request, response, rows) ||
        !read_form(request, response, wish))
        return false;
    const char *code = objection(rows);
    if (code != NULL) {
        http_problem(request, response, code, NULL, 0);
        return false;
    }
    wish->account_id = request->params[0];
    wish->account_kind = ACCOUNT_TEACHER;
    wish->account_version = db_get_int(rows, 0, VERSION);
    if (!mask_email(db_get_text(rows, 0, EMAIL), wish->email,
                    sizeof(wish->email)))
        wish->email[0] = '\0';
    return true;
}

void
http_post_teacher_ticket(struct http_request *request,
                         struct http_response *response)
{
    struct ticket_wish wish = {0};

    if (read_account(request, response, &wish))
        ticket_wish_submit(request, response, &wish);
}
