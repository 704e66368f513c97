/* Route 8: a school's list for a semester (how many teachers have confirmed
 * their record, and the list's position, which a review names), and its reviews
 * (T6).
 */
#include "gateway/routes.h"

#include "gateway/organizations/organization.h"
#include "gateway/request/render.h"
#include "gateway/reviews/review.h"

/* Of school_review_list. */
enum { SEMESTER, REVIEWER, AT, TEACHERS };

static const char *
semester_asked(struct http_request *request)
{
    const char *asked = http_query(request, "semester", 0);

    return asked != NULL ? asked : semester_now(request);
}

static void
send_both(struct db *db, struct http_request *request)
{
    struct db_params params = {0};

    roster_send(db, request, semester_asked(request));
    db_text(&params,
            organization_code_typed(request->arena, request->params[0]));
    db_send(db, "school_review_list", &params);
    db_params_free(&params);
}

static void
render_roster(struct bytes *out, const struct roster *roster)
{
    json_text(out, "organization", roster->unit.code);
    json_text(out, "semester", roster->semester);
    json_open(out, "roster", '{');
    json_int(out, "teachers", roster->teachers);
    json_int(out, "confirmed", roster->confirmed);
    json_int(out, "position", roster->position);
    json_close(out, '}');
}

static void
render_review(struct bytes *out, const PGresult *rows, int row)
{
    json_open(out, NULL, '{');
    json_text(out, "semester", db_get_text(rows, row, SEMESTER));
    json_text(out, "reviewer", db_get_text(rows, row, REVIEWER));
    json_time(out, "reviewedAt", db_get_time(rows, row, AT));
    json_int(out, "teachers", db_get_int(rows, row, TEACHERS));
    json_close(out, '}');
}

static void
render(struct bytes *out, const struct roster *roster, const PGresult *rows)
{
    json_open(out, NULL, '{');
    render_roster(out, roster);
    json_open(out, "items", '[');
    for (int row = 0; row < PQntuples(rows); row++)
        render_review(out, rows, row);
    json_close(out, ']');
    json_close(out, '}');
}

void
http_get_reviews(struct http_request *request, struct http_response *response)
{
    PGresult *results[2] = {NULL, NULL};
    struct roster roster;

    if (request_read_many(request, response, send_both, results,
                          COUNT_OF(results)) &&
        roster_read(request, response, results[0], semester_asked(request),
                    &roster) &&
        request_reaches(request, response, &roster.unit)) {
        render(&response->body, &roster, results[1]);
        http_answer(response, 200);
    }
    for (size_t i = 0; i < COUNT_OF(results); i++)
        PQclear(results[i]);
}
