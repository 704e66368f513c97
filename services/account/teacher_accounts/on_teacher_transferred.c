/* TeacherTransferred: another school is his primary one now. What he holds at
 * the school he left is for that school's lane. Lane: the person. Serves T15,
 * rule 1. */
#include "account/account.h"

void
teacher_transferred_keys(struct keys *keys, const void *message)
{
    const TeacherTransferred *m = message;

    keys_lane(keys, m->person_id);
    keys_row(keys, &affiliations, m->person_id);
}

enum end
on_teacher_transferred(struct decision *decision, const void *message)
{
    const TeacherTransferred *m = message;

    if (!affiliation_follow(decision, m->person_id,
                            mark_of_fact(decision, m->fact), m->organizations,
                            m->n_organizations))
        return DONE; /* older than what we know */
    order_leaver_suspended(decision, m->person_id, m->from_organization,
                           mark_of_fact(decision, m->fact), m->move_id,
                           m->organizations, m->n_organizations);
    return DONE;
}
