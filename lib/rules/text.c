/* text.c: the stored form of text.h. Works on the stack and writes the caller's
 * buffer only when everything fitted. Never looks at the locale. Serves O1, T9,
 * B14 and the rule that a name is found again as people type it. */
#include "rules/text.h"

#include "rules/codes.h"
#include "rules/utf8.h"

#include <string.h>

/* Bytes that composing may make of one byte: U+1D160 becomes three codes. */
#define NFC_GROWTH 3

/* Class of a mark that removes the vowel; a joiner after it has a shape. */
#define VIRAMA 9

enum { FREE_BYTES = 200, BYTES_A_GRAPHEME = 3 };

enum fate { KEEP, DROP, REFUSE };

static const utf8proc_option_t canonical =
    (utf8proc_option_t)(UTF8PROC_DECOMPOSE | UTF8PROC_STABLE);

static const utf8proc_property_t *
property(uint32_t code)
{
    return utf8proc_get_property((utf8proc_int32_t)code);
}

static bool
is_variation_selector(uint32_t code)
{
    return (code >= 0xFE00 && code <= 0xFE0F) ||
           (code >= 0xE0100 && code <= 0xE01EF);
}

static bool
is_pictograph(uint32_t code)
{
    return property(code)->boundclass ==
           UTF8PROC_BOUNDCLASS_EXTENDED_PICTOGRAPHIC;
}

/* The last code that is no mark of a pictograph; 0 for none. */
static uint32_t
base_before(const struct codes *codes)
{
    size_t i = codes->count;

    while (i > 0 && property((uint32_t)codes->at[i - 1])->boundclass ==
                        UTF8PROC_BOUNDCLASS_EXTEND)
        i--;
    return i > 0 ? (uint32_t)codes->at[i - 1] : 0;
}

static bool
follows_virama(const struct codes *codes)
{
    for (size_t i = codes->count; i > 0; i--) {
        int class = property((uint32_t)codes->at[i - 1])->combining_class;
        if (class == VIRAMA)
            return true;
        if (class == 0)
            return false;
    }
    return false;
}

/* Whether an invisible character shapes its neighbours. */
static bool
shapes(const struct codes *codes, uint32_t code, struct utf8_cursor rest)
{
    uint32_t before =
        codes->count > 0 ? (uint32_t)codes->at[codes->count - 1] : 0;
    uint32_t next = 0;

    if (is_variation_selector(code))
        return utf8_is_han(before) || is_pictograph(before);
    if (code != 0x200C && code != 0x200D)
        return false;
    if (follows_virama(codes))
        return true;
    return code == 0x200D && utf8_next(&rest, &next) && is_pictograph(next) &&
           is_pictograph(base_before(codes));
}

/* Reverses the text after it, so that it reads as another text. */
static bool
is_override(uint32_t code)
{
    return code == 0x202D || code == 0x202E;
}

static bool
is_noncharacter(uint32_t code)
{
    return (code >= 0xFDD0 && code <= 0xFDEF) || (code & 0xFFFE) == 0xFFFE;
}

/* Codes that no text on one line may have. */
static bool
is_refused(uint32_t code)
{
    if (is_noncharacter(code) || is_override(code))
        return true;
    switch (property(code)->category) {
    case UTF8PROC_CATEGORY_CC:
    case UTF8PROC_CATEGORY_ZL:
    case UTF8PROC_CATEGORY_ZP:
    case UTF8PROC_CATEGORY_CS:
        return true;
    case UTF8PROC_CATEGORY_CN:
        return code < 0x20000 || code > 0x3FFFF;
    default: /* U+FFF9 to U+FFFB: notes between lines; objects; lost text */
        return code >= 0xFFF9 && code <= 0xFFFD;
    }
}

/* Reads the text without invisible characters; false if ill-formed. */
static bool
read_visible(const char *input, struct codes *codes)
{
    struct utf8_cursor cursor = utf8_cursor_of(input);
    uint32_t code;

    while (utf8_next(&cursor, &code))
        if (!utf8_is_invisible(code) || is_override(code) ||
            shapes(codes, code, cursor))
            codes_push(codes, code);
    return cursor.at == cursor.end;
}

/* Ideographs that NFC would replace by another one. */
static bool
is_compatibility_ideograph(uint32_t code)
{
    return (code >= 0xF900 && code <= 0xFAFF) ||
           (code >= 0x2F800 && code <= 0x2FA1F);
}

