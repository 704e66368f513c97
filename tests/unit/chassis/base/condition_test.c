/* Condition variables: a wait ends by its deadline or by a signal. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "chassis/base/clock.h"
#include "chassis/base/condition.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t changed;
static bool done;

static int
set_up(void **state)
{
    (void)state;
    done = false;
    condition_init(&changed);
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    return pthread_cond_destroy(&changed);
}

static void *
change(void *unused)
{
    pthread_mutex_lock(&lock);
    done = true;
    pthread_cond_signal(&changed);
    pthread_mutex_unlock(&lock);
    return unused;
}

static void
wait_until(int64_t deadline)
{
    pthread_t thread;

    pthread_mutex_lock(&lock);
    assert_int_equal(pthread_create(&thread, NULL, change, NULL), 0);
    while (!done)
        assert_true(condition_wait(&changed, &lock, deadline));
    pthread_mutex_unlock(&lock);
    pthread_join(thread, NULL);
}

static void
a_signal_ends_the_wait(void **state)
{
    (void)state;
    wait_until(clock_monotonic() + SECONDS(60));
}

static void
a_wait_may_have_no_deadline(void **state)
{
    (void)state;
    wait_until(INT64_MAX);
}

static void
the_deadline_ends_the_wait(void **state)
{
    int64_t deadline = clock_monotonic() + MILLISECONDS(20);

    (void)state;
    pthread_mutex_lock(&lock);
    while (condition_wait(&changed, &lock, deadline))
        ; /* woken for no reason */
    assert_true(clock_monotonic() >= deadline);
    assert_false(condition_wait(&changed, &lock, deadline));
    pthread_mutex_unlock(&lock);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_signal_ends_the_wait),
        TEST(a_wait_may_have_no_deadline),
        TEST(the_deadline_ends_the_wait),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
