/* If-Match: lists of tags, and the versions that can match. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "attributes.h"

#include "gateway/request/if_match.h"

static const struct {
    const char *text;
    enum if_match_kind kind;
    int64_t versions[4];
    size_t count;
} cases[] = {
    {"\"1\"", IF_MATCH_TAGS, {1}, 1},
    {"\"0\"", IF_MATCH_TAGS, {0}, 1},
    {" \"12\" ", IF_MATCH_TAGS, {12}, 1},
    {"\"101\", \"1\"", IF_MATCH_TAGS, {101, 1}, 2},
    {"\"101\",\"1\",\"101\"", IF_MATCH_TAGS, {101, 1}, 2},
    {",, \"1\" ,\t, \"2\",", IF_MATCH_TAGS, {1, 2}, 2},
    {"\"999999999999999999\"", IF_MATCH_TAGS, {999999999999999999}, 1},
    {"\"7-0123456789abcdef\", \"8\"", IF_MATCH_TAGS, {7, 8}, 2},
    {"\"7-0123456789abcdef\", \"7-fedcba9876543210\"", IF_MATCH_TAGS, {7}, 1},
    /* Tags that match nothing of ours. */
    {"\"7-\"", IF_MATCH_TAGS, {0}, 0},
    {"\"7-0123456789abcde\"", IF_MATCH_TAGS, {0}, 0},
    {"\"7-0123456789abcdef0\"", IF_MATCH_TAGS, {0}, 0},
    {"\"7-0123456789ABCDEF\"", IF_MATCH_TAGS, {0}, 0},
    {"\"-0123456789abcdef\"", IF_MATCH_TAGS, {0}, 0},
    {"\"07-0123456789abcdef\"", IF_MATCH_TAGS, {0}, 0},
    {"\"7+0123456789abcdef\"", IF_MATCH_TAGS, {0}, 0},
    {"\"01\"", IF_MATCH_TAGS, {0}, 0},
    {"\"00\"", IF_MATCH_TAGS, {0}, 0},
    {"W/\"1\"", IF_MATCH_TAGS, {0}, 0},
    {"W/\"1\", \"2\"", IF_MATCH_TAGS, {2}, 1},
    {"\"\"", IF_MATCH_TAGS, {0}, 0},
    {"\"+1\"", IF_MATCH_TAGS, {0}, 0},
    {"\"-1\"", IF_MATCH_TAGS, {0}, 0},
    {"\"x\"", IF_MATCH_TAGS, {0}, 0},
    {"\"1,2\"", IF_MATCH_TAGS, {0}, 0},
    {"\"\xe4\xb8\xad\"", IF_MATCH_TAGS, {0}, 0},
    {"\"9999999999999999999\"", IF_MATCH_TAGS, {0}, 0},
    {"\"99999999999999999999999999\", \"3\"", IF_MATCH_TAGS, {3}, 1},
    {"*", IF_MATCH_ANY, {0}, 0},
    {" * ", IF_MATCH_ANY, {0}, 0},
    /* No lists of tags. */
    {"", IF_MATCH_BAD, {0}, 0},
    {" , ", IF_MATCH_BAD, {0}, 0},
    {"1", IF_MATCH_BAD, {0}, 0},
    {"\"1", IF_MATCH_BAD, {0}, 0},
    {"1\"", IF_MATCH_BAD, {0}, 0},
    {"\"1\" \"2\"", IF_MATCH_BAD, {0}, 0},
    {"\"1\"\"2\"", IF_MATCH_BAD, {0}, 0},
    {"\"1 2\"", IF_MATCH_BAD, {0}, 0},
    {"w/\"1\"", IF_MATCH_BAD, {0}, 0},
    {"W/ \"1\"", IF_MATCH_BAD, {0}, 0},
    {"W/1", IF_MATCH_BAD, {0}, 0},
    {"'1'", IF_MATCH_BAD, {0}, 0},
    {"*, \"1\"", IF_MATCH_BAD, {0}, 0},
    {"\"1\", *", IF_MATCH_BAD, {0}, 0},
    {"**", IF_MATCH_BAD, {0}, 0},
    {",*", IF_MATCH_BAD, {0}, 0},
    {"\"1\";", IF_MATCH_BAD, {0}, 0},
};

static void
test_f14_tags_as_the_rfc_has_them(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct if_match read;
        enum if_match_kind kind = if_match_read(cases[i].text, &read);
        if (kind != cases[i].kind)
            fail_msg("%s: %d", cases[i].text, kind);
        if (kind != IF_MATCH_TAGS)
            continue;
        if (read.count != cases[i].count)
            fail_msg("%s: %zu versions", cases[i].text, read.count);
        assert_memory_equal(read.versions, cases[i].versions,
                            read.count * sizeof(read.versions[0]));
    }
}

static void
many_tags_are_too_many(void **state)
{
    char text[IF_MATCH_VERSIONS_MAX * 8 + 16] = "";
    struct if_match read;
    size_t used = 0;
    (void)state;

    for (int i = 0; i < IF_MATCH_VERSIONS_MAX; i++)
        used += (size_t)snprintf(text + used, sizeof(text) - used, "\"%d\", ",
                                 100 + i);
    assert_int_equal(if_match_read(text, &read), IF_MATCH_TAGS);
    assert_int_equal(read.count, IF_MATCH_VERSIONS_MAX);
    snprintf(text + used, sizeof(text) - used, "\"7\"");
    assert_int_equal(if_match_read(text, &read), IF_MATCH_BAD);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_f14_tags_as_the_rfc_has_them),
        cmocka_unit_test(many_tags_are_too_many),
    };
    return cmocka_run_group_tests_name("if_match", tests, NULL, NULL);
}
