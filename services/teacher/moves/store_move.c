/* Rows of `move`: what brought posts and ended them, children of the teacher.
 *
 * Loaded are the planned ones and the latest settled ones; the older ones stay
 * in the table and can no longer be undone (NOT_LATEST_MOVE). Never looked up
 * by their own key.
 */
#include <stddef.h>

#include "teacher/teacher.h"

static const struct db_column columns[] = {
    {"move_id", DB_UUID, offsetof(struct move, move_id)},
    {"person_id", DB_UUID, offsetof(struct move, person_id)},
    {"from_organization", DB_TEXT, offsetof(struct move, from_organization)},
    {"to_organization", DB_TEXT, offsetof(struct move, to_organization)},
    {"cause", DB_INT2, offsetof(struct move, cause)},
    {"kind", DB_INT2, offsetof(struct move, kind)},
    {"reason", DB_INT2, offsetof(struct move, reason)},
    {"effective_on", DB_DATE, offsetof(struct move, effective_on)},
    {"ordered_at", DB_TIME, offsetof(struct move, ordered_at)},
    {"done_at", DB_TIME, offsetof(struct move, done_at)},
    {"undone_at", DB_TIME, offsetof(struct move, undone_at)},
    {"settled_version", DB_INT8, offsetof(struct move, settled_version)},
    {"releases_chief", DB_BOOL, offsetof(struct move, releases_chief)},
    {0},
};

const struct store moves = {
    .name = "move",
    .kind = STORE_CHILD,
    .size = sizeof(struct move),
    .columns = columns,
    .parent = offsetof(struct move, person_id),
    .parent_type = DB_UUID,
};
