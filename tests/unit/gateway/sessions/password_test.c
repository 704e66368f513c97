/* password_test.c: what is refused as too easy to guess, and what must not be:
 * a rule that refuses good passwords teaches people bad ones. */
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
        "line\nbreak and more",
        "bad \xff bytes in here",
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(weak); i++) {
        if (password_fault(weak[i], login, email) == NULL)
            fail_msg("taken: %s", weak[i]);
    }
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
        cmocka_unit_test(test_the_longest),
        cmocka_unit_test(test_session_id_comes_back),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
