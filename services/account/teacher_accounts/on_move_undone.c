/* MoveUndone: posts are as before the move. The school he had gone to suspends,
 * the school he is back at resumes what the move suspended, each in its own
 * lane. Lane: the person. Serves T15, rule 1. */
#include "account/account.h"

void
move_undone_keys(struct keys *keys, const void *message)
{
    const MoveUndone *m = message;

    keys_lane(keys, m->person_id);
    keys_row(keys, &affiliations, m->person_id);
}

static void
order_resumed(struct decision *decision, const MoveUndone *m)
{
    ResumeBusinessAccount command;
    const char *unit = m->from_organization;

    if (!code_listed(m->organizations, m->n_organizations, unit))
        return;
    inservice__account__v1__resume_business_account__init(&command);
    command.organization = m->from_organization;
    command.person_id = m->person_id;
    command.move_id = m->move_id;
    struct teacher_mark fact = mark_of_fact(decision, m->fact);
    command.teacher_version = fact.version;
    command.teacher_incarnation = fact.incarnation;
    order_self(decision,
               arena_printf(decision->arena, "ResumeBusinessAccount/%s", unit),
               unit, &command.base);
}

enum end
on_move_undone(struct decision *decision, const void *message)
{
    const MoveUndone *m = message;

    if (m->planned)
        return DONE; /* nobody had moved; the move that replaced the plan may
                        have the same version, and its fact follows */
    if (!affiliation_follow(decision, m->person_id,
                            mark_of_fact(decision, m->fact), m->organizations,
                            m->n_organizations))
        return DONE; /* older than what we know */
    order_leaver_suspended(decision, m->person_id, m->to_organization,
                           mark_of_fact(decision, m->fact), m->move_id,
                           m->organizations, m->n_organizations);
    order_resumed(decision, m);
    return DONE;
}
