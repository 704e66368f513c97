/* Rows of `teacher`, the aggregate, and its snapshot.
 *
 * The snapshot carries what lists and both schools need: open posts, the post
 * closed last, planned moves and the latest settled ones (T1, T7). Called by
 * the engine only. */
#include <stddef.h>
#include <string.h>

#include "teacher/teacher.h"

static const struct db_column columns[] = {
    DB_COLUMN(teacher, person_id, DB_UUID),
    DB_COLUMN(teacher, number_sealed, DB_BYTES),
    DB_COLUMN(teacher, number_kind, DB_INT2),
    DB_COLUMN(teacher, name, DB_TEXT),
    DB_COLUMN(teacher, sex, DB_INT2),
    DB_COLUMN(teacher, email, DB_TEXT),
    DB_TEXT_OR_NULL(teacher, confirmed_semester),
    DB_COLUMN(teacher, confirmed_at, DB_TIME),
    DB_COLUMN_AS("version", teacher, row.version, DB_INT8),
    {0},
};

void
teacher_keys(struct keys *keys, const char *person_id)
{
    keys_lane(keys, person_id);
    keys_row(keys, &teachers, person_id);
    keys_children(keys, &posts, person_id);
    keys_children(keys, &moves, person_id);
}

static PostState *
post_snapshot(struct arena *arena, const struct post *post)
{
    PostState *state = ARENA_NEW(arena, PostState);

    inservice__teacher__v1__post__init(state);
    state->organization = wire_member(post->organization);
    state->kind = (Inservice__Teacher__V1__PostKind)post->kind;
    state->title = wire_member(post->title);
    state->stage = wire_member(post->stage);
    state->unit_note = wire_member(post->unit_note);
    state->n_subjects = codes_split(arena, post->subjects, &state->subjects);
    state->since = wire_member(post->since);
    state->until = wire_member(post->until);
    state->source = (Inservice__Teacher__V1__MoveCause)post->source;
    state->reason = (Inservice__Teacher__V1__LeaveReason)post->reason;
    return state;
}

static MoveState *
move_snapshot(struct decision *decision, const struct move *move)
{
    MoveState *state = ARENA_NEW(decision->arena, MoveState);
    const struct post *planned =
        move_is_planned(move) ? post_of_move(decision, move) : NULL;

    inservice__teacher__v1__move__init(state);
    if (planned != NULL)
        state->planned_post = post_snapshot(decision->arena, planned);
    state->move_id = wire_member(move->move_id);
    state->from_organization = wire_member(move->from_organization);
    state->to_organization = wire_member(move->to_organization);
    state->cause = (Inservice__Teacher__V1__MoveCause)move->cause;
    state->post = (Inservice__Teacher__V1__PostKind)move->kind;
    state->reason = (Inservice__Teacher__V1__LeaveReason)move->reason;
    state->effective_on = wire_member(move->effective_on);
    state->ordered_at = move->ordered_at;
    state->done_at = move->done_at == DB_NO_TIME ? 0 : move->done_at;
    state->undone_at = move->undone_at == DB_NO_TIME ? 0 : move->undone_at;
    return state;
}

/* One command may close two posts or settle several moves. Then the primary
 * post counts, and the move that was carried out comes first. The order of rows
 * does not matter, so a repeated state is the same (rule 5). */
static bool
closed_after(const struct post *post, const struct post *other)
{
    if (other == NULL || post->closed_version != other->closed_version)
        return other == NULL || post->closed_version > other->closed_version;
    if (post->kind != other->kind)
        return post->kind == POST_PRIMARY;
    return strcmp(post->post_id, other->post_id) > 0;
}

static bool
settled_after(const struct move *move, const struct move *other)
{
    if (other == NULL || move->settled_version != other->settled_version)
        return other == NULL || move->settled_version > other->settled_version;
    if ((move->done_at == DB_NO_TIME) != (other->done_at == DB_NO_TIME))
        return move->done_at != DB_NO_TIME;
    return strcmp(move->move_id, other->move_id) > 0;
}

