/* masking.c: masks for names, e-mail addresses and telephone numbers. Called
 * through masking.h. Never gives a partly masked text: a text that does not
 * fit or is ill-formed gives false. */
#include "rules/masking.h"

#include "rules/utf8.h"

#include <stdio.h>
#include <string.h>

/* The outline of a name. */
struct outline {
    const char *first; /* bytes of the first and the last grapheme */
    size_t first_length;
    const char *last;
    size_t last_length;
    size_t graphemes;
    bool han; /* both ends are Han characters */
};

/* Graphemes between the outer blanks; false when ill-formed. */
static bool
outline_of(const char *name, struct outline *ret)
{
    struct utf8_cursor cursor = utf8_cursor_of(name);
    struct outline seen = {0};
    bool first_han = false, last_han = false;

    while (cursor.at < cursor.end) {
        const char *start;
        size_t length;
        uint32_t code;
        if (!utf8_next_grapheme(&cursor, &start, &length, &code))
            return false;
        /* Blanks and invisible characters are not counted. */
        if (utf8_is_blank(code) || utf8_is_invisible(code))
            continue;
        if (seen.graphemes == 0) {
            seen.first = start;
            seen.first_length = length;
            first_han = utf8_is_han(code);
        }
        seen.last = start;
        seen.last_length = length;
        last_han = utf8_is_han(code);
        seen.graphemes += 1;
    }
    seen.han = first_han && last_han;
    *ret = seen;
    return true;
}

static bool
copy_out(const char *from, size_t length, char *ret, size_t size)
{
    if (length >= size)
        return false;
    memcpy(ret, from, length);
    ret[length] = '\0';
    return true;
}

static bool
mask_foreign(const struct outline *name, char *ret, size_t size)
{
    size_t shown = name->graphemes > 1 ? name->first_length : 0;

    if (shown + 4 > size)
        return false;
    memcpy(ret, name->first, shown);
    memcpy(ret + shown, "***", 4);
    return true;
}

bool
mask_name(const char *name, char *ret, size_t size)
{
    struct outline seen;

    if (!outline_of(name, &seen))
        return false;
    if (seen.graphemes == 0)
        return copy_out("", 0, ret, size);
    if (!seen.han)
        return mask_foreign(&seen, ret, size);
    if (seen.graphemes == 1)
        return copy_out("O", 1, ret, size);

    size_t hidden = seen.graphemes == 2 ? 1 : seen.graphemes - 2;
    size_t tail = seen.graphemes == 2 ? 0 : seen.last_length;
    if (seen.first_length + hidden + tail + 1 > size)
        return false;
    memcpy(ret, seen.first, seen.first_length);
    memset(ret + seen.first_length, 'O', hidden);
    memcpy(ret + seen.first_length + hidden, seen.last, tail);
    ret[seen.first_length + hidden + tail] = '\0';
    return true;
}

bool
mask_email(const char *email, char *ret, size_t size)
{
    const char *at = strrchr(email, '@');
    struct utf8_cursor cursor = utf8_cursor_of(email);
    const char *start;
    size_t first;
    uint32_t code;

    if (!at || at == email ||
        !utf8_next_grapheme(&cursor, &start, &first, &code))
        return copy_out("***", 3, ret, size);
    if (first >= (size_t)(at - email)) /* a single character is masked */
        first = 0;
    if (first + 3 + strlen(at) >= size)
        return false;
    snprintf(ret, size, "%.*s***%s", (int)first, email, at);
    return true;
}

static size_t
count_digits(const char *text)
{
    size_t digits = 0;

    for (; *text; text++)
        digits += *text >= '0' && *text <= '9';
    return digits;
}

bool
mask_phone(const char *phone, char *ret, size_t size)
{
    size_t digits = count_digits(phone), seen = 0, length = strlen(phone);
    size_t head = digits >= 8 ? 4 : 0, tail = digits >= 8 ? 2 : 0;

    if (length >= size)
        return false;
    for (size_t i = 0; i < length; i++) {
        bool digit = phone[i] >= '0' && phone[i] <= '9';
        bool sign = strchr(" +-()./#", phone[i]) != NULL;
        bool shown = digit && (seen < head || seen >= digits - tail);
        seen += digit;
        ret[i] = sign || shown ? phone[i] : '*';
    }
    ret[length] = '\0';
    return true;
}
