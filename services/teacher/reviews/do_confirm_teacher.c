/* ConfirmTeacher: a teacher has looked through their own record. Once more in
 * the same semester is a new time. Lane: the person. Serves T6, T10. */
#include "teacher/teacher.h"

void
confirm_teacher_keys(struct keys *keys, const void *message)
{
    const ConfirmTeacher *m = message;

    teacher_keys(keys, m->person_id);
    actor_keys(keys, m->order);
}

static const char *
objection(struct decision *decision, const ConfirmTeacher *m,
          const struct teacher *teacher)
{
    struct officer officer;
    const char *unknown = actor_find(decision, &officer);

    if (unknown != NULL)
        return unknown;
    if (!authority_is_self(&officer, NULL, m->person_id))
        return "NOT_PERMITTED";
    if (teacher == NULL)
        return "NOT_FOUND";
    if (version_differs(decision, teacher))
        return "CHANGED";
    return semester_is_open(m->semester, decision->now) ? NULL
                                                        : "SEMESTER_NOT_OPEN";
}

enum end
do_confirm_teacher(struct decision *decision, const void *message)
{
    const ConfirmTeacher *m = message;
    struct teacher *teacher = row_find(decision, &teachers, m->person_id);
    const char *refusal = objection(decision, m, teacher);
    TeacherConfirmed fact;

    subject(decision, teacher);
    if (refusal != NULL)
        return refuse(decision, refusal);

    row_change(decision, teacher);
    teacher->confirmed_semester = m->semester;
    teacher->confirmed_at = decision->now;
    inservice__teacher__v1__teacher_confirmed__init(&fact);
    fact.person_id = m->person_id;
    fact.semester = m->semester;
    say(decision, teacher, &fact.base);
    return DONE;
}
