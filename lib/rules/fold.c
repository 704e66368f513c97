/* fold.c: the folds and shapes of fold.h. Works on the stack and writes the
 * caller's buffers only when everything fitted. Never looks at the locale.
 * Serves O1, T9, B14. */
#include "rules/fold.h"

#include "rules/codes.h"
#include "rules/utf8.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

/* Characters of an address before the @, besides letters and digits. */
static const char local_signs[] = "!#$%&'*+/=?^_`{|}~.-";

/* Characters between the digits of a telephone number. */
static const char phone_signs[] = " -()./";

/* Bytes of the longest name that is compared, folded, with its NUL. */
#define NAME_SIZE 4096

/* Raise it when a fold gives another form. */
#define FOLD_RULE 3

/* Bytes that compatibility may make of one byte: U+FDFA is 18 letters. */
#define FOLD_GROWTH 11

/* Words before an extension. */
static const char *const extension_words[] = {"#",    "分機", "轉",
                                              "ext.", "ext",  "x"};

#define EXTENSION_WORDS (sizeof extension_words / sizeof extension_words[0])

static bool
is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool
is_lower(char c)
{
    return c >= 'a' && c <= 'z';
}

static bool
is_alnum(char c)
{
    return is_digit(c) || is_lower(c) || (c >= 'A' && c <= 'Z');
}

/* One character for all that people type as an apostrophe, an interpunct, a
 * hyphen or 〇. */
static const struct sign {
    uint32_t first, last;
    uint32_t folded;
} signs[] = {
    /* clang-format off */
    {0x0060, 0x0060, '\''}, {0x00B4, 0x00B4, '\''},
    {0x00B7, 0x00B7, 0x00B7},
    {0x02B9, 0x02B9, '\''}, {0x02BB, 0x02BD, '\''}, {0x02C8, 0x02C8, '\''},
    {0x02CA, 0x02CB, '\''}, {0x02D7, 0x02D7, '-'}, {0x055A, 0x055A, '\''},
    {0x05F3, 0x05F3, '\''}, {0x1427, 0x1427, 0x00B7},
    {0x1FBD, 0x1FBD, '\''}, {0x1FBF, 0x1FBF, '\''}, {0x1FFE, 0x1FFE, '\''},
    {0x2018, 0x201B, '\''}, {0x2022, 0x2022, 0x00B7},
    {0x2024, 0x2024, 0x00B7}, {0x2027, 0x2027, 0x00B7},
    {0x2032, 0x2032, '\''}, {0x2035, 0x2035, '\''}, {0x2043, 0x2043, '-'},
    {0x2212, 0x2212, '-'}, {0x2219, 0x2219, 0x00B7}, {0x22C5, 0x22C5, 0x00B7},
    {0x25CB, 0x25CB, 0x3007}, {0x25EF, 0x25EF, 0x3007},
    {0x275B, 0x275C, '\''}, {0x2E31, 0x2E31, 0x00B7},
    {0x2E33, 0x2E33, 0x00B7}, {0x30FB, 0x30FB, 0x00B7},
    {0x318D, 0x318D, 0x00B7},
    {0xA78B, 0xA78C, '\''}, {0xA78F, 0xA78F, 0x00B7},
    {0xFF07, 0xFF07, '\''}, {0xFF40, 0xFF40, '\''}, {0xFF65, 0xFF65, 0x00B7},
    /* clang-format on */
};

#define SIGNS (sizeof signs / sizeof signs[0])

#define RADICALS 0x2E80

/* The ideographs of the CJK Radicals Supplement from U+2E80 on
 * (Equivalent_Unified_Ideograph of Unicode); compatibility covers the Kangxi
 * radicals only. 0: no ideograph. */
static const uint32_t radicals[] = {
    /* clang-format off */
    0, 0x5382, 0x4E5B, 0x4E5A, 0x4E59, 0x4EBB, 0x5182, 0x20628, 0x5200, 0x5202,
    0x535C, 0x353E, 0x5C0F, 0x5C0F, 0x5140, 0x5C23, 0x5C22, 0x21BC2, 0x5DF3,
    0x5E7A, 0x5F51, 0x5F50, 0x5FC4, 0x5FC3, 0x624C, 0x6535, 0, 0x65E1, 0x65E5,
    0x6708, 0x6B7A, 0x6BCD, 0x6C11, 0x6C35, 0x6C3A, 0x706C, 0x722B, 0x722B,
    0x4E2C, 0x725B, 0x72AD, 0x738B, 0x24D14, 0x76EE, 0x793A, 0x793B, 0x25AD7,
    0x7CF9, 0x7E9F, 0x7F53, 0x7F52, 0x34C1, 0x5197, 0x2626B, 0x7F8A, 0x2634C,
    0x2634B, 0x8002, 0x8080, 0x807F, 0x8089, 0x26951, 0x8279, 0x8279, 0x8279,
    0x864E, 0x8864, 0x8980, 0x897F, 0x89C1, 0x89D2, 0x278B2, 0x8BA0, 0x8D1D,
    0x27FB7, 0x8F66, 0x8FB6, 0x8FB6, 0x8FB6, 0x9091, 0x9485, 0x9577, 0x9578,
    0x957F, 0x95E8, 0x28E0F, 0x961D, 0x96E8, 0x9752, 0x97E6, 0x9875, 0x98CE,
    0x98DE, 0x98DF, 0x2967F, 0x98E0, 0x9963, 0x29810, 0x9A6C, 0x9AA8, 0x9B3C,
    0x9C7C, 0x9E1F, 0x5364, 0x9EA6, 0x9EC4, 0x9EFE, 0x6589, 0x9F50, 0x6B6F,
    0x9F7F, 0x7ADC, 0x9F99, 0x9F9C, 0x4E80, 0x9F9F,
    /* clang-format on */
};

