/* OrganizationClosed: the teachers of a merged unit follow into the other one.
 * A unit without a successor has no teachers (HAS_TEACHERS). A second look
 * comes later in any case: a registration may be decided by our copy of the
 * unit at the same moment as the first. Lane: the unit. Serves O3. */
#include "chassis/base/clock.h"

#include "teacher/teacher.h"

void
organization_closed_keys(struct keys *keys, const void *message)
{
    const OrganizationClosed *m = message;

    keys_lane(keys, m->code);
}

enum end
on_organization_closed(struct decision *decision, const void *message)
{
    const OrganizationClosed *m = message;
    SpreadMerger command;

    if (m->into[0] == '\0')
        return DONE;
    inservice__teacher__v1__spread_merger__init(&command);
    command.organization = m->code;
    command.into = m->into;
    command.into_kind = m->into_kind;
    command.unit_version = m->fact != NULL ? m->fact->version : 0;
    order_self(decision, "SpreadMerger", m->code, &command.base);
    merger_ask_again(decision, &command, SECONDS(30));
    return DONE;
}
