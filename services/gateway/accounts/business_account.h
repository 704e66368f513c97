/* Reads a business account by its id, for routes 18, 23 and 25. */
#pragma once

#include "chassis/db/db.h"
#include "chassis/http/http.h"

#include "rules/word.h"

/* States of courses (C2), with UNKNOWN for an unknown number. */
extern const struct words course_state_words;

/* Reads session and account in one round trip. The caller may see it with the
 * permission within reach, or if it is their own. Returns one row, which the
 * caller frees (PQclear), or NULL with the problem in the response. */
PGresult *business_account_read(struct http_request *request,
                                struct http_response *response) WARN_UNUSED;

/* A row of the query open_course_list as JSON. */
void open_course_render(struct bytes *out, const PGresult *rows, int row);

enum business_account_column {
    ACCOUNT_VERSION,
    ACCOUNT_ORGANIZATION,
    ACCOUNT_PERSON,
    ACCOUNT_ROLE,
    ACCOUNT_PERMISSIONS,
    ACCOUNT_STATUS,
    ACCOUNT_CAUSE,
    ACCOUNT_LOGIN,
    ACCOUNT_NAME,
    ACCOUNT_PHONE,
    ACCOUNT_EMAIL,
    ACCOUNT_WANTED_ROLE,
    ACCOUNT_SUCCEEDS,
    ACCOUNT_APPLIED_AT,
    ACCOUNT_ENABLED_AT,
    ACCOUNT_DISABLED_AT,
    ACCOUNT_DELETION_REQUESTED_AT,
    ACCOUNT_DELETED_AT,
    ACCOUNT_SETTLED,
    ACCOUNT_OPEN_COURSES,
    ACCOUNT_UNIT_NAME,
    ACCOUNT_UNIT, /* five columns: request_unit() */
};
