/* The right to use a route on a teacher, who may have several units or none.
 *
 * Called by the handlers about one teacher or their account. A teacher without
 * a unit is within reach of the platform only. */
#pragma once

#include "chassis/base/bytes.h"

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
/* Adds `record`, the members that the view wrote, to a document. A note stays
 * with the unit whose post it is: callers read it where they see personal data
 * in full, as officers (T7). `units` are those that are known; of any other
 * unit the code alone counts. */
void teacher_add_record(struct bytes *out, struct http_request *request,
                        const char *record, const struct unit *units,
                        size_t count);
