/* CSV of RFC 4180, read record by record, in place; separated by commas, or by
 * tabs or semicolons if the first line has no comma.
 *
 * The imports and the fuzzer use it. Cells are unquoted where they stand, so a
 * file needs no memory besides itself. Every cell is text: no cell is read as a
 * number, leading zeros stay. Independent of columns and encodings.
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

/* `text` is changed while it is read; it holds no NUL and has one spare byte
 * after `size`. A first line `sep=;` names the separator, as in Excel; the line
 * after it is record 1. */
void csv_open(struct csv *csv, char *text, size_t size);
/* The next record; its cells are texts within `text`. An empty line is a record
 * with one empty cell. Records end with CRLF, LF or CR. */
enum csv_news csv_next(struct csv *csv, char **ret_cells, size_t max,
                       size_t *ret_count) WARN_UNUSED;
