/* Rows of `move`: they open and close posts; children of the teacher.
 *
 * Loads the planned moves and the latest settled ones. Older ones stay in the
 * table and can no longer be undone (NOT_LATEST_MOVE). Never looked up by their
 * own key. */
#include <stddef.h>

#include "teacher/teacher.h"

static const struct db_column columns[] = {
    DB_COLUMN(move, move_id, DB_UUID),
    DB_COLUMN(move, person_id, DB_UUID),
    DB_COLUMN(move, from_organization, DB_TEXT),
    DB_COLUMN(move, to_organization, DB_TEXT),
    DB_COLUMN(move, cause, DB_INT2),
    DB_COLUMN(move, kind, DB_INT2),
    DB_COLUMN(move, reason, DB_INT2),
    DB_COLUMN(move, effective_on, DB_DATE),
    DB_COLUMN(move, ordered_at, DB_TIME),
    DB_COLUMN(move, done_at, DB_TIME),
    DB_COLUMN(move, undone_at, DB_TIME),
    DB_COLUMN(move, settled_version, DB_INT8),
    DB_COLUMN(move, releases_chief, DB_BOOL),
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
