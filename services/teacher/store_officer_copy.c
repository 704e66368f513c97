/* Rows of `officer_copy`: what the account service said of an account.
 *
 * Written by view_officer in the unit's lane and by view_teacher_account in the
 * person's; read by commands in the lanes of persons, without lock, as a hint:
 * by account for who acts, by person for whether a leaver is a CHIEF (T15).
 */
#include <stddef.h>

#include "teacher/teacher.h"

static const struct db_column columns[] = {
    {"account_id", DB_UUID, offsetof(struct officer_copy, account_id)},
    {"person_id", DB_UUID, offsetof(struct officer_copy, person_id)},
    {"organization", DB_TEXT, offsetof(struct officer_copy, organization)},
    {"role", DB_INT2, offsetof(struct officer_copy, role)},
    {"permissions", DB_INT4, offsetof(struct officer_copy, permissions)},
    {"status", DB_INT2, offsetof(struct officer_copy, status)},
    {"version", DB_INT8, offsetof(struct officer_copy, version)},
    {"incarnation", DB_INT8, offsetof(struct officer_copy, incarnation)},
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
    .name = "officer",
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
