/* UndoMove: takes back a planned move, or the one done last.
 *
 * Both schools, the centre and the platform may; a done move for 30 days. No
 * officer takes back a move of their own record (B20). If it takes a CHIEF out
 * of the school that the move brought them to, only a fellow CHIEF, the
 * managing centre or the platform may. Posts are put back exactly as they were.
 * The account service receives MoveUndone and resumes what it suspended. T1,
 * T15. */
#include <string.h>

#include "chassis/base/clock.h"

#include "teacher/teacher.h"

void
undo_move_keys(struct keys *keys, const void *message)
{
    const UndoMove *command = message;

    teacher_keys(keys, command->person_id);
    keys_children(keys, &units_of_persons, command->person_id);
    keys_row(keys, &officers_of_persons, command->person_id);
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

/* Undoing takes the person out of the school that the move brought them to. It
 * needs what a leave needs, or the platform. */
static const char *
objection_to_taking_out(struct decision *decision, const UndoMove *command,
                        const struct officer *officer, const struct move *move)
{
    struct unit unit =
        unit_of_place(decision, move->person_id, move->to_organization);

    if (move_is_planned(move) || move->to_organization[0] == '\0')
        return NULL;
    if (role_at(decision, move->person_id, move->to_organization,
                (enum role)command->officer_role,
                command->officer_version) != ROLE_CHIEF ||
        authority_may_release(officer, &unit, ROLE_CHIEF) ||
        authority_holds(officer, &unit, PERMISSION_TEACHER_ACCOUNT_MANAGEMENT,
                        BY_ALL))
        return NULL;
    return "HOLDS_CHIEF";
}

static const char *
objection_to_officer(struct decision *decision, const UndoMove *command,
                     const struct move *move)
{
    struct officer officer;

    const char *objection = actor_find(decision, &officer);
    if (objection != NULL)
        return objection;
    if (move == NULL)
        return "NOT_LATEST_MOVE"; /* too old to be loaded, or another person's
                                   */
    if (!manages(decision, &officer, move, move->from_organization) &&
        !manages(decision, &officer, move, move->to_organization))
        return "NOT_PERMITTED";
    if (authority_is_self(&officer, NULL, move->person_id))
        return "SELF_ACTION";
    return objection_to_taking_out(decision, command, &officer, move);
}

/* A post comes back only if its school is still open. */
static bool
reopens_closed_school(struct decision *decision, const struct move *move)
{
    const struct post *post = NULL;

    while ((post = row_child(decision, &posts, move->person_id, post))) {
        if (post->closed_by == NULL ||
            strcmp(post->closed_by, move->move_id) != 0)
            continue;
        struct unit unit =
            unit_of_place(decision, move->person_id, post->organization);
        if (unit.kind != KIND_UNSPECIFIED && !organization_is_open(unit.state))
            return true;
    }
    return false;
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
    return reopens_closed_school(decision, move) ? "ORGANIZATION_CLOSED" : NULL;
}

/* A former school may undo the move without reading the record, so a refusal
 * tells it no version (T1). */
static bool
reads_record(struct decision *decision, const UndoMove *command)
{
    static const struct unit nowhere = {.code = ""};
    const enum permission permission = PERMISSION_TEACHER_ACCOUNT_MANAGEMENT;
    const struct post *post = NULL;
    struct officer officer;

    if (actor_find(decision, &officer) != NULL)
        return false;
    if (authority_holds(&officer, &nowhere, permission, BY_ALL))
        return true;
    while ((post = row_child(decision, &posts, command->person_id, post))) {
        struct unit unit =
            unit_of_place(decision, command->person_id, post->organization);
        if ((post->state == POST_OPEN || post->state == POST_PLANNED) &&
            authority_holds(&officer, &unit, permission, BY_ANY))
            return true;
    }
    return false;
}

enum end
do_undo_move(struct decision *decision, const void *message)
{
    const UndoMove *command = message;
    struct teacher *teacher = row_find(decision, &teachers, command->person_id);
    struct move *move =
        move_find(decision, command->person_id, command->move_id);

    const char *objection = objection_to_officer(decision, command, move);
    if (objection == NULL)
        objection = objection_to_undo(decision, teacher, move);
    if (objection == NULL || reads_record(decision, command))
        subject(decision, teacher);
    if (objection != NULL)
        return refuse(decision, objection);

    if (move_is_planned(move))
        move_drop(decision, teacher, move);
    else
        move_undo(decision, teacher, move);
    return DONE;
}
