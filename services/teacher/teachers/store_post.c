/* Rows of `post`: a person's places at schools, children of the teacher.
 *
 * Loads the open and planned posts and the latest closed ones. Closed and
 * undone ones stay in the table forever (T2: the history stays). Never looked
 * up by their own key. */
#include <stddef.h>

#include "teacher/teacher.h"

static const struct db_column columns[] = {
    DB_COLUMN(post, post_id, DB_UUID),
    DB_COLUMN(post, person_id, DB_UUID),
    DB_COLUMN(post, organization, DB_TEXT),
    DB_COLUMN(post, kind, DB_INT2),
    DB_COLUMN(post, state, DB_INT2),
    DB_COLUMN(post, title, DB_TEXT),
    DB_COLUMN(post, stage, DB_TEXT),
    DB_COLUMN(post, unit_note, DB_TEXT),
    DB_COLUMN(post, subjects, DB_TEXT),
    DB_COLUMN(post, since, DB_DATE),
    DB_COLUMN(post, until, DB_DATE),
    DB_COLUMN(post, source, DB_INT2),
    DB_COLUMN(post, reason, DB_INT2),
    DB_COLUMN(post, closed_by, DB_UUID),
    DB_COLUMN(post, closed_version, DB_INT8),
    {0},
};

const struct store posts = {
    .name = "post",
    .kind = STORE_CHILD,
    .size = sizeof(struct post),
    .columns = columns,
    .parent = offsetof(struct post, person_id),
    .parent_type = DB_UUID,
};

static const struct db_column person_columns[] = {
    DB_COLUMN(person_at_unit, person_id, DB_UUID),
    DB_COLUMN(person_at_unit, organization, DB_TEXT),
    {0},
};

/* By their unit only, and a page of them. */
const struct store persons_at_units = {
    .name = "person_at_unit",
    .table = "post",
    .kind = STORE_HINT,
    .size = sizeof(struct person_at_unit),
    .columns = person_columns,
    .parent = offsetof(struct person_at_unit, organization),
    .parent_type = DB_TEXT,
};
