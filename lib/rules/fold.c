/* fold.c: the folds and shapes of fold.h. Works on the caller's buffers and
 * writes them only when everything fitted. Never looks at the locale. Serves
 * O1, T9, B14. */
#include "rules/fold.h"

#include "rules/utf8.h"

#include <string.h>

/* What may stand in an address before the @, besides letters and digits. */
static const char local_signs[] = "!#$%&'*+/=?^_`{|}~.-";

/* What may stand between the digits of a telephone number. */
static const char phone_signs[] = " -()./";

/* Bytes of the longest name that is compared, folded, with its NUL. */
#define NAME_SIZE 512

/* What announces an extension. */
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

static uint32_t
half_width(uint32_t code)
{
    if (code >= 0xFF01 && code <= 0xFF5E)
        return code - 0xFEE0;
    return code;
}

static uint32_t
search_form(uint32_t code)
{
    if (code >= 'A' && code <= 'Z')
        return code - 'A' + 'a';
    return code == 0x81FA ? 0x53F0 : code; /* 臺, 台 */
}

/* The part of a text between its outer blanks; false if ill-formed. */
static bool
trimmed(const char *input, struct utf8_cursor *ret)
{
    struct utf8_cursor cursor = utf8_cursor_of(input);
    const char *start = cursor.end, *end = cursor.end;
    bool seen = false;

    while (cursor.at < cursor.end) {
        const char *here = cursor.at;
        uint32_t code;
        if (!utf8_next(&cursor, &code))
            return false;
        if (utf8_is_blank(code))
            continue;
        start = seen ? start : here;
        end = cursor.at;
        seen = true;
    }
    *ret = (struct utf8_cursor){.at = start, .end = end};
    return true;
}

bool
fold_width(const char *input, char *ret, size_t size)
{
    struct utf8_cursor cursor, measure;
    uint32_t code;
    size_t need = 1, used = 0;
    char bytes[4];

    if (!trimmed(input, &cursor))
        return false;
    measure = cursor;
    while (utf8_next(&measure, &code))
        need += utf8_put(half_width(code), bytes, sizeof bytes);
    if (need > size)
        return false;
    while (utf8_next(&cursor, &code))
        used += utf8_put(half_width(code), ret + used, size - used);
    ret[used] = '\0';
    return true;
}

/* One pass of fold_name: counts when `ret` is NULL, else writes. */
static size_t
fold_pass(struct utf8_cursor cursor, char *ret)
{
    uint32_t code, before = 0;
    size_t used = 0;
    bool gap = false;
    char bytes[4];

    while (utf8_next(&cursor, &code)) {
        if (utf8_is_blank(code)) {
            gap = true;
            continue;
        }
        code = search_form(half_width(code));
        if (gap && before < 0x80 && code < 0x80) {
            if (ret)
                ret[used] = ' ';
            used++;
        }
        size_t length = utf8_put(code, bytes, sizeof bytes);
        if (ret)
            memcpy(ret + used, bytes, length);
        used += length;
        before = code;
        gap = false;
    }
    return used;
}

bool
fold_name(const char *input, char *ret, size_t size)
{
    struct utf8_cursor cursor;

    if (!trimmed(input, &cursor) || fold_pass(cursor, NULL) >= size)
        return false;
    ret[fold_pass(cursor, ret)] = '\0';
    return true;
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
    /* An address of numbers alone is a machine, not a mail domain. */
    return labels > 0 && !is_digit(label[0]);
}

/* Steps over digits and signs, counting the digits. */
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
