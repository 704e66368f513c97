/* MoveUndone: posts are as before the move. The school that the person had gone
 * to suspends its account. The school that the person returns to resumes what
 * the move suspended. Each decides in its own lane. Lane: the person. Serves
 * T15, rule 1. */
#include "account/account.h"

void
move_undone_keys(struct keys *keys, const void *message)
{
    const MoveUndone *m = message;

    keys_lane(keys, m->person_id);
    keys_row(keys, &affiliations, m->person_id);
    leaver_keys(keys, m->from_organization, m->organizations,
                m->n_organizations);
    keys_row(keys, &other_units, m->to_organization);
}

enum end
on_move_undone(struct decision *decision, const void *message)
{
    const MoveUndone *m = message;
    struct leaver leaver = {
        .person_id = m->person_id,
        .move_id = m->move_id,
        .unit = m->to_organization,
        .fact = mark_of_fact(decision, m->fact),
        .organizations = m->organizations,
        .count = m->n_organizations,
    };

    if (m->planned)
        return DONE; /* no post had changed; the move that replaced the plan may
                      * have the same version, and its fact follows */
    leaver_follow(decision, &leaver);
    leaver.unit = m->from_organization;
    order_leaver_resumed(decision, &leaver);
    return DONE;
}
