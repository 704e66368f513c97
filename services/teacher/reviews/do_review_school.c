/* ReviewSchool: an officer has looked the whole school through. The command
 * carries the position of the list that they saw and of the present one,
 * because the teachers lie in other lanes. Once more in the same semester is a
 * new review. Lane: the unit. Serves T6. */
#include <stdio.h>
#include <string.h>

#include "teacher/teacher.h"

/* The review's key; false: such a review cannot be. */
static bool
review_id(const ReviewSchool *m, char ret_id[KEY_MAX])
{
    if (!organization_code_ok(m->organization) ||
        strlen(m->semester) >= SEMESTER_TEXT)
        return false;
    snprintf(ret_id, KEY_MAX, "%s/%s", m->organization, m->semester);
    return true;
}

void
review_school_keys(struct keys *keys, const void *message)
{
    const ReviewSchool *m = message;
    char id[KEY_MAX];

    keys_lane(keys, m->organization);
    actor_keys(keys, m->order);
    keys_row(keys, &units, m->organization);
    if (review_id(m, id))
        keys_row(keys, &school_reviews, id);
}

static const char *
objection(struct decision *decision, const ReviewSchool *m)
{
    struct unit unit = unit_read(decision, m->organization);
    struct officer officer;
    const char *unknown = actor_find(decision, &officer);

    if (unknown != NULL)
        return unknown;
    if (!authority_holds(&officer, &unit, PERMISSION_TEACHER_ACCOUNT_MANAGEMENT,
                         BY_OWN))
        return "NOT_PERMITTED";
    if (!organization_has_teachers(unit.kind))
        return "UNIT_HAS_NO_TEACHERS";
    if (!semester_is_open(m->semester, decision->now))
        return "SEMESTER_NOT_OPEN";
    return m->seen_position == m->roster_position ? NULL : "ROSTER_CHANGED";
}

static void
say_reviewed(struct decision *decision, struct school_review *review)
{
    SchoolReviewed fact;

    inservice__teacher__v1__school_reviewed__init(&fact);
    fact.organization = wire_member(review->organization);
    fact.semester = wire_member(review->semester);
    say(decision, review, &fact.base);
}

enum end
do_review_school(struct decision *decision, const void *message)
{
    const ReviewSchool *m = message;
    const char *refusal = objection(decision, m);
    char id[KEY_MAX];

    if (!review_id(m, id))
        return refuse(decision, "BAD_FORM");
    struct school_review *review = row_find(decision, &school_reviews, id);
    subject(decision, review);
    if (refusal != NULL)
        return refuse(decision, refusal);

    if (review == NULL)
        review = row_add(decision, &school_reviews,
                         arena_strdup(decision->arena, id));
    else
        row_change(decision, review);
    review->organization = m->organization;
    review->semester = m->semester;
    review->reviewer_account_id = decision->order->actor->account_id;
    review->reviewed_at = decision->now;
    review->seen_position = m->seen_position;
    review->teacher_count = (int32_t)m->teacher_count;
    say_reviewed(decision, review);
    return DONE;
}
