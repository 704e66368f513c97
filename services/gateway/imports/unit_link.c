/* unit_link.c: compares the rows of a list with each other and with known
 * units.
 *
 * Called once by the dry run, after every row was checked by itself. Finds
 * codes that come twice or have lost zeros, and unknown centres and parents.
 * Gives a school without a centre that of its county (O4). Sets each row's
 * state: new, same or differing. No row may refer to a wrong row.
 */
#include "gateway/imports/unit_list.h"

#include <string.h>

#include "rules/fold.h"

struct county_centre {
    const char *code; /* NULL: none */
    bool several;
};

struct linking {
    struct unit_list *list;
    struct map known; /* struct stored_unit by code */
    struct map lines; /* struct unit_line: the first with this code */
    struct county_centre centres[COUNTIES];
};

/* --- the unit of a code, known or in the file --------------------------- */

static const struct stored_unit *
known_of(const struct linking *linking, const char *code)
{
    return MAP_ITEM(map_find(linking->known, map_text(NULL, code)),
                    struct stored_unit, by_code);
}

static const struct unit_line *
line_of(const struct linking *linking, const char *code)
{
    return MAP_ITEM(map_find(linking->lines, map_text(NULL, code)),
                    struct unit_line, by_code);
}

/* KIND_UNSPECIFIED: unknown code. */
static enum organization_kind
kind_of(const struct linking *linking, const char *code)
{
    const struct stored_unit *known = known_of(linking, code);
    const struct unit_line *line = line_of(linking, code);

    if (known != NULL)
        return known->kind;
    return line != NULL && line->fault_count == 0 ? line->kind
                                                  : KIND_UNSPECIFIED;
}

static bool
is_branch(const struct linking *linking, const char *code)
{
    const struct stored_unit *known = known_of(linking, code);
    const struct unit_line *line = line_of(linking, code);

    if (known != NULL)
        return known->cells[UNIT_PARENT][0] != '\0';
    return line != NULL && line->cells[UNIT_PARENT][0] != '\0';
}

static bool
is_school(enum organization_kind kind)
{
    return organization_group_of(kind) == GROUP_K12;
}

/* --- the centre of a county --------------------------------------------- */

static void
note_centre(struct linking *linking, const char *county, const char *code)
{
    const struct county *of = county_find(county);

    if (of == NULL)
        return;
    struct county_centre *centre = &linking->centres[of - counties];
    if (centre->code == NULL)
        centre->code = code;
    else if (strcmp(centre->code, code) != 0)
        centre->several = true;
}

static void
note_centres(struct linking *linking, const struct stored_unit *known,
             size_t count)
{
    const struct unit_list *list = linking->list;

    for (size_t i = 0; i < count; i++)
        if (known[i].kind == KIND_REGIONAL_CENTRE && known[i].open)
            note_centre(linking, known[i].cells[UNIT_COUNTY],
                        known[i].cells[UNIT_CODE]);
    for (size_t i = 0; i < list->count; i++) {
        const struct unit_line *line = &list->lines[i];
        if (line->kind == KIND_REGIONAL_CENTRE && line->fault_count == 0 &&
            line->known == NULL)
            note_centre(linking, line->cells[UNIT_COUNTY],
                        line->cells[UNIT_CODE]);
    }
}

/* A unit that is there already keeps its centre. */
static const char *
default_centre(struct linking *linking, struct unit_line *line)
{
    const struct county *county = county_find(line->cells[UNIT_COUNTY]);

    if (line->known != NULL || !is_school(line->kind) || county == NULL)
        return NULL;
    const struct county_centre *centre = &linking->centres[county - counties];
    if (centre->code == NULL)
        return "CENTRE_UNKNOWN";
    if (centre->several)
        return "CENTRE_AMBIGUOUS";
    line->cells[UNIT_CENTRE] = centre->code;
    line->defaulted = true;
    return NULL;
}

/* --- one row: the fault's code, or NULL --------------------------------- */

static const char *
check_twice(struct linking *linking, struct unit_line *line)
{
    return line_of(linking, line->cells[UNIT_CODE]) == line ? NULL
                                                            : "CODE_TWICE";
}

/* Whether a unit of that code, known or in the file, has the row's name. */
static bool
is_same_unit(const struct linking *linking, const struct unit_line *line,
             const char *code)
{
    const struct stored_unit *known = known_of(linking, code);
    const struct unit_line *other = line_of(linking, code);
    const char *name = line->cells[UNIT_NAME];

    return (known != NULL && fold_same_name(name, known->cells[UNIT_NAME])) ||
           (other != NULL && fold_same_name(name, other->cells[UNIT_NAME]));
}

/* 14998 with the name of 014998 is that unit. */
static const char *
check_zeros(struct linking *linking, struct unit_line *line)
{
    const char *code = line->cells[UNIT_CODE];

    for (size_t width = strlen(code) + 1;
         line->known == NULL && width <= UNIT_CODE_DIGITS; width++) {
        const char *padded =
            unit_code_padded(linking->list->arena, code, width);
        if (padded != NULL && is_same_unit(linking, line, padded))
            return "ZEROS_LOST";
    }
    return NULL;
}

/* The fault of a code that a row refers to and that is not known. */
static const char *
unknown_code(const struct linking *linking, const char *code,
             const char *unknown)
{
    for (size_t width = strlen(code) + 1; width <= UNIT_CODE_DIGITS; width++) {
        const char *padded =
            unit_code_padded(linking->list->arena, code, width);
        if (padded != NULL && kind_of(linking, padded) != KIND_UNSPECIFIED)
            return "ZEROS_LOST";
    }
    return unknown;
}

