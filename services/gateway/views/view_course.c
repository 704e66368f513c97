/* view_course: which courses an account owns, as the course system says (C1).
 *
 * Called by the lane of views for each CourseStateChanged. Shows an officer
 * what blocks a deletion (B15, route 23); whether it blocks is decided by the
 * account service from its own guard, never from here.
 */
#include "chassis/base/wire.h"
#include "gateway/views/views.h"

#include "inservice/course/v1/events.pb-c.h"

typedef Inservice__Course__V1__CourseStateChanged Changed;

void
view_course_keys(struct keys *keys, const void *message)
{
    const Changed *changed = message;

    if (changed == NULL)
        return;
    keys_lane(keys, changed->organization);
    keys_row(keys, &v_course_store, changed->course_id);
}

enum end
view_course(struct decision *decision, const void *message)
{
    const Changed *changed = message;
    struct v_course *row;

    if (changed == NULL)
        return DONE;
    row = copy_follow(decision, &v_course_store, changed->course_id,
                      changed->course_version);
    if (row == NULL)
        return DONE;

    row->account_id = changed->owner_account_id;
    row->organization = changed->organization;
    row->title = changed->title;
    row->state = wire_known(&inservice__course__v1__course_state__descriptor,
                            (int)changed->state);
    return DONE;
}
