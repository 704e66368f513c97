/* TeacherLeft: a post ended and no other took its place. The unit's lane
 * decides about the account there. The order is sent even if no account is
 * known here, because one may be enabled at this moment. Lane: the person.
 * Serves T15, rule 1. */
#include "account/account.h"

void
teacher_left_keys(struct keys *keys, const void *message)
{
    const TeacherLeft *m = message;

    keys_lane(keys, m->person_id);
    keys_row(keys, &affiliations, m->person_id);
    leaver_keys(keys, m->organization, m->organizations, m->n_organizations);
}

enum end
on_teacher_left(struct decision *decision, const void *message)
{
    const TeacherLeft *m = message;
    const struct leaver leaver = {
        .person_id = m->person_id,
        .move_id = m->move_id,
        .unit = m->organization,
        .fact = mark_of_fact(decision, m->fact),
        .organizations = m->organizations,
        .count = m->n_organizations,
    };

    leaver_follow(decision, &leaver);
    return DONE;
}
