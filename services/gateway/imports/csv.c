/* csv.c: see csv.h. A quote opens a cell only where the cell begins; elsewhere
 * it is a sign like any other, as spreadsheets have it. Never reads behind the
 * end, never writes behind what it has read.
 */
#include "gateway/imports/csv.h"

#include <stdbool.h>

void
csv_open(struct csv *csv, char *text, size_t size)
{
    *csv = (struct csv){.at = text, .end = text + size};
}

static bool
ends_cell(char c)
{
    return c == ',' || c == '\n' || c == '\r';
}

static bool
is_quote(const struct csv *csv, const char *at)
{
    return at < csv->end && *at == '"';
}

/* From behind the opening quote to behind the closing one; two quotes are one.
 * Gives the end of what was written; NULL: the quote is never closed. */
static char *
unquote(const struct csv *csv, char **at)
{
    char *from = *at + 1, *to = *at;

    for (; from < csv->end; *to++ = *from++) {
        if (*from != '"')
            continue;
        from++;
        if (is_quote(csv, from))
            continue;
        *at = from;
        return to;
    }
    return NULL;
}

/* Behind the sign that ends the cell, CRLF as one. */
static char *
behind(const struct csv *csv, char *at)
{
    if (at == csv->end)
        return at;
    if (*at == '\r' && at + 1 < csv->end && at[1] == '\n')
        at++;
    return at + 1;
}

/* False: see the fault. */
static bool
read_cell(struct csv *csv, bool *ret_last)
{
    char *at = csv->at;
    char *end;

    if (is_quote(csv, at)) {
        end = unquote(csv, &at);
        if (end == NULL)
            return csv->fault = "QUOTE_UNCLOSED", false;
        if (at < csv->end && !ends_cell(*at))
            return csv->fault = "QUOTE_MISPLACED", false;
    } else {
        while (at < csv->end && !ends_cell(*at))
            at++;
        end = at;
    }
    *ret_last = at == csv->end || *at != ',';
    csv->at = behind(csv, at);
    *end = '\0'; /* now that the sign that stood there has been read */
    return true;
}

enum csv_news
csv_next(struct csv *csv, char **ret_cells, size_t max, size_t *ret_count)
{
    size_t count = 0;
    bool last = false;

    if (csv->at == csv->end)
        return CSV_END;
    csv->record++;
    while (!last) {
        if (count == max) {
            csv->fault = "TOO_MANY_CELLS";
            return CSV_FAULT;
        }
        ret_cells[count++] = csv->at;
        if (!read_cell(csv, &last))
            return CSV_FAULT;
    }
    *ret_count = count;
    return CSV_RECORD;
}
