/* Rows of business accounts: the aggregate, loaded by its id or by its person,
 * and officers of other lanes. Serves B1-B25. */
#include "account/account.h"

static const struct db_column columns[] = {
    DB_COLUMN(business_account, account_id, DB_UUID),
    DB_COLUMN(business_account, organization, DB_TEXT),
    DB_COLUMN(business_account, person_id, DB_UUID),
    DB_COLUMN(business_account, role, DB_INT2),
    DB_COLUMN(business_account, permissions, DB_INT4),
    DB_COLUMN(business_account, status, DB_INT2),
    DB_COLUMN(business_account, cause, DB_INT2),
    DB_COLUMN(business_account, closed_cause, DB_INT2),
    DB_TEXT_OR_NULL(business_account, login),
    DB_TEXT_OR_NULL(business_account, name),
    DB_TEXT_OR_NULL(business_account, phone),
    DB_TEXT_OR_NULL(business_account, email),
    DB_COLUMN(business_account, wanted_role, DB_INT2),
    DB_COLUMN(business_account, succeeds, DB_UUID),
    DB_COLUMN(business_account, identity_proven, DB_BOOL),
    DB_COLUMN_AS("teacher_version", business_account, teacher.version, DB_INT8),
    DB_COLUMN(business_account, move_id, DB_UUID),
    DB_COLUMN(business_account, applied_at, DB_TIME),
    DB_COLUMN(business_account, lapses_at, DB_TIME),
    DB_COLUMN(business_account, enabled_at, DB_TIME),
    DB_COLUMN(business_account, disabled_at, DB_TIME),
    DB_COLUMN(business_account, disabled_version, DB_INT8),
    DB_COLUMN(business_account, deletion_requested_at, DB_TIME),
    DB_COLUMN(business_account, deleted_at, DB_TIME),
    DB_COLUMN(business_account, settled, DB_BOOL),
    DB_COLUMN(business_account, open_courses, DB_INT4),
    DB_COLUMN_AS("version", business_account, row.version, DB_INT8),
    DB_COLUMN_AS("teacher_incarnation", business_account, teacher.incarnation,
                 DB_INT8),
    {0},
};

static void
snapshot_times(const struct business_account *a, BusinessAccountState *state)
{
    state->applied_at = wire_time(a->applied_at);
    state->lapses_at = wire_time(a->lapses_at);
    state->enabled_at = wire_time(a->enabled_at);
    state->disabled_at = wire_time(a->disabled_at);
    state->deletion_requested_at = wire_time(a->deletion_requested_at);
    state->deleted_at = wire_time(a->deleted_at);
}

static ProtobufCMessage *
snapshot(struct decision *decision, const void *row)
{
    const struct business_account *a = row;
    BusinessAccountState *state =
        ARENA_NEW(decision->arena, BusinessAccountState);

    inservice__account__v1__business_account_state__init(state);
    state->account_id = wire_member(a->account_id);
    state->organization = wire_member(a->organization);
    state->person_id = wire_member(a->person_id);
    state->role = (unsigned)a->role;
    state->permissions = (unsigned)a->permissions;
    state->status = (unsigned)a->status;
    state->cause = (unsigned)a->cause;
    state->closed_cause = (unsigned)a->closed_cause;
    state->login = wire_member(a->login);
    state->name = wire_member(a->name);
    state->phone = wire_member(a->phone);
    state->email = wire_member(a->email);
    state->wanted_role = (unsigned)a->wanted_role;
    state->succeeds = wire_member(a->succeeds);
    state->identity_proven = a->identity_proven;
    state->teacher_version = a->teacher.version;
    state->teacher_incarnation = a->teacher.incarnation;
    state->move_id = wire_member(a->move_id);
    state->settled = a->settled;
    state->open_courses = (unsigned)a->open_courses;
    snapshot_times(a, state);
    return &state->base;
}

const struct store business_accounts = {
    .name = "business_account",
    .kind = STORE_AGGREGATE,
    .size = sizeof(struct business_account),
    .columns = columns,
    .key = offsetof(struct business_account, account_id),
    .lane_key = offsetof(struct business_account, organization),
    .key_type = DB_UUID,
    .parent = offsetof(struct business_account, person_id),
    .parent_type = DB_UUID,
    .personal = true,
    .state_type = "inservice.account.v1.BusinessAccountState",
    .snapshot = snapshot,
};

static const struct db_column officer_columns[] = {
    DB_COLUMN(officer_row, account_id, DB_UUID),
    DB_COLUMN(officer_row, organization, DB_TEXT),
    DB_COLUMN(officer_row, person_id, DB_UUID),
    DB_COLUMN(officer_row, role, DB_INT2),
    DB_COLUMN(officer_row, permissions, DB_INT4),
    DB_COLUMN(officer_row, status, DB_INT2),
    DB_COLUMN(officer_row, kind, DB_INT2),
    DB_COLUMN(officer_row, unit_status, DB_INT2),
    DB_COLUMN(officer_row, version, DB_INT8),
    {0},
};

const struct store officers = {
    .name = "officer",
    .kind = STORE_HINT,
    .size = sizeof(struct officer_row),
    .columns = officer_columns,
    .key = offsetof(struct officer_row, account_id),
    .key_type = DB_UUID,
};

static const struct db_column active_columns[] = {
    DB_COLUMN(active_account, account_id, DB_UUID),
    DB_COLUMN(active_account, organization, DB_TEXT),
    {0},
};

/* A unit's ACTIVE accounts, a page of them: by their unit only. */
const struct store active_accounts = {
    .name = "active_account",
    .table = "business_account",
    .kind = STORE_HINT,
    .size = sizeof(struct active_account),
    .columns = active_columns,
    .parent = offsetof(struct active_account, organization),
    .parent_type = DB_TEXT,
};
