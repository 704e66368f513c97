/* A list of organizations: read from a file, checked cell by cell, compared
 * with known units. Pure: the caller passes the database's rows.
 *
 * Kind, county and centre are columns and never derived from a code (O1, O4).
 * The public list names no centres: a school's empty cell gets the centre of
 * its county, and the dry run reports it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "chassis/base/arena.h"
#include "attributes.h"
#include "chassis/base/bytes.h"
#include "chassis/base/map.h"

#include "rules/organization.h"

#include "gateway/imports/encoding.h"
#include "gateway/imports/import.h"

enum unit_column {
    UNIT_CODE,
    UNIT_NAME,
    UNIT_KIND,
    UNIT_COUNTY,
    UNIT_ESTABLISHMENT,
    UNIT_CENTRE,
    UNIT_PARENT,
    UNIT_PHONE,
    UNIT_EMAIL,
    UNIT_ADDRESS,
    UNIT_WEBSITE,
    UNIT_COLUMNS,
    UNIT_WHOLE_ROW = UNIT_COLUMNS, /* a fault of no single cell */
};

enum { UNIT_FAULTS_MAX = UNIT_COLUMNS + 1, UNIT_CAUSES_MAX = 64 };

struct unit_fault {
    enum unit_column column;
    const char *code;
};

/* A unit of the read model. */
struct stored_unit {
    const char *cells[UNIT_COLUMNS];
    enum organization_kind kind;
    bool open;
    struct map_entry by_code;
};

/* One row of the file. */
struct unit_line {
    int32_t row; /* as a spreadsheet counts: the heading is 1 */
    enum row_state state;
    enum wave wave;
    enum organization_kind kind;
    const char *cells[UNIT_COLUMNS]; /* "" where there is none */
    const struct stored_unit *known;
    unsigned differs; /* bits of columns, where it is known */
    unsigned lost;    /* bits of columns with a mark for a lost character */
    bool warned;      /* some are lost, and the row is new */
    bool defaulted;   /* the centre is the county's */
    size_t fault_count;
    struct unit_fault faults[UNIT_FAULTS_MAX];
    struct map_entry by_code;
};

struct unit_cause {
    struct unit_fault fault;
    int32_t first, last, count;
};

struct unit_causes {
    struct unit_cause rows[UNIT_CAUSES_MAX];
    size_t count;
};

struct unit_list {
    struct arena *arena;
    const char *encoding;
    enum unit_column columns[UNIT_COLUMNS]; /* of the file, in its order */
    size_t column_count;
    struct unit_line *lines;
    size_t count;
    size_t in_state[ROW_NEW + 1]; /* rows by state */
    size_t warned;                /* rows that the caller must accept */
    struct unit_causes causes, warnings;
};

/* The fault that makes a whole file unusable. */
struct file_fault {
    const char *code;  /* ENCODING_UNKNOWN SPREADSHEET_FILE COLUMN_UNKNOWN
                        * COLUMN_TWICE COLUMN_MISSING NO_ROWS TOO_MANY_ROWS,
                        * csv.h's */
    int32_t row;       /* 0: none */
    const char *about; /* heading, or NULL */
    bool columns;      /* the headings are wrong, the file is readable */
};

/* The fault's code of a cell that is not empty, or NULL. */
typedef const char *unit_check(struct arena *arena, struct unit_line *line,
                               enum unit_column column);

enum { UNIT_HEADINGS_MAX = 6 };
/* The columns that a file may have (unit_cell.c). */
extern const struct unit_column_rule {
    const char *name;                        /* in the API: "managingCentre" */
    const char *headings[UNIT_HEADINGS_MAX]; /* English, Chinese, others */
    size_t max; /* characters as a person counts them */
    bool required;
    bool narrow;       /* ASCII only */
    unit_check *check; /* NULL: any text on one line */
} unit_columns[UNIT_COLUMNS];
/* NULL: no single column. */
const char *unit_column_name(enum unit_column column);

/* unit_read.c: file to lines, cell by cell. False: it cannot be read. */
bool unit_list_read(struct unit_list *list, struct arena *arena,
                    const void *bytes, size_t size,
                    struct file_fault *ret_fault) WARN_UNUSED;
/* unit_cell.c: the checks of one row's own cells. */
void unit_line_check(struct arena *arena, struct unit_line *line);
/* unit_lost.c: whether a cell, as the file has it, has a mark for a lost
 * character: U+FFFD, which is a fault; or ?, □ or 〓, which the caller must
 * accept. */
bool unit_cell_broken(const char *cell) WARN_UNUSED;
bool unit_cell_lost(const char *cell) WARN_UNUSED;
/* Adds a fault, at most one for each cell. */
void unit_line_fault(struct unit_line *line, enum unit_column column,
                     const char *code);
/* unit_zeros.c: the codes that linking needs: those of the rows, those they
 * refer to, and both with the zeros that a spreadsheet may have removed. */
const char **unit_list_codes(const struct unit_list *list, size_t *ret_count);
/* The code with zeros up to `width` digits; NULL: no number, or as long
 * already. */
const char *unit_code_padded(struct arena *arena, const char *code,
                             size_t width);
enum { UNIT_CODE_DIGITS = 6 }; /* of the longest code that is a number */
/* unit_link.c: compares rows with each other and with known units; sets states,
 * waves, counts and causes. */
void unit_list_link(struct unit_list *list, struct stored_unit *known,
                    size_t count);
/* unit_report.c: JSON of a row's cells; of its faults or differences (NULL:
 * none); and of the dry run as a whole, members without braces. */
const char *unit_cells_json(struct arena *arena, const struct unit_line *line);
const char *unit_faults_json(struct arena *arena, const struct unit_line *line);
void unit_list_report(const struct unit_list *list, struct bytes *out);
