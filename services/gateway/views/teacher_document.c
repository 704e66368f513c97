/* A teacher's record as JSON: its head in full and masked, and the rows of
 * posts and moves.
 *
 * Called by view_teacher for each state, never by a reader: the stored text is
 * sent as it is, with the account's status after it; only notes of other units
 * are taken out (teacher_reach.h). Masked means: no number; name and e-mail by
 * the rules of masking. Posts are public and stay (T7). Pure. */
#include "gateway/views/views.h"

#include <string.h>

#include "rules/identity.h"
#include "rules/masking.h"
#include "rules/post.h"

#include "gateway/request/render.h"

typedef Inservice__Teacher__V1__TeacherState State;
typedef Inservice__Teacher__V1__Post Post;
typedef Inservice__Teacher__V1__Move Move;

static void
render_post(struct bytes *out, const char *name, const Post *post)
{
    json_open(out, name, '{');
    json_text(out, "organization", post->organization);
    json_word(out, "kind", &post_kind_words, (int)post->kind);
    json_text(out, "title", post->title);
    json_text(out, "stage", post->stage);
    json_text(out, "unitNote", post->unit_note);
    json_texts(out, "subjects", post->subjects, post->n_subjects);
    json_text(out, "since", post->since);
    json_text(out, "until", post->until);
    json_word(out, "source", &move_cause_words, (int)post->source);
    json_word(out, "reason", &leave_reason_words, (int)post->reason);
    json_close(out, '}');
}

static void
render_move(struct bytes *out, const Move *move)
{
    json_open(out, NULL, '{');
    json_text(out, "id", move->move_id);
    json_text(out, "from", move->from_organization);
    json_text(out, "to", move->to_organization);
    json_word(out, "cause", &move_cause_words, (int)move->cause);
    json_word(out, "post", &post_kind_words, (int)move->post);
    json_word(out, "reason", &leave_reason_words, (int)move->reason);
    json_text(out, "effectiveOn", move->effective_on);
    json_time(out, "orderedAt", view_time(move->ordered_at));
    json_time(out, "doneAt", view_time(move->done_at));
    json_time(out, "undoneAt", view_time(move->undone_at));
    if (move->planned_post != NULL)
        render_post(out, "plannedPost", move->planned_post);
    else
        json_raw(out, "plannedPost", NULL);
    json_close(out, '}');
}

static void
render_conflict(struct bytes *out, const State *state)
{
    const Inservice__Teacher__V1__Conflict *conflict = state->conflict;

    if (conflict == NULL) {
        json_raw(out, "conflict", NULL);
        return;
    }
    json_open(out, "conflict", '{');
    json_text(out, "issuer", conflict->issuer);
    json_text(out, "entered", conflict->entered_organization);
    json_text(out, "claimed", conflict->claimed_organization);
    json_time(out, "at", view_time(conflict->at));
    json_close(out, '}');
}

/* The part that both documents share; the handler adds the closing brace. */
static void
render_record(struct bytes *out, const State *state)
{
    json_open(out, "posts", '[');
    for (size_t i = 0; i < state->n_posts; i++)
        render_post(out, NULL, state->posts[i]);
    json_close(out, ']');
    json_open(out, "moves", '[');
    for (size_t i = 0; i < state->n_moves; i++)
        render_move(out, state->moves[i]);
    json_close(out, ']');
    json_text(out, "confirmedSemester", state->confirmed_semester);
    json_text(out, "mergedInto", state->merged_into);
    render_conflict(out, state);
}

static const char *
take(struct arena *arena, struct bytes *out)
{
    char *text = arena_strndup(arena, out->data, out->size);

    bytes_clear(out);
    return text;
}

static void
render_full(struct bytes *out, const State *state, const char *number)
{
    json_open(out, NULL, '{');
    json_text(out, "id", state->person_id);
    json_int(out, "version", state->fact->version);
    json_text(out, "name", state->name);
    json_bool(out, "masked", false);
    json_word(out, "sex", &number_sex_words, (int)state->sex);
    json_text(out, "email", state->email);
    json_word(out, "numberKind", &number_kind_words, (int)state->number_kind);
    json_text(out, "number", number);
}

