/* Route 40: teachers say that their own record is right for a semester (T6). */
#include "gateway/routes.h"

#include "chassis/base/wire.h"

#include "gateway/operations/submit.h"
#include "gateway/reviews/review.h"
#include "gateway/teachers/teacher_command.h"

#include "inservice/teacher/v1/commands.pb-c.h"

typedef Inservice__Teacher__V1__ConfirmTeacher Confirm;

void
http_confirm_teacher(struct http_request *request,
                     struct http_response *response)
{
    struct target target = {.subject = SUBJECT_TEACHERS};
    struct form form;
    int64_t version;
    Confirm command;

    if (!request_id(request, response, 0, &target.person_id) ||
        !request_session(request, response) ||
        !request_allows(request, response, &target, false))
        return;
    form_open(&form, request);
    inservice__teacher__v1__confirm_teacher__init(&command);
    command.semester = wire_member(semester_form(&form));
    if (!form_close(&form, response) ||
        !request_if_match(request, response, true, &version))
        return;

    command.order = order_new(request, version);
    command.person_id = wire_member(request->params[0]);
    teacher_submit(request, response, &command.base, command.person_id, 200);
}
