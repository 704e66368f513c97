/* The values of query parameters, checked the same way for all routes.
 *
 * The route table names one of these functions for each parameter. The server
 * calls it before the handler, so handlers convert and never check.
 * parameters_known() looks up codes that only the read model has (units,
 * subjects, …). Nothing here reads a session or decides a right. */
#pragma once

#include <stdbool.h>

#include "chassis/http/http.h"

/* A row of the route table. ONE may be given once, MANY may be repeated. */
#define ONE(name_, fits_)                                                      \
    {                                                                          \
        .name = name_, .fits = fits_                                           \
    }
#define MANY(name_, fits_)                                                     \
    {                                                                          \
        .name = name_, .fits = fits_, .many = true                             \
    }

bool takes_limit(const char *value);
bool takes_bool(const char *value);
bool takes_cursor(const char *value);
bool takes_name(const char *value);
bool takes_day(const char *value);
bool takes_county(const char *value);

/* Words of the API. */
bool takes_organization_kind(const char *value);
bool takes_organization_status(const char *value);
bool takes_account_kind(const char *value);
bool takes_application_status(const char *value);
bool takes_business_status(const char *value);
bool takes_teacher_status(const char *value);
bool takes_role(const char *value);
bool takes_direction(const char *value);
bool takes_move_state(const char *value);
bool takes_semester(const char *value);
bool takes_task_kind(const char *value);
bool takes_import_kind(const char *value);
bool takes_row_state(const char *value);

/* Codes: only the form is checked here. */
bool takes_unit(const char *value);
bool takes_title_set(const char *value);
bool takes_subject(const char *value);
bool takes_stage(const char *value);

/* Whether a code parameter was given more than once. Then a matching row does
 * not prove that all of its codes are known. */
bool parameters_repeat_codes(const struct http_request *request);
/* Whether every code of the request is known. Returns false with 400 or 503 in
 * the response. Costs a query, so lists call it only if they found nothing or a
 * code parameter was repeated. */
bool parameters_known(struct http_request *request,
                      struct http_response *response) WARN_UNUSED;
