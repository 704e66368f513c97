/* Rows of organizations: the aggregate, the count of waiting applications, and
 * units of other lanes. Serves O1-O4, B22 (active_chiefs). */
#include "account/account.h"

static const struct db_column columns[] = {
    DB_COLUMN(organization, code, DB_TEXT),
    DB_COLUMN(organization, name, DB_TEXT),
    DB_COLUMN(organization, kind, DB_INT2),
    DB_TEXT_OR_NULL(organization, county),
    DB_TEXT_OR_NULL(organization, establishment),
    DB_TEXT_OR_NULL(organization, managing_centre),
    DB_TEXT_OR_NULL(organization, parent_code),
    DB_TEXT_OR_NULL(organization, phone),
    DB_TEXT_OR_NULL(organization, email),
    DB_TEXT_OR_NULL(organization, address),
    DB_TEXT_OR_NULL(organization, website),
    DB_COLUMN(organization, status, DB_INT2),
    DB_TEXT_OR_NULL(organization, merged_into),
    DB_COLUMN(organization, active_chiefs, DB_INT4),
    DB_COLUMN(organization, closed_at, DB_TIME),
    DB_COLUMN_AS("version", organization, row.version, DB_INT8),
    {0},
};

static ProtobufCMessage *
snapshot(struct decision *decision, const void *row)
{
    const struct organization *o = row;
    OrganizationState *state = ARENA_NEW(decision->arena, OrganizationState);

    inservice__account__v1__organization_state__init(state);
    state->code = wire_member(o->code);
    state->name = wire_member(o->name);
    state->kind = (unsigned)o->kind;
    state->county = wire_member(o->county);
    state->establishment = wire_member(o->establishment);
    state->managing_centre = wire_member(o->managing_centre);
    state->parent_code = wire_member(o->parent_code);
    state->phone = wire_member(o->phone);
    state->email = wire_member(o->email);
    state->address = wire_member(o->address);
    state->website = wire_member(o->website);
    state->status = (unsigned)o->status;
    state->merged_into = wire_member(o->merged_into);
    state->active_chiefs = (unsigned)o->active_chiefs;
    state->closed_at = wire_time(o->closed_at);
    return &state->base;
}

const struct store organizations = {
    .name = "organization",
    .kind = STORE_AGGREGATE,
    .size = sizeof(struct organization),
    .columns = columns,
    .key = offsetof(struct organization, code),
    .key_type = DB_TEXT,
    .state_type = "inservice.account.v1.OrganizationState",
    .snapshot = snapshot,
};

static const struct db_column load_columns[] = {
    DB_COLUMN(unit_load, organization, DB_TEXT),
    DB_COLUMN(unit_load, pending, DB_INT4),
    {0},
};

const struct store unit_loads = {
    .name = "unit_load",
    .kind = STORE_RECORD,
    .size = sizeof(struct unit_load),
    .columns = load_columns,
    .key = offsetof(struct unit_load, organization),
    .key_type = DB_TEXT,
};

struct unit_load *
unit_load_of(struct decision *decision, const char *organization)
{
    struct unit_load *load = row_find(decision, &unit_loads, organization);

    return load != NULL ? load : row_add(decision, &unit_loads, organization);
}

int32_t
pending_at(struct decision *decision, const char *organization)
{
    const struct unit_load *load =
        row_find(decision, &unit_loads, organization);

    return load == NULL ? 0 : load->pending;
}

static const struct db_column other_columns[] = {
    DB_COLUMN(unit_row, code, DB_TEXT),
    DB_COLUMN(unit_row, kind, DB_INT2),
    DB_COLUMN(unit_row, status, DB_INT2),
    DB_COLUMN(unit_row, managing_centre, DB_TEXT),
    DB_COLUMN(unit_row, parent_code, DB_TEXT),
    {0},
};

const struct store other_units = {
    .name = "other_unit",
    .table = "organization",
    .kind = STORE_HINT,
    .size = sizeof(struct unit_row),
    .columns = other_columns,
    .key = offsetof(struct unit_row, code),
    .key_type = DB_TEXT,
};

static const struct db_column dependent_columns[] = {
    DB_COLUMN(unit_dependents, code, DB_TEXT),
    DB_COLUMN(unit_dependents, count, DB_INT4),
    DB_COLUMN(unit_dependents, centre_over, DB_INT4),
    DB_COLUMN(unit_dependents, parent_over, DB_INT4),
    {0},
};

const struct store unit_dependents = {
    .name = "unit_dependents",
    .table = "organization",
    .kind = STORE_HINT,
    .size = sizeof(struct unit_dependents),
    .columns = dependent_columns,
    .key = offsetof(struct unit_dependents, code),
    .key_type = DB_TEXT,
};
