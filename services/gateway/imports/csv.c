/* csv.c: see csv.h. A quote opens a cell only where the cell begins; inside an
 * unquoted cell it is a character like any other, as Excel and Python read it.
 * Blanks before an opening quote are a fault, because programs read them in
 * different ways. Never reads after the end, never writes after what it has
 * read. */
#include "gateway/imports/csv.h"

#include <stdbool.h>
#include <string.h>
#include <strings.h>

#include "rules/utf8.h"

static bool
ends_line(char c)
{
    return c == '\n' || c == '\r';
}

static bool
ends_cell(const struct csv *csv, char c)
{
    return c == csv->separator || ends_line(c);
}

static bool
is_quote(const struct csv *csv, const char *at)
{
    return at < csv->end && *at == '"';
}

/* Moves *at from the opening quote to after the closing one; two quotes are
 * one. Returns the end of the unquoted text; NULL: the quote is never closed.
 */
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

/* The place after the character that ends the cell or line; CRLF is one. */
static char *
after(const struct csv *csv, char *at)
{
    if (at == csv->end)
        return at;
    if (*at == '\r' && at + 1 < csv->end && at[1] == '\n')
        at++;
    return at + 1;
}

/* Whether an unquoted cell is blanks and then a quote. */
static bool
is_quoted_late(const char *cell, const char *end)
{
    struct utf8_cursor cursor = {cell, end};
    uint32_t code = 0;

    if (memchr(cell, '"', (size_t)(end - cell)) == NULL)
        return false;
    while (utf8_next(&cursor, &code) &&
           (utf8_is_blank(code) || utf8_is_invisible(code)))
        ;
    return code == '"';
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
        if (at < csv->end && !ends_cell(csv, *at))
            return csv->fault = "QUOTE_MISPLACED", false;
    } else {
        while (at < csv->end && !ends_cell(csv, *at))
            at++;
        end = at;
        if (is_quoted_late(csv->at, end))
            return csv->fault = "QUOTE_MISPLACED", false;
    }
    *ret_last = at == csv->end || *at != csv->separator;
    csv->at = after(csv, at);
    *end = '\0'; /* only now: the character was read above */
    return true;
}

/* --- the separator ------------------------------------------------------ */

/* Excel's line `sep=;`, which is no record. */
static bool
take_separator_line(struct csv *csv)
{
    static const char name[] = "sep=";
    enum { NAME = sizeof name - 1 };
    const char *line = csv->at;

    if (csv->end - line <= NAME || strncasecmp(line, name, NAME) != 0 ||
        ends_line(line[NAME]) || line[NAME] == '"' ||
        (csv->end - line > NAME + 1 && !ends_line(line[NAME + 1])))
        return false;
    csv->separator = line[NAME];
    csv->at = after(csv, csv->at + NAME + 1);
    return true;
}

/* The first of these characters that the first line has outside quotes; lines
 * with nothing at all do not count. */
static char
find_separator(const struct csv *csv)
{
    static const char separators[] = ",\t;";
    bool quoted = false, found[sizeof separators] = {false};
    const char *at = csv->at;

    while (at < csv->end && ends_line(*at))
        at++;
    for (; at < csv->end; at++) {
        const char *separator = strchr(separators, *at);
        if (*at == '"')
            quoted = !quoted;
        else if (!quoted && ends_line(*at))
            break;
        else if (!quoted && separator != NULL)
            found[separator - separators] = true;
    }
    for (size_t i = 0; separators[i] != '\0'; i++)
        if (found[i])
            return separators[i];
    return separators[0];
}

void
csv_open(struct csv *csv, char *text, size_t size)
{
    *csv = (struct csv){.at = text, .end = text + size};
    if (!take_separator_line(csv))
        csv->separator = find_separator(csv);
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
