/* identity.c: the identity numbers of identity.h. One table of letters, one of
 * second characters; the sum is the same for all kinds. Called through
 * identity_check; keeps nothing, logs nothing. Serves T3, B19. */
#include "rules/identity.h"

#include "rules/fold.h"

#include <string.h>

/* Two digits for each letter, A to Z, as the household registration gives. */
/* clang-format off */
static const int letter_codes[26] = {
    10, 11, 12, 13, 14, 15, 16, 17, 34, 18, 19, 20, 21, /* A to M */
    22, 35, 23, 24, 25, 26, 27, 28, 29, 32, 30, 31, 33, /* N to Z */
};

static const int weights[11] = {1, 9, 8, 7, 6, 5, 4, 3, 2, 1, 1};

/* The second character gives kind and sex. An old 統一證號 counts its second letter
 * with the unit digit of the letter's code: A0 B1 C2 D3. */
static const struct second {
    char character;
    int digit;
    enum number_kind kind;
    enum number_sex sex;
} seconds[] = {
    {'1', 1, NUMBER_NATIONAL, NUMBER_SEX_MALE},
    {'2', 2, NUMBER_NATIONAL, NUMBER_SEX_FEMALE},
    {'8', 8, NUMBER_UI_NEW, NUMBER_SEX_MALE},
    {'9', 9, NUMBER_UI_NEW, NUMBER_SEX_FEMALE},
    {'A', 0, NUMBER_UI_OLD, NUMBER_SEX_MALE},
    {'B', 1, NUMBER_UI_OLD, NUMBER_SEX_FEMALE},
    {'C', 2, NUMBER_UI_OLD, NUMBER_SEX_MALE},
    {'D', 3, NUMBER_UI_OLD, NUMBER_SEX_FEMALE},
};
/* clang-format on */

#define SECOND_ROWS (sizeof seconds / sizeof seconds[0])

/* clang-format off */
static const struct word kind_rows[] = {
    {NUMBER_NATIONAL, "NATIONAL", "國民身分證統一編號"},
    {NUMBER_UI_NEW, "UI_NEW", "新式統一證號"},
    {NUMBER_UI_OLD, "UI_OLD", "舊式統一證號"},
};

static const struct word sex_rows[] = {
    {NUMBER_SEX_MALE, "MALE", "男"},
    {NUMBER_SEX_FEMALE, "FEMALE", "女"},
};
/* clang-format on */

const struct words number_kind_words = {"number kind", kind_rows,
                                        sizeof kind_rows / sizeof kind_rows[0]};
const struct words number_sex_words = {"sex", sex_rows,
                                       sizeof sex_rows / sizeof sex_rows[0]};

static bool
normalize(const char *input, char ret[IDENTITY_LENGTH + 1])
{
    if (!fold_width(input, ret, IDENTITY_LENGTH + 1))
        return false;
    for (char *at = ret; *at; at++)
        if (*at >= 'a' && *at <= 'z')
            *at = (char)(*at - 'a' + 'A');
    return strlen(ret) == IDENTITY_LENGTH;
}

static const struct second *
second_of(char character)
{
    for (size_t i = 0; i < SECOND_ROWS; i++)
        if (seconds[i].character == character)
            return &seconds[i];
    return NULL;
}

/* The check sum modulo ten; -1 if a character is out of place. */
static int
sum_of(const char *number, int second_digit)
{
    if (number[0] < 'A' || number[0] > 'Z')
        return -1;
    int code = letter_codes[number[0] - 'A'];
    int sum = code / 10 * weights[0] + code % 10 * weights[1] +
              second_digit * weights[2];
    for (int i = 2; i < IDENTITY_LENGTH; i++) {
        if (number[i] < '0' || number[i] > '9')
            return -1;
        sum += (number[i] - '0') * weights[i + 1];
    }
    return sum % 10;
}

static enum identity_verdict
dated(enum number_kind kind, const struct identity_dates *dates, int64_t at)
{
    if (kind == NUMBER_NATIONAL)
        return IDENTITY_OK;
    if (at < dates->ui_from)
        return IDENTITY_NOT_YET;
    if (kind == NUMBER_UI_OLD && at >= dates->old_void_from)
        return IDENTITY_VOID;
    return IDENTITY_OK;
}

enum identity_verdict
identity_check(const char *input, const struct identity_dates *dates,
               int64_t at, struct identity_number *ret)
{
    struct identity_number number = {0};

    if (!normalize(input, number.text))
        return IDENTITY_INVALID;
    const struct second *second = second_of(number.text[1]);
    if (!second || sum_of(number.text, second->digit) != 0)
        return IDENTITY_INVALID;
    number.kind = second->kind;
    number.sex = second->sex;
    *ret = number;
    return dated(number.kind, dates, at);
}

const char *
identity_refusal(enum identity_verdict verdict)
{
    static const char *const codes[] = {
        [IDENTITY_OK] = NULL,
        [IDENTITY_INVALID] = "ID_NUMBER_INVALID",
        [IDENTITY_NOT_YET] = "UI_NUMBER_NOT_YET",
        [IDENTITY_VOID] = "UI_NUMBER_VOID",
    };

    return codes[verdict];
}

static bool
is_ten_ascii(const char *number)
{
    size_t length = strlen(number);

    for (size_t i = 0; i < length; i++)
        if ((unsigned char)number[i] >= 0x80)
            return false;
    return length == IDENTITY_LENGTH;
}

void
identity_mask(const char *number, char ret[IDENTITY_LENGTH + 1])
{
    const size_t shown = is_ten_ascii(number) ? IDENTITY_LENGTH - 4 : 0;

    memcpy(ret, number, shown);
    memset(ret + shown, '*', IDENTITY_LENGTH - shown);
    ret[IDENTITY_LENGTH] = '\0';
}
