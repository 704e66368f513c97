/* BusinessAccountState: our copy of an officer, by incarnation and version.
 *
 * Arrives in the unit's lane, also during a rebuild. An older or equal version
 * changes nothing. Stores no name, login or address. Decides nothing and says
 * nothing. T15, T16. */
#include "teacher/teacher.h"

void
officer_keys(struct keys *keys, const void *message)
{
    const BusinessAccountState *state = message;

    if (state == NULL)
        return;
    keys_lane(keys, state->organization);
    keys_row(keys, &officer_copies, state->account_id);
}

enum end
view_officer(struct decision *decision, const void *message)
{
    const BusinessAccountState *state = message;

    if (state == NULL)
        return DONE; /* a tombstone: ignored, because a deleted account has a
                      * state */
    if (state->fact == NULL || state->account_id[0] == '\0')
        return BROKEN; /* no version, or no account */
    struct officer_copy *copy = copy_follow(
        decision, &officer_copies, state->account_id, state->fact->version);
    if (copy == NULL)
        return DONE;

    copy->person_id = state->person_id;
    copy->organization = state->organization;
    copy->role = (int32_t)state->role;
    copy->permissions = (int32_t)state->permissions;
    copy->status = (int32_t)state->status;
    return DONE;
}
