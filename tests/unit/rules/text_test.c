/* text_test.c: the stored form of text, what is empty, what fits, and passwords
 * as they are hashed. */
#include "cases.h"

#include "rules/text.h"
#include "rules/utf8.h"

struct pair {
    const char *input;
    const char *stored;
};

static void
check(const struct pair *pairs, size_t count)
{
    char stored[128], again[128];

    for (size_t i = 0; i < count; i++) {
        assert_int_equal(text_clean(pairs[i].input, stored, sizeof stored),
                         TEXT_OK);
        assert_string_equal(stored, pairs[i].stored);
        assert_int_equal(text_clean(stored, again, sizeof again), TEXT_OK);
        assert_string_equal(again, stored);
    }
}

static void
test_f01_stored_as_typed(void **state)
{
    static const char *const as_typed[] = {
        "",
        "王小明",
        "李\uF9E1", /* NFC would make one of the two */
        "\U0002F800",
        "O\u2019Brien",
        "ÉMILIE",
        "瓦歷斯\u2027諾幹",
        "Ｊｏｈｎ　王",
        "臺北",
        "\uE000小\U000F0000", /* 造字 */
        "\U00020BB7田",
        "\U000323B0\U0002EBF0", /* newer than the tables */
        "葛\U000E0100城",       /* a variant of the ideograph */
        "क्\u200Dष",             /* a joiner with a shape */
        "👩\u200D👩\u200D👧",
        "❤\uFE0F",
        "林○",
        "김철수",
        "\u0600\u0661\u0605\u06DD\u070F\u08E2\U000110BD", /* drawn */
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(as_typed); i++)
        check(&(struct pair){as_typed[i], as_typed[i]}, 1);
}

static void
test_f01_marks_are_composed(void **state)
{
    static const struct pair cases[] = {
        {"Nguye\u0302\u0303n Thi\u0323", "Nguyễn Thị"},
        {"e\u0323\u0302", "ệ"},
        {"e\u0302\u0323", "ệ"}, /* the other order of marks */
        {"\u1100\u1161\u11A8", "각"},
        {"\u212B\u2126", "\u00C5\u03A9"},
        {"\U0001D160", "\U0001D158\U0001D165\U0001D16E"}, /* grows */
    };

    (void)state;
    check(cases, COUNT_OF(cases));
}

static void
test_f02_invisible_characters_are_taken_off(void **state)
{
    static const struct pair cases[] = {
        {"王小明\u200E", "王小明"},
        {"Mar\u200Bia", "Maria"},
        {" \u200E 王 \uFEFF ", "王"},
        {"A123456789\u200F", "A123456789"},
        {"\u202A0912\u202C", "0912"},
        {"\u2066王\u2069", "王"},
        {"王\u00AD\u034F\u061C\u180E\u2060\u2063明", "王明"},
        {"王\u200D明\u200C", "王明"},   /* joins nothing */
        {"حسین\u200Cزاده", "حسینزاده"}, /* no virama before it */
        {"a\uFE0F", "a"},
        {"\u3164\u115F\u1160\uFFA0", ""},
        {"\u2800\u3000\t\n ", ""},
        {"\U000E0001\U000E0041", ""},
        {"👩\u200D", "👩"},
        {"王\U00013430小\U00013437明\U0001343F", "王小明"},
        {"王小明\U00016FE4", "王小明"},
        {"\U00013438 Maria", "Maria"},
    };

    (void)state;
    check(cases, COUNT_OF(cases));
}

static void
test_f02_refused(void **state)
{
    static const char *const bad[] = {
        "a\nb",       "a\tb",       "a\xC2\x85z", "a\u2028b", "z\u202Ez",
        "z\u202Dz",   "\uFFFD",     "縣立\uFFFD", "\uFFFC",   "\uFFF9a",
        "\uFFFE",     "\U0001FFFF", "\uFDD0",     "\u0378", /* unassigned */
        "\U000A0000", "王\xFF",     "王\xE6\x98", "\x01",     "a\x7F",
    };
    char stored[64] = "before";

    (void)state;
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        assert_int_equal(text_clean(bad[i], stored, sizeof stored), TEXT_BAD);
        assert_string_equal(stored, "before");
        assert_false(text_is_stored(bad[i], 0, 100));
    }
}

static void
test_f02_empty_is_empty(void **state)
{
    static const char *const empty[] = {
        "",           " ",
        "\u3000",     "\u3164",
        "\u2800",     "\u200E",
        "\u00AD",     "\uFE0F",
        "\u0301",     "\u0301\u0323",
        "\u200D",     "\u2060 ",
        "\U000E0100", "\u0301\u200B\u3000",
        "\U0001D159", "\U00013430",
        "\U00016FE4", "\U0001343F\u3000",
    };
    static const char *const full[] = {"a",  "王", "\uE000", "○",     "e\u0301",
                                       "한", "1",  "\u0600", "\u06DD"};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(empty); i++) {
        assert_true(text_is_empty(empty[i]));
        assert_false(text_is_stored(empty[i], 1, 100));
    }
    for (size_t i = 0; i < COUNT_OF(full); i++)
        assert_false(text_is_empty(full[i]));
}