static void
render_masked(struct bytes *out, const State *state, const char *name,
              const char *email)
{
    json_open(out, NULL, '{');
    json_text(out, "id", state->person_id);
    json_int(out, "version", state->fact->version);
    json_text(out, "name", name);
    json_bool(out, "masked", true);
    json_word(out, "sex", &number_sex_words, (int)state->sex);
    json_text(out, "email", email);
    json_word(out, "numberKind", &number_kind_words, (int)state->number_kind);
    json_text(out, "number", NULL);
}

static void
render_post_row(struct bytes *out, const Post *post)
{
    json_open(out, NULL, '{');
    json_text(out, "organization", post->organization);
    json_int(out, "kind", (int64_t)post->kind);
    json_plain(out, "title", post->title);
    json_plain(out, "stage", post->stage);
    json_plain(out, "note", post->unit_note);
    json_texts(out, "subjects", post->subjects, post->n_subjects);
    json_text(out, "since", post->since);
    json_int(out, "source", (int64_t)post->source);
    json_close(out, '}');
}

const char *
teacher_post_rows(struct arena *arena, const State *state)
{
    struct bytes rows = {0};

    json_open(&rows, NULL, '[');
    for (size_t i = 0; i < state->n_posts; i++)
        if (state->posts[i]->until[0] == '\0')
            render_post_row(&rows, state->posts[i]);
    json_close(&rows, ']');
    const char *text = take(arena, &rows);
    bytes_free(&rows);
    return text;
}

static void
render_move_row(struct bytes *out, const Move *move)
{
    json_open(out, NULL, '{');
    json_text(out, "id", move->move_id);
    json_plain(out, "out", move->from_organization);
    json_plain(out, "into", move->to_organization);
    json_int(out, "cause", (int64_t)move->cause);
    json_int(out, "post", (int64_t)move->post);
    json_int(out, "reason", (int64_t)move->reason);
    json_text(out, "on", move->effective_on);
    json_time(out, "ordered", move->ordered_at);
    json_time(out, "done", view_time(move->done_at));
    json_time(out, "undone", view_time(move->undone_at));
    json_close(out, '}');
}

void
teacher_move_rows(struct arena *arena, const State *state,
                  struct v_teacher *row)
{
    struct bytes all = {0}, settled = {0};

    json_open(&all, NULL, '[');
    if (row->settled != NULL) {
        bytes_add_text(&all, row->settled);
        bytes_add_text(&settled, row->settled);
    }
    for (size_t i = 0; i < state->n_moves; i++) {
        const Move *move = state->moves[i];
        render_move_row(&all, move);
        if (move->done_at != 0 || move->undone_at != 0)
            render_move_row(&settled, move);
    }
    json_close(&all, ']');
    row->moves = take(arena, &all);
    if (settled.size > 0)
        row->settled = take(arena, &settled);
    bytes_free(&all);
    bytes_free(&settled);
}

void
teacher_document(struct arena *arena, const State *state, const char *number,
                 struct v_teacher *ret_row)
{
    size_t name_size = strlen(state->name) + 5;
    size_t email_size = strlen(state->email) + 5;
    char *name = arena_alloc(arena, name_size);
    char *email = arena_alloc(arena, email_size);
    struct bytes out = {0};

    if (!mask_name(state->name, name, name_size))
        name[0] = '\0';
    if (state->email[0] == '\0' || !mask_email(state->email, email, email_size))
        email[0] = '\0';
    render_full(&out, state, number);
    ret_row->head = take(arena, &out);
    render_masked(&out, state, name, email);
    ret_row->masked_head = take(arena, &out);
    render_record(&out, state);
    ret_row->record = take(arena, &out);
    ret_row->masked_name = name;
    bytes_free(&out);
}

/* Inside a text the quotes would have a backslash before them. */
const char *
teacher_moves_in(const char *record)
{
    const char *moves = strstr(record, ",\"moves\":[");

    return moves != NULL ? moves : record + strlen(record);
}
