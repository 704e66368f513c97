/* JSON by hand: commas, nulls, escaping, words, times. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "chassis/db/db.h"

#include "rules/masking.h"
#include "rules/role.h"

#include "gateway/lists/page.h"
#include "gateway/request/render.h"

static void
test_members_and_elements(void **state)
{
    char *const subjects[] = {(char[]){"數學"}, (char[]){"A\"B"}};
    struct bytes out = {0};

    (void)state;
    json_open(&out, NULL, '{');
    json_text(&out, "name", "{");
    json_text(&out, "empty", "");
    json_plain(&out, "plain", "");
    json_text(&out, "none", NULL);
    json_int(&out, "version", -7);
    json_bool(&out, "masked", true);
    json_texts(&out, "subjects", subjects, 2);
    json_open(&out, "items", '[');
    json_open(&out, NULL, '{');
    json_close(&out, '}');
    json_open(&out, NULL, '{');
    json_close(&out, '}');
    json_close(&out, ']');
    json_raw(&out, "raw", "[1]");
    json_raw(&out, "unknown", NULL);
    json_close(&out, '}');
    assert_string_equal(
        bytes_text(&out),
        "{\"name\":\"{\",\"empty\":null,\"plain\":\"\",\"none\":null,"
        "\"version\":-7,\"masked\":true,\"subjects\":[\"數學\",\"A\\\"B\"],"
        "\"items\":[{},{}],\"raw\":[1],\"unknown\":null}");
    bytes_free(&out);
}

static void
test_masked(void **state)
{
    struct bytes out = {0};
    char long_name[600];

    (void)state;
    memset(long_name, 'x', sizeof long_name - 1);
    long_name[sizeof long_name - 1] = '\0';
    json_open(&out, NULL, '{');
    json_masked(&out, "own", "謝小威", true, mask_name);
    json_masked(&out, "name", "謝小威", false, mask_name);
    json_masked(&out, "email", "wei@example.tw", false, mask_email);
    json_masked(&out, "none", "", false, mask_email);
    json_masked(&out, "null", NULL, false, mask_email);
    json_masked(&out, "broken", "\xff", false, mask_name);
    json_masked(&out, "long", long_name, false, mask_phone);
    json_close(&out, '}');
    assert_string_equal(
        bytes_text(&out),
        "{\"own\":\"謝小威\",\"name\":\"謝O威\","
        "\"email\":\"w***@example.tw\",\"none\":null,\"null\":null,"
        "\"broken\":null,\"long\":null}");
    bytes_free(&out);
}

static void
test_words_bits_and_times(void **state)
{
    struct bytes out = {0};

    (void)state;
    json_open(&out, NULL, '{');
    json_word(&out, "role", &role_words, ROLE_CHIEF);
    json_word(&out, "none", &role_words, 0);
    json_bits(&out, "may", &permission_words,
              PERMISSION_COURSE_ENTRY | PERMISSION_STATISTICS);
    json_time(&out, "at", INT64_C(1785542400000000));
    json_time(&out, "never", DB_NO_TIME);
    json_close(&out, '}');
    assert_string_equal(
        bytes_text(&out),
        "{\"role\":\"CHIEF\",\"none\":null,"
        "\"may\":[\"COURSE_ENTRY\",\"STATISTICS\"],"
        "\"at\":\"2026-08-01T00:00:00.000000Z\",\"never\":null}");
    bytes_free(&out);
}

static void
test_pattern_means_what_was_typed(void **state)
{
    struct arena *arena = arena_new(0);

    (void)state;
    assert_string_equal(like_pattern(arena, "王小"), "%王小%");
    assert_string_equal(like_pattern(arena, "a%b_c\\"), "%a\\%b\\_c\\\\%");
    arena_free(arena);
}

/* A caller who sees masks learns nothing by searching. */
static void
test_s11_pattern_of_a_mask(void **state)
{
    static const char *const cases[][2] = {
        {"謝志威", "謝_威"},
        {"謝o威", "謝_威"},
        {"王明", "王_"},
        {"歐陽大華", "歐__華"},
        {"謝", "謝_%"},
        {"john smith", "j_%"},
        {"李john", "李_%"},
        {"瓦歷斯·諾幹", "瓦____幹"},
        {"%", "\\%_%"},
        {"_a", "\\__%"},
        {"\\x", "\\\\_%"},
        {"émilie", "é_%"},
        {"\xEE\x80\x80小\xEE\x80\x81", "\xEE\x80\x80_\xEE\x80\x81"},
        {"ω", "ω_%"},
        {"가", "가_%"},
        {"", ""},
    };
    struct arena *arena = arena_new(0);

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_string_equal(masked_pattern(arena, cases[i][0]), cases[i][1]);
    arena_free(arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_members_and_elements),
        cmocka_unit_test(test_masked),
        cmocka_unit_test(test_words_bits_and_times),
        cmocka_unit_test(test_pattern_means_what_was_typed),
        cmocka_unit_test(test_s11_pattern_of_a_mask),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
