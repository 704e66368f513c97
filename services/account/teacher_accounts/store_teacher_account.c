/* Rows of teacher accounts, and where persons have posts, from the teacher
 * service's facts. Locked in the person's lane, a hint in a unit's lane. Serves
 * T8, T10, T15. */
#include "account/account.h"

static const struct db_column columns[] = {
    DB_COLUMN(teacher_account, account_id, DB_UUID),
    DB_COLUMN(teacher_account, person_id, DB_UUID),
    DB_COLUMN(teacher_account, status, DB_INT2),
    DB_COLUMN(teacher_account, cause, DB_INT2),
    DB_COLUMN(teacher_account, closed_cause, DB_INT2),
    DB_TEXT_OR_NULL(teacher_account, login),
    DB_TEXT_OR_NULL(teacher_account, organization),
    DB_TEXT_OR_NULL(teacher_account, name),
    DB_TEXT_OR_NULL(teacher_account, phone),
    DB_TEXT_OR_NULL(teacher_account, email),
    DB_COLUMN(teacher_account, source, DB_INT2),
    DB_COLUMN(teacher_account, identity_proven, DB_BOOL),
    DB_COLUMN(teacher_account, applied_at, DB_TIME),
    DB_COLUMN(teacher_account, lapses_at, DB_TIME),
    DB_COLUMN(teacher_account, enabled_at, DB_TIME),
    DB_COLUMN(teacher_account, disabled_at, DB_TIME),
    DB_COLUMN_AS("teacher_version", teacher_account, teacher.version, DB_INT8),
    DB_COLUMN_AS("version", teacher_account, row.version, DB_INT8),
    DB_COLUMN_AS("teacher_incarnation", teacher_account, teacher.incarnation,
                 DB_INT8),
    {0},
};

static ProtobufCMessage *
snapshot(struct decision *decision, const void *row)
{
    const struct teacher_account *a = row;
    TeacherAccountState *state =
        ARENA_NEW(decision->arena, TeacherAccountState);

    inservice__account__v1__teacher_account_state__init(state);
    state->account_id = wire_member(a->account_id);
    state->person_id = wire_member(a->person_id);
    state->status = (unsigned)a->status;
    state->cause = (unsigned)a->cause;
    state->closed_cause = (unsigned)a->closed_cause;
    state->login = wire_member(a->login);
    state->organization = wire_member(a->organization);
    state->name = wire_member(a->name);
    state->phone = wire_member(a->phone);
    state->email = wire_member(a->email);
    state->source = (unsigned)a->source;
    state->identity_proven = a->identity_proven;
    state->applied_at = wire_time(a->applied_at);
    state->lapses_at = wire_time(a->lapses_at);
    state->enabled_at = wire_time(a->enabled_at);
    state->disabled_at = wire_time(a->disabled_at);
    state->teacher_version = a->teacher.version;
    state->teacher_incarnation = a->teacher.incarnation;
    return &state->base;
}

const struct store teacher_accounts = {
    .name = "teacher_account",
    .kind = STORE_AGGREGATE,
    .size = sizeof(struct teacher_account),
    .columns = columns,
    .key = offsetof(struct teacher_account, account_id),
    .lane_key = offsetof(struct teacher_account, person_id),
    .key_type = DB_UUID,
    .parent = offsetof(struct teacher_account, person_id),
    .parent_type = DB_UUID,
    .personal = true,
    .state_type = "inservice.account.v1.TeacherAccountState",
    .snapshot = snapshot,
};

static const struct db_column affiliation_columns[] = {
    DB_COLUMN(affiliation, person_id, DB_UUID),
    DB_COLUMN(affiliation, version, DB_INT8),
    DB_COLUMN(affiliation, incarnation, DB_INT8),
    DB_TEXT_OR_NULL(affiliation, organizations),
    {0},
};

const struct store affiliations = {
    .name = "affiliation",
    .kind = STORE_RECORD,
    .size = sizeof(struct affiliation),
    .columns = affiliation_columns,
    .key = offsetof(struct affiliation, person_id),
    .key_type = DB_UUID,
};

const struct store affiliations_elsewhere = {
    .name = "affiliation",
    .kind = STORE_HINT,
    .size = sizeof(struct affiliation),
    .columns = affiliation_columns,
    .key = offsetof(struct affiliation, person_id),
    .key_type = DB_UUID,
};
