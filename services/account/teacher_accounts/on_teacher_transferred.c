/* TeacherTransferred: the person's primary post is at another school now. The
 * lane of the school they left decides about the account there. Lane: the
 * person. Serves T15, rule 1. */
#include "account/account.h"

void
teacher_transferred_keys(struct keys *keys, const void *message)
{
    const TeacherTransferred *m = message;

    keys_lane(keys, m->person_id);
    keys_row(keys, &affiliations, m->person_id);
    leaver_keys(keys, m->from_organization, m->organizations,
                m->n_organizations);
}

enum end
on_teacher_transferred(struct decision *decision, const void *message)
{
    const TeacherTransferred *m = message;
    const struct leaver leaver = {
        .person_id = m->person_id,
        .move_id = m->move_id,
        .unit = m->from_organization,
        .fact = mark_of_fact(decision, m->fact),
        .organizations = m->organizations,
        .count = m->n_organizations,
    };

    leaver_follow(decision, &leaver);
    return DONE;
}
