/* utf8.c: code points, grapheme clusters and a few character classes. Called by
 * the text rules of this folder. The tables here hold only what Unicode does
 * not say. Never allocates and never looks at the locale, so a name masks alike
 * on every machine. */
#include "rules/utf8.h"

#include <string.h>

#include <utf8proc.h>

/* A mark in Unicode, but invisible. */
#define KHITAN_FILLER 0x16FE4

struct range {
    uint32_t first;
    uint32_t last;
};

/* clang-format off */
static const struct range han[] = {
    {0x25CB, 0x25CB}, {0x25EF, 0x25EF}, /* ○ of registers */
    {0x2E80, 0x2FDF}, {0x3005, 0x3007}, {0x3400, 0x4DBF}, {0x4E00, 0x9FFF},
    {0xE000, 0xF8FF}, {0xF900, 0xFAFF}, {0x20000, 0x3FFFD},
    {0xF0000, 0x10FFFD},
};

static const struct range other_cjk[] = {
    {0x1100, 0x11FF}, {0x3000, 0x30FF}, {0x3100, 0x31BF}, {0x31F0, 0x31FF},
    {0xA960, 0xA97F}, {0xAC00, 0xD7FF},
};

/* Drawn as a blank, and no white space for Unicode: the empty Braille cell,
 * the musical null notehead. */
static const struct range drawn_blank[] = {
    {0x0009, 0x000D}, {0x0085, 0x0085}, {0x2800, 0x2800}, {0x1D159, 0x1D159},
};
/* Format controls that are drawn: Arabic and other marks around numbers. */
static const struct range drawn_format[] = {
    {0x0600, 0x0605}, {0x06DD, 0x06DD}, {0x070F, 0x070F}, {0x0890, 0x0891},
    {0x08E2, 0x08E2}, {0xFFF9, 0xFFFB}, /* text_clean() refuses these three */
    {0x110BD, 0x110BD}, {0x110CD, 0x110CD},
};
/* clang-format on */

static bool
in_ranges(uint32_t code, const struct range *ranges, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (code >= ranges[i].first && code <= ranges[i].last)
            return true;
    return false;
}

#define IN(code, table)                                                        \
    in_ranges(code, table, sizeof(table) / sizeof((table)[0]))

struct utf8_cursor
utf8_cursor_of(const char *text)
{
    return (struct utf8_cursor){.at = text, .end = text + strlen(text)};
}

bool
utf8_next(struct utf8_cursor *cursor, uint32_t *ret_code)
{
    utf8proc_int32_t code = -1;

    if (cursor->at >= cursor->end)
        return false;
    utf8proc_ssize_t length = utf8proc_iterate(
        (const utf8proc_uint8_t *)cursor->at, cursor->end - cursor->at, &code);
    if (length <= 0 || code < 0)
        return false;
    cursor->at += length;
    *ret_code = (uint32_t)code;
    return true;
}

bool
utf8_next_grapheme(struct utf8_cursor *cursor, const char **ret_start,
                   size_t *ret_length, uint32_t *ret_first)
{
    struct utf8_cursor here = *cursor;
    utf8proc_int32_t state = 0;
    uint32_t before, code;

    if (!utf8_next(&here, &before))
        return false;
    *ret_first = before;
    struct utf8_cursor after = here;
    while (utf8_next(&after, &code) &&
           !utf8proc_grapheme_break_stateful((utf8proc_int32_t)before,
                                             (utf8proc_int32_t)code, &state)) {
        before = code;
        here = after;
    }
    *ret_start = cursor->at;
    *ret_length = (size_t)(here.at - cursor->at);
    *cursor = here;
    return true;
}

size_t
utf8_graphemes(const char *text)
{
    struct utf8_cursor cursor = utf8_cursor_of(text);
    const char *start;
    size_t length, count = 0;
    uint32_t first;

    while (utf8_next_grapheme(&cursor, &start, &length, &first))
        count++;
    return count;
}

bool
utf8_valid(const void *bytes, size_t length)
{
    const char *text = bytes;
    struct utf8_cursor cursor = {.at = text, .end = text + length};
    uint32_t code;

    while (utf8_next(&cursor, &code))
        if (code == 0)
            return false;
    return cursor.at == cursor.end;
}

size_t
utf8_put(uint32_t code, char *ret_bytes, size_t room)
{
    utf8proc_uint8_t bytes[4];

    if (code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF))
        return 0;
    size_t length = (size_t)utf8proc_encode_char((utf8proc_int32_t)code, bytes);
    if (length > room)
        return 0;
    memcpy(ret_bytes, bytes, length);
    return length;
}

bool
utf8_is_blank(uint32_t code)
{
    if (code < 0x80)
        return code == ' ' || (code >= '\t' && code <= '\r');
    if (code >= 0x3400 && code <= 0x9FFF) /* most names */
        return false;
    utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)code);
    return category == UTF8PROC_CATEGORY_ZS ||
           category == UTF8PROC_CATEGORY_ZL ||
           category == UTF8PROC_CATEGORY_ZP || IN(code, drawn_blank);
}

bool
utf8_is_invisible(uint32_t code)
{
    const utf8proc_property_t *property =
        utf8proc_get_property((utf8proc_int32_t)code);

    if (property->ignorable || code == KHITAN_FILLER)
        return true;
    return property->category == UTF8PROC_CATEGORY_CF &&
           !IN(code, drawn_format);
}

bool
utf8_is_han(uint32_t code)
{
    return IN(code, han);
}

bool
utf8_is_cjk(uint32_t code)
{
    return IN(code, han) || IN(code, other_cjk);
}
