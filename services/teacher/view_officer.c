/* BusinessAccountState: our copy of an officer, by incarnation and version.
 *
 * Arrives in the unit's lane, also during a rebuild. An older or equal version
 * changes nothing, nor does a tombstone: a deleted account has a state. Stores
 * no name, login or address. Decides nothing and says nothing. T15, T16. */
#include "teacher/teacher.h"

enum end
officer_copy_follow(struct decision *decision, const char *account_id,
                    const Inservice__Common__V1__Fact *fact,
                    const struct officer_copy *shown)
{
    enum end end;
    struct officer_copy *copy =
        copy_of_state(decision, &officer_copies, account_id, fact, &end);

    if (copy == NULL)
        return end;
    copy->person_id = shown->person_id;
    copy->organization = shown->organization;
    copy->role = shown->role;
    copy->permissions = shown->permissions;
    copy->status = shown->status;
    return DONE;
}

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
        return DONE;
    return officer_copy_follow(decision, state->account_id, state->fact,
                               &(struct officer_copy){
                                   .person_id = state->person_id,
                                   .organization = state->organization,
                                   .role = (int32_t)state->role,
                                   .permissions = (int32_t)state->permissions,
                                   .status = (int32_t)state->status,
                               });
}
