/* Route 40: teachers say that their own record is right for a semester (T6). */
#include "gateway/routes.h"

#include "chassis/base/wire.h"

#include "gateway/operations/submit.h"
#include "gateway/reviews/review.h"
#include "gateway/teachers/teacher_command.h"
#include "gateway/teachers/teacher_reach.h"

#include "inservice/teacher/v1/commands.pb-c.h"

typedef Inservice__Teacher__V1__ConfirmTeacher Confirm;

void
http_confirm_teacher(struct http_request *request,
                     struct http_response *response)
{
    struct known_teacher teacher;
    struct form form;
    int64_t version;
    Confirm command;

    if (!known_teacher_open(request, response, &teacher) ||
        !teacher_allows(request, response, teacher.units, teacher.unit_count,
                        NULL, request->params[0], NULL))
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
