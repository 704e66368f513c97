/* Route 3: the platform enters a unit. The account service decides whether the
 * code is free and whether centre and parent are right (O1, O4). */
#include "gateway/routes.h"

#include "chassis/base/wire.h"

#include "rules/organization.h"

#include "gateway/operations/submit.h"
#include "gateway/organizations/organization.h"
#include "gateway/organizations/unit_form.h"
#include "gateway/teachers/teacher_command.h"

#include "inservice/account/v1/commands.pb-c.h"

typedef Inservice__Account__V1__AddOrganization AddOrganization;

static void
read_form(struct form *form, AddOrganization *command)
{
    inservice__account__v1__add_organization__init(command);
    const char *code = organization_code_field(form, "code", 1);
    command->code = wire_member(code);
    if (*code != '\0' && !organization_code_ok(code))
        form_fault(form, "code", FAULT_CHARACTERS);
    command->kind = (Inservice__Common__V1__OrganizationKind)form_word(
        form, "kind", &organization_kind_words, true);
#define FIELD(member, json, CASE, read)                                        \
    command->member = wire_member(read(form, json));
    UNIT_TEXTS(FIELD)
#undef FIELD
}

void
http_post_organization(struct http_request *request,
                       struct http_response *response)
{
    struct form form;
    AddOrganization command;

    form_open(&form, request);
    read_form(&form, &command);
    if (!request_session(request, response))
        return;
    struct unit own = unit_own(request_principal(request));
    if (!request_reaches(request, response, &own) ||
        !form_close(&form, response))
        return;

    command.order = order_new(request, -1);
    unit_submit(request, response, &command.base, command.code, 201);
}
