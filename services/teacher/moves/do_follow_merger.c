/* FollowMerger: a person goes from a merged unit into its successor, with the
 * post as it is. A secondary post ends if there is a post already. Plans that
 * name the merged unit name the successor from now on; what they would bring is
 * dropped if it is there. If the successor has merged meanwhile, the person
 * goes on. Lane: the person. Serves O3, T1, T11. */
#include <string.h>

#include "teacher/teacher.h"

void
follow_merger_keys(struct keys *keys, const void *message)
{
    const FollowMerger *m = message;

    teacher_keys(keys, m->person_id);
    keys_row(keys, &units, m->into);
}

/* Plans say MovePlanned again, as they are now. */
static void
plans_follow(struct decision *decision, struct teacher *teacher,
             const FollowMerger *m)
{
    struct move *plan = NULL;

    while ((plan = row_child(decision, &moves, teacher->person_id, plan)))
        if (move_is_planned(plan))
            move_redirect(decision, teacher, plan, m->from_organization,
                          m->into);
}

static struct move *
merger_add(struct decision *decision, struct teacher *teacher,
           const FollowMerger *m, const struct post *post)
{
    char today[DAY_TEXT];
    struct move *move =
        move_add(decision, teacher, day_text(day_of(decision->now), today));

    move->cause = MOVE_MERGER;
    move->from_organization = m->from_organization;
    move->kind = post->kind;
    return move;
}

static void
leave_second_post(struct decision *decision, struct teacher *teacher,
                  const FollowMerger *m, const struct post *post)
{
    struct move *move = merger_add(decision, teacher, m, post);

    move->reason = LEAVE_MOVED;
    move_carry_out(decision, teacher, move);
}

static void
enter_successor(struct decision *decision, struct teacher *teacher,
                const FollowMerger *m, const struct post *post)
{
    struct move *move = merger_add(decision, teacher, m, post);
    struct post *next = row_add_child(decision, &posts, move->person_id);

    move->to_organization = m->into;
    next->post_id = move->move_id;
    next->organization = m->into;
    next->kind = post->kind;
    next->state = POST_PLANNED;
    next->title = post->title;
    next->stage = post->stage;
    next->unit_note = post->unit_note;
    next->subjects = post->subjects;
    next->since = move->effective_on;
    next->source = MOVE_MERGER;
    move_carry_out(decision, teacher, move);
}

/* A merger is never undone, so such a plan would never be carried out. */
static void
drop_plans_fulfilled(struct decision *decision, struct teacher *teacher,
                     const char *into)
{
    const struct post *here = post_at(decision, teacher->person_id, into);
    struct move *plan = NULL;

    if (here == NULL)
        return;
    while ((plan = row_child(decision, &moves, teacher->person_id, plan)))
        if (move_is_planned(plan) && strcmp(plan->to_organization, into) == 0 &&
            (here->kind == POST_PRIMARY || plan->kind == POST_SECONDARY))
            move_drop(decision, teacher, plan);
}

/* Two mergers in a row: the successor's own SpreadMerger may have ended before
 * this person came. */
static void
follow_on(struct decision *decision, const FollowMerger *m)
{
    const struct organization_copy *into = row_find(decision, &units, m->into);
    FollowMerger command;

    if (into == NULL || into->status != ORGANIZATION_MERGED_INTO ||
        into->merged_into == NULL)
        return;
    inservice__teacher__v1__follow_merger__init(&command);
    command.person_id = m->person_id;
    command.from_organization = m->into;
    command.into = wire_member(into->merged_into);
    command.unit_version = into->version;
    order_self(decision, "FollowMerger", m->person_id, &command.base);
}

static void
posts_follow(struct decision *decision, struct teacher *teacher,
             const FollowMerger *m)
{
    const struct post *post =
        post_at(decision, m->person_id, m->from_organization);

    if (post == NULL)
        return;
    if (post->kind == POST_SECONDARY &&
        post_at(decision, m->person_id, m->into) != NULL)
        leave_second_post(decision, teacher, m, post);
    else
        enter_successor(decision, teacher, m, post);
}

enum end
do_follow_merger(struct decision *decision, const void *message)
{
    const FollowMerger *m = message;
    struct teacher *teacher = row_find(decision, &teachers, m->person_id);

    subject(decision, teacher);
    if (!actor_is_system(decision->order))
        return refuse(decision, "NOT_PERMITTED");
    if (teacher == NULL)
        return DONE;

    plans_follow(decision, teacher, m);
    posts_follow(decision, teacher, m);
    drop_plans_fulfilled(decision, teacher, m->into);
    follow_on(decision, m);
    return DONE;
}
