/* Buckets: burst, refill by time alone, the returned wait, tokens given back,
 * and the buckets dropped when there are too many keys; with threads, too. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "attributes.h"
#include "chassis/base/clock.h"
#include "chassis/base/shares.h"

static const struct bucket_size three_a_minute = {3, SECONDS(20)};

static void
a_burst_then_one_a_period(void **state)
{
    struct buckets *buckets = buckets_new(100);
    int64_t now = SECONDS(1000);
    (void)state;

    for (int i = 0; i < 3; i++)
        assert_int_equal(buckets_take(buckets, 5, three_a_minute, now), 0);
    assert_int_equal(buckets_take(buckets, 5, three_a_minute, now),
                     SECONDS(20));
    assert_int_equal(buckets_wait(buckets, 5, three_a_minute, now),
                     SECONDS(20));
    now += SECONDS(20) - 1;
    assert_int_equal(buckets_take(buckets, 5, three_a_minute, now), 1);
    now += 1;
    assert_int_equal(buckets_wait(buckets, 5, three_a_minute, now), 0);
    assert_int_equal(buckets_take(buckets, 5, three_a_minute, now), 0);
    assert_int_equal(buckets_take(buckets, 5, three_a_minute, now),
                     SECONDS(20));
    /* After a long time it is full, never fuller. */
    now += SECONDS(3600);
    assert_true(buckets_full(buckets, 5, now));
    for (int i = 0; i < 3; i++)
        assert_int_equal(buckets_take(buckets, 5, three_a_minute, now), 0);
    assert_true(buckets_take(buckets, 5, three_a_minute, now) > 0);
    assert_int_equal(buckets_take(buckets, 6, three_a_minute, now), 0);
    buckets_free(buckets);
    buckets_free(NULL);
}

static void
a_token_is_given_back(void **state)
{
    struct buckets *buckets = buckets_new(100);
    int64_t now = 0;
    (void)state;

    for (int i = 0; i < 3; i++)
        assert_int_equal(buckets_take(buckets, 5, three_a_minute, now), 0);
    buckets_give(buckets, 5, three_a_minute);
    assert_int_equal(buckets_take(buckets, 5, three_a_minute, now), 0);
    assert_true(buckets_take(buckets, 5, three_a_minute, now) > 0);
    buckets_give(buckets, 77, three_a_minute); /* took none */
    assert_true(buckets_full(buckets, 77, now));
    assert_false(buckets_full(buckets, 5, now));
    buckets_free(buckets);
}

/* Ten thousand new keys do not make the table forget the key that is used
 * up. */
static void
a_crowd_frees_nobody(void **state)
{
    struct buckets *buckets = buckets_new(64);
    int64_t now = SECONDS(5);
    (void)state;

    for (int i = 0; i < 3; i++)
        assert_int_equal(buckets_take(buckets, 5, three_a_minute, now), 0);
    for (uint64_t key = 100; key < 10100; key++)
        (void)!buckets_take(buckets, key, three_a_minute, now);
    assert_int_equal(buckets_wait(buckets, 5, three_a_minute, now),
                     SECONDS(20));
    buckets_free(buckets);
}

enum { THREADS = 8, ROUNDS = 500 };

static struct buckets *shared;
static _Atomic int taken;

static void *
take_all(void *unused)
{
    (void)unused;
    for (int i = 0; i < ROUNDS; i++)
        if (buckets_take(shared, 9, (struct bucket_size){100, SECONDS(1)}, 0) ==
            0)
            taken++;
    return NULL;
}

static void
threads_get_no_more_than_the_burst(void **state)
{
    pthread_t threads[THREADS];
    (void)state;

    shared = buckets_new(10);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, take_all, NULL), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    assert_int_equal(taken, 100);
    buckets_free(shared);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_burst_then_one_a_period),
        cmocka_unit_test(a_token_is_given_back),
        cmocka_unit_test(a_crowd_frees_nobody),
        cmocka_unit_test(threads_get_no_more_than_the_burst),
    };
    return cmocka_run_group_tests_name("buckets", tests, NULL, NULL);
}
