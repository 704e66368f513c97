/* Fuzzer of folding and masking (O1, T9, B14): names, login names, addresses,
 * telephone numbers. The buffers the headers call sufficient suffice, what
 * comes out is well-formed, what was folded folds to itself, a login name keeps
 * its alphabet, and text that is not UTF-8 is refused, never repaired.
 */
#include "rules/fold.h"
#include "rules/masking.h"
#include "rules/utf8.h"

#include "tests/fuzz/fuzz.h"

typedef bool fold(const char *input, char *ret, size_t size);

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
fold_twice(fold *fold, const char *text)
{
    size_t size = strlen(text) + 1;
    char *once = apply(fold, text, size);

    insist((once != NULL) == utf8_valid(text, size - 1));
    if (once == NULL)
        return;
    char *twice = apply(fold, once, strlen(once) + 1);
    insist(twice != NULL && strcmp(once, twice) == 0);
    free(once);
    free(twice);
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

static void
mask(const char *text)
{
    size_t size = strlen(text) + 4;
    char *name = apply(mask_name, text, size + 1);
    char *phone = apply(mask_phone, text, strlen(text) + 1);
    char *email = malloc(size);

    insist(email != NULL);
    insist(phone != NULL && strlen(phone) == strlen(text));
    if (mask_email(text, email, size))
        insist(strstr(email, "***") != NULL);
    if (name != NULL)
        insist(utf8_valid(text, strlen(text)));
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

    fold_twice(fold_width, text);
    fold_twice(fold_name, text);
    fold_login_name(text);
    mask(text);
    walk(text);
    (void)email_shape_ok(text);
    (void)phone_shape_ok(text);
    (void)utf8_one_line(text);
    free(text);
    return 0;
}
