/* The right to use a route on a teacher, who may have several units or none.
 *
 * Called by the handlers about one teacher or their account. A teacher without
 * a unit is within reach of the platform only. */
#pragma once

#include "gateway/request/request.h"

/* The unit of each row, in five columns from `column`; a unit without a code
 * where they are NULL. */
struct unit *teacher_units(struct arena *arena, const PGresult *rows,
                           int column);
/* For rows with one unit each, in five columns: the first row whose unit is the
 * caller's own, otherwise the first row. */
struct unit teacher_unit_nearest(struct http_request *request,
                                 const PGresult *rows, int column);
/* Checks the route's row for each unit; one is enough. Returns false with 401,
 * 403 or 404 in the response. `account_id` may be NULL. `ret_full` (or NULL):
 * the caller sees the person unmasked, as the teacher or an officer of one of
 * their units. */
bool teacher_allows(struct http_request *request,
                    struct http_response *response, const struct unit *units,
                    size_t count, const char *account_id, const char *person_id,
                    bool *ret_full) WARN_UNUSED;
