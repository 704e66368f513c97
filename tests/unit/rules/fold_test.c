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
    for (size_t i = 0; i < COUNT(widths); i++) {
        assert_true(fold_width(widths[i].input, folded, sizeof folded));
        assert_string_equal(folded, widths[i].folded);
    }
    for (size_t i = 0; i < COUNT(names); i++) {
        assert_true(fold_name(names[i].input, folded, sizeof folded));
        assert_string_equal(folded, names[i].folded);
        char again[64];
        assert_true(fold_name(folded, again, sizeof again));
        assert_string_equal(again, folded);
    }
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
    char long_name[600];

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

static void
test_login_names(void **state)
{
    static const struct pair good[] = {
        {"abc", "abc"},
        {" Chief.Wang_1 ", "chief.wang_1"},
        {"ＡＢＣ１２", "abc12"},
        {"a23456789012345678901234567890-2",
         "a23456789012345678901234567890-2"},
    };
    static const char *const bad[] = {
        "",       "ab",         "a b c",
        "王小明", "a@b.tw",     ".abc",
        "abc-",   "abc\n\x01z", "a234567890123456789012345678901-3",
        "abc\xFF"};
    char login[LOGIN_LENGTH_MAX + 1] = "before";

    (void)state;
    for (size_t i = 0; i < COUNT(bad); i++) {
        assert_false(fold_login(bad[i], login));
        assert_string_equal(login, "before");
    }
    for (size_t i = 0; i < COUNT(good); i++) {
        assert_true(fold_login(good[i].input, login));
        assert_string_equal(login, good[i].folded);
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
    for (size_t i = 0; i < COUNT(cases); i++)
        assert_int_equal(utf8_valid(cases[i].bytes, cases[i].length),
                         cases[i].valid);
    assert_true(utf8_one_line("王 John"));
    assert_false(utf8_one_line("a\nb"));
    assert_false(utf8_one_line("z\xE2\x80\xAEz")); /* override */
    assert_false(utf8_one_line("\xEF\xBF\xBE"));
    assert_false(utf8_one_line("\xC2\x85"));
}

static void
test_utf8_round_trip(void **state)
{
    static const uint32_t codes[] = {1,       0x7F,    0x80,    0x7FF,
                                     0x800,   0xD7FF,  0xE000,  0xFFFD,
                                     0x10000, 0x20BB7, 0x10FFFF};
    (void)state;
    for (size_t i = 0; i < COUNT(codes); i++) {
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
    for (size_t i = 0; i < COUNT(emails); i++)
        assert_true(email_shape_ok(emails[i]));
    for (size_t i = 0; i < COUNT(no_emails); i++)
        assert_false(email_shape_ok(no_emails[i]));
    for (size_t i = 0; i < COUNT(phones); i++)
        assert_true(phone_shape_ok(phones[i]));
    for (size_t i = 0; i < COUNT(no_phones); i++)
        assert_false(phone_shape_ok(no_phones[i]));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_folds),
        cmocka_unit_test(test_folds_fit_or_leave_alone),
        cmocka_unit_test(test_same_names),
        cmocka_unit_test(test_login_names),
        cmocka_unit_test(test_utf8),
        cmocka_unit_test(test_utf8_round_trip),
        cmocka_unit_test(test_shapes),
    };

    return cmocka_run_group_tests_name("rules/fold", tests, NULL, NULL);
}
