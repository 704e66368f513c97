/* Who may use a route on a teacher, who is at several units or at none.
 *
 * Called by the handlers about one teacher or his account. Without a unit he
 * is the platform's alone: out of reach for everybody else.
 */
#pragma once

#include "gateway/request/request.h"

/* The unit of each row, in five columns from `column`; without a code where
 * they are NULL. */
struct unit *teacher_units(struct arena *arena, const PGresult *rows,
                           int column);
/* Of rows with a unit each in five columns: the first whose unit is the
 * caller's own, otherwise that of the first row. */
struct unit teacher_unit_nearest(struct http_request *request,
                                 const PGresult *rows, int column);
/* By the route's row, for one of the units at least. False: 401, 403 or 404 is
 * in the response. `account_id` may be NULL; `ret_full` (or NULL): he sees the
 * person unmasked, for it is himself or one of his own unit. */
bool teacher_allows(struct http_request *request,
                    struct http_response *response, const struct unit *units,
                    size_t count, const char *account_id, const char *person_id,
                    bool *ret_full) WARN_UNUSED;
