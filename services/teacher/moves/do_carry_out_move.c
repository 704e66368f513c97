/* CarryOutMove: the day of a planned move has come (a timer's command).
 *
 * The posts may have changed since the plan. The move is carried out against
 * the present posts, or dropped if nothing is left to do. If the move is
 * settled already, the command is done. A school that is suspended, or whose
 * teachers are just going to its successor, takes the teacher later (O3). A
 * leaver who has become the school's CHIEF stays until the centre or a fellow
 * CHIEF decides. The timer asks again each day. T1, T2, T15. */
#include "teacher/teacher.h"

void
carry_out_move_keys(struct keys *keys, const void *message)
{
    const CarryOutMove *command = message;

    teacher_keys(keys, command->person_id);
    keys_children(keys, &units_of_persons, command->person_id);
    keys_row(keys, &officers_of_persons, command->person_id);
}

/* The school is open, and the teacher has no post there (or only a secondary
 * one, and this move brings the primary one). */
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

/* O3: a suspended school works again some day, and FollowMerger redirects the
 * plan. */
static bool
must_wait(struct decision *decision, const struct move *move)
{
    struct unit unit =
        unit_of_place(decision, move->person_id, move->to_organization);

    return move->to_organization[0] != '\0' &&
           (unit.state == ORGANIZATION_SUSPENDED ||
            unit.state == ORGANIZATION_MERGED_INTO);
}

/* T15: a CHIEF leaves, and the officer who planned it may not let a CHIEF go.
 */
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

    if (must_wait(decision, move) || takes_chief_out(decision, move))
        move_put_off(decision, move);
    else if (!can_be_carried_out(decision, move))
        move_drop(decision, teacher, move);
    else
        move_carry_out(decision, teacher, move);
    return DONE;
}
