/* Rows of teacher accounts, and where persons have posts as the teacher
 * service tells: locked in the person's lane, a hint in a unit's lane. Serves
 * T8, T10, T15. */
#include "account/account.h"

#define COLUMN(name, sql) MEMBER(teacher_account, name, sql)

static const struct db_column columns[] = {
    COLUMN(account_id, DB_UUID),
    COLUMN(person_id, DB_UUID),
    COLUMN(status, DB_INT2),
    COLUMN(cause, DB_INT2),
    COLUMN(closed_cause, DB_INT2),
    COLUMN(login, DB_TEXT),
    COLUMN(organization, DB_TEXT),
    COLUMN(name, DB_TEXT),
    COLUMN(phone, DB_TEXT),
    COLUMN(email, DB_TEXT),
    COLUMN(source, DB_INT2),
    COLUMN(identity_proven, DB_BOOL),
    COLUMN(applied_at, DB_TIME),
    COLUMN(lapses_at, DB_TIME),
    COLUMN(enabled_at, DB_TIME),
    COLUMN(disabled_at, DB_TIME),
    COLUMN(teacher_version, DB_INT8),
    VERSION(teacher_account),
    COLUMN(teacher_incarnation, DB_INT8),
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
    state->teacher_version = a->teacher_version;
    state->teacher_incarnation = a->teacher_incarnation;
    return &state->base;
}

const struct store teacher_accounts = {
    .name = "teacher_account",
    .kind = STORE_AGGREGATE,
    .size = sizeof(struct teacher_account),
    .columns = columns,
    .key = offsetof(struct teacher_account, account_id),
    .key_type = DB_UUID,
    .parent = offsetof(struct teacher_account, person_id),
    .parent_type = DB_UUID,
    .personal = true,
    .state_type = "inservice.account.v1.TeacherAccountState",
    .snapshot = snapshot,
};

static const struct db_column affiliation_columns[] = {
    MEMBER(affiliation, person_id, DB_UUID),
    MEMBER(affiliation, version, DB_INT8),
    MEMBER(affiliation, incarnation, DB_INT8),
    MEMBER(affiliation, organizations, DB_TEXT),
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
    .name = "affiliation_elsewhere",
    .kind = STORE_HINT,
    .size = sizeof(struct affiliation),
    .columns = affiliation_columns,
    .key = offsetof(struct affiliation, person_id),
    .key_type = DB_UUID,
};
