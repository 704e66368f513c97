/* UndoMove: takes back a planned move, or the one done last.
 *
 * Either school may, and the centre and the platform; a done one for 30 days.
 * Posts are put back exactly as they were; the account service hears MoveUndone
 * and resumes what it suspended. T1, T15.
 */
#include "teacher/teacher.h"

void
undo_move_keys(struct keys *keys, const void *message)
{
    const UndoMove *command = message;

    teacher_keys(keys, command->person_id);
    keys_children(keys, &units_of_persons, command->person_id);
    actor_keys(keys, command->order);
}

static bool
manages(struct decision *decision, const struct officer *officer,
        const struct move *move, const char *organization)
{
    struct unit unit = unit_of_place(decision, move->person_id, organization);

    return organization[0] != '\0' &&
           authority_holds(officer, &unit,
                           PERMISSION_TEACHER_ACCOUNT_MANAGEMENT, BY_ANY);
}

static const char *
objection_to_officer(struct decision *decision, const struct move *move)
{
    struct officer officer;

    if (!actor_find(decision, &officer))
        return "UNKNOWN_ACTOR";
    if (move == NULL)
        return "NOT_LATEST_MOVE"; /* too old to be loaded, or no move of his */
    if (!manages(decision, &officer, move, move->from_organization) &&
        !manages(decision, &officer, move, move->to_organization))
        return "NOT_PERMITTED";
    return NULL;
}

static const char *
objection_to_undo(struct decision *decision, const struct teacher *teacher,
                  const struct move *move)
{
    if (version_differs(decision, teacher))
        return "CHANGED";
    if (move_is_planned(move))
        return NULL;
    if (move != move_latest(decision, move->person_id))
        return "NOT_LATEST_MOVE";
    if (decision->now - move->done_at > DAYS(teacher_settings.undo_days))
        return "UNDO_TOO_LATE";
    return NULL;
}

enum end
do_undo_move(struct decision *decision, const void *message)
{
    const UndoMove *command = message;
    struct teacher *teacher = row_find(decision, &teachers, command->person_id);
    struct move *move =
        move_find(decision, command->person_id, command->move_id);

    subject(decision, teacher);
    const char *objection = objection_to_officer(decision, move);
    if (objection == NULL)
        objection = objection_to_undo(decision, teacher, move);
    if (objection != NULL)
        return refuse(decision, objection);

    if (move_is_planned(move))
        move_drop(decision, teacher, move);
    else
        move_undo(decision, teacher, move);
    return DONE;
}
