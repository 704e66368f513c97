/* Officers' accounts, from the account service's states.
 *
 * Called by the lane of views for each BusinessAccountState. Only here is
 * `session_floor` kept: the version at which the account last lost the right. A
 * session begun before it is dead forever, even one that raced with the
 * disabling (T16). */
#include "gateway/identity/identity.h"

#include "rules/role.h"

#include "gateway/views/views.h"

#include "inservice/account/v1/states.pb-c.h"

typedef Inservice__Account__V1__BusinessAccountState State;

void
view_business_account_keys(struct keys *keys, const void *message)
{
    const State *state = message;

    if (state == NULL)
        return; /* DELETED stays, without personal fields */
    keys_lane(keys, state->organization);
    keys_row(keys, &v_business_account_store, state->account_id);
    identity_confirm_keys(keys, state->person_id);
}

static void
copy_person(struct arena *arena, struct v_business_account *row,
            const State *state)
{
    row->person_id = state->person_id;
    row->login = state->login;
    row->name = state->name;
    row->folded = view_folded(arena, state->name);
    row->phone = state->phone;
    row->email = state->email;
    row->wanted_role = (int32_t)state->wanted_role;
    row->succeeds = state->succeeds;
    row->identity_proven = state->identity_proven;
    row->teacher_version = state->teacher_version;
    row->move_id = state->move_id;
}

static void
copy_times(struct v_business_account *row, const State *state)
{
    row->applied_at = view_time(state->applied_at);
    row->lapses_at = view_time(state->lapses_at);
    row->enabled_at = view_time(state->enabled_at);
    row->disabled_at = view_time(state->disabled_at);
    row->deletion_requested_at = view_time(state->deletion_requested_at);
    row->deleted_at = view_time(state->deleted_at);
}

enum end
view_business_account(struct decision *decision, const void *message)
{
    const State *state = message;
    struct v_business_account *row;
    enum end end;

    if (state == NULL)
        return DONE;
    row = copy_of_state(decision, &v_business_account_store, state->account_id,
                        state->fact, &end);
    if (row == NULL)
        return end;

    row->organization = state->organization;
    row->role = (int32_t)state->role;
    row->permissions = (int32_t)state->permissions;
    row->status = (int32_t)state->status;
    row->cause = (int32_t)state->cause;
    row->closed_cause = (int32_t)state->closed_cause;
    row->settled = state->settled;
    row->open_courses = (int32_t)state->open_courses;
    row->session_floor =
        view_session_floor(row->session_floor, state->fact->version,
                           (int)state->status == ACCOUNT_ACTIVE,
                           view_time(state->enabled_at) != row->enabled_at);
    copy_person(decision->arena, row, state);
    copy_times(row, state);
    if ((int)state->status == ACCOUNT_ACTIVE)
        identity_confirm(decision, state->person_id);
    return DONE;
}
