/* CarryOutMove: the day of a planned move has come (a timer's command).
 *
 * The posts may have changed since it was planned: it is carried out against
 * them as they stand, and dropped where nothing is left to do. A move that was
 * settled meanwhile needs nothing: the command is done. Who has become the
 * school's CHIEF since stays until the centre or a fellow CHIEF decides, or
 * another day finds them no longer CHIEF. T1, T2, T15.
 */
#include "teacher/teacher.h"

void
carry_out_move_keys(struct keys *keys, const void *message)
{
    const CarryOutMove *command = message;

    teacher_keys(keys, command->person_id);
    keys_children(keys, &units_of_persons, command->person_id);
    keys_row(keys, &officers_of_persons, command->person_id);
}

/* The school is open, and he is not there yet (or only with a lesser post). */
static bool
can_enter(struct decision *decision, const struct move *move)
{
    struct unit unit =
        unit_of_place(decision, move->person_id, move->to_organization);
    const struct post *here =
        post_at(decision, move->person_id, move->to_organization);

    if (post_of_move(decision, move) == NULL)
        return false;
    if (unit.kind != KIND_UNSPECIFIED && !organization_is_open(unit.state))
        return false;
    return here == NULL ||
           (here->kind == POST_SECONDARY && move->kind == POST_PRIMARY);
}

static bool
can_be_carried_out(struct decision *decision, const struct move *move)
{
    if (move->to_organization[0] != '\0')
        return can_enter(decision, move);
    return post_at(decision, move->person_id, move->from_organization) != NULL;
}

/* T15: a leave that whoever planned it may not order of a CHIEF. */
static bool
takes_chief_out(struct decision *decision, const struct move *move)
{
    return move->to_organization[0] == '\0' && !move->releases_chief &&
           role_at(decision, move->person_id, move->from_organization,
                   ROLE_UNSPECIFIED, 0) == ROLE_CHIEF;
}

enum end
do_carry_out_move(struct decision *decision, const void *message)
{
    const CarryOutMove *command = message;
    struct teacher *teacher = row_find(decision, &teachers, command->person_id);
    struct move *move =
        move_find(decision, command->person_id, command->move_id);

    subject(decision, teacher);
    if (!actor_is_system(decision->order))
        return refuse(decision, "NOT_PERMITTED");
    if (move == NULL || !move_is_planned(move))
        return DONE;

    if (!can_be_carried_out(decision, move))
        move_drop(decision, teacher, move);
    else if (takes_chief_out(decision, move))
        move_put_off(decision, move);
    else
        move_carry_out(decision, teacher, move);
    return DONE;
}
