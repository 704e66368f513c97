/* identity_test.c: recognition, sum and dates of identity numbers (T3), and
 * their mask. Uses the shared vectors where they are. */
#include "cases.h"

#include <ctype.h>

#include "rules/identity.h"
#include "rules/refusals.h"

#define BEFORE (IDENTITY_UI_FROM_DEFAULT - 1)
#define AFTER  IDENTITY_UI_FROM_DEFAULT
#define LATE   IDENTITY_OLD_VOID_DEFAULT

static const struct identity_dates dates = {
    .ui_from = IDENTITY_UI_FROM_DEFAULT,
    .old_void_from = IDENTITY_OLD_VOID_DEFAULT,
};

/* clang-format off */
static const struct {
    const char *input;
    int64_t at;
    enum identity_verdict verdict;
    enum number_kind kind;
    enum number_sex sex;
    const char *text;
} cases[] = {
    {"A123456789", AFTER, IDENTITY_OK, NUMBER_NATIONAL, NUMBER_SEX_MALE,
     "A123456789"},
    {" a123456789\t", BEFORE, IDENTITY_OK, NUMBER_NATIONAL, NUMBER_SEX_MALE,
     "A123456789"},
    {"　Ａ１２３４５６７８９　", AFTER, IDENTITY_OK, NUMBER_NATIONAL,
     NUMBER_SEX_MALE, "A123456789"},
    {"ａ１２３４５６７８９", AFTER, IDENTITY_OK, NUMBER_NATIONAL,
     NUMBER_SEX_MALE, "A123456789"},
    {"\xEF\xBB\xBF"
     "T203599192",
     AFTER, IDENTITY_OK, NUMBER_NATIONAL, NUMBER_SEX_FEMALE, "T203599192"},
    {"A800000014", AFTER, IDENTITY_OK, NUMBER_UI_NEW, NUMBER_SEX_MALE,
     "A800000014"},
    {"A930196810", LATE, IDENTITY_OK, NUMBER_UI_NEW, NUMBER_SEX_FEMALE,
     "A930196810"},
    {"A800000014", BEFORE, IDENTITY_NOT_YET, NUMBER_UI_NEW, NUMBER_SEX_MALE,
     "A800000014"},
    {"AA00000009", AFTER, IDENTITY_OK, NUMBER_UI_OLD, NUMBER_SEX_MALE,
     "AA00000009"},
    {"BD01300667", LATE - 1, IDENTITY_OK, NUMBER_UI_OLD, NUMBER_SEX_FEMALE,
     "BD01300667"},
    {"AA00000009", BEFORE, IDENTITY_NOT_YET, NUMBER_UI_OLD, NUMBER_SEX_MALE,
     "AA00000009"},
    {"AA00000009", LATE, IDENTITY_VOID, NUMBER_UI_OLD, NUMBER_SEX_MALE,
     "AA00000009"},
};
/* clang-format on */

static const char *const invalid[] = {
    "",
    " ",
    "A",
    "A12345678",
    "A1234567890",
    "A123456788",    /* sum */
    "A323456786",    /* second character */
    "A623456789",    /* sum right, second character not */
    "1123456789",    /* no letter */
    "AE00000009",    /* second letter */
    "A12345678O",    /* letter for a digit */
    "A1234 56789",   /* blank inside */
    "Á123456789",    /* no ASCII letter */
    "A12345678\xFF", /* ill-formed */
    "王123456789",
};

static void
test_numbers_are_recognized(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct identity_number number;
        assert_int_equal(
            identity_check(cases[i].input, &dates, cases[i].at, &number),
            cases[i].verdict);
        assert_string_equal(number.text, cases[i].text);
        assert_int_equal(number.kind, cases[i].kind);
        assert_int_equal(number.sex, cases[i].sex);
    }
}

static void
test_no_numbers_leave_the_output_alone(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(invalid); i++) {
        struct identity_number number = {.text = "before"};
        assert_int_equal(identity_check(invalid[i], &dates, AFTER, &number),
                         IDENTITY_INVALID);
        assert_string_equal(number.text, "before");
    }
}

