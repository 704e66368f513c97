/* unit_zeros.c: codes whose leading zeros a spreadsheet has removed. Called by
 * the dry run, before the known units are read and when rows are compared with
 * them; see unit_list.h. Never corrects a code: a person decides. Serves O1 (a
 * code is text). */
#include "gateway/imports/unit_list.h"

#include <string.h>

const char *
unit_code_padded(struct arena *arena, const char *code, size_t width)
{
    static const char zeros[] = "000000";
    size_t size = strlen(code);

    if (size == 0 || size >= width || width > UNIT_CODE_DIGITS ||
        strspn(code, "0123456789") != size)
        return NULL;
    return arena_printf(arena, "%.*s%s", (int)(width - size), zeros, code);
}

static const enum unit_column referring[] = {UNIT_CODE, UNIT_CENTRE,
                                             UNIT_PARENT};

/* Adds the code and its forms with zeros; returns how many. */
static size_t
add_code(struct arena *arena, const char *code, const char **ret_codes)
{
    size_t count = 0;

    if (code[0] == '\0')
        return 0;
    ret_codes[count++] = code;
    for (size_t width = strlen(code) + 1; width <= UNIT_CODE_DIGITS; width++) {
        const char *padded = unit_code_padded(arena, code, width);
        if (padded == NULL)
            break;
        ret_codes[count++] = padded;
    }
    return count;
}

const char **
unit_list_codes(const struct unit_list *list, size_t *ret_count)
{
    enum { MOST = UNIT_CODE_DIGITS * COUNT_OF(referring) };
    const char **codes = ARENA_ARRAY(list->arena, const char *,
                                     list->count *COUNT_OF(referring) + MOST);
    size_t room = list->count * COUNT_OF(referring) + MOST, count = 0;

    for (size_t i = 0; i < list->count; i++) {
        if (room - count < MOST) {
            const char **more =
                ARENA_ARRAY(list->arena, const char *, 2 * room);
            memcpy(more, codes, count * sizeof *codes);
            codes = more;
            room *= 2;
        }
        for (size_t c = 0; c < COUNT_OF(referring); c++)
            count += add_code(list->arena, list->lines[i].cells[referring[c]],
                              codes + count);
    }
    *ret_count = count;
    return codes;
}
