/* TeacherAccountState: our copy of a teacher's account, among the officers', by
 * incarnation and version.
 *
 * Arrives in the person's lane, also during a rebuild. An older or equal
 * version changes nothing, nor does a tombstone: a closed account has a state.
 * Stores no name, login or address. Decides nothing and says nothing. T5, T16.
 */
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
        return DONE;
    return officer_copy_follow(decision, state->account_id, state->fact,
                               &(struct officer_copy){
                                   .person_id = state->person_id,
                                   .organization = "",
                                   .role = ROLE_UNSPECIFIED,
                                   .permissions = PERMISSIONS_NONE,
                                   .status = (int32_t)state->status,
                               });
}
