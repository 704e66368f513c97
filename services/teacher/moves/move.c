/* Moves: the only file that opens and closes posts.
 *
 * A move is ordered for today or planned for a later day. Both are carried out
 * by the same code, against the posts of that day. Undoing a move puts back
 * exactly what it did. Called by do_ files after all checks; never refuses.
 * Serves T1, T2, T11, T12, T15. */
#include <string.h>

#include "teacher/teacher.h"

/* --- finding ------------------------------------------------------------ */
bool
move_is_planned(const struct move *move)
{
    return move->settled_version == 0;
}

struct move *
move_find(struct decision *decision, const char *person_id, const char *move_id)
{
    struct move *move = NULL;

    while ((move = row_child(decision, &moves, person_id, move)) != NULL)
        if (strcmp(move->move_id, move_id) == 0)
            return move;
    return NULL;
}

struct move *
move_latest(struct decision *decision, const char *person_id)
{
    struct move *latest = NULL;
    struct move *move = NULL;

    while ((move = row_child(decision, &moves, person_id, move)) != NULL)
        if (move->done_at != DB_NO_TIME && move->undone_at == DB_NO_TIME &&
            (latest == NULL || move->settled_version > latest->settled_version))
            latest = move;
    return latest;
}

bool
move_day(struct decision *decision, const char *effective_on,
         char ret_day[DAY_TEXT])
{
    day_number today = day_of(decision->now);
    day_number last = today + teacher_settings.plan_days;
    day_number day = today;

    if (effective_on[0] != '\0' &&
        (!day_parse(effective_on, &day) || day < today || day > last)) {
        refuse_detail(decision, "/effectiveOn", "OUT_OF_RANGE",
                      day_text(last, ret_day));
        return false;
    }
    day_text(day, ret_day);
    return true;
}

static bool
move_enters(const struct move *move)
{
    return move->to_organization[0] != '\0';
}

/* --- plans -------------------------------------------------------------- */
static const char *
timer_name(struct decision *decision, const struct move *move)
{
    return arena_printf(decision->arena, "move/%s", move->move_id);
}

static void
say_undone(struct decision *decision, struct teacher *teacher,
           const struct move *move, bool planned)
{
    MoveUndone fact;

    inservice__teacher__v1__move_undone__init(&fact);
    fact.person_id = wire_member(move->person_id);
    fact.move_id = wire_member(move->move_id);
    fact.planned = planned;
    fact.from_organization = wire_member(move->from_organization);
    fact.to_organization = wire_member(move->to_organization);
    fact.n_organizations =
        post_organizations(decision, teacher->person_id, &fact.organizations);
    say(decision, teacher, &fact.base);
}

static void
carry_out_on(struct decision *decision, const struct move *move, day_number day)
{
    CarryOutMove command;

    inservice__teacher__v1__carry_out_move__init(&command);
    command.person_id = wire_member(move->person_id);
    command.move_id = wire_member(move->move_id);
    timer_set(decision, timer_name(decision, move), day_start(day),
              move->person_id, &command.base);
}

void
move_put_off(struct decision *decision, const struct move *move)
{
    carry_out_on(decision, move, day_of(decision->now) + 1);
}

static void
say_planned(struct decision *decision, struct teacher *teacher,
            const struct move *move)
{
    MovePlanned fact;

    inservice__teacher__v1__move_planned__init(&fact);
    fact.person_id = wire_member(move->person_id);
    fact.move_id = wire_member(move->move_id);
    fact.from_organization = wire_member(move->from_organization);
    fact.to_organization = wire_member(move->to_organization);
    fact.cause = (Inservice__Teacher__V1__MoveCause)move->cause;
    fact.effective_on = wire_member(move->effective_on);
    fact.post = (Inservice__Teacher__V1__PostKind)move->kind;
    fact.reason = (Inservice__Teacher__V1__LeaveReason)move->reason;
    say(decision, teacher, &fact.base);
}

static void
move_plan(struct decision *decision, struct teacher *teacher,
          const struct move *move)
{
    day_number day = 0;

    if (!day_parse(move->effective_on, &day))
        return; /* impossible: move_day() wrote it */
    carry_out_on(decision, move, day);
    say_planned(decision, teacher, move);
}

void
move_redirect(struct decision *decision, struct teacher *teacher,
              struct move *plan, const char *from, const char *into)
{
    struct post *post = post_of_move(decision, plan);
    bool leaves = strcmp(plan->from_organization, from) == 0;
    bool enters = strcmp(plan->to_organization, from) == 0;

