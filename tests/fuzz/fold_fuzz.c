/* Fuzzer of the door for text (O1, T9, B14): stored form, folds, masks, login
 * names, passwords. The rooms the headers call sufficient suffice; a form is a
 * form of itself; texts that are canonically equal (NFC, NFD) fold alike; masks
 * never split a cluster; text that is not UTF-8 is refused, never repaired.
 */
#include <utf8proc.h>

#include "rules/fold.h"
#include "rules/masking.h"
#include "rules/text.h"
#include "rules/utf8.h"

#include "tests/fuzz/fuzz.h"

typedef bool fold(const char *input, char *ret, size_t size);

static bool
clean(const char *input, char *ret, size_t size)
{
    return text_clean(input, ret, size) == TEXT_OK;
}

static bool
secret(const char *input, char *ret, size_t size)
{
    return text_secret(input, ret, size) == TEXT_OK;
}

/* Into exactly `size` bytes. NULL: refused. */
static char *
apply(fold *fold, const char *text, size_t size)
{
    char *result = malloc(size);

    insist(result != NULL);
    if (fold(text, result, size)) {
        insist(strlen(result) < size && utf8_valid(result, strlen(result)));
        return result;
    }
    free(result);
    return NULL;
}

static void
fold_twice(fold *fold, const char *text, size_t room)
{
    char *once = apply(fold, text, room);

    if (once == NULL)
        return;
    insist(utf8_valid(text, strlen(text)));
    char *twice = apply(fold, once, strlen(once) + 1);
    insist(twice != NULL && strcmp(once, twice) == 0);
    free(once);
    free(twice);
}

/* Whether `fold` makes the same of the text and of its normal forms. */
static void
fold_equals(fold *fold, const char *text)
{
    const utf8proc_uint8_t *bytes = (const utf8proc_uint8_t *)text;
    char *forms[] = {(char *)utf8proc_NFC(bytes), (char *)utf8proc_NFD(bytes)};
    char *plain = apply(fold, text, fold_room(strlen(text)));

    for (size_t i = 0; i < 2; i++) {
        if (forms[i] == NULL)
            continue;
        char *other = apply(fold, forms[i], fold_room(strlen(forms[i])));
        if (plain != NULL && other != NULL)
            insist(strcmp(plain, other) == 0);
        free(other);
        free(forms[i]);
    }
    free(plain);
}

/* The stored form is found by the typed one. */
static void
found_again(const char *text)
{
    char *stored = apply(clean, text, text_room(strlen(text)));

    if (stored == NULL)
        return;
    char *one = apply(fold_name, stored, fold_room(strlen(stored)));
    char *other = apply(fold_name, text, fold_room(strlen(text)));
    if (one != NULL && other != NULL)
        insist(strcmp(one, other) == 0);
    insist(text_is_empty(stored) == text_is_empty(text));
    insist(strlen(stored) > text_bytes_max(1000) ||
           text_is_stored(stored, 0, 1000) == text_fits(stored, 1000));
    free(one);
    free(other);
    free(stored);
}

static void
fold_login_name(const char *text)
{
    char login[LOGIN_LENGTH_MAX + 1], again[LOGIN_LENGTH_MAX + 1];

    if (!fold_login(text, login))
        return;
    insist(strlen(login) >= LOGIN_LENGTH_MIN &&
           strlen(login) == strspn(login, "abcdefghijklmnopqrstuvwxyz"
                                          "0123456789._-"));
    insist(fold_login(login, again) && strcmp(login, again) == 0);
}

/* Whether a cluster of the text begins or ends at this byte. */
static bool
is_boundary(const char *text, size_t byte)
{
    struct utf8_cursor cursor = utf8_cursor_of(text);
    const char *start;
    size_t length;
    uint32_t first;

    while ((size_t)(cursor.at - text) < byte &&
           utf8_next_grapheme(&cursor, &start, &length, &first))
        ;
    return (size_t)(cursor.at - text) == byte;
}

/* The first character that is shown is a whole one. */
static void
mask_splits_nothing(const char *text, const char *masked)
{
    size_t shown = strcspn(masked, "O*");
    const char *at;

    for (at = text; shown > 0 && *at != '\0'; at++)
        if (strncmp(at, masked, shown) == 0 &&
            is_boundary(text, (size_t)(at - text)) &&
            is_boundary(text, (size_t)(at - text) + shown))
            return;
    insist(shown == 0);
}

static void
mask(const char *text)
{
    size_t size = strlen(text) + 4;
    char *name = apply(mask_name, text, size);
    char *phone = apply(mask_phone, text, strlen(text) + 1);
    char *email = malloc(size);

    insist(email != NULL);
    insist(phone != NULL && strlen(phone) == strlen(text));
    if (mask_email(text, email, size))
        insist(strstr(email, "***") != NULL);
    if (name != NULL)
        insist(utf8_valid(text, strlen(text)));
    if (name != NULL && strpbrk(text, "O*") == NULL)
        mask_splits_nothing(text, name);
    free(name);
    free(phone);
    free(email);
}

/* Each cluster begins where the one before ended. */
static void
walk(const char *text)
{
    struct utf8_cursor cursor = utf8_cursor_of(text);
    const char *end = text, *start;
    size_t length;
    uint32_t first;

    while (utf8_next_grapheme(&cursor, &start, &length, &first)) {
        insist(start == end && length > 0);
        end = start + length;
        insist(cursor.at == end);
    }
    insist((*end == '\0') == utf8_valid(text, strlen(text)));
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    char *text = fuzz_text(data, n);

    size_t length = strlen(text);

    fold_twice(fold_width, text, fold_room(length));
    fold_twice(fold_name, text, fold_room(length));
    fold_twice(clean, text, text_room(length));
    fold_twice(secret, text, text_room(length));
    fold_equals(fold_width, text);
    fold_equals(fold_name, text);
    fold_equals(secret, text);
    found_again(text);
    fold_login_name(text);
    mask(text);
    walk(text);
    (void)email_shape_ok(text);
    (void)phone_shape_ok(text);
    free(text);
    return 0;
}
