/* Rows of `organization_copy`: the account service's states of units.
 *
 * Written by view_organization in the unit's lane. Commands in the lanes of
 * persons read them as hints, without a lock; the newer of copy and command
 * counts. If a command does not name the units of a person's posts and moves,
 * units_of_persons finds them. */
#include <stddef.h>

#include "teacher/teacher.h"

static const struct db_column columns_with_person[] = {
    DB_COLUMN(organization_copy, person_id, DB_UUID),
    DB_COLUMN(organization_copy, code, DB_TEXT),
    DB_COLUMN(organization_copy, kind, DB_INT2),
    DB_COLUMN(organization_copy, status, DB_INT2),
    DB_COLUMN(organization_copy, managing_centre, DB_TEXT),
    DB_COLUMN(organization_copy, parent_code, DB_TEXT),
    DB_TEXT_OR_NULL(organization_copy, merged_into),
    DB_COLUMN(organization_copy, version, DB_INT8),
    DB_COLUMN(organization_copy, incarnation, DB_INT8),
    {0},
};
/* The table itself has no person. */
#define COLUMNS (columns_with_person + 1)

const struct store organization_copies = {
    .name = "organization_copy",
    .kind = STORE_COPY,
    .size = sizeof(struct organization_copy),
    .columns = COLUMNS,
    .key = offsetof(struct organization_copy, code),
    .key_type = DB_TEXT,
};

const struct store units = {
    .name = "organization_copy",
    .kind = STORE_HINT,
    .size = sizeof(struct organization_copy),
    .columns = COLUMNS,
    .key = offsetof(struct organization_copy, code),
    .key_type = DB_TEXT,
};

const struct store units_of_persons = {
    .name = "unit_of_person",
    .kind = STORE_HINT,
    .size = sizeof(struct organization_copy),
    .columns = columns_with_person,
    .parent = offsetof(struct organization_copy, person_id),
    .parent_type = DB_UUID,
};
