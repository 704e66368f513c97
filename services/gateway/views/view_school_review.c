/* Who reviewed a school for a semester (T6), from the teacher service's states.
 * Route 8 reads it. */
#include "gateway/views/views.h"

#include <stdio.h>

typedef Inservice__Teacher__V1__SchoolReviewState State;

static const char *
review_id(const State *state, char ret_id[KEY_MAX])
{
    snprintf(ret_id, KEY_MAX, "%s/%s", state->organization, state->semester);
    return ret_id;
}

void
view_school_review_keys(struct keys *keys, const void *message)
{
    const State *state = message;
    char id[KEY_MAX];

    if (state == NULL)
        return; /* a review is never deleted */
    keys_lane(keys, state->organization);
    keys_row(keys, &v_school_review_store, review_id(state, id));
}

enum end
view_school_review(struct decision *decision, const void *message)
{
    const State *state = message;
    struct v_school_review *row;
    char id[KEY_MAX];
    enum end end;

    if (state == NULL)
        return DONE;
    row = copy_of_state(decision, &v_school_review_store, review_id(state, id),
                        state->fact, &end);
    if (row == NULL)
        return end;

    row->organization = state->organization;
    row->semester = state->semester;
    row->reviewer_account_id = state->reviewer_account_id;
    row->reviewed_at = view_time(state->reviewed_at);
    row->teacher_count = (int32_t)state->teacher_count;
    return DONE;
}
