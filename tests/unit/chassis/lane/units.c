/* See units.h. */
#include "units.h"

#include "inservice/account/v1/states.pb-c.h"

typedef Inservice__Account__V1__OrganizationState OrganizationState;

static const struct db_column columns[] = {
    DB_COLUMN(unit_row, code, DB_TEXT),
    DB_COLUMN(unit_row, name, DB_TEXT),
    DB_COLUMN_AS("version", unit_row, row.version, DB_INT8),
    {0},
};

static ProtobufCMessage *
snapshot(struct decision *decision, const void *row)
{
    const struct unit_row *unit = row;
    OrganizationState *state = ARENA_NEW(decision->arena, OrganizationState);

    inservice__account__v1__organization_state__init(state);
    state->code = TEXT(unit->code);
    state->name = TEXT(unit->name);
    return &state->base;
}

const struct store units = {
    .name = "unit",
    .kind = STORE_AGGREGATE,
    .size = sizeof(struct unit_row),
    .columns = columns,
    .key = offsetof(struct unit_row, code),
    .key_type = DB_TEXT,
    .state_type = "inservice.account.v1.OrganizationState",
    .snapshot = snapshot,
};

void
unit_keys(struct keys *keys, const void *message)
{
    const AddOrganization *command = message;

    keys_lane(keys, command->code);
    keys_row(keys, &units, command->code);
}