    if (!leaves && !enters)
        return;
    row_change(decision, teacher);
    row_change(decision, plan);
    if (leaves)
        plan->from_organization = into;
    if (enters) {
        plan->to_organization = into;
        row_change(decision, post);
        post->organization = into;
    }
    say_planned(decision, teacher, plan);
}

void
move_drop(struct decision *decision, struct teacher *teacher, struct move *move)
{
    struct post *post = post_of_move(decision, move);

    row_change(decision, teacher);
    row_change(decision, move);
    move->undone_at = decision->now;
    move->settled_version = teacher->row.version;
    if (post != NULL) {
        row_change(decision, post);
        post->state = POST_UNDONE;
        post->closed_version = teacher->row.version;
    }
    timer_clear(decision, timer_name(decision, move));
    say_undone(decision, teacher, move, true);
}

/* Whether a newer move replaces an older plan. An entry replaces an entry into
 * the same kind of post (one primary; one secondary per school). A leave
 * replaces a leave from the same school. */
static bool
move_replaces(const struct move *move, const struct move *plan)
{
    if (plan == move || !move_is_planned(plan) ||
        move_enters(plan) != move_enters(move))
        return false;
    if (!move_enters(move))
        return strcmp(plan->from_organization, move->from_organization) == 0;
    return plan->kind == move->kind &&
           (move->kind == POST_PRIMARY ||
            strcmp(plan->to_organization, move->to_organization) == 0);
}

static void
drop_replaced_plans(struct decision *decision, struct teacher *teacher,
                    const struct move *move)
{
    struct move *plan = NULL;

    while ((plan = row_child(decision, &moves, move->person_id, plan)))
        if (move_replaces(move, plan))
            move_drop(decision, teacher, plan);
}

/* After posts changed: drops plans to leave a school where the teacher has no
 * post. A plan for another primary school starts from the present primary
 * school. */
static void
plans_follow_posts(struct decision *decision, struct teacher *teacher)
{
    const struct post *primary = post_primary(decision, teacher->person_id);
    const char *from = primary != NULL ? primary->organization : "";
    struct move *plan = NULL;

    while ((plan = row_child(decision, &moves, teacher->person_id, plan))) {
        if (!move_is_planned(plan))
            continue;
        if (!move_enters(plan)) {
            if (!post_at(decision, plan->person_id, plan->from_organization))
                move_drop(decision, teacher, plan);
        } else if (plan->kind == POST_PRIMARY &&
                   strcmp(plan->from_organization, from) != 0) {
            row_change(decision, plan);
            plan->from_organization = from;
        }
    }
}

/* --- carrying out ------------------------------------------------------- */
/* A plan that is carried out late may end a post that began after the planned
 * day. Such a post ends on the day it began. ISO dates compare as texts. */
static const char *
post_end(const struct post *post, const struct move *by)
{
    return strcmp(by->effective_on, post->since) > 0 ? by->effective_on
                                                     : post->since;
}

static void
post_close(struct decision *decision, struct teacher *teacher,
           struct post *post, const struct move *by, enum leave_reason reason)
{
    row_change(decision, post);
    post->state = POST_CLOSED;
    post->until = post_end(post, by);
    post->reason = (int32_t)reason;
    post->closed_by = by->move_id;
    post->closed_version = teacher->row.version;
}

static void
say_entered(struct decision *decision, struct teacher *teacher,
            const struct move *move)
{
    TeacherRegistered fact;

    inservice__teacher__v1__teacher_registered__init(&fact);
    fact.person_id = wire_member(move->person_id);
    fact.organization = wire_member(move->to_organization);
    fact.post = (Inservice__Teacher__V1__PostKind)move->kind;
    fact.move_id = wire_member(move->move_id);
    fact.n_organizations =
        post_organizations(decision, teacher->person_id, &fact.organizations);
    say(decision, teacher, &fact.base);
}

static void
say_transferred(struct decision *decision, struct teacher *teacher,
                const struct move *move)
{
    TeacherTransferred fact;

    inservice__teacher__v1__teacher_transferred__init(&fact);
    fact.person_id = wire_member(move->person_id);
    fact.move_id = wire_member(move->move_id);
    fact.from_organization = wire_member(move->from_organization);
    fact.to_organization = wire_member(move->to_organization);
    fact.cause = (Inservice__Teacher__V1__MoveCause)move->cause;
    fact.n_organizations =
        post_organizations(decision, teacher->person_id, &fact.organizations);
    say(decision, teacher, &fact.base);
}

