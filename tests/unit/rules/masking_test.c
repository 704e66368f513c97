/* masking_test.c: masks of names, e-mail addresses and telephone numbers, and
 * the grapheme clusters they go by. */
#include "cases.h"

#include "rules/masking.h"
#include "rules/utf8.h"

struct pair {
    const char *plain;
    const char *masked;
};

/* clang-format off */
static const struct pair names[] = {
    {"謝志威", "謝O威"},
    {"王明", "王O"},
    {"王　明", "王O"}, /* a gap is no character */
    {" 王明 ", "王O"},
    {"歐陽大華", "歐OO華"},
    {"王", "O"},
    {"", ""},
    {"　", ""},
    {"夷將‧拔路兒", "夷OOOO兒"},
    {"𠮷田𠮷", "𠮷O𠮷"}, /* four bytes each */
    {"葛󠄀小󠄁城󠄂", "葛󠄀O城󠄂"},    /* ideographic variation selectors */
    {"\xEE\x80\x80小\xEE\x80\x81", "\xEE\x80\x80O\xEE\x80\x81"}, /* 造字 */
    {"John Smith", "J***"},
    {"李 John", "李***"},
    {"Élodie", "É***"},
    {"E\xCC\x81lodie", "E\xCC\x81***"}, /* combining accent */
    {"Nguyễn Văn A", "N***"},
    {"สมชาย", "ส***"},
    {"กิตติ", "กิ***"}, /* vowel sign stays with its consonant */
    {"김철수", "김***"},
    {"王小明\u200E", "王O明"}, /* stored before such characters were taken off */
    {"\u2066王小明\u2069", "王O明"},
    {"王○", "王O"},
    {"\u2F12小\uF9E1", "\u2F12O\uF9E1"},
    {"\u1112\u1161\u11AB국", "\u1112\u1161\u11AB***"}, /* 한 in parts */
    {"e\u0301\u0323\u0302xy", "e\u0301\u0323\u0302***"},
    /* one character alone shows none of it */
    {"Ω", "***"},
    {"가", "***"},
    {"ㄅ", "***"},
    {"e\u0301", "***"},
    {" A\u200E ", "***"},
    {"A B", "A***"},
    {"\u0915\u094D\u200D\u0937a", "\u0915\u094D\u200D***"},
};

static const struct pair emails[] = {
    {"chief@school.edu.tw", "c***@school.edu.tw"},
    {"ab@b.tw", "a***@b.tw"},
    {"a@b.tw", "***@b.tw"},
    {"王@b.tw", "***@b.tw"},
    {"e\u0301@b.tw", "***@b.tw"},
    {"王小明@school.edu.tw", "王***@school.edu.tw"},
    {"NA", "***"},
    {"@b.tw", "***"},
    {"", "***"},
};

static const struct pair phones[] = {
    {"0912345678", "0912****78"},
    {"0912-345-678", "0912-***-*78"},
    {"(07) 725-8600", "(07) 72*-**00"},
    {"+886912345678", "+8869******78"},
    {"1234567", "*******"},
    {"", ""},
    {"02分", "*****"},
};
/* clang-format on */

typedef bool (*mask_fn)(const char *, char *, size_t);

static void
check_pairs(mask_fn mask, const struct pair *pairs, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char masked[64];
        assert_true(mask(pairs[i].plain, masked, sizeof masked));
        assert_string_equal(masked, pairs[i].masked);

        /* It fits exactly, and not into a byte less. */
        size_t size = strlen(masked) + 1;
        char *exact = malloc(size);
        assert_true(mask(pairs[i].plain, exact, size));
        assert_string_equal(exact, masked);
        memset(exact, '#', size);
        if (size > 1) {
            assert_false(mask(pairs[i].plain, exact, size - 1));
            assert_int_equal(exact[0], '#');
        }
        free(exact);
    }
}

static void
test_names(void **state)
{
    (void)state;
    check_pairs(mask_name, names, COUNT_OF(names));
}

static void
test_emails(void **state)
{
    (void)state;
    check_pairs(mask_email, emails, COUNT_OF(emails));
}

static void
test_phones(void **state)
{
    (void)state;
    check_pairs(mask_phone, phones, COUNT_OF(phones));
}

static void
test_ill_formed_names_are_not_masked(void **state)
{
    static const char *const bad[] = {"王\xE6\x98", "\xFF", "\xC0\xAF",
                                      "\xED\xA0\x80", "王\x80明"};
    char masked[64] = "before";

    (void)state;
    for (size_t i = 0; i < COUNT_OF(bad); i++) {
        assert_false(mask_name(bad[i], masked, sizeof masked));
        assert_string_equal(masked, "before");
    }
}

static void
test_graphemes(void **state)
{
    static const struct {
        const char *text;
        size_t clusters;
    } texts[] = {
        {"", 0},
        {"abc", 3},
        {"🇹🇼🇯🇵", 2},
        {"👩‍👩‍👧", 1},
        {"👍🏽a", 2},
        {"\xE1\x84\x92\xE1\x85\xA1\xE1\x86\xAB", 1}, /* Hangul in parts */
        {"한국", 2},
        {"नमस्ते", 4},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(texts); i++) {
        struct utf8_cursor cursor = utf8_cursor_of(texts[i].text);
        const char *start;
        size_t length, clusters = 0, bytes = 0;
        uint32_t first;
        while (utf8_next_grapheme(&cursor, &start, &length, &first)) {
            clusters++;
            bytes += length;
        }
        assert_int_equal(clusters, texts[i].clusters);
        assert_int_equal(bytes, strlen(texts[i].text));
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_emails),
        cmocka_unit_test(test_phones),
        cmocka_unit_test(test_ill_formed_names_are_not_masked),
        cmocka_unit_test(test_graphemes),
    };

    return cmocka_run_group_tests_name("rules/masking", tests, NULL, NULL);
}
