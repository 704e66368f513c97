/* How many lanes a schema has: as many as its table `lane` has rows.
 *
 * Both set lane_count(). If the number is not the one in INSERVICE_LANES they
 * return DB_OK with the reason in `ret_error` (256 bytes), which is empty if
 * all is well; at another end it has the database's error.
 */
#pragma once

#include "attributes.h"
#include "chassis/db/db.h"

/* Called by `migrate`, as the owner: fills the table if it is empty. */
enum db_end lane_table_fill(const char *service, const char *url,
                            char ret_error[256]) WARN_UNUSED;
/* Called at every start. `*ret_empty`: there is an error because `migrate` has
 * not come to this table yet, so waiting may heal it. */
enum db_end lane_table_check(const char *service, const char *url,
                             bool *ret_empty, char ret_error[256]) WARN_UNUSED;
