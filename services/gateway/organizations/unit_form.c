/* See unit_form.h. The account service checks every text again, with the same
 * functions. Serves O1, O4. */
#include "gateway/organizations/unit_form.h"

#include "chassis/base/wire.h"

#include "rules/fold.h"
#include "rules/organization.h"
#include "rules/text.h"

#include "gateway/operations/submit.h"
#include "gateway/organizations/organization.h"

const char *
unit_form_name(struct form *form, const char *name)
{
    return form_text(form, name, 1, TEXT_UNIT_NAME_MAX);
}

/* By code or name, as people type it: 台北市 is 臺北市. */
const char *
unit_form_county(struct form *form, const char *name)
{
    const char *text = form_text(form, name, 0, TEXT_CODE_MAX);
    const struct county *county = county_find(text);

    if (*text == '\0' || county != NULL)
        return county != NULL ? county->name : text;
    form_fault(form, name, FAULT_COUNTY);
    return text;
}

const char *
unit_form_establishment(struct form *form, const char *name)
{
    return form_text(form, name, 0, TEXT_CODE_MAX);
}

const char *
unit_form_code(struct form *form, const char *name)
{
    return organization_code_field(form, name, 0);
}

const char *
unit_form_phone(struct form *form, const char *name)
{
    const char *text = form_narrow(form, name, 0, TEXT_PHONE_MAX);

    if (*text != '\0' && !phone_shape_ok(text))
        form_fault(form, name, FAULT_PHONE);
    return text;
}

const char *
unit_form_email(struct form *form, const char *name)
{
    return form_email(form, name, false);
}

const char *
unit_form_address(struct form *form, const char *name)
{
    return form_text(form, name, 0, TEXT_ADDRESS_MAX);
}

const char *
unit_form_website(struct form *form, const char *name)
{
    const char *text = form_narrow(form, name, 0, TEXT_ADDRESS_MAX);

    if (!website_shape_ok(text))
        form_fault(form, name, FAULT_WEBSITE);
    return text;
}

/* Of organization_command. */
enum { UNIT, VERSION = UNIT + UNIT_SQL_COLUMNS, TEACHERS };

static void
send_unit(struct db *db, struct http_request *request)
{
    struct db_params params = {0};

    db_text(&params,
            organization_code_typed(request->arena, request->params[0]));
    db_send(db, "organization_command", &params);
    db_params_free(&params);
}

bool
unit_known(struct http_request *request, struct http_response *response,
           struct unit_known *ret_unit)
{
    CLEANUP(result_clear)
    PGresult *rows = request_read(request, response, send_unit);

    if (rows == NULL)
        return false;
    if (PQntuples(rows) == 0) {
        request_unknown(request, response);
        return false;
    }
    *ret_unit = (struct unit_known){
        .unit = request_unit(request->arena, rows, 0, UNIT),
        .version = db_get_int(rows, 0, VERSION),
        .teachers = db_get_int(rows, 0, TEACHERS),
    };
    return true;
}

void
unit_submit(struct http_request *request, struct http_response *response,
            const ProtobufCMessage *command, const char *code, int status)
{
    const struct submission submission = {
        .lane_key = code,
        .service = "account",
        .command = command,
        .subject = code,
        .location = arena_printf(request->arena, "/v1/organizations/%s", code),
        .done_status = status,
    };

    operation_submit(request, response, &submission);
}
