/* OrganizationState: the own copy of a unit, by entity version.
 *
 * Heard in the unit's lane for ever, also after a rebuild; an older or equal
 * version changes nothing. Decides nothing and says nothing. O3, O4.
 */
#include "teacher/teacher.h"

void
organization_keys(struct keys *keys, const void *message)
{
    const OrganizationState *state = message;

    if (state != NULL)
        keys_row(keys, &organization_copies, state->code);
}

enum end
view_organization(struct decision *decision, const void *message)
{
    const OrganizationState *state = message;

    if (state == NULL || state->fact == NULL)
        return DONE; /* a tombstone: units are never erased */
    struct organization_copy *copy =
        row_find(decision, &organization_copies, state->code);
    if (copy != NULL && copy->version >= state->fact->version)
        return DONE;
    if (copy == NULL)
        copy = row_add(decision, &organization_copies, state->code);
    if (copy == NULL)
        return BROKEN; /* a state without its code */

    row_change(decision, copy);
    copy->kind = (int32_t)state->kind;
    copy->status = (int32_t)state->status;
    copy->managing_centre = state->managing_centre;
    copy->parent_code = state->parent_code;
    copy->version = state->fact->version;
    return DONE;
}
