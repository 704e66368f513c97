/* Rows of `code_table`, the aggregate, and of `code`, its children (T14).
 *
 * The lane of a table is its name. Commands on teachers have other lanes and
 * read single codes as hints. A removed code keeps its row, so that old records
 * stay readable. */
#include <stddef.h>

#include "teacher/teacher.h"

static const struct db_column code_table_columns[] = {
    DB_COLUMN(code_table, table_name, DB_TEXT),
    DB_COLUMN_AS("version", code_table, row.version, DB_INT8),
    {0},
};

static const struct db_column code_columns[] = {
    DB_COLUMN(code, code_id, DB_TEXT),
    DB_COLUMN(code, table_name, DB_TEXT),
    DB_COLUMN(code, code, DB_TEXT),
    DB_COLUMN(code, label, DB_TEXT),
    DB_COLUMN(code, label_en, DB_TEXT),
    DB_COLUMN(code, valid_from, DB_DATE),
    DB_COLUMN(code, valid_until, DB_DATE),
    DB_COLUMN(code, position, DB_INT4),
    DB_COLUMN(code, members, DB_TEXT),
    DB_COLUMN_AS("code_group", code, group, DB_TEXT),
    DB_COLUMN(code, removed, DB_BOOL),
    {0},
};

static CodeRow *
code_snapshot(struct arena *arena, const struct code *code)
{
    CodeRow *row = ARENA_NEW(arena, CodeRow);

    inservice__teacher__v1__code_row__init(row);
    row->code = wire_member(code->code);
    row->label = wire_member(code->label);
    row->label_en = wire_member(code->label_en);
    row->valid_from = wire_member(code->valid_from);
    row->valid_until = wire_member(code->valid_until);
    row->position = (uint32_t)code->position;
    row->group = wire_member(code->group);
    row->n_members = codes_split(arena, code->members, &row->members);
    return row;
}

static ProtobufCMessage *
snapshot(struct decision *decision, const void *row)
{
    const struct code_table *table = row;
    CodeTableState *state = ARENA_NEW(decision->arena, CodeTableState);
    struct code *code = NULL;
    size_t room = 0;

    inservice__teacher__v1__code_table_state__init(state);
    state->table = wire_member(table->table_name);
    while ((code = row_child(decision, &codes, table->table_name, code)))
        room++;
    state->rows = ARENA_ARRAY(decision->arena, CodeRow *, room + 1);
    while ((code = row_child(decision, &codes, table->table_name, code)))
        if (!code->removed)
            state->rows[state->n_rows++] = code_snapshot(decision->arena, code);
    return &state->base;
}

const struct store code_tables = {
    .name = "code_table",
    .kind = STORE_AGGREGATE,
    .size = sizeof(struct code_table),
    .columns = code_table_columns,
    .key = offsetof(struct code_table, table_name),
    .key_type = DB_TEXT,
    .state_type = "inservice.teacher.v1.CodeTableState",
    .children = (const struct store *const[]){&codes, NULL},
    .snapshot = snapshot,
};

const struct store codes = {
    .name = "code",
    .kind = STORE_CHILD,
    .size = sizeof(struct code),
    .columns = code_columns,
    .parent = offsetof(struct code, table_name),
    .parent_type = DB_TEXT,
};

const struct store codes_elsewhere = {
    .name = "code_elsewhere",
    .kind = STORE_HINT,
    .size = sizeof(struct code),
    .columns = code_columns,
    .key = offsetof(struct code, code_id),
    .key_type = DB_TEXT,
};
