/* Route 4: a merge patch of a unit. Named fields change; null clears. The
 * account service decides which fields a caller may change: the platform all,
 * an account manager of the unit its contact data (O3, O4). */
#include "gateway/routes.h"

#include "chassis/base/wire.h"

#include "rules/organization.h"

#include "gateway/operations/submit.h"
#include "gateway/organizations/unit_form.h"

#include "inservice/account/v1/commands.pb-c.h"

typedef Inservice__Account__V1__ChangeOrganization Change;

#define CASE_OF(CASE)                                                          \
    INSERVICE__ACCOUNT__V1__CHANGE_ORGANIZATION__##CASE##_PRESENCE_##CASE

static void
read_form(struct form *form, Change *command)
{
    inservice__account__v1__change_organization__init(command);
#define FIELD(member, json, CASE, read)                                        \
    if (form_names(form, json)) {                                              \
        command->member = wire_member(read(form, json));                       \
        command->member##_presence_case = CASE_OF(CASE);                       \
    }
    UNIT_TEXTS(FIELD)
#undef FIELD
    if (form_names(form, "kind")) {
        command->kind = (Inservice__Common__V1__OrganizationKind)form_word(
            form, "kind", &organization_kind_words, true);
        command->kind_presence_case = CASE_OF(KIND);
    }
    if (form_names(form, "status")) {
        command->status = (Inservice__Common__V1__OrganizationStatus)form_word(
            form, "status", &organization_state_words, true);
        command->status_presence_case = CASE_OF(STATUS);
    }
}

void
http_patch_organization(struct http_request *request,
                        struct http_response *response)
{
    struct unit_known known;
    struct form form;
    int64_t version;
    Change command;

    if (!unit_known(request, response, &known) ||
        !request_reaches(request, response, &known.unit))
        return;
    form_open(&form, request);
    read_form(&form, &command);
    if (!form_close(&form, response) ||
        !request_if_match(request, response, true, &version))
        return;

    command.order = order_new(request, version);
    command.code = wire_member(known.unit.code);
    unit_submit(request, response, &command.base, command.code, 200);
}
