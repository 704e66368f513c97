/* utf8.c: code points, grapheme clusters and a few character classes, each a
 * table of ranges. Called by fold.c and masking.c. Never allocates and never
 * looks at the locale, so a name masks alike on every machine. */
#include "rules/utf8.h"

#include <string.h>

struct range {
    uint32_t first;
    uint32_t last;
};

/* clang-format off */
/* What joins the character before it. Scripts seen in personal names; sorted. */
static const struct range extending[] = {
    {0x0300, 0x036F}, {0x0483, 0x0489}, {0x0591, 0x05BD}, {0x05BF, 0x05BF},
    {0x05C1, 0x05C2}, {0x05C4, 0x05C5}, {0x05C7, 0x05C7}, {0x0610, 0x061A},
    {0x064B, 0x065F}, {0x0670, 0x0670}, {0x06D6, 0x06DC}, {0x06DF, 0x06E4},
    {0x06E7, 0x06E8}, {0x06EA, 0x06ED}, {0x0711, 0x0711}, {0x0730, 0x074A},
    {0x07A6, 0x07B0}, {0x0900, 0x0903}, {0x093A, 0x093C}, {0x093E, 0x094F},
    {0x0951, 0x0957}, {0x0962, 0x0963}, {0x0981, 0x0983}, {0x09BC, 0x09BC},
    {0x09BE, 0x09CD}, {0x09D7, 0x09D7}, {0x09E2, 0x09E3}, {0x0A01, 0x0A03},
    {0x0A3C, 0x0A51}, {0x0A70, 0x0A71}, {0x0A75, 0x0A75}, {0x0A81, 0x0A83},
    {0x0ABC, 0x0ABC}, {0x0ABE, 0x0ACD}, {0x0B01, 0x0B03}, {0x0B3C, 0x0B3C},
    {0x0B3E, 0x0B57}, {0x0B82, 0x0B82}, {0x0BBE, 0x0BCD}, {0x0BD7, 0x0BD7},
    {0x0C00, 0x0C04}, {0x0C3E, 0x0C56}, {0x0C81, 0x0C83}, {0x0CBC, 0x0CBC},
    {0x0CBE, 0x0CD6}, {0x0D00, 0x0D03}, {0x0D3E, 0x0D4D}, {0x0D57, 0x0D57},
    {0x0DCA, 0x0DDF}, {0x0E31, 0x0E31}, {0x0E33, 0x0E3A}, {0x0E47, 0x0E4E},
    {0x0EB1, 0x0EB1}, {0x0EB3, 0x0EBC}, {0x0EC8, 0x0ECD}, {0x0F71, 0x0F84},
    {0x102B, 0x103E}, {0x1056, 0x1059}, {0x135D, 0x135F}, {0x17B4, 0x17D3},
    {0x180B, 0x180D}, {0x1AB0, 0x1AFF}, {0x1DC0, 0x1DFF}, {0x200C, 0x200D},
    {0x20D0, 0x20F0}, {0x302A, 0x302F}, {0x3099, 0x309A}, {0xFE00, 0xFE0F},
    {0xFE20, 0xFE2F}, {0x1F3FB, 0x1F3FF}, {0xE0020, 0xE007F},
    {0xE0100, 0xE01EF},
};

static const struct range blanks[] = {
    {0x0009, 0x000D}, {0x0020, 0x0020}, {0x0085, 0x0085}, {0x00A0, 0x00A0},
    {0x2000, 0x200B}, {0x2028, 0x2029}, {0x202F, 0x202F}, {0x205F, 0x2060},
    {0x3000, 0x3000}, {0xFEFF, 0xFEFF},
};

static const struct range han[] = {
    {0x3005, 0x3007}, {0x3400, 0x4DBF}, {0x4E00, 0x9FFF},
    {0xE000, 0xF8FF}, {0xF900, 0xFAFF}, {0x20000, 0x3FFFD},
    {0xF0000, 0x10FFFD},
};