static void
say_left(struct decision *decision, struct teacher *teacher,
         const struct move *move)
{
    TeacherLeft fact;

    inservice__teacher__v1__teacher_left__init(&fact);
    fact.person_id = wire_member(move->person_id);
    fact.move_id = wire_member(move->move_id);
    fact.organization = wire_member(move->from_organization);
    fact.post = (Inservice__Teacher__V1__PostKind)move->kind;
    fact.reason = (Inservice__Teacher__V1__LeaveReason)move->reason;
    fact.n_organizations =
        post_organizations(decision, teacher->person_id, &fact.organizations);
    say(decision, teacher, &fact.base);
}

/* The post that an entry takes the place of: for a primary one the present
 * primary post; after a merger the post at the merged unit. */
static struct post *
post_replaced(struct decision *decision, const struct move *move)
{
    if (move->cause == MOVE_MERGER)
        return post_at(decision, move->person_id, move->from_organization);
    return move->kind == POST_PRIMARY ? post_primary(decision, move->person_id)
                                      : NULL;
}

/* Closes the post that it replaces with MOVED; also a secondary post at the new
 * school, because it becomes the primary one. */
static void
carry_out_entry(struct decision *decision, struct teacher *teacher,
                struct move *move)
{
    struct post *post = post_of_move(decision, move);
    struct post *here =
        post_at(decision, move->person_id, move->to_organization);
    struct post *old = post_replaced(decision, move);

    move->from_organization = old != NULL ? old->organization : "";
    if (old != NULL)
        post_close(decision, teacher, old, move, LEAVE_MOVED);
    if (here != NULL && here != old)
        post_close(decision, teacher, here, move, LEAVE_MOVED);
    row_change(decision, post);
    post->state = POST_OPEN;
    if (old != NULL)
        say_transferred(decision, teacher, move);
    else
        say_entered(decision, teacher, move);
}

static void
carry_out_leave(struct decision *decision, struct teacher *teacher,
                struct move *move)
{
    struct post *post =
        post_at(decision, move->person_id, move->from_organization);

    move->kind = post->kind;
    post_close(decision, teacher, post, move, (enum leave_reason)move->reason);
    say_left(decision, teacher, move);
}

void
move_carry_out(struct decision *decision, struct teacher *teacher,
               struct move *move)
{
    row_change(decision, teacher);
    row_change(decision, move);
    move->done_at = decision->now;
    move->settled_version = teacher->row.version;
    if (move_enters(move))
        carry_out_entry(decision, teacher, move);
    else
        carry_out_leave(decision, teacher, move);
    plans_follow_posts(decision, teacher);
}

struct move *
move_add(struct decision *decision, struct teacher *teacher, const char *day)
{
    row_change(decision, teacher);
    struct move *move = row_add_child(decision, &moves, teacher->person_id);

    move->move_id = decision->order->command_id;
    move->from_organization = "";
    move->to_organization = "";
    move->kind = POST_PRIMARY;
    move->effective_on = arena_strdup(decision->arena, day);
    move->ordered_at = decision->now;
    move->done_at = DB_NO_TIME;
    move->undone_at = DB_NO_TIME;
    return move;
}

void
move_order(struct decision *decision, struct teacher *teacher,
           struct move *move)
{
    char today[DAY_TEXT];

    drop_replaced_plans(decision, teacher, move);
    if (strcmp(move->effective_on, day_text(day_of(decision->now), today)) > 0)
        move_plan(decision, teacher, move);
    else
        move_carry_out(decision, teacher, move);
}

/* --- undoing ------------------------------------------------------------ */
static void
post_reopen(struct decision *decision, struct post *post)
{
    row_change(decision, post);
    post->state = POST_OPEN;
    post->until = NULL;
    post->reason = LEAVE_REASON_UNSPECIFIED;
    post->closed_by = NULL;
    post->closed_version = 0;
}

void
move_undo(struct decision *decision, struct teacher *teacher, struct move *move)
{
    struct post *post = NULL;

    row_change(decision, teacher);
    row_change(decision, move);
    move->undone_at = decision->now;
    move->settled_version = teacher->row.version;
    while ((post = row_child(decision, &posts, move->person_id, post))) {
        if (strcmp(post->post_id, move->move_id) == 0) {
            row_change(decision, post);
            post->state = POST_UNDONE;
            post->closed_version = teacher->row.version;
        } else if (post->closed_by != NULL &&
                   strcmp(post->closed_by, move->move_id) == 0) {
            post_reopen(decision, post);
        }
    }
    say_undone(decision, teacher, move, false);
    plans_follow_posts(decision, teacher);
}
