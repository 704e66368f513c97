/* SpreadMerger: orders FollowMerger for the persons who have a post at a merged
 * unit, a page at a time (rule 1). A timer asks again until none is left. It
 * also asks while our copy of the unit does not know the merger: a registration
 * that was decided by that copy may still come. Lane: the unit. Serves O3. */
#include "chassis/base/clock.h"

#include "teacher/teacher.h"

enum { PAGE = 200 }; /* of person_at_unit_load_children.sql */

void
spread_merger_keys(struct keys *keys, const void *message)
{
    const SpreadMerger *m = message;

    keys_lane(keys, m->organization);
    keys_row(keys, &organization_copies, m->organization);
    keys_children(keys, &persons_at_units, m->organization);
}

static void
order_followed(struct decision *decision, const SpreadMerger *m,
               const char *person_id)
{
    FollowMerger command;

    inservice__teacher__v1__follow_merger__init(&command);
    command.person_id = wire_member(person_id);
    command.from_organization = m->organization;
    command.into = m->into;
    command.into_kind = m->into_kind;
    command.unit_version = m->unit_version;
    order_self(decision,
               arena_printf(decision->arena, "FollowMerger/%s", person_id),
               person_id, &command.base);
}

/* Our copy still takes registrations there. */
static bool
merger_not_known_yet(struct decision *decision, const char *code)
{
    const struct organization_copy *copy =
        row_find(decision, &organization_copies, code);

    return copy != NULL &&
           !organization_is_over((enum organization_state)copy->status);
}

void
merger_ask_again(struct decision *decision, const SpreadMerger *m,
                 int64_t pause)
{
    SpreadMerger again = *m;

    again.order = NULL; /* the timer's own */
    timer_set(decision,
              arena_printf(decision->arena, "merger/%s", m->organization),
              decision->now + pause, m->organization, &again.base);
}

enum end
do_spread_merger(struct decision *decision, const void *message)
{
    const SpreadMerger *m = message;
    const struct person_at_unit *person = NULL;
    size_t count = 0;

    if (!actor_is_system(decision->order))
        return refuse(decision, "NOT_PERMITTED");
    for (; (person = row_child(decision, &persons_at_units, m->organization,
                               person)) != NULL;
         count++)
        order_followed(decision, m, person->person_id);
    if (count > 0 || merger_not_known_yet(decision, m->organization))
        merger_ask_again(decision, m, count >= PAGE ? SECONDS(1) : SECONDS(30));
    return DONE;
}
