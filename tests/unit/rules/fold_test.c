/* fold_test.c: folds of names and login names, UTF-8, and the shapes of e-mail
 * addresses and telephone numbers. */
#include "cases.h"

#include "rules/fold.h"
#include "rules/utf8.h"

struct pair {
    const char *input;
    const char *folded;
};

/* clang-format off */
static const struct pair widths[] = {
    {"Ａｂ１２＃", "Ab12#"}, {" 　a b　 ", "a b"}, {"", ""},
    {"臺北", "臺北"},       {"　", ""},
};

static const struct pair names[] = {
    {"臺東縣國民小學", "台東縣國民小學"},
    {"台東縣國民小學", "台東縣國民小學"},
    {"王　明", "王明"},
    {" 王 小 明 ", "王小明"},
    {"John  SMITH", "john smith"},
    {"Ｊｏｈｎ　Smith", "john smith"},
    {"李 John", "李john"},
    {"", ""},
};
/* clang-format on */

static void
test_folds(void **state)
{
    char folded[64];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(widths); i++) {
        assert_true(fold_width(widths[i].input, folded, sizeof folded));
        assert_string_equal(folded, widths[i].folded);
    }
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        assert_true(fold_name(names[i].input, folded, sizeof folded));
        assert_string_equal(folded, names[i].folded);
        char again[64];
        assert_true(fold_name(folded, again, sizeof again));
        assert_string_equal(again, folded);
    }
}

/* Each line is one name as people type it. */
static const char *const spellings[][7] = {
    /* composed, and with marks apart as macOS types them */
    {"Nguyễn Thị Hồng", "Nguye\u0302\u0303n Thi\u0323 Ho\u0302\u0300ng",
     "NGUYỄN  THỊ HỒNG", "Ｎguyễn　Thị Hồng"},
    {"李四", "\uF9E1四", "李 四"},
    {"ÉMILIE", "émilie", "E\u0301milie"},
    {"Straße", "STRASSE", "strasse"},
    {"瓦歷斯·諾幹", "瓦歷斯\u2027諾幹", "瓦歷斯\u2022諾幹", "瓦歷斯\u30FB諾幹",
     "瓦歷斯\uFF65諾幹", "瓦歷斯\u2024諾幹", "瓦歷斯.諾幹"},
    {"瓦歷斯\u0387諾幹", "瓦歷斯\u2219諾幹", "瓦歷斯\u22C5諾幹", "瓦歷斯．諾幹",
     "瓦歷斯 · 諾幹", "瓦歷斯\u2E33諾幹"},
    {"O'Brien", "O\u2019Brien", "O\u2018Brien", "o\u02BCbrien", "O\uFF07Brien",
     "O\u2032Brien", "O\u00B4Brien"},
    {"Chien-ming", "Chien\u2010ming", "Chien\u2011ming", "Chien\u2013ming",
     "Chien\uFF0Dming", "Chien\u2212ming", "Chien\uFE63ming"},
    {"王小明", "王小明\u200E", "王\u200B小明", "\uFEFF王小明", "王\u00AD小明",
     "王\u061C小明", "\u2066王小明\u2069"},
    {"Maria", "Mar\u200Bia", "Ma\u2060ria", "Maria\uFE0F", "Mar\u034Fia",
     "\u115FMaria", "Mari\u180Ea"},
    {"林○", "林〇", "林◯"},
    {"葛城", "葛\U000E0100城", "葛\uFE00城"},
    {"力行", "\u2F12行"},
    {"長小明", "\u2ED1小明", "\u2FA7小明"},
    {"母", "\u2E9F"},
    {"龟", "\u2EF3"},
    {"厂", "\u2E81", "\u2F1A"},
    {"王小明", "王\U00013430小\U0001343F明", "王小明\U00016FE4"},
    {"臺灣大學", "台灣大學"},
    {"Σωκράτης", "ΣΩΚΡΆΤΗΣ"},
    {"김철수", "\u1100\u1175\u11B7철수", "김 철수"},
};

static void
test_f01_spellings_of_one_name(void **state)
{
    char first[128], other[128];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(spellings); i++) {
        assert_true(fold_name(spellings[i][0], first, sizeof first));
        for (size_t k = 1; k < COUNT_OF(spellings[i]) && spellings[i][k]; k++) {
            assert_true(fold_name(spellings[i][k], other, sizeof other));
            assert_string_equal(other, first);
            assert_true(fold_same_name(spellings[i][k], spellings[i][0]));
        }
    }
}