static const char *
check_centre(struct linking *linking, struct unit_line *line)
{
    const char *centre = line->cells[UNIT_CENTRE];

    if (centre[0] == '\0')
        return default_centre(linking, line);
    if (line->kind == KIND_REGIONAL_CENTRE)
        return "CENTRE_NOT_ALLOWED";
    return kind_of(linking, centre) == KIND_REGIONAL_CENTRE
               ? NULL
               : unknown_code(linking, centre, "CENTRE_UNKNOWN");
}

static const char *
check_parent(struct linking *linking, struct unit_line *line)
{
    const char *parent = line->cells[UNIT_PARENT];

    if (parent[0] == '\0')
        return NULL;
    if (!is_school(line->kind))
        return "PARENT_NOT_ALLOWED";
    if (strcmp(parent, line->cells[UNIT_CODE]) == 0 ||
        !is_school(kind_of(linking, parent)))
        return unknown_code(linking, parent, "PARENT_UNKNOWN");
    return is_branch(linking, parent) ? "PARENT_IS_BRANCH" : NULL;
}

typedef const char *check_link(struct linking *linking, struct unit_line *line);

/* Each check runs over all rows before the next one starts, so later checks
 * ignore rows that are already wrong. */
static const struct {
    enum unit_column column;
    check_link *check;
} passes[] = {
    {UNIT_CODE, check_twice},
    {UNIT_CODE, check_zeros},
    {UNIT_CENTRE, check_centre},
    {UNIT_PARENT, check_parent},
};

/* The checks need a code, a kind and a county. */
static bool
can_be_linked(const struct unit_line *line)
{
    for (size_t i = 0; i < line->fault_count; i++)
        if (line->faults[i].column <= UNIT_COUNTY &&
            line->faults[i].column != UNIT_NAME)
            return false;
    return true;
}

static void
run_pass(struct linking *linking, size_t pass)
{
    for (size_t i = 0; i < linking->list->count; i++) {
        struct unit_line *line = &linking->list->lines[i];
        if (!can_be_linked(line))
            continue;
        const char *code = passes[pass].check(linking, line);
        if (code != NULL)
            unit_line_fault(line, passes[pass].column, code);
    }
}

/* --- the state of a row ------------------------------------------------- */

/* An empty cell is no difference. */
static unsigned
differences(const struct unit_line *line)
{
    unsigned differs = 0;

    for (int c = 0; c < UNIT_COLUMNS; c++) {
        bool same = c == UNIT_KIND
                        ? line->kind == line->known->kind
                        : strcmp(line->cells[c], line->known->cells[c]) == 0;
        if (line->cells[c][0] != '\0' && !same)
            differs |= 1u << c;
    }
    return differs;
}

static void
note_cause(struct unit_causes *causes, struct unit_fault fault, int32_t row)
{
    struct unit_cause *cause = causes->rows;
    struct unit_cause *end = cause + causes->count;

    while (cause < end && (cause->fault.column != fault.column ||
                           strcmp(cause->fault.code, fault.code) != 0))
        cause++;
    if (cause == end) {
        if (causes->count == UNIT_CAUSES_MAX)
            return;
        causes->count++;
        *cause = (struct unit_cause){.fault = fault, .first = row};
    }
    cause->last = row;
    cause->count++;
}

static enum row_state
state_of(const struct unit_line *line)
{
    if (line->fault_count > 0)
        return ROW_FAULTY;
    if (line->known == NULL)
        return ROW_NEW;
    return line->differs != 0 ? ROW_DIFFERING : ROW_SAME;
}

/* A row that is there already changes nothing, so it needs no warning. */
static void
settle_warnings(struct unit_list *list, struct unit_line *line)
{
    line->warned = line->state == ROW_NEW && line->lost != 0;
    if (!line->warned)
        return;
    list->warned++;
    for (int c = 0; c < UNIT_COLUMNS; c++)
        if (line->lost & 1u << c)
            note_cause(
                &list->warnings,
                (struct unit_fault){(enum unit_column)c, "TEXT_PERHAPS_LOST"},
                line->row);
}

static void
settle(struct unit_list *list, struct unit_line *line)
{
    if (line->known != NULL && line->fault_count == 0)
        line->differs = differences(line);
    line->state = state_of(line);
    line->wave = line->kind == KIND_REGIONAL_CENTRE    ? WAVE_CENTRES
                 : line->cells[UNIT_PARENT][0] != '\0' ? WAVE_BRANCHES
                                                       : WAVE_UNITS;
    list->in_state[line->state]++;
    for (size_t i = 0; i < line->fault_count; i++)
        note_cause(&list->causes, line->faults[i], line->row);
    settle_warnings(list, line);
}

static struct map
map_for(struct arena *arena, size_t items)
{
    size_t count = 16;

    while (count < items)
        count *= 2;
    return (struct map){ARENA_ARRAY(arena, struct map_entry *, count), count};
}

void
unit_list_link(struct unit_list *list, struct stored_unit *known, size_t count)
{
    struct linking linking = {
        .list = list,
        .known = map_for(list->arena, count),
        .lines = map_for(list->arena, list->count),
    };

    for (size_t i = 0; i < count; i++)
        map_add(linking.known, &known[i].by_code,
                map_text(NULL, known[i].cells[UNIT_CODE]));
    for (size_t i = 0; i < list->count; i++) {
        struct unit_line *line = &list->lines[i];
        const char *code = line->cells[UNIT_CODE];
        line->known = known_of(&linking, code);
        if (line_of(&linking, code) == NULL)
            map_add(linking.lines, &line->by_code, map_text(NULL, code));
    }
    note_centres(&linking, known, count);
    for (size_t pass = 0; pass < COUNT_OF(passes); pass++)
        run_pass(&linking, pass);
    for (size_t i = 0; i < list->count; i++)
        settle(list, &list->lines[i]);
}
