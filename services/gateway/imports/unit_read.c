/* unit_read.c: a file becomes lines. Called by the dry run; see unit_list.h.
 *
 * Headings are English or Chinese, in any order. An unknown heading is an
 * error, because its cells would be lost silently. Empty lines and repeated
 * headings are skipped but counted, as a spreadsheet counts.
 */
#include "gateway/imports/unit_list.h"

#include <string.h>

#include "rules/fold.h"
#include "rules/text.h"

#include "gateway/imports/csv.h"

enum { CELLS_MAX = 64, HEADING_MAX = 200 };

/* --- the heading -------------------------------------------------------- */

/* UNIT_COLUMNS: unknown. */
static enum unit_column
column_of(const char *heading)
{
    char folded[HEADING_MAX];

    if (!fold_name(heading, folded, sizeof folded))
        return UNIT_COLUMNS;
    for (int c = 0; c < UNIT_COLUMNS; c++) {
        for (int i = 0; i < UNIT_HEADINGS_MAX && unit_columns[c].headings[i];
             i++)
            if (strcmp(unit_columns[c].headings[i], folded) == 0)
                return (enum unit_column)c;
    }
    return UNIT_COLUMNS;
}

static bool
fail(struct file_fault *ret_fault, const char *code, int32_t row,
     const char *about)
{
    *ret_fault = (struct file_fault){code, row, about, false};
    return false;
}

static bool
fail_heading(struct file_fault *ret_fault, const char *code, const char *about)
{
    *ret_fault = (struct file_fault){code, 1, about, true};
    return false;
}

static bool
has_column(const struct unit_list *list, enum unit_column column)
{
    for (size_t i = 0; i < list->column_count; i++)
        if (list->columns[i] == column)
            return true;
    return false;
}

/* Lost characters in a heading: the file has another encoding. */
static bool
fail_unknown(struct file_fault *ret_fault, const char *heading)
{
    return strstr(heading, "\xEF\xBF\xBD") != NULL
               ? fail(ret_fault, "ENCODING_UNKNOWN", 1, heading)
               : fail_heading(ret_fault, "COLUMN_UNKNOWN", heading);
}

/* Spreadsheets often write empty headings at the end. */
static bool
read_heading(struct unit_list *list, char *const *cells, size_t count,
             struct file_fault *ret_fault)
{
    while (count > 0 && text_is_empty(cells[count - 1]))
        count--;
    for (size_t i = 0; i < count; i++) {
        enum unit_column column = column_of(cells[i]);
        if (column == UNIT_COLUMNS)
            return fail_unknown(ret_fault, cells[i]);
        if (has_column(list, column))
            return fail_heading(ret_fault, "COLUMN_TWICE", cells[i]);
        list->columns[list->column_count++] = column;
    }
    for (int c = 0; c < UNIT_COLUMNS; c++)
        if (unit_columns[c].required && !has_column(list, (enum unit_column)c))
            return fail_heading(ret_fault, "COLUMN_MISSING",
                                unit_columns[c].headings[1]);
    return true;
}

/* --- rows --------------------------------------------------------------- */

/* ="001301" tells a spreadsheet to keep leading zeros. */
static const char *
plain(char *cell)
{
    size_t size = strlen(cell);

    if (size < 3 || strncmp(cell, "=\"", 2) != 0 || cell[size - 1] != '"')
        return cell;
    cell[size - 1] = '\0';
    return cell + 2;
}

static bool
is_empty(char *const *cells, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (!text_is_empty(cells[i]))
            return false;
    return true;
}

/* Whether the heading is repeated: joined files, or a second heading in the
 * other language. A single cell may be a name that equals a heading. */
static bool
is_heading(const struct unit_list *list, char *const *cells, size_t count)
{
    size_t same = 0;

    for (size_t i = 0; i < count; i++) {
        if (text_is_empty(cells[i]))
            continue;
        if (i >= list->column_count || column_of(cells[i]) != list->columns[i])
            return false;
        same++;
    }
    return same > 1;
}

static void
read_line(struct unit_list *list, int32_t row, char *const *cells, size_t count)
{
    struct unit_line *line = &list->lines[list->count++];

    line->row = row;
    for (int c = 0; c < UNIT_COLUMNS; c++)
        line->cells[c] = "";
    for (size_t i = 0; i < count && i < list->column_count; i++)
        line->cells[list->columns[i]] = plain(cells[i]);
    if (count > list->column_count &&
        !is_empty(cells + list->column_count, count - list->column_count))
        unit_line_fault(line, UNIT_WHOLE_ROW, "ROW_TOO_LONG");
    unit_line_check(list->arena, line);
}

static size_t
lines_at_most(const struct text *text)
{
    size_t lines = 1;

    for (size_t i = 0; i < text->size && lines <= IMPORT_ROWS_MAX; i++)
        lines += text->data[i] == '\n' || text->data[i] == '\r';
    return lines;
}

static bool
read_lines(struct unit_list *list, struct csv *csv,
           struct file_fault *ret_fault)
{
    char *cells[CELLS_MAX];
    enum csv_news news;
    size_t count;

    while ((news = csv_next(csv, cells, CELLS_MAX, &count)) == CSV_RECORD) {
        if (is_empty(cells, count) || is_heading(list, cells, count))
            continue;
        if (list->count == IMPORT_ROWS_MAX)
            return fail(ret_fault, "TOO_MANY_ROWS", csv->record, NULL);
        read_line(list, csv->record, cells, count);
    }
    if (news == CSV_FAULT)
        return fail(ret_fault, csv->fault, csv->record, NULL);
    return list->count > 0 || fail(ret_fault, "NO_ROWS", 0, NULL);
}

/* The first row that is not blank. */
static bool
find_heading(struct unit_list *list, struct csv *csv,
             struct file_fault *ret_fault)
{
    char *cells[CELLS_MAX];
    size_t count;

    do {
        switch (csv_next(csv, cells, CELLS_MAX, &count)) {
        case CSV_RECORD:
            break;
        case CSV_END:
            return fail(ret_fault, "NO_ROWS", 0, NULL);
        case CSV_FAULT:
            return fail(ret_fault, csv->fault, csv->record, NULL);
        }
    } while (is_empty(cells, count));
    if (read_heading(list, cells, count, ret_fault))
        return true;
    ret_fault->row = csv->record;
    return false;
}

bool
unit_list_read(struct unit_list *list, struct arena *arena, const void *bytes,
               size_t size, struct file_fault *ret_fault)
{
    struct text text;
    struct csv csv;

    *list = (struct unit_list){.arena = arena};
    if (file_is_spreadsheet(bytes, size))
        return fail(ret_fault, "SPREADSHEET_FILE", 0, NULL);
    if (!text_decode(arena, bytes, size, &text))
        return fail(ret_fault, "ENCODING_UNKNOWN", 0, NULL);
    list->encoding = text.encoding;
    list->lines = ARENA_ARRAY(arena, struct unit_line, lines_at_most(&text));
    csv_open(&csv, text.data, text.size);
    return find_heading(list, &csv, ret_fault) &&
           read_lines(list, &csv, ret_fault);
}
