/* Route 9: an officer has looked the whole school through (T6). They name the
 * position that route 8 showed before; the command also carries the present
 * one, and the teacher service compares. */
#include "gateway/routes.h"

#include "chassis/base/wire.h"

#include "gateway/operations/submit.h"
#include "gateway/reviews/review.h"

#include "inservice/teacher/v1/commands.pb-c.h"

typedef Inservice__Teacher__V1__ReviewSchool Review;

static void
send_roster(struct db *db, struct http_request *request)
{
    roster_send(db, request, request->context);
}

static bool
read_roster(struct http_request *request, struct http_response *response,
            const char *semester, struct roster *ret_roster)
{
    request->context = wire_member(semester);
    CLEANUP(result_clear)
    PGresult *rows = request_read(request, response, send_roster);

    return rows != NULL &&
           roster_read(request, response, rows, semester, ret_roster) &&
           request_reaches(request, response, &ret_roster->unit);
}

static void
submit(struct http_request *request, struct http_response *response,
       const struct roster *roster, int64_t position)
{
    const char *code = roster->unit.code;
    Review command;

    inservice__teacher__v1__review_school__init(&command);
    command.order = order_new(request, -1);
    command.organization = wire_member(code);
    command.semester = wire_member(roster->semester);
    command.seen_position = position;
    command.roster_position = roster->position;
    command.teacher_count = (uint32_t)roster->teachers;
    const struct submission submission = {
        .lane_key = code,
        .service = "teacher",
        .command = &command.base,
        .subject =
            arena_printf(request->arena, "%s/%s", code, roster->semester),
        .location =
            arena_printf(request->arena, "/v1/organizations/%s/reviews", code),
        .done_status = 201,
    };
    operation_submit(request, response, &submission);
}

void
http_post_review(struct http_request *request, struct http_response *response)
{
    struct roster roster;
    struct form form;

    form_open(&form, request);
    const char *semester = semester_form(&form);
    if (!form_has(&form, "position"))
        form_fault(&form, "position", FAULT_MISSING);
    int64_t position = form_int(&form, "position", 0, INT64_MAX, 0);
    if (!read_roster(request, response, semester, &roster) ||
        !form_close(&form, response))
        return;
    submit(request, response, &roster, position);
}
