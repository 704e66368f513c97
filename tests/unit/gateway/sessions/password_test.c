/* password_test.c: passwords that are too easy to guess, and those that must
 * pass: a rule that refuses good passwords teaches people bad ones. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "gateway/sessions/sessions.h"

static const char login[] = "wang.daming";
static const char email[] = "dm.wang@school.edu.tw";

static void
test_good_ones(void **state)
{
    static const char *const good[] = {
        "海岸線上的白色燈塔與風箏",
        "correct horse battery staple",
        "three blind mice in a taxi",
        "Tr0ub4dor&3-and-more",
        "wang.daming rides a yellow bicycle",
        "我的貓今天吃了三條秋刀魚",
        "x7#mQ2!vLp9@",
        "kfqhwzbnxmtr",
        "402938571746",
        "tests of wild geese",
        "紅磚牆外的三隻白鷺鷥和雨",
        "mein grüner Wellensittich",
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(good); i++)
        assert_null(password_fault(good[i], login, email));
    assert_null(password_fault(good[0], NULL, NULL));
    assert_null(password_fault(good[1], "", ""));
}

static void
test_weak_ones(void **state)
{
    static const char *const weak[] = {
        "",
        "short",
        "elevenchars",
        "海岸線上的白色燈塔",
        "aaaaaaaaaaaaaaaa",
        "abababababababab",
        "123456789012",
        "987654321098",
        "abcdefghijklmn",
        "password12345",
        "PasswordPassword",
        "Qwertyuiop123!",
        "2026Inservice!!",
        "wang.daming123",
        "Wang.DaMingWang.DaMing",
        "dm.wang2026!",
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(weak); i++) {
        if (password_fault(weak[i], login, email) == NULL)
            fail_msg("taken: %s", weak[i]);
    }
}

/* Words that people lengthen to twelve characters. */
static void
test_s12_disguised_words_and_walks(void **state)
{
    static const char *const weak[] = {
        "P@ssw0rd1234",
        "1qaz2wsx3edc",
        "!QAZ2wsx#EDC",
        "p4$$w0rd2026!",
        "Adm1n1strator!",
        "qwertyuiop[]",
        "zaq12wsxcde3",
        "0okm9ijn8uhb",
        "asdfjkl;asdfjkl;",
        "Taiwan20260801",
        "teacherteacher1",
        "T3@cher123456",
        "iloveyou123456",
        "ji32k7au4a83",
        "ji394su3ji394su3",
        "Welcome@School1",
        "abc123abc123abc",
        "19850314abcd",
        "王小明王小明王小明王小明",
        "ｐａｓｓｗｏｒｄ１２３４",
        "246813579abc",
        "monday2026!!!!",
        "qazwsxedcrfv",
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(weak); i++) {
        if (password_fault(weak[i], login, email) == NULL)
            fail_msg("taken: %s", weak[i]);
    }
}

/* The login in full width is the login. */
static void
test_f21_the_login_spelled_otherwise(void **state)
{
    static const char *const weak[] = {
        "ｗａｎｇ．ｄａｍｉｎｇ１２３",
        "WANG\uFF0EDAMING2026",
        "w4ng.d4m1ng!!",
        "dm-wang-dm-wang",
        "damingwang12",
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(weak); i++) {
        if (password_fault(weak[i], login, email) == NULL)
            fail_msg("taken: %s", weak[i]);
    }
    assert_null(password_fault("kfqhwzbnxmtr", "kf", "q@x.tw"));
}

/* Six letters with marks apart are six. */
static void
test_f08_characters_are_counted(void **state)
{
    const char *marks = "q\u0308x\u0308z\u0308v\u0308k\u0308j\u0308";

    (void)state;
    assert_non_null(password_fault(marks, NULL, NULL));
    assert_non_null(password_fault("żółtą łódkę", NULL, NULL)); /* eleven */
    assert_null(password_fault("żółtą łódkęw", NULL, NULL));
}

static void
test_the_longest(void **state)
{
    char text[PASSWORD_MAX + 2];

    (void)state;
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = "qjxzvkbywgpf"[i * 7 % 12];
    text[PASSWORD_MAX + 1] = '\0';
    assert_non_null(password_fault(text, NULL, NULL));
    text[PASSWORD_MAX] = '\0';
    assert_null(password_fault(text, NULL, NULL));
}

static void
test_session_id_comes_back(void **state)
{
    uint8_t digest[SEAL_DIGEST];
    uint8_t back[SEAL_DIGEST];
    char id[SESSION_ID_TEXT];

    (void)state;
    for (size_t i = 0; i < sizeof digest; i++)
        digest[i] = (uint8_t)(i * 37 + 200);
    session_id_text(digest, id);
    assert_int_equal(strlen(id), 64);
    assert_true(session_id_parse(id, back));
    assert_memory_equal(digest, back, sizeof digest);
    id[5] = 'G';
    assert_false(session_id_parse(id, back));
    id[5] = '\0';
    assert_false(session_id_parse(id, back));
    assert_false(session_id_parse("", back));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_good_ones),
        cmocka_unit_test(test_weak_ones),
        cmocka_unit_test(test_s12_disguised_words_and_walks),
        cmocka_unit_test(test_f21_the_login_spelled_otherwise),
        cmocka_unit_test(test_f08_characters_are_counted),
        cmocka_unit_test(test_the_longest),
        cmocka_unit_test(test_session_id_comes_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
