/* Titles, stages, subjects and title sets (T14).
 *
 * Called by the lane of views for each CodeTableState. The whole table is one
 * row of JSON, which the queries spread. The counts of T8 and the filter of T9
 * read the title sets from here, so no title is in the code. */
#include "gateway/views/views.h"

#include "gateway/request/render.h"

typedef Inservice__Teacher__V1__CodeTableState State;
typedef Inservice__Teacher__V1__CodeRow CodeRow;

void
view_code_table_keys(struct keys *keys, const void *message)
{
    const State *state = message;

    if (state == NULL)
        return;
    keys_lane(keys, state->table);
    keys_row(keys, &v_code_table_store, state->table);
}

static void
render_row(struct bytes *out, const CodeRow *row)
{
    json_open(out, NULL, '{');
    json_text(out, "code", row->code);
    json_text(out, "label", row->label);
    json_text(out, "labelEn", row->label_en);
    json_text(out, "group", row->group);
    json_text(out, "validFrom", row->valid_from);
    json_text(out, "validUntil", row->valid_until);
    json_int(out, "position", row->position);
    json_texts(out, "members", row->members, row->n_members);
    json_close(out, '}');
}

enum end
view_code_table(struct decision *decision, const void *message)
{
    const State *state = message;
    struct v_code_table *row;
    enum end end;
    struct bytes out = {0};

    if (state == NULL)
        return DONE;
    row = copy_of_state(decision, &v_code_table_store, state->table,
                        state->fact, &end);
    if (row == NULL)
        return end;

    json_open(&out, NULL, '[');
    for (size_t i = 0; i < state->n_rows; i++)
        render_row(&out, state->rows[i]);
    json_close(&out, ']');
    row->rows = arena_strndup(decision->arena, out.data, out.size);
    bytes_free(&out);
    return DONE;
}
