/* What is too easy to guess to be a password. Pure.
 *
 * Called where a password is set. Length does most of it; the rest catches what
 * people type when they are asked for twelve characters: the login again, a
 * keyboard row, one word and a year. No rule about kinds of characters: they
 * make passwords worse.
 */
#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "rules/utf8.h"

#include "gateway/sessions/sessions.h"

enum { DIFFERENT_MIN = 5, PART_MIN = 4 };

/* Letters only, lower case: what is left of them decides nothing. */
static const char *const common[] = {
    "password", "passw",    "qwerty", "qwertyuiop",    "asdfgh",    "asdfghjkl",
    "zxcvbn",   "zxcvbnm",  "abcdef", "abcdefg",       "abcabc",    "iloveyou",
    "letmein",  "welcome",  "admin",  "administrator", "root",      "teacher",
    "school",   "taiwan",   "taipei", "kaohsiung",     "inservice", "edu",
    "changeme", "secret",   "master", "monkey",        "dragon",    "football",
    "sunshine", "princess", "login",  "test",          "guest",     "user",
    "aaaaaa",   "ji",       "au",     "jixkm",
};

static size_t
count_characters(const char *text, size_t *ret_different)
{
    struct utf8_cursor cursor = utf8_cursor_of(text);
    uint32_t seen[DIFFERENT_MIN] = {0};
    size_t different = 0;
    size_t count = 0;
    uint32_t code;

    while (utf8_next(&cursor, &code)) {
        bool known = false;
        for (size_t i = 0; i < different; i++)
            known = known || seen[i] == code;
        if (!known && different < DIFFERENT_MIN)
            seen[different++] = code;
        count++;
    }
    *ret_different = different;
    return count;
}

/* "12345678901", "abcdefghijkl", "987654321098": each step the same. */
static bool
is_row(const char *text)
{
    size_t steps = 0;
    size_t size = strlen(text);

    for (size_t i = 1; i < size; i++) {
        int step = text[i] - text[i - 1];
        steps += step == 1 || step == -1 || step == 0 ||
                 (text[i - 1] == '9' && text[i] == '0') ||
                 (text[i - 1] == '0' && text[i] == '9');
    }
    return size > 1 && steps + 2 >= size;
}

/* Lower-case letters of the password, nothing else. */
static void
letters_of(const char *password, char ret[PASSWORD_MAX + 1])
{
    size_t size = 0;

    for (; *password != '\0' && size < PASSWORD_MAX; password++) {
        if (isalpha((unsigned char)*password))
            ret[size++] = (char)tolower((unsigned char)*password);
    }
    ret[size] = '\0';
}

/* One common word, or the same one again and again. */
static bool
is_common(const char *letters)
{
    for (size_t i = 0; i < COUNT_OF(common); i++) {
        size_t size = strlen(common[i]);
        const char *at = letters;
        while (strncmp(at, common[i], size) == 0)
            at += size;
        if (at != letters && *at == '\0')
            return true;
    }
    return false;
}

/* Takes the part away wherever it stands; true when too little remains. */
static bool
rests_on(const char *password, const char *part, size_t part_size)
{
    size_t found = 0;

    if (part_size < PART_MIN)
        return false;
    for (const char *at = password; *at != '\0';) {
        bool here = strncasecmp(at, part, part_size) == 0;
        found += here;
        at += here ? part_size : 1;
    }
    return found > 0 && strlen(password) - found * part_size < PASSWORD_MIN / 2;
}

const char *
password_fault(const char *password, const char *login, const char *email)
{
    char letters[PASSWORD_MAX + 1] = "";
    size_t different;

    if (strlen(password) > PASSWORD_MAX)
        return "密碼太長，請勿超過 256 個位元組。";
    if (!utf8_one_line(password))
        return "密碼含有不可使用的字元。";
    if (count_characters(password, &different) < PASSWORD_MIN)
        return "密碼至少須有 12 個字元；用幾個詞組成一句話，好記又安全。";
    if (different < DIFFERENT_MIN || is_row(password))
        return "密碼的字元太少變化，請勿使用連續或重複的字元。";
    letters_of(password, letters);
    if (is_common(letters))
        return "這是常見的密碼，容易被猜中，請改用其他密碼。";
    if (login != NULL && rests_on(password, login, strlen(login)))
        return "密碼與帳號名稱太相近，請改用其他密碼。";
    if (email != NULL && rests_on(password, email, strcspn(email, "@")))
        return "密碼與電子郵件太相近，請改用其他密碼。";
    return NULL;
}
