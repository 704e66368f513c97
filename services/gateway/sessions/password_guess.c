/* How hard a password is to guess, in bits. Pure.
 *
 * Called by password.c. Similar to zxcvbn: the password is cut into known parts
 * and unknown characters; the cheapest cut counts. Known parts are common words
 * with their usual disguises, walks on the keyboard, rows, repetitions, years,
 * and the holder's names. The lists are short, because a wrong password costs
 * an attacker one of a few tries, not a microsecond. */
#include <stdint.h>
#include <string.h>

#include "rules/utf8.h"

#include "gateway/sessions/password.h"

enum {
    RUN_MIN = 3,   /* of walks, rows and repetitions */
    BITS_WORD = 8, /* one of the list below */
    BITS_DISGUISE = 2,
    BITS_KNOWN = 2, /* login, address */
    BITS_WALK = 5,
    BITS_ROW = 4,
    BITS_REPEAT = 3,
    BITS_YEAR = 5,
    BITS_DATE = 9,
};

/* clang-format off */
/* In small letters. The last lines are Chinese typed on a bopomofo keyboard:
 * 我, 的, 密碼, 我愛你, 你好, 老師, 學校. */
static const char *const common[] = {
    "password", "passwd", "passw", "pass", "secret", "letmein", "welcome",
    "iloveyou", "loveyou", "love", "admin", "administrator", "root", "login",
    "test", "guest", "user", "default", "changeme", "temp", "demo", "hello",
    "sunshine", "princess", "monkey", "dragon", "football", "baseball",
    "basketball", "superman", "batman", "master", "shadow", "michael",
    "jordan", "jennifer", "freedom", "whatever", "trustno", "starwars",
    "summer", "winter", "spring", "autumn", "cookie", "flower", "computer",
    "internet", "google", "facebook", "samsung", "happy", "lucky", "money",
    "system", "server", "manager", "office", "private", "security", "access",
    "forever", "family", "friend", "angel", "killer", "hunter", "ninja",
    "pokemon", "charlie", "thomas", "daniel", "jessica", "ashley", "andrew",
    "teacher", "student", "school", "education", "learning", "training",
    "inservice", "course", "class", "account", "chief", "contact", "operator",
    "taiwan", "taipei", "kaohsiung", "taichung", "tainan", "taoyuan",
    "hsinchu", "keelung", "hualien", "taitung", "yilan", "formosa", "edu",
    "laoshi", "xuexiao", "woaini", "mima", "nihao", "abc", "qaz", "wsx",
    "january", "february", "march", "april", "june", "july", "august",
    "september", "october", "november", "december", "monday", "friday",
    "ji3", "2k7", "au4a83", "ji394su3", "su3cl3", "xl3g", "vm6vul4",
};

/* Characters that are used to disguise a letter. */
static const struct {
    char sign, letter;
} disguises[] = {
    {'@', 'a'}, {'4', 'a'}, {'8', 'b'}, {'(', 'c'}, {'3', 'e'}, {'6', 'g'},
    {'9', 'g'}, {'1', 'i'}, {'!', 'i'}, {'|', 'l'}, {'1', 'l'}, {'0', 'o'},
    {'5', 's'}, {'$', 's'}, {'7', 't'}, {'+', 't'}, {'2', 'z'},
};

/* Keys with and without shift; a row is half a key to the right of the one
 * above, so a key touches two keys of the row below. */
static const char *const keyboard[][2] = {
    {"1234567890-=", "!@#$%^&*()_+"},
    {"qwertyuiop[]", "QWERTYUIOP{}"},
    {"asdfghjkl;'", "ASDFGHJKL:\""},
    {"zxcvbnm,./", "ZXCVBNM<>?"},
};
/* clang-format on */

struct guess {
    uint32_t at[PASSWORD_CODES];
    size_t count;
    int best[PASSWORD_CODES + 1]; /* bits for this many first characters */
};

static void
offer(struct guess *guess, size_t from, size_t length, int bits)
{
    int *best = &guess->best[from + length];

    if (guess->best[from] + bits < *best)
        *best = guess->best[from] + bits;
}

static int
bits_of(uint32_t code)
{
    if (code >= '0' && code <= '9')
        return 3;
    return code < 0x80 ? 4 : 7;
}

static bool
is_disguised(uint32_t sign, char letter)
{
    for (size_t i = 0; i < COUNT_OF(disguises); i++)
        if (sign == (unsigned char)disguises[i].sign &&
            letter == disguises[i].letter)
            return true;
    return false;
}

/* The number of characters of `word` at `from`, as they are or disguised. */
static void
offer_word(struct guess *guess, size_t from, const char *word, size_t length,
           int bits)
{
    bool disguised = false;

    if (from + length > guess->count)
        return;
    for (size_t i = 0; i < length; i++) {
        uint32_t code = guess->at[from + i];
        if (code == (unsigned char)word[i])
            continue;
        if (!is_disguised(code, word[i]))
            return;
        disguised = true;
    }
    offer(guess, from, length, bits + (disguised ? BITS_DISGUISE : 0));
}