/* Different names stay different. */
static void
test_f01_other_names_stay_apart(void **state)
{
    static const char *const pairs[][2] = {
        {"Émilie", "Emilie"},
        {"王小明", "王曉明"},
        {"黃", "黄"},
        {"John Smith", "Johnsmith"},
        {"O'Brien", "OBrien"},
        {"Chien-ming", "Chienming"},
        {"瓦歷斯·諾幹", "瓦歷斯諾幹"},
        {"J.R", "J·R"},
        {"\uE000明", "\uE001明"},
        {"〇", "O"},
        {"一", "-"},
        {"ー", "-"},
        {"\u2E80", "\u2E9A"}, /* radicals without an ideograph */
        {"王", "王\u0600"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(pairs); i++)
        assert_false(fold_same_name(pairs[i][0], pairs[i][1]));
}

static void
test_f02_what_is_ascii_by_nature(void **state)
{
    static const struct pair cases[] = {
        {"A123456789\u200E", "A123456789"},
        {"\u202AA123456789\u202C", "A123456789"},
        {"Ａ１２３　", "A123"},
        {"014XA1\u201002", "014XA1-02"},
        {"02\u20132720\u22128889", "02-2720-8889"},
        {"wang\uFF0Eda\u2011ming", "wang.da-ming"},
        {"\u2460\u24D0", "1a"},
        {"o\u2019neil@x.org", "o'neil@x.org"},
        {"臺北　○", "臺北 ○"}, /* only ASCII is replaced by one sign */
    };
    char folded[64];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_true(fold_width(cases[i].input, folded, sizeof folded));
        assert_string_equal(folded, cases[i].folded);
    }
}

static void
test_a_fold_fits_its_room(void **state)
{
    char version[FOLD_VERSION_TEXT], folded[64];

    (void)state;
    assert_true(fold_name("\uFDFA", folded, fold_room(3)));
    assert_true(fold_name("\u0390", folded, fold_room(2)));
    assert_int_equal(strlen("صلى الله عليه وسلم") + 1, fold_room(3));
    assert_true(fold_width("\uFDFA", folded, fold_room(3)));
    fold_version(version);
    assert_non_null(strchr(version, '/'));
}

static void
test_folds_fit_or_leave_alone(void **state)
{
    char small[7] = "#"; /* 台北 takes seven bytes */

    (void)state;
    assert_true(fold_name("臺北", small, 7));
    small[0] = '#';
    assert_false(fold_name("臺北", small, 6));
    assert_false(fold_width("臺北", small, 6));
    assert_false(fold_name("\xFF", small, 7));
    assert_false(fold_width("a\xE8\x87", small, 7));
    assert_false(fold_width("", small, 0));
    assert_int_equal(small[0], '#');
}

static void
test_same_names(void **state)
{
    char long_name[5000];

    (void)state;
    assert_true(fold_same_name("臺　北", "台北"));
    assert_true(fold_same_name(" John  SMITH", "john smith "));
    assert_false(fold_same_name("王小明", "王大明"));
    assert_false(fold_same_name("john smith", "johnsmith"));
    assert_false(fold_same_name("\xFF", "\xFF"));
    memset(long_name, 'x', sizeof long_name - 1);
    long_name[sizeof long_name - 1] = '\0';
    assert_false(fold_same_name(long_name, long_name));
}

static const struct pair logins[] = {
    {"abc", "abc"},
    {" Chief.Wang_1 ", "chief.wang_1"},
    {"ＡＢＣ１２", "abc12"},
    /* NFKC and small letters: what looks like a letter is that one. */
    {"\u212Aing", "king"},
    {"wang\u017F", "wangs"},
    {"\uFB01sh", "fish"},
    {"abc\u2460", "abc1"},
    {"\u216Bab", "xiiab"},
    {"\U0001D400bc", "abc"},
    {"ab\u200Bc", "abc"},
    {"wang\uFF0Eda\u2011ming\u200E", "wang.da-ming"},
    {"a23456789012345678901234567890-2", "a23456789012345678901234567890-2"},
};

static const char *const no_logins[] = {"",
                                        "ab",
                                        "a b c",
                                        "王小明",
                                        "a@b.tw",
                                        ".abc",
                                        "stra\u00DFe",
                                        "\u0130stan",
                                        "\u0430bc",
                                        "abc\u00B2\u0301",
                                        "a\u1E9Bbc",
                                        "abc-",
                                        "abc\n\x01z",
                                        "a234567890123456789012345678901-3",
                                        "abc\xFF"};

