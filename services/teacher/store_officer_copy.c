/* Rows of `officer_copy`: the account service's states of accounts.
 *
 * Written by view_officer in the unit's lane and by view_teacher_account in the
 * person's lane. Commands in the lanes of persons read them as hints, without a
 * lock: by account for the actor, by person for whether a leaver is a CHIEF
 * (T15). */
#include <stddef.h>

#include "teacher/teacher.h"

static const struct db_column columns[] = {
    DB_COLUMN(officer_copy, account_id, DB_UUID),
    DB_COLUMN(officer_copy, person_id, DB_UUID),
    DB_COLUMN(officer_copy, organization, DB_TEXT),
    DB_COLUMN(officer_copy, role, DB_INT2),
    DB_COLUMN(officer_copy, permissions, DB_INT4),
    DB_COLUMN(officer_copy, status, DB_INT2),
    DB_COLUMN(officer_copy, version, DB_INT8),
    DB_COLUMN(officer_copy, incarnation, DB_INT8),
    {0},
};

const struct store officer_copies = {
    .name = "officer_copy",
    .kind = STORE_COPY,
    .size = sizeof(struct officer_copy),
    .columns = columns,
    .key = offsetof(struct officer_copy, account_id),
    .key_type = DB_UUID,
};

const struct store officers = {
    .name = "officer_copy",
    .kind = STORE_HINT,
    .size = sizeof(struct officer_copy),
    .columns = columns,
    .key = offsetof(struct officer_copy, account_id),
    .key_type = DB_UUID,
};

const struct store officers_of_persons = {
    .name = "officer_of_person",
    .kind = STORE_HINT,
    .size = sizeof(struct officer_copy),
    .columns = columns,
    .key = offsetof(struct officer_copy, person_id),
    .key_type = DB_UUID,
};
