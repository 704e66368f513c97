/* unit_cell.c: the checks of a row's own cells. Called for each row of the dry
 * run; what other rows or known units say is unit_link.c's. A cell is brought
 * to one form (width, blanks) before it is looked at, and then kept so. Never
 * guesses: a word that no table has is a fault for a person to solve (O1).
 */
#include "gateway/imports/unit_list.h"

#include <string.h>

#include "rules/fold.h"
#include "rules/utf8.h"

enum { CODE_MAX = 16, SHOWN_MAX = 60 };

void
unit_line_fault(struct unit_line *line, enum unit_column column,
                const char *code)
{
    for (size_t i = 0; i < line->fault_count; i++)
        if (line->faults[i].column == column)
            return;
    line->faults[line->fault_count++] = (struct unit_fault){column, code};
}

/* --- one cell: the fault's code, or NULL -------------------------------- */
typedef const char *check(struct unit_line *line, const char *cell);

static const char *
check_code(struct unit_line *line, const char *cell)
{
    static const char signs[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                "abcdefghijklmnopqrstuvwxyz-";
    (void)line;
    return cell[strspn(cell, signs)] == '\0' && strlen(cell) <= CODE_MAX
               ? NULL
               : "CODE_BAD";
}

static const char *
check_kind(struct unit_line *line, const char *cell)
{
    if (!organization_kind_from_text(cell, &line->kind))
        return "KIND_UNKNOWN";
    /* The platform is founded on the host. */
    return line->kind == KIND_PLATFORM ? "KIND_NOT_ALLOWED" : NULL;
}

static const char *
check_county(struct unit_line *line, const char *cell)
{
    const struct county *county = county_find(cell);

    if (county == NULL)
        return "COUNTY_UNKNOWN";
    line->cells[UNIT_COUNTY] = county->name;
    return NULL;
}

static const char *
check_phone(struct unit_line *line, const char *cell)
{
    (void)line;
    return phone_shape_ok(cell) ? NULL : "PHONE_BAD";
}

static const char *
check_email(struct unit_line *line, const char *cell)
{
    (void)line;
    return email_shape_ok(cell) ? NULL : "EMAIL_BAD";
}

static const struct {
    size_t max; /* bytes */
    bool required;
    check *check; /* NULL: any text on one line */
} rules[UNIT_COLUMNS] = {
    [UNIT_CODE] = {60, true, check_code},
    [UNIT_NAME] = {300, true, NULL},
    [UNIT_KIND] = {60, true, check_kind},
    [UNIT_COUNTY] = {60, true, check_county},
    [UNIT_ESTABLISHMENT] = {60, false, NULL},
    [UNIT_CENTRE] = {60, false, check_code},
    [UNIT_PARENT] = {60, false, check_code},
    [UNIT_PHONE] = {60, false, check_phone},
    [UNIT_EMAIL] = {254, false, check_email},
    [UNIT_ADDRESS] = {300, false, NULL},
    [UNIT_WEBSITE] = {300, false, NULL},
};

/* The beginning of a cell that is too long, whole characters. */
static const char *
beginning(struct arena *arena, const char *cell)
{
    struct utf8_cursor cursor = utf8_cursor_of(cell);
    uint32_t code;

    while (cursor.at - cell < SHOWN_MAX && utf8_next(&cursor, &code))
        ;
    return arena_printf(arena, "%.*s…", (int)(cursor.at - cell), cell);
}

/* Width and blanks as everywhere; most cells have them right already. */
static const char *
in_one_form(struct arena *arena, const char *cell)
{
    size_t size = strlen(cell) + 1;
    char *folded = arena_alloc(arena, size);

    return fold_width(cell, folded, size) ? folded : cell;
}

static const char *
check_cell(struct arena *arena, struct unit_line *line, int column)
{
    const char *cell = line->cells[column];

    if (cell[0] != '\0')
        cell = in_one_form(arena, cell);
    line->cells[column] = cell;
    if (cell[0] == '\0')
        return rules[column].required ? "CELL_EMPTY" : NULL;
    if (strlen(cell) > rules[column].max) {
        line->cells[column] = beginning(arena, cell);
        return "TEXT_TOO_LONG";
    }
    if (!utf8_one_line(cell))
        return "TEXT_BAD";
    return rules[column].check ? rules[column].check(line, cell) : NULL;
}

void
unit_line_check(struct arena *arena, struct unit_line *line)
{
    for (int column = 0; column < UNIT_COLUMNS; column++) {
        const char *code = check_cell(arena, line, column);
        if (code != NULL)
            unit_line_fault(line, (enum unit_column)column, code);
    }
}
