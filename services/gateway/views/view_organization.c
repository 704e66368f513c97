/* Units, from the account service's states.
 *
 * Called by the lane of views for each OrganizationState. Reading routes, the
 * session's principal and the tasks join this table. Names are folded here, so
 * that 臺 finds 台 (O1). */
#include "gateway/views/views.h"

#include "inservice/account/v1/states.pb-c.h"

typedef Inservice__Account__V1__OrganizationState State;

void
view_organization_keys(struct keys *keys, const void *message)
{
    const State *state = message;

    if (state == NULL)
        return; /* an organization with history is never deleted (O3) */
    keys_lane(keys, state->code);
    keys_row(keys, &v_organization_store, state->code);
}

enum end
view_organization(struct decision *decision, const void *message)
{
    const State *state = message;
    struct v_organization *row;
    enum end end;

    if (state == NULL)
        return DONE;
    row = copy_of_state(decision, &v_organization_store, state->code,
                        state->fact, &end);
    if (row == NULL)
        return end;

    row->name = state->name;
    row->folded = view_folded(decision->arena, state->name);
    row->kind = (int32_t)state->kind;
    row->county = state->county;
    row->establishment = state->establishment;
    row->managing_centre = state->managing_centre;
    row->parent_code = state->parent_code;
    row->phone = state->phone;
    row->email = state->email;
    row->address = state->address;
    row->website = state->website;
    row->status = (int32_t)state->status;
    row->merged_into = state->merged_into;
    row->active_chiefs = (int32_t)state->active_chiefs;
    return DONE;
}
