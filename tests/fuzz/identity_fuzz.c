/* Fuzzer of typed ID numbers, dates and code words (B19, T1, T3). A recognized
 * number has ten characters and passes again unchanged; a mask never shows the
 * last four; a date is written back as it was read. */
#include "rules/day.h"
#include "rules/identity.h"
#include "rules/role.h"

#include "tests/fuzz/fuzz.h"

static const struct identity_dates dates = {
    .ui_from = IDENTITY_UI_FROM_DEFAULT,
    .old_void_from = IDENTITY_OLD_VOID_DEFAULT,
};

static void
read_number(const char *text, int64_t at)
{
    struct identity_number number = {.text = ""}, again = {.text = ""};
    enum identity_verdict verdict = identity_check(text, &dates, at, &number);

    insist((verdict == IDENTITY_OK) == (identity_refusal(verdict) == NULL));
    insist((verdict == IDENTITY_INVALID) == (number.text[0] == '\0'));
    if (verdict == IDENTITY_INVALID)
        return;
    insist(strlen(number.text) == IDENTITY_LENGTH && number.kind != 0);
    insist(identity_check(number.text, &dates, at, &again) == verdict);
    insist(strcmp(number.text, again.text) == 0 && number.kind == again.kind &&
           number.sex == again.sex);
}

static void
mask_number(const char *text)
{
    char mask[IDENTITY_LENGTH + 1];

    identity_mask(text, mask);
    insist(strlen(mask) == IDENTITY_LENGTH);
    insist(strcmp(mask + IDENTITY_LENGTH - 4, "****") == 0);
}

static void
read_day(const char *text)
{
    char again[DAY_TEXT], semester[SEMESTER_TEXT];
    day_number day = 0;

    if (!day_parse(text, &day))
        return;
    insist(strcmp(day_text(day, again), text) == 0);
    insist(day_of(day_start(day)) == day && day_of(day_start(day) - 1) < day);
    insist(strlen(day_semester(day, semester)) < SEMESTER_TEXT);
}

static void
read_word(const char *text)
{
    int value = 0;

    if (word_value(&number_kind_words, text, &value))
        insist(strcmp(word_name(&number_kind_words, value), text) == 0);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    static const int64_t times[] = {
        IDENTITY_UI_FROM_DEFAULT - 1,
        IDENTITY_UI_FROM_DEFAULT,
        IDENTITY_OLD_VOID_DEFAULT,
    };
    char *text = fuzz_text(data, n);

    for (size_t i = 0; i < sizeof times / sizeof times[0]; i++)
        read_number(text, times[i]);
    mask_number(text);
    read_day(text);
    read_word(text);
    free(text);
    return 0;
}
