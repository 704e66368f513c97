/* The headers of an operation: Prefer, key, the hash. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "gateway/operations/internal.h"

/* --- Prefer ------------------------------------------------------------- */

static void
prefer_is_read(void **state)
{
    static const struct {
        const char *prefer;
        int64_t wait;
    } cases[] = {
        {NULL, 5},
        {"", 5},
        {"wait=3", SECONDS(3)},
        {"wait=0", 0},
        {"WAIT=10", SECONDS(10)},
        {"wait=\"4\"", SECONDS(4)},
        {" wait=3 ", SECONDS(3)},
        {"wait=3;foo=bar", SECONDS(3)},
        {"return=minimal, wait=7", SECONDS(7)},
        {"wait=3, wait=9", SECONDS(3)},
        {"wait=600", SECONDS(30)},
        {"wait=99999999999999999999", SECONDS(30)},
        {"wait=", 5},
        {"wait=-1", 5},
        {"wait=3s", 5},
        {"respond-async", 0},
        {"Respond-Async, wait=10", 0},
        {"wait=10, respond-async", 0},
        {"respond-asynchronously", 5},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++)
        assert_int_equal(prefer_wait(cases[i].prefer, 5), cases[i].wait);
}

/* --- keys and hashes ---------------------------------------------------- */

static void
keys_are_visible_ascii(void **state)
{
    char longest[OPERATION_KEY_MAX + 2];

    (void)state;
    memset(longest, 'a', sizeof longest);
    longest[OPERATION_KEY_MAX] = '\0';
    assert_true(operation_key_ok(longest));
    longest[OPERATION_KEY_MAX] = 'a';
    longest[OPERATION_KEY_MAX + 1] = '\0';
    assert_false(operation_key_ok(longest));
    assert_true(operation_key_ok("8e03978e-40d5-43e8-bc93-6894a57f9324"));
    assert_false(operation_key_ok(""));
    assert_false(operation_key_ok("a b"));
    assert_false(operation_key_ok("臺"));
    assert_false(operation_key_ok("a\x7f"));
}

static void
hash_tells_requests_apart(void **state)
{
    uint8_t first[SEAL_DIGEST], other[SEAL_DIGEST];

    (void)state;
    operation_hash_of("POST", "/v1/teachers", NULL, "{}", 2, first);
    operation_hash_of("POST", "/v1/teachers", NULL, "{}", 2, other);
    assert_memory_equal(first, other, SEAL_DIGEST);
    operation_hash_of("POST", "/v1/teachers", NULL, "{} ", 3, other);
    assert_memory_not_equal(first, other, SEAL_DIGEST);
    operation_hash_of("PATCH", "/v1/teachers", NULL, "{}", 2, other);
    assert_memory_not_equal(first, other, SEAL_DIGEST);
    operation_hash_of("POST", "/v1/teachers", NULL, NULL, 0, other);
    assert_memory_not_equal(first, other, SEAL_DIGEST);
}

/* If-Match is part of the request that a key remembers. */
static void
test_f06_hash_has_if_match(void **state)
{
    static const char *const tags[] = {NULL, "", "\"1\"", "\"2\"",
                                       "\"1\",\"2\""};
    uint8_t hashes[5][SEAL_DIGEST];

    (void)state;
    for (size_t i = 0; i < 5; i++)
        operation_hash_of("POST", "/v1/a", tags[i], "{}", 2, hashes[i]);
    for (size_t i = 0; i < 5; i++)
        for (size_t k = 0; k < i; k++)
            assert_memory_not_equal(hashes[i], hashes[k], SEAL_DIGEST);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(prefer_is_read),
        cmocka_unit_test(keys_are_visible_ascii),
        cmocka_unit_test(hash_tells_requests_apart),
        cmocka_unit_test(test_f06_hash_has_if_match),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