static enum text_verdict
write_composed(struct codes *codes, char *ret, size_t size)
{
    codes_order(codes);
    codes_compose(codes);
    return codes_write(codes, ret, size) ? TEXT_OK : TEXT_LONG;
}

size_t
text_room(size_t length)
{
    return NFC_GROWTH * length + 1;
}

enum text_verdict
text_clean(const char *input, char *ret, size_t size)
{
    struct codes typed, stored;

    typed.count = stored.count = 0;
    typed.full = stored.full = false;
    if (!read_visible(input, &typed))
        return TEXT_BAD;
    codes_trim(&typed);
    for (size_t i = 0; i < typed.count; i++) {
        uint32_t code = (uint32_t)typed.at[i];
        if (is_refused(code))
            return TEXT_BAD;
        if (is_compatibility_ideograph(code))
            codes_push(&stored, code);
        else
            codes_push_decomposed(&stored, code, canonical);
    }
    stored.full |= typed.full;
    return write_composed(&stored, ret, size);
}

/* Marks alone, blanks and invisible characters show nothing of their own. */
static bool
shows_nothing(uint32_t code)
{
    switch (property(code)->category) {
    case UTF8PROC_CATEGORY_MN:
    case UTF8PROC_CATEGORY_MC:
    case UTF8PROC_CATEGORY_ME:
        return true;
    default:
        return utf8_is_blank(code) || utf8_is_invisible(code);
    }
}

bool
text_is_empty(const char *text)
{
    struct utf8_cursor cursor = utf8_cursor_of(text);
    uint32_t code;

    while (utf8_next(&cursor, &code))
        if (!shows_nothing(code))
            return false;
    return cursor.at == cursor.end;
}

bool
text_is_ascii(const char *text)
{
    while (*text != '\0' && (unsigned char)*text < 0x80)
        text++;
    return *text == '\0';
}

size_t
text_bytes_max(size_t graphemes)
{
    return FREE_BYTES + BYTES_A_GRAPHEME * graphemes;
}

bool
text_fits(const char *text, size_t max)
{
    return strlen(text) <= text_bytes_max(max) && utf8_graphemes(text) <= max;
}

bool
text_is_stored(const char *text, size_t min, size_t max)
{
    char stored[4 * CODES_MAX];

    if (strlen(text) > text_bytes_max(max) ||
        text_clean(text, stored, sizeof stored) != TEXT_OK ||
        strcmp(text, stored) != 0)
        return false;
    size_t count = utf8_graphemes(text);
    return count >= min && count <= max && (min == 0 || !text_is_empty(text));
}

static bool
is_letter(uint32_t code)
{
    switch (property(code)->category) {
    case UTF8PROC_CATEGORY_LU:
    case UTF8PROC_CATEGORY_LL:
    case UTF8PROC_CATEGORY_LT:
    case UTF8PROC_CATEGORY_LM:
    case UTF8PROC_CATEGORY_LO:
        return true;
    default: /* rare characters in fonts of their own, and newer than ours */
        return (code >= 0xE000 && code <= 0xF8FF) || code >= 0x20000;
    }
}

static bool
stands_for_lost(uint32_t code)
{
    return code == '?' || code == 0xFF1F || code == 0x25A1 || code == 0x3013 ||
           code == 0xFFFD;
}

bool
text_is_name(const char *text)
{
    struct utf8_cursor cursor = utf8_cursor_of(text);
    bool letter = false;
    uint32_t code;

    while (utf8_next(&cursor, &code)) {
        if (stands_for_lost(code))
            return false;
        letter = letter || is_letter(code);
    }
    return letter;
}

enum text_verdict
text_secret(const char *input, char *ret, size_t size)
{
    struct utf8_cursor cursor = utf8_cursor_of(input);
    struct codes codes;
    uint32_t code;

    codes.count = 0;
    codes.full = false;
    while (utf8_next(&cursor, &code)) {
        if (is_refused(code) || utf8_is_invisible(code))
            return TEXT_BAD;
        if (property(code)->category == UTF8PROC_CATEGORY_ZS)
            codes_push(&codes, ' ');
        else
            codes_push_decomposed(&codes, code, canonical);
    }
    if (cursor.at != cursor.end)
        return TEXT_BAD;
    return write_composed(&codes, ret, size);
}
