/* unit_lost.c: characters that a program could not write, and values that it
 * could not find. Called for each cell
 * as the file has it; see unit_list.h.
 *
 * A program that saves a rare character as CP950 writes ? for it, others □ or
 * 〓. The character cannot be restored, so the officer corrects or accepts the
 * cell: the ministry's own list has such names. A question mark at the end of a
 * Latin word or in full width was typed. U+FFFD is never typed.
 */
#include "gateway/imports/unit_list.h"

#include <string.h>

#include "attributes.h"

#include "rules/utf8.h"

bool
unit_cell_broken(const char *cell)
{
    return strstr(cell, "\xEF\xBF\xBD") != NULL;
}

/* Characters that always mean a missing character. */
static bool
is_mark(uint32_t code)
{
    return code == 0x25A1 || code == 0x3013;
}

static bool
is_letter(uint32_t code)
{
    return (code >= 'A' && code <= 'Z') || (code >= 'a' && code <= 'z') ||
           code >= 0xC0;
}

/* Whether question marks between these two codes were characters. 0: none. */
static bool
were_characters(uint32_t before, uint32_t after)
{
    return utf8_is_han(before) || utf8_is_han(after) ||
           (is_letter(before) && is_letter(after));
}

/* A formula of a spreadsheet that had no value, as it is saved. */
static bool
is_formula_error(const char *cell)
{
    static const char *const errors[] = {"#N/A",    "#REF!",  "#VALUE!",
                                         "#NAME?",  "#NUM!",  "#NULL!",
                                         "#DIV/0!", "#SPILL!"};

    for (size_t i = 0; i < COUNT_OF(errors); i++)
        if (strcmp(cell, errors[i]) == 0)
            return true;
    return false;
}

bool
unit_cell_lost(const char *cell)
{
    if (is_formula_error(cell))
        return true;

    struct utf8_cursor cursor = utf8_cursor_of(cell);
    uint32_t code, before = 0; /* the last that is no question mark */
    bool asked = false;        /* question marks follow it */

    while (utf8_next(&cursor, &code)) {
        if (is_mark(code))
            return true;
        if (code == '?') {
            asked = true;
            continue;
        }
        if (asked && were_characters(before, code))
            return true;
        asked = false;
        before = code;
    }
    return asked && were_characters(before, 0);
}