static void
test_login_names(void **state)
{
    char login[LOGIN_LENGTH_MAX + 1] = "before";

    (void)state;
    for (size_t i = 0; i < COUNT_OF(no_logins); i++) {
        assert_false(fold_login(no_logins[i], login));
        assert_string_equal(login, "before");
    }
    for (size_t i = 0; i < COUNT_OF(logins); i++) {
        assert_true(fold_login(logins[i].input, login));
        assert_string_equal(login, logins[i].folded);
    }
}

static void
test_utf8(void **state)
{
    static const struct {
        const char *bytes;
        size_t length;
        bool valid;
    } cases[] = {
        {"", 0, true},
        {"abc", 3, true},
        {"a\0b", 3, false},
        {"臺", 3, true},
        {"臺", 2, false},
        {"\xC0\x80", 2, false},         /* overlong */
        {"\xE0\x80\xAF", 3, false},     /* overlong */
        {"\xF0\x80\x80\xAF", 4, false}, /* overlong */
        {"\xED\xA0\x80", 3, false},     /* surrogate */
        {"\xF4\x8F\xBF\xBF", 4, true},
        {"\xF4\x90\x80\x80", 4, false}, /* above U+10FFFF */
        {"\xF5\x80\x80\x80", 4, false},
        {"\x80", 1, false},
        {"a\xE8\x87z", 4, false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_int_equal(utf8_valid(cases[i].bytes, cases[i].length),
                         cases[i].valid);
}

static void
test_utf8_round_trip(void **state)
{
    static const uint32_t codes[] = {1,       0x7F,    0x80,    0x7FF,
                                     0x800,   0xD7FF,  0xE000,  0xFFFD,
                                     0x10000, 0x20BB7, 0x10FFFF};
    (void)state;
    for (size_t i = 0; i < COUNT_OF(codes); i++) {
        char bytes[4];
        uint32_t code = 0;
        size_t length = utf8_put(codes[i], bytes, sizeof bytes);
        struct utf8_cursor cursor = {bytes, bytes + length};
        assert_true(utf8_next(&cursor, &code));
        assert_int_equal(code, codes[i]);
        assert_ptr_equal(cursor.at, cursor.end);
        assert_int_equal(utf8_put(codes[i], bytes, length - 1), 0);
    }
    assert_int_equal(utf8_put(0xD800, (char[4]){0}, 4), 0);
    assert_int_equal(utf8_put(0x110000, (char[4]){0}, 4), 0);
}

static void
test_shapes(void **state)
{
    static const char *const emails[] = {
        "a@b.tw", "first.last+x@mail.school.edu.tw", "o'neil@x-y.org"};
    static const char *const no_emails[] = {
        "",        "NA",         "a@",      "@b.tw",     "a@b",      "a@b..tw",
        "a@-b.tw", ".a@b.tw",    "a.@b.tw", "a..b@c.tw", "a@b@c.tw", "a b@c.tw",
        "a@b.tw.", "a@10.0.0.1", "王@b.tw", "a@b.tw\n"};
    static const char *const phones[] = {
        "0912345678",       "0912-345-678",    "(07) 725-8600",
        "+886-7-7258600",   "02-27208889#123", "04-37061628 分機 12",
        "07-7172930轉1234", "077172930 ext. 5"};
    static const char *const no_phones[] = {"",
                                            "123",
                                            "NA",
                                            "0912345678901234",
                                            "02-27208889#",
                                            "02-27208889#1234567",
                                            "abc0912345678",
                                            "0912345678;1",
                                            "++886912345678"};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(emails); i++)
        assert_true(email_shape_ok(emails[i]));
    for (size_t i = 0; i < COUNT_OF(no_emails); i++)
        assert_false(email_shape_ok(no_emails[i]));
    for (size_t i = 0; i < COUNT_OF(phones); i++)
        assert_true(phone_shape_ok(phones[i]));
    for (size_t i = 0; i < COUNT_OF(no_phones); i++)
        assert_false(phone_shape_ok(no_phones[i]));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_folds),
        cmocka_unit_test(test_f01_spellings_of_one_name),
        cmocka_unit_test(test_f01_other_names_stay_apart),
        cmocka_unit_test(test_f02_what_is_ascii_by_nature),
        cmocka_unit_test(test_a_fold_fits_its_room),
        cmocka_unit_test(test_folds_fit_or_leave_alone),
        cmocka_unit_test(test_same_names),
        cmocka_unit_test(test_login_names),
        cmocka_unit_test(test_utf8),
        cmocka_unit_test(test_utf8_round_trip),
        cmocka_unit_test(test_shapes),
    };

    return cmocka_run_group_tests_name("rules/fold", tests, NULL, NULL);
}
