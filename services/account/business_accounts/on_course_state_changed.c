/* CourseStateChanged: the owner and the state of a course. A state unknown here
 * counts as open. The newest version of a course counts, in any order of
 * arrival. Lane: the unit. Serves B15, C1, C2. */
#include "account/account.h"

void
course_state_changed_keys(struct keys *keys, const void *message)
{
    const CourseStateChanged *m = message;

    keys_lane(keys, m->organization);
    keys_row(keys, &business_accounts, m->owner_account_id);
    keys_row(keys, &course_guards, m->course_id);
    keys_children(keys, &course_guards, m->owner_account_id);
}

static void
show_open_courses(struct decision *decision, const CourseStateChanged *m)
{
    struct business_account *owner =
        row_find(decision, &business_accounts, m->owner_account_id);

    if (owner != NULL && same_text(owner->organization, m->organization))
        account_show_courses(decision, owner);
}

/* Handed on: the former owner has one course less. That account's row is not
 * loaded, because the fact does not name it. */
static void
order_recount(struct decision *decision, const struct course_guard *course,
              const CourseStateChanged *m)
{
    RecountCourses command;

    if (same_text(course->account_id, m->owner_account_id))
        return;
    inservice__account__v1__recount_courses__init(&command);
    command.account_id = wire_member(course->account_id);
    command.organization = wire_member(course->organization);
    order_self(
        decision,
        arena_printf(decision->arena, "RecountCourses/%s", course->account_id),
        course->organization, &command.base);
}

enum end
on_course_state_changed(struct decision *decision, const void *message)
{
    const CourseStateChanged *m = message;
    struct course_guard *course =
        row_find(decision, &course_guards, m->course_id);

    if (is_empty(m->course_id) || !is_id(m->owner_account_id))
        return BROKEN; /* another system's mistake */
    if (course != NULL && course->course_version >= m->course_version)
        return DONE;

    if (course == NULL)
        course = row_add(decision, &course_guards, m->course_id);
    else
        order_recount(decision, course, m);
    course->account_id = m->owner_account_id;
    course->organization = m->organization;
    course->title = m->title;
    course->state = wire_known(&inservice__course__v1__course_state__descriptor,
                               (int)m->state);
    course->course_version = m->course_version;
    row_change(decision, course);
    show_open_courses(decision, m);
    return DONE;
}
