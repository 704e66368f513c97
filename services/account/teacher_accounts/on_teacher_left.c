/* TeacherLeft: a post ended and no other took its place. What he holds at that
 * unit is for its lane; ordered also when no account is known here, because one
 * may be enabled there at this moment. Lane: the person. Serves T15, rule 1. */
#include "account/account.h"

void
teacher_left_keys(struct keys *keys, const void *message)
{
    const TeacherLeft *m = message;

    keys_lane(keys, m->person_id);
    keys_row(keys, &affiliations, m->person_id);
}

enum end
on_teacher_left(struct decision *decision, const void *message)
{
    const TeacherLeft *m = message;

    if (!affiliation_follow(decision, m->person_id,
                            mark_of_fact(decision, m->fact), m->organizations,
                            m->n_organizations))
        return DONE; /* older than what we know */
    order_leaver_suspended(decision, m->person_id, m->organization,
                           mark_of_fact(decision, m->fact), m->move_id,
                           m->organizations, m->n_organizations);
    return DONE;
}
