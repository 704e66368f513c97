/* code_file.c: see code_file.h. Called by the founding of the platform and by
 * its test. Columns: code, label, label_en, and where a table has them group,
 * valid_from, valid_until and members (codes with a blank between). A row's
 * place in the file is its place in lists.
 */
#include "gateway/code_tables/code_file.h"

#include <string.h>

#include "rules/code_list.h"
#include "rules/day.h"
#include "rules/text.h"

#include "gateway/code_tables/code_table.h"
#include "gateway/imports/csv.h"
#include "gateway/imports/encoding.h"

#include "gateway_code_tables.h"

typedef Inservice__Teacher__V1__ReviseCodeTable ReviseCodeTable;
typedef Inservice__Teacher__V1__CodeRow CodeRow;

enum { ROWS_MAX = 1000, MEMBERS_MAX = 200, CELLS_MAX = 64 };

static const char *const headings[CODE_COLUMNS] = {
    "code",       "label",       "label_en", "group",
    "valid_from", "valid_until", "members",
};

const char *const code_file_tables[] = {
    "title_class", "subject_group", "title", "stage",
    "subject",     "title_set",     NULL,
};

/* The tables that contain the groups and members of a table. */
static const struct {
    const char *table, *groups, *members;
} references[] = {
    {"title", "title_class", NULL},
    {"subject", "subject_group", NULL},
    {"title_set", NULL, "title"},
};

const char *
code_file_built_in(const char *table)
{
    for (size_t i = 0; i < COUNT_OF(founding_files); i++)
        if (strcmp(founding_files[i].table, table) == 0)
            return founding_files[i].text;
    return NULL;
}

/* --- one row ------------------------------------------------------------ */

static bool
day_is_sound(const char *day)
{
    day_number number;

    return day[0] == '\0' || day_parse(day, &number);
}

/* Returns false if a member is no code, or there are too many. */
static bool
read_members(struct arena *arena, const char *cell, CodeRow *row)
{
    row->members = ARENA_ARRAY(arena, char *, MEMBERS_MAX + 1);
    row->n_members = code_list_split(arena_strdup(arena, cell), row->members,
                                     MEMBERS_MAX + 1);
    for (size_t i = 0; i < row->n_members; i++)
        if (!code_ok(row->members[i], CODE_MAX))
            return false;
    return row->n_members <= MEMBERS_MAX;
}

/* Returns NULL if the row is valid, otherwise the fault. */
static const char *
read_row(struct arena *arena, char *const cells[CODE_COLUMNS], CodeRow *row)
{
    inservice__teacher__v1__code_row__init(row);
    row->code = cells[CODE];
    row->label = cells[LABEL];
    row->label_en = cells[LABEL_EN];
    row->group = cells[GROUP];
    row->valid_from = cells[VALID_FROM];
    row->valid_until = cells[VALID_UNTIL];
    if (!code_ok(row->code, CODE_MAX))
        return "code: 1 to 32 letters, digits, _ and -";
    if (!text_is_stored(row->label, 1, TEXT_LABEL_MAX) ||
        !text_is_stored(row->label_en, 0, TEXT_LABEL_MAX))
        return "label: empty, or characters that cannot be used";
    if (row->group[0] != '\0' && !code_ok(row->group, CODE_MAX))
        return "group: not a code";
    if (!day_is_sound(row->valid_from) || !day_is_sound(row->valid_until))
        return "valid_from, valid_until: a day is written 2026-08-01";
    if (row->valid_until[0] != '\0' &&
        strcmp(row->valid_from, row->valid_until) >= 0)
        return "valid_until: must be later than valid_from";
    return read_members(arena, cells[MEMBERS], row)
               ? NULL
               : "members: codes with a blank between, at most 200";
}

static const CodeRow *
find_row(const ReviseCodeTable *table, const char *code)
{
    for (size_t i = 0; i < table->n_rows; i++)
        if (strcmp(table->rows[i]->code, code) == 0)
            return table->rows[i];
    return NULL;
}

/* --- the file ----------------------------------------------------------- */

struct file {
    struct arena *arena;
    struct csv csv;
    enum code_column columns[CODE_COLUMNS]; /* of the file, in its order */
    size_t column_count;
    ReviseCodeTable *table;
};

/* Returns NULL if every heading is known, and code and label are there. */
static const char *
read_heading(struct file *file, char *const *cells, size_t count)
{
    unsigned seen = 0;

    for (size_t i = 0; i < count; i++) {
        int column = 0;
        while (column < CODE_COLUMNS && strcmp(headings[column], cells[i]) != 0)
            column++;
        if (column == CODE_COLUMNS || seen & 1u << column)
            return arena_printf(file->arena,
                                "column \"%.40s\" is unknown or comes twice",
                                cells[i]);
        seen |= 1u << column;
        file->columns[file->column_count++] = (enum code_column)column;
    }
    return seen & 1u << CODE && seen & 1u << LABEL
               ? NULL
               : "the columns code and label must be there";
}

