/* Shares: each key its own, all together the total, and no key is lost when
 * others come and go; with threads, too.
 */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "attributes.h"
#include "chassis/base/shares.h"

static void
one_key_holds_its_share(void **state)
{
    struct shares *shares = shares_new(10);
    (void)state;

    assert_true(shares_take(shares, 7, 2));
    assert_true(shares_take(shares, 7, 2));
    assert_false(shares_take(shares, 7, 2));
    assert_true(shares_take(shares, 8, 2));
    assert_int_equal(shares_held(shares, 7), 2);
    assert_int_equal(shares_total(shares), 3);
    shares_give(shares, 7);
    assert_true(shares_take(shares, 7, 2));
    assert_false(shares_take(shares, 9, 0));
    shares_give(shares, 9); /* holds none */
    assert_int_equal(shares_total(shares), 3);
    shares_free(shares);
    shares_free(NULL);
}

static void
all_together_hold_the_total(void **state)
{
    struct shares *shares = shares_new(3);
    (void)state;

    for (uint64_t key = 1; key <= 3; key++)
        assert_true(shares_take(shares, key, 1));
    assert_false(shares_take(shares, 4, 1));
    shares_give(shares, 2);
    assert_true(shares_take(shares, 4, 1));
    shares_free(shares);
}

/* Keys that fall on one slot, in all orders of leaving. */
static void
keys_of_one_slot_stay_apart(void **state)
{
    enum { KEYS = 5, SLOTS = 16 };
    (void)state;

    for (unsigned mask = 0; mask < 1u << KEYS; mask++) {
        struct shares *shares = shares_new(8);
        for (uint64_t k = 0; k < KEYS; k++)
            assert_true(
                shares_take(shares, SLOTS - 2 + SLOTS * (k % 3) + k, 1));
        for (uint64_t k = 0; k < KEYS; k++)
            if ((mask & 1u << k) != 0)
                shares_give(shares, SLOTS - 2 + SLOTS * (k % 3) + k);
        for (uint64_t k = 0; k < KEYS; k++)
            assert_int_equal(
                shares_held(shares, SLOTS - 2 + SLOTS * (k % 3) + k),
                (mask & 1u << k) == 0);
        shares_free(shares);
    }
}

static void
keys_of_texts_differ(void **state)
{
    (void)state;
    assert_true(share_key("192.0.2.1") == share_key("192.0.2.1"));
    assert_true(share_key("192.0.2.1") != share_key("192.0.2.2"));
    assert_true(share_key_of("a", "x") != share_key_of("b", "x"));
    assert_true(share_key_of("a", "bx") != share_key_of("ab", "x"));
    assert_true(share_key("") != 0);
}

enum { THREADS = 8, ROUNDS = 4000, MAX = 3 };

static struct shares *shared;
static _Atomic int64_t inside[2];
static _Atomic int too_many;

static void *
take_and_give(void *number)
{
    uint64_t key = 1 + (uintptr_t)number % 2;

    for (int i = 0; i < ROUNDS; i++) {
        if (!shares_take(shared, key, MAX))
            continue;
        if (++inside[key - 1] > MAX)
            too_many++;
        inside[key - 1]--;
        shares_give(shared, key);
    }
    return NULL;
}

static void
threads_never_exceed_the_share(void **state)
{
    pthread_t threads[THREADS];
    (void)state;

    shared = shares_new(5);
    for (uintptr_t i = 0; i < THREADS; i++)
        assert_int_equal(
            pthread_create(&threads[i], NULL, take_and_give, (void *)i), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(too_many, 0);
    assert_int_equal(shares_total(shared), 0);
    shares_free(shared);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_key_holds_its_share),
        cmocka_unit_test(all_together_hold_the_total),
        cmocka_unit_test(keys_of_one_slot_stay_apart),
        cmocka_unit_test(keys_of_texts_differ),
        cmocka_unit_test(threads_never_exceed_the_share),
    };
    return cmocka_run_group_tests_name("shares", tests, NULL, NULL);
}
