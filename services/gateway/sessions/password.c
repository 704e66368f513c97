/* Passwords that are too easy to guess. Pure.
 *
 * Called where a password is set. Length matters most. The rest finds what
 * people type when they must fill twelve characters (password_guess.c). No rule
 * about kinds of characters, because such rules make passwords worse. */
#include <string.h>

#include "rules/fold.h"
#include "rules/text.h"
#include "rules/utf8.h"

#include "gateway/sessions/password.h"
#include "gateway/sessions/sessions.h"

enum {
    DIFFERENT_MIN = 5,
    BITS_MIN = 36, /* nine characters outside all known parts */
    KNOWN_SIZE = 300,
    FOLDED_SIZE = 8192,
};

/* Counts up to DIFFERENT_MIN. */
static size_t
count_different(const char *text)
{
    struct utf8_cursor cursor = utf8_cursor_of(text);
    uint32_t seen[DIFFERENT_MIN];
    size_t different = 0;
    uint32_t code;

    while (different < DIFFERENT_MIN && utf8_next(&cursor, &code)) {
        bool known = false;
        for (size_t i = 0; i < different; i++)
            known = known || seen[i] == code;
        if (!known)
            seen[different++] = code;
    }
    return different;
}

/* Folded, up to the @; "" for none. */
static void
fold_known(const char *text, char ret[KNOWN_SIZE])
{
    ret[0] = '\0';
    if (text == NULL || !fold_name(text, ret, KNOWN_SIZE))
        ret[0] = '\0';
    ret[strcspn(ret, "@")] = '\0';
}

static const char *
guess_fault(const char *password, const char *login, const char *email)
{
    char folded[FOLDED_SIZE], own_login[KNOWN_SIZE], own_email[KNOWN_SIZE];
    const char *const known[] = {own_login, own_email};

    if (!fold_name(password, folded, sizeof folded))
        return NULL; /* longer than any guess */
    fold_known(login, own_login);
    fold_known(email, own_email);
    if (password_bits(folded, NULL, 0) < BITS_MIN)
        return "這是常見的密碼，容易被猜中，請改用其他密碼；"
               "用幾個不相干的詞組成一句話，好記又安全。";
    if (password_bits(folded, known, 1) < BITS_MIN)
        return "密碼與帳號名稱太相近，請改用其他密碼。";
    if (password_bits(folded, known, COUNT_OF(known)) < BITS_MIN)
        return "密碼與電子郵件太相近，請改用其他密碼。";
    return NULL;
}

const char *
password_fault(const char *password, const char *login, const char *email)
{
    size_t count = utf8_graphemes(password);

    if (count > PASSWORD_MAX)
        return "密碼過長，請縮短至 256 個字元以內。";
    if (count < PASSWORD_MIN)
        return "密碼至少須有 12 個字元；用幾個詞組成一句話，好記又安全。";
    if (count_different(password) < DIFFERENT_MIN)
        return "密碼的字元變化太少，請勿使用連續或重複的字元。";
    return guess_fault(password, login, email);
}