/* What must not stand in a name: it would break a line, or turn it around. */
static const struct range unwelcome[] = {
    {0x0000, 0x001F}, {0x007F, 0x009F}, {0x2028, 0x2029}, {0x202A, 0x202E},
    {0x2066, 0x2069}, {0xFDD0, 0xFDEF}, {0xFFF9, 0xFFFB},
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

/* The bytes a lead byte announces, and its own bits; 0 for no lead byte. */
static size_t
lead(unsigned char byte, uint32_t *ret_bits)
{
    if (byte < 0x80)
        return *ret_bits = byte, 1;
    if (byte >= 0xC2 && byte <= 0xDF)
        return *ret_bits = byte & 0x1F, 2;
    if (byte >= 0xE0 && byte <= 0xEF)
        return *ret_bits = byte & 0x0F, 3;
    if (byte >= 0xF0 && byte <= 0xF4)
        return *ret_bits = byte & 0x07, 4;
    return 0;
}

bool
utf8_next(struct utf8_cursor *cursor, uint32_t *ret_code)
{
    static const uint32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
    uint32_t code = 0;

    if (cursor->at >= cursor->end)
        return false;
    size_t length = lead((unsigned char)*cursor->at, &code);
    if (length == 0 || (size_t)(cursor->end - cursor->at) < length)
        return false;
    for (size_t i = 1; i < length; i++) {
        unsigned char byte = (unsigned char)cursor->at[i];
        if ((byte & 0xC0) != 0x80)
            return false;
        code = code << 6 | (byte & 0x3F);
    }
    if (code < least[length] || code > 0x10FFFF ||
        (code >= 0xD800 && code <= 0xDFFF))
        return false;
    cursor->at += length;
    *ret_code = code;
    return true;
}

static bool
is_flag_half(uint32_t code)
{
    return code >= 0x1F1E6 && code <= 0x1F1FF;
}

/* Hangul: a leading consonant takes what follows, vowels and finals join. */
static bool
joins_hangul(uint32_t before, uint32_t code)
{
    bool vowel = code >= 0x1160 && code <= 0x11A7;
    bool final = code >= 0x11A8 && code <= 0x11FF;
    bool leading = code >= 0x1100 && code <= 0x115F;
    bool syllable = code >= 0xAC00 && code <= 0xD7A3;

    if (before >= 0x1100 && before <= 0x115F)
        return leading || vowel || syllable;
    if (before >= 0x1160 && before <= 0x11A7)
        return vowel || final;
    if (before >= 0xAC00 && before <= 0xD7A3)
        return final || (vowel && (before - 0xAC00) % 28 == 0);
    return before >= 0x11A8 && before <= 0x11FF && final;
}

static bool
is_pictograph(uint32_t code)
{
    return (code >= 0x1F300 && code <= 0x1FAFF) ||
           (code >= 0x2190 && code <= 0x2BFF);
}

bool
utf8_next_grapheme(struct utf8_cursor *cursor, const char **ret_start,
                   size_t *ret_length, uint32_t *ret_first)
{
    struct utf8_cursor here = *cursor;
    uint32_t first, code;

    if (!utf8_next(&here, &first))
        return false;
    uint32_t before = first;
    unsigned halves = is_flag_half(first);
    struct utf8_cursor after = here;
    while (utf8_next(&after, &code)) {
        bool flag = halves == 1 && is_flag_half(code);
        bool joined =
            before == 0x200D && is_pictograph(code) && is_pictograph(first);
        if (!flag && !joined && !IN(code, extending) &&
            !joins_hangul(before, code))
            break;
        halves += flag;
        before = code;
        here = after;
    }
    *ret_start = cursor->at;
    *ret_length = (size_t)(here.at - cursor->at);
    *ret_first = first;
    *cursor = here;
    return true;
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

bool
utf8_one_line(const char *text)
{
    struct utf8_cursor cursor = utf8_cursor_of(text);
    uint32_t code;

    while (utf8_next(&cursor, &code))
        if (IN(code, unwelcome) || (code & 0xFFFE) == 0xFFFE)
            return false;
    return cursor.at == cursor.end;
}

size_t
utf8_put(uint32_t code, char *ret_bytes, size_t room)
{
    static const unsigned char mark[] = {0, 0, 0xC0, 0xE0, 0xF0};
    size_t length = 1u + (code >= 0x80) + (code >= 0x800) + (code >= 0x10000);

    if (code > 0x10FFFF || (code >= 0xD800 && code <= 0xDFFF) || length > room)
        return 0;
    for (size_t i = length - 1; i > 0; i--) {
        ret_bytes[i] = (char)(0x80 | (code & 0x3F));
        code >>= 6;
    }
    ret_bytes[0] = (char)(mark[length] | code);
    return length;
}

bool
utf8_is_blank(uint32_t code)
{
    return IN(code, blanks);
}

bool
utf8_is_han(uint32_t code)
{
    return IN(code, han);
}