/* The one check digit that completes each letter's x10000000, worked out apart
 * from this code: tens of the letter's number + 9 times its units + 8. */
static void
test_every_letter_counts_as_published(void **state)
{
    static const char right[] = "12345678390012434567891902";
    struct identity_number number;

    (void)state;
    for (size_t i = 0; i < 26; i++) {
        for (char digit = '0'; digit <= '9'; digit++) {
            char text[] = "A100000000";
            text[0] = (char)('A' + i);
            text[9] = digit;
            assert_int_equal(identity_check(text, &dates, AFTER, &number),
                             digit == right[i] ? IDENTITY_OK
                                               : IDENTITY_INVALID);
        }
    }
}

static void
test_verdicts_have_refusals(void **state)
{
    (void)state;
    assert_null(identity_refusal(IDENTITY_OK));
    for (int i = IDENTITY_INVALID; i <= IDENTITY_VOID; i++)
        assert_non_null(
            refusal_find(identity_refusal((enum identity_verdict)i)));
}

static void
test_mask_hides_the_last_four(void **state)
{
    static const char *const masks[][2] = {
        {"A123456789", "A12345****"},
        {"AA00000009", "AA0000****"},
        {"", "**********"},
        {"A12345678", "**********"},
        {"A1234567890", "**********"},
        {"王王王A", "**********"},
    };
    char masked[IDENTITY_LENGTH + 1];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(masks); i++) {
        identity_mask(masks[i][0], masked);
        assert_string_equal(masked, masks[i][1]);
    }
}

static enum number_kind
kind_named(const char *name)
{
    static const char *const names[] = {"-", "national", "ui_new", "ui_old"};

    for (size_t i = 0; i < COUNT_OF(names); i++)
        if (strcmp(names[i], name) == 0)
            return (enum number_kind)i;
    fail_msg("the vectors name an unknown kind: %s", name);
    return NUMBER_KIND_UNSPECIFIED;
}

static enum identity_verdict
verdict_in_upper_case(const char *id)
{
    char upper[32];
    size_t i = 0;
    struct identity_number number;

    for (; id[i] && i + 1 < sizeof upper; i++)
        upper[i] = (char)toupper((unsigned char)id[i]);
    upper[i] = '\0';
    return identity_check(upper, &dates, AFTER, &number);
}

static void
check_vector(char *line)
{
    struct identity_number number = {0};
    char *id = take_field(&line, '\t');
    enum number_kind kind = kind_named(take_field(&line, '\t'));
    enum identity_verdict wanted = strcmp(take_field(&line, '\t'), "1") == 0
                                       ? IDENTITY_OK
                                       : IDENTITY_INVALID;

    /* The list judges as typed; bringing it to upper case is ours to do. */
    if (strncmp(line, "lower case", 10) == 0)
        wanted = verdict_in_upper_case(id);
    enum identity_verdict verdict = identity_check(id, &dates, AFTER, &number);
    if (verdict != wanted)
        fail_msg("%s: verdict %d (%s)", id, (int)verdict, line);
    if (kind != NUMBER_KIND_UNSPECIFIED)
        assert_int_equal(number.kind, kind);
}

static void
test_shared_vectors(void **state)
{
    char line[256];
    size_t count = 0;

    (void)state;
    FILE *file = open_shared("data/id_vectors.tsv");
    assert_non_null(fgets(line, sizeof line, file)); /* heading */
    for (; fgets(line, sizeof line, file); count++)
        check_vector(line);
    fclose(file);
    assert_true(count > 80);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_numbers_are_recognized),
        cmocka_unit_test(test_no_numbers_leave_the_output_alone),
        cmocka_unit_test(test_every_letter_counts_as_published),
        cmocka_unit_test(test_verdicts_have_refusals),
        cmocka_unit_test(test_mask_hides_the_last_four),
        cmocka_unit_test(test_shared_vectors),
    };

    return cmocka_run_group_tests_name("rules/identity", tests, NULL, NULL);
}