static void
add(char *text, size_t size, const char *part, int times)
{
    size_t used = strlen(text), length = strlen(part);

    for (; times > 0; times--, used += length) {
        assert_true(used + length < size);
        memcpy(text + used, part, length + 1);
    }
}

static void
test_f16_characters_are_counted(void **state)
{
    char text[2000] = "";

    (void)state;
    add(text, sizeof text, "王", 50);
    add(text, sizeof text, " ", 1);
    add(text, sizeof text, "x", 50);
    assert_int_equal(utf8_graphemes(text), 101);
    assert_true(text_fits(text, 101));
    assert_false(text_fits(text, 100));
    assert_true(text_is_stored(text, 1, 200));

    text[0] = '\0';
    add(text, sizeof text, "กิ", 30); /* a consonant and its vowel sign */
    assert_true(text_fits(text, 30));
    assert_false(text_fits(text, 29));

    memcpy(text, "e", 2); /* bytes are the far guard: marks without end */
    add(text, sizeof text, "\u0323", 200);
    assert_int_equal(utf8_graphemes(text), 1);
    assert_false(text_fits(text, 10));
    assert_false(text_is_stored(text, 0, 10));
}

static void
test_what_owners_take(void **state)
{
    static const char *const good[] = {"", "王小明", "Nguyễn", "O\u2019Brien"};
    static const char *const bad[] = {" 王", "王\u200E", "Nguye\u0302\u0303n",
                                      "a\nb", "王小明王小明"};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(good); i++)
        assert_true(text_is_stored(good[i], 0, 7));
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_false(text_is_stored(bad[i], 0, 5));
    assert_false(text_is_stored("", 1, 5));
    assert_false(text_is_stored("ab", 3, 5));
}

static void
test_too_long_leaves_alone(void **state)
{
    static char text[12100];
    char small[4] = "#";

    (void)state;
    assert_int_equal(text_clean("王明", small, sizeof small), TEXT_LONG);
    assert_string_equal(small, "#");
    assert_int_equal(text_clean("王", small, sizeof small), TEXT_OK);
    add(text, sizeof text, "王", 4001);
    assert_int_equal(text_clean(text, text, sizeof text), TEXT_LONG);
    assert_false(text_is_stored(text, 0, 100000));
}

static void
test_f08_passwords(void **state)
{
    static const struct pair cases[] = {
        {"correct horse", "correct horse"},
        {"e\u0301te\u0301", "été"},
        {"\u3000a\u00A0b\u2003", " a b "}, /* blanks stay, each as U+0020 */
        {"Ａa臺", "Ａa臺"},                /* case and width as typed */
        {"\uFB01", "\uFB01"},
    };
    static const char *const bad[] = {"a\tb",    "a\nb",     "a\u200Bb",
                                      "a\u00AD", "a\u2028b", "\u0378",
                                      "\xFF",    "\uFFFE",   "a\uFE0F"};
    char secret[64], plain[96] = "";

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_int_equal(text_secret(cases[i].input, secret, sizeof secret),
                         TEXT_OK);
        assert_string_equal(secret, cases[i].stored);
    }
    for (size_t i = 0; i < COUNT_OF(bad); i++)
        assert_int_equal(text_secret(bad[i], secret, sizeof secret), TEXT_BAD);
    for (int i = 0; i < 95; i++)
        plain[i] = (char)(' ' + i);
    char same[96];
    assert_int_equal(text_secret(plain, same, sizeof same), TEXT_OK);
    assert_string_equal(same, plain);
}

/* What a person is called, not what a list made of it. */
static void
test_f06_names(void **state)
{
    static const char *const good[] = {"王小明",
                                       "O'Brien",
                                       "Yohani Isqaqavut",
                                       "谷辣斯·尤達卡",
                                       "王小明2",
                                       "陳○明",
                                       "\xF0\xA0\xAE\xB7",
                                       "\xEE\x80\x80",
                                       "А",
                                       "ア",
                                       "ㄅ"};
    static const char *const bad[] = {
        "12345",      "１２３",  "李?華", "李？華", "李□華", "李〓華",
        "李\uFFFD華", "?",       "",      " ",      "---",   "·",
        "'",          "123-456", "²",     "○○",     "😀"};

    (void)state;
    for (size_t i = 0; i < sizeof good / sizeof good[0]; i++)
        if (!text_is_name(good[i]))
            fail_msg("%s", good[i]);
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        if (text_is_name(bad[i]))
            fail_msg("%s", bad[i]);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_f01_stored_as_typed),
        cmocka_unit_test(test_f01_marks_are_composed),
        cmocka_unit_test(test_f02_invisible_characters_are_taken_off),
        cmocka_unit_test(test_f02_refused),
        cmocka_unit_test(test_f02_empty_is_empty),
        cmocka_unit_test(test_f16_characters_are_counted),
        cmocka_unit_test(test_what_owners_take),
        cmocka_unit_test(test_f06_names),
        cmocka_unit_test(test_too_long_leaves_alone),
        cmocka_unit_test(test_f08_passwords),
    };

    return cmocka_run_group_tests_name("rules/text", tests, NULL, NULL);
}
