/* ReviseCodeTable: adds, replaces and removes rows of one code table.
 *
 * Titles, stages, subjects and the title sets that lists filter by are data,
 * never code (T14). The installation seeds them; later the platform's system
 * administrators revise them. Lane: the table's name. */
#include <string.h>

#include "rules/text.h"

#include "teacher/teacher.h"

enum { TABLE_NAME_MAX = 32, MEMBERS_MAX = 200 };

void
revise_code_table_keys(struct keys *keys, const void *message)
{
    const ReviseCodeTable *command = message;

    keys_lane(keys, command->table);
    keys_row(keys, &code_tables, command->table);
    keys_children(keys, &codes, command->table);
    actor_keys(keys, command->order);
}

static const char *
objection_to_officer(struct decision *decision)
{
    struct officer officer;

    if (actor_is_system(decision->order))
        return NULL;
    const char *objection = actor_find(decision, &officer);
    if (objection != NULL)
        return objection;
    return officer.permissions & PERMISSION_SYSTEM_ADMINISTRATION
               ? NULL
               : "NOT_PERMITTED";
}

static bool
day_is_sound(const char *day)
{
    day_number number;

    return day[0] == '\0' || day_parse(day, &number);
}

static bool
row_is_sound(const CodeRow *row)
{
    if (!code_ok(row->code, CODE_MAX) ||
        !text_is_stored(row->label, 1, TEXT_LABEL_MAX) ||
        !text_is_stored(row->label_en, 0, TEXT_LABEL_MAX) ||
        row->n_members > MEMBERS_MAX ||
        (row->group[0] != '\0' && !code_ok(row->group, CODE_MAX)) ||
        !day_is_sound(row->valid_from) || !day_is_sound(row->valid_until))
        return false;
    for (size_t i = 0; i < row->n_members; i++)
        if (!code_ok(row->members[i], CODE_MAX))
            return false;
    return row->valid_until[0] == '\0' ||
           strcmp(row->valid_from, row->valid_until) < 0;
}

static const char *
objection_to_rows(struct decision *decision, const ReviseCodeTable *command)
{
    if (!code_ok(command->table, TABLE_NAME_MAX))
        return "BAD_FORM";
    for (size_t i = 0; i < command->n_rows; i++) {
        if (!row_is_sound(command->rows[i])) {
            const char *code = command->rows[i]->code;
            refuse_detail(decision, "/rows", "BAD_FORM",
                          code_ok(code, CODE_MAX) ? code : "");
            return "BAD_FORM";
        }
    }
    return NULL;
}

static struct code *
code_find(struct decision *decision, const char *table, const char *name)
{
    struct code *code = NULL;

    while ((code = row_child(decision, &codes, table, code)) != NULL)
        if (strcmp(code->code, name) == 0)
            return code;
    return NULL;
}

static const char *
day_or_null(const char *day)
{
    return day[0] == '\0' ? NULL : day;
}

static void
code_put(struct decision *decision, const char *table, const CodeRow *row)
{
    char id[KEY_MAX];
    struct code *code = code_find(decision, table, row->code);

    if (code == NULL) {
        code = row_add_child(decision, &codes, table);
        code->code_id =
            arena_strdup(decision->arena, code_id(table, row->code, id));
        code->code = row->code;
    }
    row_change(decision, code);
    code->label = row->label;
    code->label_en = row->label_en;
    code->valid_from = day_or_null(row->valid_from);
    code->valid_until = day_or_null(row->valid_until);
    code->position = (int32_t)row->position;
    code->group = row->group;
    code->members = codes_join(decision->arena, row->members, row->n_members);
    code->removed = false;
}

static void
code_remove(struct decision *decision, const char *table, const char *name)
{
    struct code *code = code_find(decision, table, name);

    if (code == NULL)
        return;
    row_change(decision, code);
    code->removed = true;
}

enum end
do_revise_code_table(struct decision *decision, const void *message)
{
    const ReviseCodeTable *command = message;
    struct code_table *table = row_find(decision, &code_tables, command->table);
    CodeTableRevised fact;

    subject(decision, table);
    const char *objection = objection_to_officer(decision);
    if (objection == NULL)
        objection = objection_to_rows(decision, command);
    if (objection == NULL && version_differs(decision, table))
        objection = "CHANGED";
    if (objection != NULL)
        return refuse(decision, objection);

    if (table == NULL)
        table = row_add(decision, &code_tables, command->table);
    row_change(decision, table);
    for (size_t i = 0; i < command->n_removed_codes; i++)
        code_remove(decision, table->table_name, command->removed_codes[i]);
    for (size_t i = 0; i < command->n_rows; i++)
        code_put(decision, table->table_name, command->rows[i]);

    inservice__teacher__v1__code_table_revised__init(&fact);
    fact.table = wire_member(table->table_name);
    say(decision, table, &fact.base);
    return DONE;
}