/* The whole text and its parts between other characters. */
static void
offer_known(struct guess *guess, size_t from, const char *text)
{
    static const char parts[] = "abcdefghijklmnopqrstuvwxyz0123456789";
    size_t length = strlen(text);

    if (length >= RUN_MIN)
        offer_word(guess, from, text, length, BITS_KNOWN);
    for (const char *at = text; *at != '\0';) {
        length = strspn(at, parts);
        if (length >= RUN_MIN)
            offer_word(guess, from, at, length, BITS_KNOWN);
        at += length > 0 ? length : 1;
    }
}

static bool
find_key(uint32_t code, int *ret_row, int *ret_column)
{
    for (int row = 0; row < (int)COUNT_OF(keyboard); row++) {
        for (int shift = 0; code != 0 && code < 0x80 && shift < 2; shift++) {
            const char *key = strchr(keyboard[row][shift], (int)code);
            if (key == NULL)
                continue;
            *ret_row = row;
            *ret_column = (int)(key - keyboard[row][shift]);
            return true;
        }
    }
    return false;
}

/* The direction from one key to a key beside it; 0: not beside. */
static int
direction(uint32_t from, uint32_t to)
{
    int row, column, other_row, other_column;

    if (!find_key(from, &row, &column) ||
        !find_key(to, &other_row, &other_column))
        return 0;
    int down = other_row - row, right = other_column - column;
    if (down < -1 || down > 1 || right < -1 || right > 1 ||
        (down == right && down != 0))
        return 0;
    return 5 + 3 * down + right;
}

static void
offer_walk(struct guess *guess, size_t from)
{
    int bits = BITS_WALK, before = 0;

    for (size_t i = from + 1; i < guess->count; i++) {
        int now = direction(guess->at[i - 1], guess->at[i]);
        if (now == 0)
            return;
        bits += before != 0 && now != before;
        before = now;
        if (i + 1 - from >= RUN_MIN)
            offer(guess, from, i + 1 - from, bits);
    }
}

/* Equal steps: "1234", "zyxw", "aaaa", "2468". */
static void
offer_row(struct guess *guess, size_t from)
{
    if (from + 1 >= guess->count)
        return;
    int64_t step = (int64_t)guess->at[from + 1] - guess->at[from];
    for (size_t i = from + 1; i < guess->count; i++) {
        if ((int64_t)guess->at[i] - guess->at[i - 1] != step || step > 2 ||
            step < -2)
            return;
        if (i + 1 - from >= RUN_MIN)
            offer(guess, from, i + 1 - from, BITS_ROW);
    }
}

/* Parts that occurred earlier in the password. */
static void
offer_repetition(struct guess *guess, size_t from)
{
    for (size_t start = 0; start < from; start++)
        for (size_t i = 0; from + i < guess->count && start + i < from &&
                           guess->at[start + i] == guess->at[from + i];
             i++)
            if (i + 1 >= RUN_MIN - 1)
                offer(guess, from, i + 1, BITS_REPEAT);
}

static void
offer_date(struct guess *guess, size_t from)
{
    size_t digits = 0;

    while (from + digits < guess->count && digits < 8 &&
           guess->at[from + digits] >= '0' && guess->at[from + digits] <= '9')
        digits++;
    bool year = digits >= 4 &&
                ((guess->at[from] == '1' && guess->at[from + 1] == '9') ||
                 (guess->at[from] == '2' && guess->at[from + 1] == '0'));
    if (year)
        offer(guess, from, 4, BITS_YEAR);
    if (year && digits == 8)
        offer(guess, from, 8, BITS_DATE);
}

static void
read_text(struct guess *guess, const char *folded)
{
    struct utf8_cursor cursor = utf8_cursor_of(folded);
    uint32_t code;

    guess->count = 0;
    while (guess->count < PASSWORD_CODES && utf8_next(&cursor, &code))
        guess->at[guess->count++] = code;
    for (size_t i = 0; i <= guess->count; i++)
        guess->best[i] = i == 0 ? 0 : INT32_MAX / 2;
}

int
password_bits(const char *folded, const char *const *known, size_t known_count)
{
    struct guess guess;

    read_text(&guess, folded);
    for (size_t from = 0; from < guess.count; from++) {
        offer(&guess, from, 1, bits_of(guess.at[from]));
        for (size_t i = 0; i < COUNT_OF(common); i++)
            offer_word(&guess, from, common[i], strlen(common[i]), BITS_WORD);
        for (size_t i = 0; i < known_count; i++)
            offer_known(&guess, from, known[i]);
        offer_walk(&guess, from);
        offer_row(&guess, from);
        offer_repetition(&guess, from);
        offer_date(&guess, from);
    }
    return guess.best[guess.count];
}
