/* Route 5: the platform closes a unit, or merges it into another (O3). The
 * command carries what the owner cannot see: how many teachers have a post
 * there. */
#include "gateway/routes.h"

#include "chassis/base/wire.h"

#include "rules/text.h"

#include "gateway/operations/submit.h"
#include "gateway/organizations/organization.h"
#include "gateway/organizations/unit_form.h"

#include "inservice/account/v1/commands.pb-c.h"

typedef Inservice__Account__V1__CloseOrganization Close;

void
http_close_organization(struct http_request *request,
                        struct http_response *response)
{
    struct unit_known known;
    struct form form;
    int64_t version;
    Close command;

    if (!unit_known(request, response, &known) ||
        !request_reaches(request, response, &known.unit))
        return;
    form_open(&form, request);
    inservice__account__v1__close_organization__init(&command);
    command.into = wire_member(organization_code_field(&form, "into", 0));
    command.order = order_new(request, -1);
    command.order->reason =
        wire_member(form_text(&form, "reason", 0, TEXT_REASON_MAX));
    if (!form_close(&form, response) ||
        !request_if_match(request, response, true, &version))
        return;

    order_expect_request(request, command.order, version);
    command.code = wire_member(known.unit.code);
    command.teacher_count = (uint32_t)known.teachers;
    unit_submit(request, response, &command.base, command.code, 200);
}