/* The open posts, primary first, then the post closed last. */
static void
add_posts(struct decision *decision, const char *person_id, TeacherState *state)
{
    const struct post *closed = NULL;
    struct post *post = NULL;
    size_t room = 1;

    while ((post = row_child(decision, &posts, person_id, post)) != NULL) {
        room++;
        if (post->state == POST_CLOSED && closed_after(post, closed))
            closed = post;
    }
    state->posts = ARENA_ARRAY(decision->arena, PostState *, room);
    for (int kind = POST_PRIMARY; kind <= POST_SECONDARY; kind++)
        while ((post = row_child(decision, &posts, person_id, post)))
            if (post->state == POST_OPEN && post->kind == kind)
                state->posts[state->n_posts++] =
                    post_snapshot(decision->arena, post);
    if (closed != NULL)
        state->posts[state->n_posts++] = post_snapshot(decision->arena, closed);
}

/* The settled move that comes next after `after`; the first of all for NULL. */
static const struct move *
settled_before(struct decision *decision, const char *person_id,
               const struct move *after)
{
    const struct move *next = NULL;
    struct move *move = NULL;

    while ((move = row_child(decision, &moves, person_id, move)) != NULL)
        if (!move_is_planned(move) &&
            (after == NULL || settled_after(after, move)) &&
            settled_after(move, next))
            next = move;
    return next;
}

/* The planned moves, then the settled ones that the lane has loaded, the latest
 * first: a listener that begins again learns the history from the last state
 * alone (T1, I7). These include replaced plans, because their schools wait for
 * them (T12). */
static void
add_moves(struct decision *decision, const char *person_id, TeacherState *state)
{
    const struct move *settled = NULL;
    struct move *move = NULL;
    size_t room = 0;

    while ((move = row_child(decision, &moves, person_id, move)) != NULL)
        room++;
    state->moves = ARENA_ARRAY(decision->arena, MoveState *, room + 1);
    while ((move = row_child(decision, &moves, person_id, move)) != NULL)
        if (move_is_planned(move))
            state->moves[state->n_moves++] = move_snapshot(decision, move);
    while ((settled = settled_before(decision, person_id, settled)) != NULL)
        state->moves[state->n_moves++] = move_snapshot(decision, settled);
}

static ProtobufCMessage *
snapshot(struct decision *decision, const void *row)
{
    const struct teacher *teacher = row;
    TeacherState *state = ARENA_NEW(decision->arena, TeacherState);

    inservice__teacher__v1__teacher_state__init(state);
    state->person_id = wire_member(teacher->person_id);
    state->number_sealed.data =
        (uint8_t *)(uintptr_t)teacher->number_sealed.data;
    state->number_sealed.len = teacher->number_sealed.size;
    state->number_kind =
        (Inservice__Teacher__V1__NumberKind)teacher->number_kind;
    state->name = wire_member(teacher->name);
    state->sex = (Inservice__Teacher__V1__Sex)teacher->sex;
    state->email = wire_member(teacher->email);
    state->confirmed_semester = wire_member(teacher->confirmed_semester);
    state->confirmed_at =
        teacher->confirmed_at == DB_NO_TIME ? 0 : teacher->confirmed_at;
    add_posts(decision, teacher->person_id, state);
    add_moves(decision, teacher->person_id, state);
    return &state->base;
}

const struct store teachers = {
    .name = "teacher",
    .kind = STORE_AGGREGATE,
    .size = sizeof(struct teacher),
    .columns = columns,
    .key = offsetof(struct teacher, person_id),
    .key_type = DB_UUID,
    .personal = true,
    .state_type = "inservice.teacher.v1.TeacherState",
    .children = (const struct store *const[]){&posts, &moves, NULL},
    .snapshot = snapshot,
};
