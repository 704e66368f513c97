/* The courses that an account owns, from the course system's messages (C1).
 *
 * Called by the lane of views for each CourseStateChanged and each
 * CourseOwnerSettled, which may name courses of unknown state. Shows an officer
 * what blocks a deletion (B15, route 23). The account service decides from its
 * own guard, never from here. */
#include <string.h>

#include "chassis/base/clock.h"
#include "chassis/base/wire.h"
#include "gateway/views/views.h"

#include "inservice/course/v1/events.pb-c.h"

typedef Inservice__Course__V1__CourseStateChanged Changed;
typedef Inservice__Course__V1__CourseOwnerSettled Settled;

#define STATE(name) INSERVICE__COURSE__V1__COURSE_STATE__COURSE_STATE_##name

static bool
course_is_open(int32_t state)
{
    return state != STATE(ROSTER_CONFIRMED) && state != STATE(CANCELLED);
}

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

void
view_course_owner_keys(struct keys *keys, const void *message)
{
    const Settled *settled = message;

    if (settled == NULL)
        return;
    keys_lane(keys, settled->organization);
    for (size_t i = 0; i < settled->n_open_course_ids; i++)
        keys_row(keys, &v_course_store, settled->open_course_ids[i]);
}

/* A row from before a rebuild counts for nothing. */
static bool
is_known(const struct v_course *row)
{
    return row != NULL && row->incarnation >= 0;
}

/* Older than every state that the course system will send of this course. */
static void
begin_course(struct v_course *row, const Settled *settled)
{
    row->version = row->incarnation = 0;
    row->account_id = settled->account_id;
    row->organization = settled->organization;
    row->title = "";
}

/* A course that is unknown or closed here counts as open until its next state,
 * as in the account service (B23). */
static void
hold_open(struct decision *decision, const Settled *settled,
          const char *course_id)
{
    struct v_course *row = row_find(decision, &v_course_store, course_id);

    if (course_id[0] == '\0')
        return;
    if (is_known(row) && (course_is_open(row->state) ||
                          strcmp(row->account_id, settled->account_id) != 0))
        return; /* already open, or handed on since then */
    if (row == NULL)
        row = row_add(decision, &v_course_store, course_id);
    if (row == NULL)
        return; /* the batch has noted whose fault it is */
    if (!is_known(row) || row->account_id == NULL)
        begin_course(row, settled);
    row->state = 0;
    row_change(decision, row);
}

enum end
view_course_owner(struct decision *decision, const void *message)
{
    const Settled *settled = message;
    uint8_t binary[16];

    if (settled == NULL || !uuid_parse(settled->account_id, binary))
        return DONE; /* the account service sets it aside */
    for (size_t i = 0; i < settled->n_open_course_ids; i++)
        hold_open(decision, settled, settled->open_course_ids[i]);
    return DONE;
}
