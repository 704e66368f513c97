/* TeacherAccountState: our copy of a teacher's account, among the officers', by
 * incarnation and version.
 *
 * Arrives in the person's lane, also during a rebuild. An older or equal
 * version changes nothing. Stores no name, login or address. Decides nothing
 * and says nothing. T5, T16. */
#include "teacher/teacher.h"

void
teacher_account_keys(struct keys *keys, const void *message)
{
    const TeacherAccountState *state = message;

    if (state != NULL)
        keys_row(keys, &officer_copies, state->account_id);
}

enum end
view_teacher_account(struct decision *decision, const void *message)
{
    const TeacherAccountState *state = message;

    if (state == NULL)
        return DONE; /* a tombstone: ignored, because a closed account has a
                      * state */
    if (state->fact == NULL || state->account_id[0] == '\0')
        return BROKEN; /* no version, or no account */
    struct officer_copy *copy = copy_follow(
        decision, &officer_copies, state->account_id, state->fact->version);
    if (copy == NULL)
        return DONE;

    copy->person_id = state->person_id;
    copy->organization = "";
    copy->role = ROLE_UNSPECIFIED;
    copy->permissions = PERMISSIONS_NONE;
    copy->status = (int32_t)state->status;
    return DONE;
}
