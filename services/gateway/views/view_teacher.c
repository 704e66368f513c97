/* Records, posts and moves, from the teacher service's states.
 *
 * Called by the lane of views for each TeacherState. The answer to GET by id is
 * written here, once in full and once masked, so that reading only copies
 * bytes. The ID number is opened only to be masked. view_identity() keeps the
 * index of numbers in the same transaction (B19). */
#include "gateway/views/views.h"

#include <string.h>

#include "rules/identity.h"

#include "gateway/gateway.h"
#include "gateway/identity/identity.h"

typedef Inservice__Teacher__V1__TeacherState State;

void
view_teacher_keys(struct keys *keys, const void *message)
{
    const State *state = message;

    if (state == NULL) {
        keys_row(keys, &v_teacher_store, keys_record(keys));
        return;
    }
    keys_lane(keys, state->person_id);
    keys_row(keys, &v_teacher_store, state->person_id);
    view_identity_keys(keys, state);
}

/* The number with its last four hidden; NULL: none, or sealed with another key.
 */
static const char *
masked_number(struct arena *arena, const State *state)
{
    size_t sealed = state->number_sealed.len;
    char plain[64] = {0};
    char *masked = arena_alloc(arena, IDENTITY_LENGTH + 1);

    if (gateway.identity_keys == NULL || sealed <= SEAL_OVERHEAD ||
        sealed - SEAL_OVERHEAD >= sizeof plain)
        return NULL;
    const char *place = arena_printf(arena, "identity/%s", state->person_id);
    if (!seal_open(gateway.identity_keys, place, state->number_sealed.data,
                   sealed, (uint8_t *)plain))
        return NULL;
    identity_mask(plain, masked);
    explicit_bzero(plain, sizeof plain);
    return masked;
}

/* Erased (T13): the row stays as a mark that the person id was used. */
static enum end
forget(struct decision *decision)
{
    struct v_teacher *row =
        row_find(decision, &v_teacher_store, decision->message->key);

    if (row == NULL)
        return DONE;
    row->name = row->folded = row->masked_name = row->email = "";
    row->sex = row->number_kind = 0;
    row->merged_into = row->confirmed_semester = NULL;
    row->head = row->masked_head = row->record = "";
    row->posts = row->moves = "[]";
    row->settled = NULL;
    row_change(decision, row);
    return DONE;
}

/* Posts come first in the record, with the teacher's name; moves come after
 * them. Unchanged posts and moves are not written again, except after a restore
 * or in a rebuild. */
static void
spread(struct arena *arena, const State *state, const struct v_teacher *before,
       struct v_teacher *row)
{
    const char *moves = teacher_moves_in(row->record);
    const char *moves_before = NULL;
    bool known =
        before->record != NULL && before->incarnation == row->incarnation;

    if (known)
        moves_before = teacher_moves_in(before->record);
    else
        row->settled = NULL; /* from before a restored backup */
    size_t posts_size = (size_t)(moves - row->record);
    if (!known || strcmp(before->name, row->name) != 0 ||
        (size_t)(moves_before - before->record) != posts_size ||
        memcmp(before->record, row->record, posts_size) != 0)
        row->posts = teacher_post_rows(arena, state);
    if (!known || strcmp(moves_before, moves) != 0)
        teacher_move_rows(arena, state, row);
}

enum end
view_teacher(struct decision *decision, const void *message)
{
    const State *state = message;
    struct v_teacher before = {0}, *row;
    enum end end;

    if (state == NULL)
        return forget(decision);
    row = row_find(decision, &v_teacher_store, state->person_id);
    if (row != NULL)
        before = *row;
    row = copy_of_state(decision, &v_teacher_store, state->person_id,
                        state->fact, &end);
    if (row == NULL)
        return end;

    row->name = state->name;
    row->folded = view_folded(decision->arena, state->name);
    row->email = state->email;
    row->sex = (int32_t)state->sex;
    row->number_kind = (int32_t)state->number_kind;
    row->merged_into = state->merged_into;
    row->confirmed_semester = state->confirmed_semester;
    teacher_document(decision->arena, state,
                     masked_number(decision->arena, state), row);
    spread(decision->arena, state, &before, row);
    view_identity(decision, state);
    return DONE;
}