/* The ideograph that is drawn like a radical; other codes stay. */
static uint32_t
ideograph_of(uint32_t code)
{
    bool radical = code >= RADICALS &&
                   code < RADICALS + sizeof radicals / sizeof radicals[0] &&
                   radicals[code - RADICALS] != 0;

    return radical ? radicals[code - RADICALS] : code;
}

/* Dashes of all scripts are hyphens, except the waves of Japanese ranges. */
static bool
is_dash(uint32_t code)
{
    return code >= 0x80 &&
           utf8proc_category((utf8proc_int32_t)code) == UTF8PROC_CATEGORY_PD &&
           code != 0x301C && code != 0x3030;
}

static uint32_t
one_sign(uint32_t code)
{
    if (code >= 0x3400 && code <= 0x9FFF) /* most names */
        return code == 0x81FA ? 0x53F0 : code;
    for (size_t i = 0; i < SIGNS && signs[i].first <= code; i++)
        if (code <= signs[i].last)
            return signs[i].folded;
    return is_dash(code) ? '-' : ideograph_of(code);
}

static void
clear(struct codes *codes)
{
    codes->count = 0;
    codes->full = false;
}

/* Canonically decomposed, without invisible characters; false if ill-formed. */
static bool
read_codes(const char *input, struct codes *ret)
{
    struct utf8_cursor cursor = utf8_cursor_of(input);
    uint32_t code;

    clear(ret);
    while (utf8_next(&cursor, &code))
        if (!utf8_is_invisible(code))
            codes_push_decomposed(
                ret, code,
                (utf8proc_option_t)(UTF8PROC_DECOMPOSE | UTF8PROC_STABLE));
    codes_order(ret);
    return cursor.at == cursor.end;
}

/* The ASCII character that this one is typed for. */
static uint32_t
ascii_sign(uint32_t code)
{
    uint32_t sign = utf8_is_blank(code) ? ' ' : one_sign(code);

    return sign < 0x80 ? sign : code;
}

static uint32_t
name_sign(uint32_t code)
{
    return utf8_is_blank(code) ? ' ' : one_sign(code);
}

/* Each code in its plain form: one character of several (before and after,
 * because U+2024 would become a full stop), compatibility characters as plain
 * ones, with UTF8PROC_CASEFOLD in small letters. */
static void
replace(const struct codes *from, uint32_t (*sign)(uint32_t),
        utf8proc_option_t casefold, struct codes *ret)
{
    const utf8proc_option_t options =
        (utf8proc_option_t)(UTF8PROC_DECOMPOSE | UTF8PROC_COMPAT |
                            UTF8PROC_IGNORE | UTF8PROC_STABLE | casefold);

    clear(ret);
    ret->full = from->full;
    for (size_t i = 0; i < from->count; i++) {
        size_t to = ret->count;
        codes_push_decomposed(ret, sign((uint32_t)from->at[i]), options);
        for (; to < ret->count; to++)
            ret->at[to] = (utf8proc_int32_t)sign((uint32_t)ret->at[to]);
    }
    codes_order(ret);
}

size_t
fold_room(size_t length)
{
    return FOLD_GROWTH * length + 1;
}

bool
fold_width(const char *input, char *ret, size_t size)
{
    struct codes typed, plain;

    if (!read_codes(input, &typed))
        return false;
    replace(&typed, ascii_sign, (utf8proc_option_t)0, &plain);
    codes_trim(&plain);
    codes_compose(&plain);
    return codes_write(&plain, ret, size);
}

/* A run of blanks becomes one space. Beside scripts that write without blanks
 * it is removed, because two-character names are often typed with a gap. */
static void
close_gaps(struct codes *codes)
{
    uint32_t before = 0;
    size_t used = 0;
    bool gap = false;

    for (size_t i = 0; i < codes->count; i++) {
        uint32_t code = (uint32_t)codes->at[i];
        if (code == ' ') {
            gap = true;
            continue;
        }
        if (gap && !utf8_is_cjk(before) && !utf8_is_cjk(code))
            codes->at[used++] = ' ';
        codes->at[used++] = (utf8proc_int32_t)code;
        before = code;
        gap = false;
    }
    codes->count = used;
}

