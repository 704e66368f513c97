/* encoding.c: see encoding.h. Called by the import's dry run. UTF-8 is tried
 * first: Chinese text in CP950 is practically never well-formed UTF-8.
 */
#include "gateway/imports/encoding.h"

#include <iconv.h>
#include <stdbool.h>
#include <string.h>

#include "rules/utf8.h"

static const char byte_order_mark[] = "\xEF\xBB\xBF";

enum { MARK = sizeof byte_order_mark - 1 };

/* Strict: a byte that is none ends it. Two bytes become three at most. */
static bool
from_cp950(struct arena *arena, const char *bytes, size_t size,
           struct text *ret_text)
{
    size_t room = size * 3 / 2 + 1, left = room;
    char *text = arena_alloc(arena, room + 1);
    char *in = arena_copy(arena, bytes, size), *out = text;
    iconv_t converter = iconv_open("UTF-8", "CP950");

    if (converter == (iconv_t)-1)
        return false;
    bool whole = iconv(converter, &in, &size, &out, &left) == 0;
    iconv_close(converter);
    if (!whole || !utf8_valid(text, room - left))
        return false;
    *ret_text = (struct text){text, room - left, "CP950"};
    return true;
}

bool
text_decode(struct arena *arena, const void *bytes, size_t size,
            struct text *ret_text)
{
    const char *from = size > 0 ? bytes : ""; /* no body is no pointer */

    if (size >= MARK && memcmp(from, byte_order_mark, MARK) == 0) {
        from += MARK;
        size -= MARK;
    }
    if (!utf8_valid(from, size))
        return from_cp950(arena, from, size, ret_text);
    char *text = arena_alloc(arena, size + 1);
    memcpy(text, from, size);
    *ret_text = (struct text){text, size, "UTF-8"};
    return true;
}
