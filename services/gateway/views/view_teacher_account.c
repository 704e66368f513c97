/* Teachers' own logins, from the account service's states.
 *
 * Called by the lane of views for each TeacherAccountState. The list of
 * teachers joins it for the letter's counts (T8), the session for the right to
 * be signed in (T16). session_floor is as in view_business_account.c. */
#include "gateway/views/views.h"

#include "rules/role.h"

#include "inservice/account/v1/states.pb-c.h"

typedef Inservice__Account__V1__TeacherAccountState State;

void
view_teacher_account_keys(struct keys *keys, const void *message)
{
    const State *state = message;

    if (state == NULL)
        return; /* CLOSED stays, without personal fields */
    keys_lane(keys, state->person_id);
    keys_row(keys, &v_teacher_account_store, state->account_id);
}

enum end
view_teacher_account(struct decision *decision, const void *message)
{
    const State *state = message;
    struct v_teacher_account *row;
    enum end end;

    if (state == NULL)
        return DONE;
    row = copy_of_state(decision, &v_teacher_account_store, state->account_id,
                        state->fact, &end);
    if (row == NULL)
        return end;

    row->person_id = state->person_id;
    row->status = (int32_t)state->status;
    row->cause = (int32_t)state->cause;
    row->closed_cause = (int32_t)state->closed_cause;
    row->login = state->login;
    row->organization = state->organization;
    row->name = state->name;
    row->phone = state->phone;
    row->email = state->email;
    row->source = (int32_t)state->source;
    row->identity_proven = state->identity_proven;
    row->session_floor =
        view_session_floor(row->session_floor, state->fact->version,
                           (int)state->status == ACCOUNT_ACTIVE,
                           view_time(state->enabled_at) != row->enabled_at);
    row->applied_at = view_time(state->applied_at);
    row->lapses_at = view_time(state->lapses_at);
    row->enabled_at = view_time(state->enabled_at);
    row->disabled_at = view_time(state->disabled_at);
    return DONE;
}
