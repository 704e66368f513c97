/* TeacherRegistered: the person has one more post. Stored even for a person
 * without an account, because an enabling may follow (rule 8). Lane: the
 * person. Serves T15. */
#include "account/account.h"

void
teacher_registered_keys(struct keys *keys, const void *message)
{
    const TeacherRegistered *m = message;

    keys_lane(keys, m->person_id);
    keys_row(keys, &affiliations, m->person_id);
}

enum end
on_teacher_registered(struct decision *decision, const void *message)
{
    const TeacherRegistered *m = message;

    affiliation_follow(decision, m->person_id, mark_of_fact(decision, m->fact),
                       m->organizations, m->n_organizations);
    return DONE;
}
