/* See review.h. Reads the read model only. Serves T6. */
#include "gateway/reviews/review.h"

#include "chassis/base/clock.h"

#include "rules/day.h"

#include "gateway/organizations/organization.h"

/* Of school_roster. */
enum { UNIT, TEACHERS = UNIT + UNIT_SQL_COLUMNS, CONFIRMED, POSITION };

const char *
semester_now(struct http_request *request)
{
    char text[SEMESTER_TEXT];

    return arena_strdup(request->arena,
                        day_semester(day_of(clock_now()), text));
}

const char *
semester_form(struct form *form)
{
    const char *given = form_narrow(form, "semester", 0, SEMESTER_TEXT - 1);

    return *given != '\0' ? given : semester_now(form->request);
}

void
roster_send(struct db *db, struct http_request *request, const char *semester)
{
    struct db_params params = {0};

    db_text(&params,
            organization_code_typed(request->arena, request->params[0]));
    db_text(&params, semester);
    db_send(db, "school_roster", &params);
    db_params_free(&params);
}

bool
roster_read(struct http_request *request, struct http_response *response,
            const PGresult *rows, const char *semester,
            struct roster *ret_roster)
{
    if (PQntuples(rows) == 0) {
        request_unknown(request, response);
        return false;
    }
    *ret_roster = (struct roster){
        .unit = request_unit(request->arena, rows, 0, UNIT),
        .semester = semester,
        .teachers = db_get_int(rows, 0, TEACHERS),
        .confirmed = db_get_int(rows, 0, CONFIRMED),
        .position = db_get_int(rows, 0, POSITION),
    };
    return true;
}
