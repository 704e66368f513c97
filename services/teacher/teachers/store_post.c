/* Rows of `post`: a person's places at schools, children of the teacher.
 *
 * Loaded are the open and planned ones and the latest closed ones; closed and
 * undone ones stay in the table for ever (T2: the history stays). Never looked
 * up by their own key.
 */
#include <stddef.h>

#include "teacher/teacher.h"

static const struct db_column columns[] = {
    {"post_id", DB_UUID, offsetof(struct post, post_id)},
    {"person_id", DB_UUID, offsetof(struct post, person_id)},
    {"organization", DB_TEXT, offsetof(struct post, organization)},
    {"kind", DB_INT2, offsetof(struct post, kind)},
    {"state", DB_INT2, offsetof(struct post, state)},
    {"title", DB_TEXT, offsetof(struct post, title)},
    {"stage", DB_TEXT, offsetof(struct post, stage)},
    {"unit_note", DB_TEXT, offsetof(struct post, unit_note)},
    {"subjects", DB_TEXT, offsetof(struct post, subjects)},
    {"since", DB_DATE, offsetof(struct post, since)},
    {"until", DB_DATE, offsetof(struct post, until)},
    {"source", DB_INT2, offsetof(struct post, source)},
    {"reason", DB_INT2, offsetof(struct post, reason)},
    {"closed_by", DB_UUID, offsetof(struct post, closed_by)},
    {"closed_version", DB_INT8, offsetof(struct post, closed_version)},
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
