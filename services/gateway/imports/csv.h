/* CSV as RFC 4180 has it, record by record, in place; separated by commas, or
 * by tabs or semicolons where the first line has no comma.
 *
 * The imports read files with it; the fuzzer, too. Cells are unquoted where
 * they stand, so that a file costs no memory besides itself. Every cell is
 * text: nothing is taken for a number, zeros in front stay. Knows nothing of
 * columns or encodings.
 */
#pragma once

#include <stddef.h>
#include <stdint.h>

#include "attributes.h"

struct csv {
    char *at, *end;
    char separator;
    int32_t record;    /* number of the last record; the first is 1 */
    const char *fault; /* after CSV_FAULT: a code */
};

enum csv_news {
    CSV_RECORD,
    CSV_END,
    CSV_FAULT, /* QUOTE_UNCLOSED, QUOTE_MISPLACED, TOO_MANY_CELLS */
};

/* `text` is changed while it is read and must have one spare byte after
 * `size`. It holds no NUL. A first line `sep=;` names the separator, as Excel
 * has it; the line after it is record 1. */
void csv_open(struct csv *csv, char *text, size_t size);
/* The next record; its cells are texts within `text`. An empty line is a record
 * with one empty cell. Records end with CRLF, LF or CR. */
enum csv_news csv_next(struct csv *csv, char **ret_cells, size_t max,
                       size_t *ret_count) WARN_UNUSED;
