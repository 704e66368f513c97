/* LeaveSchool: 離職, 轉校 or 退休, today or on a planned day.
 *
 * The post closes; the record and its history stay. Only a fellow CHIEF or the
 * managing centre lets a CHIEF go: asked here, and again on the day of a
 * planned leave (do_carry_out_move.c). The account service decides about the
 * leaver's business account after TeacherLeft. T2, T11, T15. */
#include "teacher/teacher.h"

void
leave_school_keys(struct keys *keys, const void *message)
{
    const LeaveSchool *command = message;

    teacher_keys(keys, command->person_id);
    keys_row(keys, &units, command->organization);
    keys_row(keys, &officers_of_persons, command->person_id);
    actor_keys(keys, command->order);
}

static const char *
objection_to_officer(struct decision *decision, const LeaveSchool *command)
{
    enum role role =
        role_at(decision, command->person_id, command->organization,
                (enum role)command->officer_role, command->officer_version);
    struct unit unit = unit_read(decision, command->organization);
    struct officer officer;

    const char *objection = actor_find(decision, &officer);
    if (objection != NULL)
        return objection;
    if (authority_may_release(&officer, &unit, role))
        return authority_is_self(&officer, NULL, command->person_id)
                   ? "SELF_ACTION"
                   : NULL;
    return authority_may_release(&officer, &unit, ROLE_UNSPECIFIED)
               ? "HOLDS_CHIEF"
               : "NOT_PERMITTED";
}

/* The officer was found: there was no objection. */
static bool
may_let_chief_go(struct decision *decision, const LeaveSchool *command)
{
    struct unit unit = unit_read(decision, command->organization);
    struct officer officer;

    return actor_find(decision, &officer) == NULL &&
           authority_may_release(&officer, &unit, ROLE_CHIEF);
}

static const char *
objection_to_leave(struct decision *decision, const LeaveSchool *command,
                   const struct teacher *teacher, char ret_day[DAY_TEXT])
{
    if (teacher == NULL ||
        !post_at(decision, command->person_id, command->organization))
        return "NOT_AT_THIS_SCHOOL";
    if (version_differs(decision, teacher))
        return "CHANGED";
    if (word_name(&leave_reason_words, (int)command->reason) == NULL ||
        !move_day(decision, command->effective_on, ret_day))
        return "BAD_FORM";
    return NULL;
}

enum end
do_leave_school(struct decision *decision, const void *message)
{
    const LeaveSchool *command = message;
    struct teacher *teacher = row_find(decision, &teachers, command->person_id);
    const struct post *post =
        post_at(decision, command->person_id, command->organization);
    char day[DAY_TEXT] = "";

    subject(decision, teacher);
    const char *objection = objection_to_officer(decision, command);
    if (objection == NULL)
        objection = objection_to_leave(decision, command, teacher, day);
    if (objection != NULL)
        return refuse(decision, objection);

    struct move *move = move_add(decision, teacher, day);
    move->from_organization = command->organization;
    move->cause = MOVE_LEFT;
    move->kind = post->kind;
    move->reason = (int32_t)command->reason;
    move->releases_chief = may_let_chief_go(decision, command);

    move_order(decision, teacher, move);
    return DONE;
}