/* A full stop between two Han characters is typed for an interpunct. */
static void
turn_stops(struct codes *codes)
{
    for (size_t i = 1; i + 1 < codes->count; i++)
        if (codes->at[i] == '.' && utf8_is_han((uint32_t)codes->at[i - 1]) &&
            utf8_is_han((uint32_t)codes->at[i + 1]))
            codes->at[i] = 0x00B7;
}

bool
fold_name(const char *input, char *ret, size_t size)
{
    struct codes typed, folded;

    if (!read_codes(input, &typed))
        return false;
    replace(&typed, name_sign, UTF8PROC_CASEFOLD, &folded);
    codes_trim(&folded);
    close_gaps(&folded);
    turn_stops(&folded);
    codes_compose(&folded);
    return codes_write(&folded, ret, size);
}

void
fold_version(char ret[FOLD_VERSION_TEXT])
{
    snprintf(ret, FOLD_VERSION_TEXT, "%d/%s", FOLD_RULE,
             utf8proc_unicode_version());
}

bool
fold_same_name(const char *one, const char *other)
{
    char folded_one[NAME_SIZE], folded_other[NAME_SIZE];

    return fold_name(one, folded_one, sizeof folded_one) &&
           fold_name(other, folded_other, sizeof folded_other) &&
           strcmp(folded_one, folded_other) == 0;
}

bool
fold_login(const char *input, char ret[LOGIN_LENGTH_MAX + 1])
{
    char login[LOGIN_LENGTH_MAX + 1] = "";

    if (!fold_width(input, login, sizeof login))
        return false;
    size_t length = strlen(login);
    if (length < LOGIN_LENGTH_MIN)
        return false;
    for (size_t i = 0; i < length; i++) {
        if (!is_alnum(login[i]) && !strchr("._-", login[i]))
            return false;
        if (login[i] >= 'A' && login[i] <= 'Z')
            login[i] = (char)(login[i] - 'A' + 'a');
    }
    if (!is_alnum(login[0]) || !is_alnum(login[length - 1]))
        return false;
    memcpy(ret, login, length + 1);
    return true;
}

static bool
local_part_ok(const char *local, size_t length)
{
    if (length == 0 || length > 64)
        return false;
    if (local[0] == '.' || local[length - 1] == '.')
        return false;
    for (size_t i = 0; i < length; i++) {
        if (!is_alnum(local[i]) &&
            !memchr(local_signs, local[i], sizeof local_signs - 1))
            return false;
        if (local[i] == '.' && local[i + 1] == '.')
            return false;
    }
    return true;
}

static bool
label_ok(const char *label, size_t length)
{
    if (length == 0 || length > 63)
        return false;
    if (label[0] == '-' || label[length - 1] == '-')
        return false;
    for (size_t i = 0; i < length; i++)
        if (!is_alnum(label[i]) && label[i] != '-')
            return false;
    return true;
}

bool
email_shape_ok(const char *email)
{
    const char *at = strchr(email, '@');

    if (!at || strlen(email) > 254)
        return false;
    if (!local_part_ok(email, (size_t)(at - email)))
        return false;
    const char *label = at + 1, *dot;
    size_t labels = 0;
    for (;; label = dot + 1, labels++) {
        dot = strchr(label, '.');
        if (!label_ok(label, dot ? (size_t)(dot - label) : strlen(label)))
            return false;
        if (!dot)
            break;
    }
    /* Numbers alone are a machine, not a mail domain. */
    return labels > 0 && !is_digit(label[0]);
}

bool
website_shape_ok(const char *website)
{
    static const char *const schemes[] = {"http://", "https://"};
    size_t size = strcspn(website, ":/?#");

    if (website[size] != ':')
        return true;
    for (size_t i = 0; i < sizeof schemes / sizeof schemes[0]; i++) {
        size_t length = strlen(schemes[i]);
        if (strncasecmp(website, schemes[i], length) == 0)
            return strcspn(website + length, "/?#") > 0;
    }
    return false;
}

/* Skips digits and separators; counts the digits. */
static const char *
over_digits(const char *at, size_t *ret_digits)
{
    size_t digits = 0;

    for (; *at; at++) {
        if (is_digit(*at))
            digits++;
        else if (!strchr(phone_signs, *at))
            break;
    }
    *ret_digits = digits;
    return at;
}

static const char *
over_extension_word(const char *at)
{
    for (size_t i = 0; i < EXTENSION_WORDS; i++) {
        size_t length = strlen(extension_words[i]);
        if (strncmp(at, extension_words[i], length) == 0)
            return at + length;
    }
    return NULL;
}

bool
phone_shape_ok(const char *phone)
{
    size_t digits;

    if (strlen(phone) > 40)
        return false;
    const char *at = over_digits(phone + (phone[0] == '+'), &digits);
    if (digits < 8 || digits > 15)
        return false;
    if (*at == '\0')
        return true;
    at = over_extension_word(at);
    if (!at)
        return false;
    at = over_digits(at, &digits);
    return *at == '\0' && digits >= 1 && digits <= 6;
}
