/* A school's list of teachers as reviews see it (T6). */
#pragma once

#include "gateway/request/form.h"
#include "gateway/request/request.h"

/* The list of a school, for one semester. */
struct roster {
    struct unit unit;
    const char *semester;
    int64_t teachers, confirmed; /* posts; those whose teachers confirmed */
    int64_t position;            /* another number for another list */
};

/* The semester of now, in the request's arena. */
const char *semester_now(struct http_request *request);
/* The field `semester`; absent: that of now. */
const char *semester_form(struct form *form);
/* Queues the roster of params[0] for this semester. */
void roster_send(struct db *db, struct http_request *request,
                 const char *semester);
/* False: there is no such unit, and 404 is in the response. */
bool roster_read(struct http_request *request, struct http_response *response,
                 const PGresult *rows, const char *semester,
                 struct roster *ret_roster) WARN_UNUSED;