static const char *
add_row(struct file *file, char *const *cells, size_t count)
{
    ReviseCodeTable *table = file->table;
    char *sorted[CODE_COLUMNS];

    for (int c = 0; c < CODE_COLUMNS; c++)
        sorted[c] = arena_strdup(file->arena, "");
    if (count > file->column_count)
        return "more cells than headings";
    for (size_t i = 0; i < count; i++)
        sorted[file->columns[i]] = cells[i];
    if (table->n_rows == ROWS_MAX)
        return "too many rows";
    CodeRow *row = ARENA_NEW(file->arena, CodeRow);
    const char *fault = read_row(file->arena, sorted, row);
    if (fault == NULL && find_row(table, row->code) != NULL)
        fault = "code: comes twice";
    row->position = (uint32_t)table->n_rows + 1;
    table->rows[table->n_rows++] = row;
    return fault;
}

/* Without the empty cells that spreadsheets leave at the end of a row. */
static size_t
without_tail(char *const *cells, size_t count)
{
    while (count > 0 && cells[count - 1][0] == '\0')
        count--;
    return count;
}

static const char *
read_records(struct file *file)
{
    char *cells[CELLS_MAX];
    const char *fault = NULL;
    enum csv_news news;
    size_t count;

    while (fault == NULL &&
           (news = csv_next(&file->csv, cells, CELLS_MAX, &count)) != CSV_END) {
        if (news == CSV_FAULT)
            return file->csv.fault;
        count = without_tail(cells, count);
        if (file->csv.record == 1)
            fault = read_heading(file, cells, count);
        else if (count > 0)
            fault = add_row(file, cells, count);
    }
    return fault;
}

ReviseCodeTable *
code_file_read(struct arena *arena, const char *table, const void *bytes,
               size_t size, const char **ret_fault)
{
    struct file file = {.arena = arena};
    struct text text;

    file.table = ARENA_NEW(arena, ReviseCodeTable);
    inservice__teacher__v1__revise_code_table__init(file.table);
    file.table->table = arena_strdup(arena, table);
    file.table->rows = ARENA_ARRAY(arena, CodeRow *, ROWS_MAX);
    if (!text_decode(arena, bytes, size, &text)) {
        *ret_fault = "neither UTF-8 nor Big5";
        return NULL;
    }
    csv_open(&file.csv, text.data, text.size);
    const char *fault = read_records(&file);
    if (fault == NULL && file.table->n_rows == 0)
        fault = "there are no rows";
    if (fault == NULL)
        return file.table;
    *ret_fault = arena_printf(arena, "row %d: %s", file.csv.record, fault);
    return NULL;
}

/* --- references between tables --- */

/* Returns NULL if there is no such table; then its rows are not checked. */
static const ReviseCodeTable *
find_table(ReviseCodeTable *const *tables, size_t count, const char *name)
{
    for (size_t i = 0; name != NULL && i < count; i++)
        if (strcmp(tables[i]->table, name) == 0)
            return tables[i];
    return NULL;
}

static const char *
check_row(struct arena *arena, const CodeRow *row,
          const ReviseCodeTable *groups, const ReviseCodeTable *members)
{
    if (groups != NULL && find_row(groups, row->group) == NULL)
        return arena_printf(arena, "%s: the group \"%s\" is not in %s",
                            row->code, row->group, groups->table);
    for (size_t i = 0; members != NULL && i < row->n_members; i++)
        if (find_row(members, row->members[i]) == NULL)
            return arena_printf(arena, "%s: the member \"%s\" is not in %s",
                                row->code, row->members[i], members->table);
    return NULL;
}

const char *
code_file_check(struct arena *arena, ReviseCodeTable *const *tables,
                size_t count, const ReviseCodeTable *of)
{
    const ReviseCodeTable *groups = NULL, *members = NULL;
    const char *fault = NULL;

    for (size_t i = 0; i < COUNT_OF(references); i++) {
        if (strcmp(references[i].table, of->table) != 0)
            continue;
        groups = find_table(tables, count, references[i].groups);
        members = find_table(tables, count, references[i].members);
    }
    for (size_t i = 0; fault == NULL && i < of->n_rows; i++)
        fault = check_row(arena, of->rows[i], groups, members);
    return fault;
}
