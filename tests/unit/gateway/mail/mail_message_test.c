/* mail_message_test.c: headers and bodies as RFC 2047 and RFC 2045 have them:
 * lines that are short enough, characters never cut, no header let in. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "gateway/mail/mail_worker.h"

static void
test_base64_vectors(void **state)
{
    static const char *const vectors[][2] = {
        {"f", "Zg==\r\n"},         {"fo", "Zm8=\r\n"},
        {"foo", "Zm9v\r\n"},       {"foob", "Zm9vYg==\r\n"},
        {"fooba", "Zm9vYmE=\r\n"}, {"foobar", "Zm9vYmFy\r\n"},
    };
    struct bytes out = {0};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(vectors); i++) {
        bytes_clear(&out);
        mime_base64(&out, vectors[i][0], strlen(vectors[i][0]));
        assert_string_equal(bytes_text(&out), vectors[i][1]);
    }
    bytes_free(&out);
}

/* Every line ends with CRLF and has at most 76 characters before it. */
static void
assert_short_lines(const char *text)
{
    while (*text != '\0') {
        size_t size = strcspn(text, "\r\n");
        assert_true(size <= 76);
        if (text[size] == '\0')
            return;
        assert_int_equal(text[size], '\r');
        assert_int_equal(text[size + 1], '\n');
        text += size + 2;
    }
}

static void
test_base64_lines(void **state)
{
    struct bytes out = {0};
    uint8_t data[1000];

    (void)state;
    memset(data, 0xa5, sizeof data);
    mime_base64(&out, data, sizeof data);
    assert_short_lines(bytes_text(&out));
    assert_int_equal(out.size, 1336 + 2 * 18);
    bytes_free(&out);
}

static void
test_plain_header(void **state)
{
    struct bytes out = {0};

    (void)state;
    mime_header(&out, "Your code", 9);
    assert_string_equal(bytes_text(&out), "Your code");
    bytes_free(&out);
}

static void
test_no_header_gets_in(void **state)
{
    struct bytes out = {0};

    (void)state;
    mime_header(&out, "code\r\nBcc: all@example.org", 9);
    assert_null(strpbrk(bytes_text(&out), "\r\n"));
    bytes_free(&out);
}

/* Each encoded word decodes to whole characters. */
static void
assert_whole_words(const char *text)
{
    static const char signs[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

    for (const char *at = strstr(text, "=?UTF-8?B?"); at != NULL;
         at = strstr(at, "=?UTF-8?B?")) {
        at += 10;
        const char *digit = strchr(signs, at[0]);
        assert_non_null(digit);
        int first = (int)(digit - signs) << 2;
        assert_int_not_equal(first & 0xc0, 0x80); /* no continuation byte */
    }
}

static void
test_encoded_words(void **state)
{
    static const char *const signs[] = {"a", "網", "𠮷"};
    struct bytes out = {0};
    struct bytes text = {0};

    (void)state;
    mime_header(&out, "全教網", 9);
    assert_string_equal(bytes_text(&out), "=?UTF-8?B?5YWo5pWZ57ay?=");
    for (size_t length = 1; length < 60; length++) {
        bytes_clear(&text);
        for (size_t i = 0; i < length; i++)
            bytes_add_text(&text, signs[i % 3]);
        bytes_clear(&out);
        mime_header(&out, bytes_text(&text), 9);
        assert_whole_words(bytes_text(&out));
        bytes_add_text(&out, "\r\n");
        assert_short_lines(bytes_text(&out));
    }
    bytes_free(&text);
    bytes_free(&out);
}

static struct mail_letter
letter_of(enum mail_purpose purpose)
{
    return (struct mail_letter){
        .purpose = purpose,
        .to = "someone@example.org",
        .name = "王大明",
        .organization = "國立東石高級中學",
        .login = "wang.daming",
        .secret = purpose == MAIL_VERIFICATION ? "012345" : "TOKEN",
        .public_url = "https://inservice.example",
        .valid_until = INT64_C(1785546000000000), /* 2026-08-01 09:00 */
    };
}

static void
test_text_says_what_to_do(void **state)
{
    struct mail_letter letter = letter_of(MAIL_ACTIVATE);
    struct bytes out = {0};

    (void)state;
    mail_text(&letter, &out);
    assert_non_null(strstr(bytes_text(&out), "王大明 您好"));
    assert_non_null(
        strstr(bytes_text(&out), "https://inservice.example/activate#TOKEN\n"));
    assert_non_null(strstr(bytes_text(&out), "國立東石高級中學"));
    assert_non_null(strstr(bytes_text(&out), "2026-08-01 09:00"));

    letter = letter_of(MAIL_VERIFICATION);
    letter.name = letter.organization = letter.login = "";
    bytes_clear(&out);
    mail_text(&letter, &out);
    assert_non_null(strstr(bytes_text(&out), "\n    012345\n"));
    assert_null(strstr(bytes_text(&out), "activate"));
    assert_null(strstr(bytes_text(&out), "單位："));
    bytes_free(&out);
}

/* A lock's mail has no secret and asks for nothing. */
static void
test_s07_text_of_a_lock(void **state)
{
    struct mail_letter letter = letter_of(MAIL_LOCKED);
    struct bytes out = {0};

    (void)state;
    mail_text(&letter, &out);
    assert_non_null(strstr(bytes_text(&out), "wang.daming"));
    assert_non_null(strstr(bytes_text(&out), "恢復時間：2026-08-01 09:00"));
    assert_null(strstr(bytes_text(&out), "TOKEN"));
    assert_null(strstr(bytes_text(&out), "http"));
    assert_non_null(strstr(mail_subject(MAIL_LOCKED), "登入提醒"));
    bytes_free(&out);
}

static void
test_message(void **state)
{
    struct mail_letter letter = letter_of(MAIL_ACTIVATE);
    struct bytes out = {0};

    (void)state;
    letter.to = "some\r\nBcc: x@example.org";
    mail_message(&letter, "noreply@inservice.example", "id-1",
                 INT64_C(1785546000000000), &out);
    const char *text = bytes_text(&out);
    assert_non_null(strstr(text, "Date: Sat, 01 Aug 2026 01:00:00 +0000\r\n"));
    assert_non_null(strstr(text, "From: <noreply@inservice.example>\r\n"));
    assert_non_null(strstr(text, "To: <someBcc:x@example.org>\r\n"));
    assert_non_null(strstr(text, "Message-ID: <id-1@inservice.example>\r\n"));
    assert_null(strstr(text, "\r\nBcc"));
    assert_null(strstr(text, "TOKEN"));
    assert_short_lines(text);
    bytes_free(&out);
}

static void
test_pauses_grow(void **state)
{
    (void)state;
    assert_int_equal(mail_pause(1), SECONDS(5));
    assert_int_equal(mail_pause(2), SECONDS(10));
    assert_int_equal(mail_pause(5), SECONDS(80));
    assert_int_equal(mail_pause(12), SECONDS(3600));
    assert_int_equal(mail_pause(1000), SECONDS(3600));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_base64_vectors),
        cmocka_unit_test(test_base64_lines),
        cmocka_unit_test(test_plain_header),
        cmocka_unit_test(test_no_header_gets_in),
        cmocka_unit_test(test_encoded_words),
        cmocka_unit_test(test_text_says_what_to_do),
        cmocka_unit_test(test_s07_text_of_a_lock),
        cmocka_unit_test(test_message),
        cmocka_unit_test(test_pauses_grow),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
