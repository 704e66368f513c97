/* unit_report.c: the dry run's findings as JSON. Called when an import is
 * written, so that showing it later copies bytes. Each cause is reported once,
 * with its first and last row and its count, because ten thousand single faults
 * do not help; the rows are a list of their own. */
#include "rules/field_faults.h"

#include "gateway/imports/unit_list.h"

#include <string.h>

#include "gateway/request/render.h"

const char *
unit_cells_json(struct arena *arena, const struct unit_line *line)
{
    struct bytes out = {0};

    json_open(&out, NULL, '{');
    for (int c = 0; c < UNIT_COLUMNS; c++)
        if (line->cells[c][0] != '\0')
            json_text(&out, unit_column_name((enum unit_column)c),
                      line->cells[c]);
    if (line->defaulted)
        json_bool(&out, "centreOfCounty", true);
    json_close(&out, '}');
    const char *json = arena_strdup(arena, bytes_text(&out));
    bytes_free(&out);
    return json;
}

static void
add_note(struct bytes *out, enum unit_column column, const char *code,
         const char *value)
{
    json_open(out, NULL, '{');
    json_text(out, "column", unit_column_name(column));
    json_text(out, "code", code);
    json_text(out, "value", value);
    json_close(out, '}');
}

/* The known unit's value, as the file would write it. */
static const char *
known_cell(const struct unit_line *line, int column)
{
    if (column == UNIT_KIND)
        return word_label(&organization_kind_words, (int)line->known->kind);
    return line->known->cells[column];
}

const char *
unit_faults_json(struct arena *arena, const struct unit_line *line)
{
    struct bytes out = {0};

    if (line->fault_count == 0 && line->differs == 0 && !line->warned)
        return NULL;
    json_open(&out, NULL, '[');
    for (size_t i = 0; i < line->fault_count; i++) {
        enum unit_column column = line->faults[i].column;
        add_note(&out, column, line->faults[i].code,
                 column < UNIT_COLUMNS ? line->cells[column] : NULL);
    }
    for (int c = 0; c < UNIT_COLUMNS; c++)
        if (line->differs & 1u << c)
            add_note(&out, (enum unit_column)c, "DIFFERS", known_cell(line, c));
    for (int c = 0; c < UNIT_COLUMNS; c++)
        if (line->warned && line->lost & 1u << c)
            add_note(&out, (enum unit_column)c, "TEXT_PERHAPS_LOST",
                     line->cells[c]);
    json_close(&out, ']');
    const char *json = arena_strdup(arena, bytes_text(&out));
    bytes_free(&out);
    return json;
}

static void
report_causes(const struct unit_causes *causes, const char *name,
              struct bytes *out)
{
    json_open(out, name, '[');
    for (size_t i = 0; i < causes->count; i++) {
        const struct unit_cause *cause = &causes->rows[i];
        json_open(out, NULL, '{');
        json_text(out, "column", unit_column_name(cause->fault.column));
        json_text(out, "code", cause->fault.code);
        json_text(out, "detail", cell_fault_text(cause->fault.code));
        json_int(out, "first", cause->first);
        json_int(out, "last", cause->last);
        json_int(out, "count", cause->count);
        json_close(out, '}');
    }
    json_close(out, ']');
}

/* The centre given to schools that name none, by county. */
static void
report_defaults(const struct unit_list *list, struct bytes *out)
{
    const char *codes[COUNTIES] = {NULL};
    int64_t given[COUNTIES] = {0};

    for (size_t i = 0; i < list->count; i++) {
        const struct unit_line *line = &list->lines[i];
        const struct county *county =
            line->defaulted ? county_find(line->cells[UNIT_COUNTY]) : NULL;
        if (county == NULL)
            continue;
        codes[county - counties] = line->cells[UNIT_CENTRE];
        given[county - counties]++;
    }
    json_open(out, "centresOfCounties", '[');
    for (int c = 0; c < COUNTIES; c++) {
        if (given[c] == 0)
            continue;
        json_open(out, NULL, '{');
        json_text(out, "county", counties[c].name);
        json_text(out, "managingCentre", codes[c]);
        json_int(out, "count", given[c]);
        json_close(out, '}');
    }
    json_close(out, ']');
}

void
unit_list_report(const struct unit_list *list, struct bytes *out)
{
    json_text(out, "encoding", list->encoding);
    json_open(out, "columns", '[');
    for (size_t i = 0; i < list->column_count; i++)
        json_text(out, NULL, unit_column_name(list->columns[i]));
    json_close(out, ']');
    report_causes(&list->causes, "causes", out);
    report_causes(&list->warnings, "warnings", out);
    report_defaults(list, out);
}
