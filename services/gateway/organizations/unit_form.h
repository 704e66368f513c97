/* Fields of a unit in the forms of routes 3 and 4, and its row in the read
 * model, for commands about it. */
#pragma once

#include "gateway/request/form.h"
#include "gateway/request/request.h"

/* Every text field: member of the command, name in the form, case of a change,
 * and its reader. */
#define UNIT_TEXTS(FIELD)                                                      \
    FIELD(name, "name", NAME, unit_form_name)                                  \
    FIELD(county, "county", COUNTY, unit_form_county)                          \
    FIELD(establishment, "establishment", ESTABLISHMENT,                       \
          unit_form_establishment)                                             \
    FIELD(managing_centre, "managingCentre", MANAGING_CENTRE, unit_form_code)  \
    FIELD(parent_code, "parentCode", PARENT_CODE, unit_form_code)              \
    FIELD(phone, "phone", PHONE, unit_form_phone)                              \
    FIELD(email, "email", EMAIL, unit_form_email)                              \
    FIELD(address, "address", ADDRESS, unit_form_address)                      \
    FIELD(website, "website", WEBSITE, unit_form_website)

/* Readers: a fault is in the form, and "" or the text as typed is returned. */
const char *unit_form_name(struct form *form, const char *name);
const char *unit_form_county(struct form *form, const char *name);
const char *unit_form_establishment(struct form *form, const char *name);
const char *unit_form_code(struct form *form, const char *name);
const char *unit_form_phone(struct form *form, const char *name);
const char *unit_form_email(struct form *form, const char *name);
const char *unit_form_address(struct form *form, const char *name);
const char *unit_form_website(struct form *form, const char *name);

/* A unit as commands about it need it. */
struct unit_known {
    struct unit unit;
    int64_t version;
    int64_t teachers; /* open posts there */
};
/* Session and the unit of params[0], in one round trip. False: the problem is
 * in the response (404: no such unit). */
bool unit_known(struct http_request *request, struct http_response *response,
                struct unit_known *ret_unit) WARN_UNUSED;
/* Submits a command about the unit of this code to the account service. */
void unit_submit(struct http_request *request, struct http_response *response,
                 const ProtobufCMessage *command, const char *code, int status);
