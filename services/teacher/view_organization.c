/* OrganizationState: our copy of a unit, by incarnation and version.
 *
 * Arrives in the unit's lane, also during a rebuild. An older or equal version
 * changes nothing. Decides nothing and says nothing. O3, O4. */
#include "teacher/teacher.h"

void
organization_keys(struct keys *keys, const void *message)
{
    const OrganizationState *state = message;

    if (state == NULL)
        return;
    keys_lane(keys, state->code);
    keys_row(keys, &organization_copies, state->code);
}

enum end
view_organization(struct decision *decision, const void *message)
{
    const OrganizationState *state = message;
    struct organization_copy *copy;
    enum end end;

    if (state == NULL)
        return DONE; /* a tombstone: units are never erased */
    copy = copy_of_state(decision, &organization_copies, state->code,
                         state->fact, &end);
    if (copy == NULL)
        return end;

    copy->kind = (int32_t)state->kind;
    copy->status = (int32_t)state->status;
    copy->managing_centre = state->managing_centre;
    copy->parent_code = state->parent_code;
    copy->merged_into =
        state->merged_into[0] == '\0' ? NULL : state->merged_into;
    return DONE;
}
