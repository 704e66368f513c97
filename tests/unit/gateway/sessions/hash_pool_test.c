/* hash_pool_test.c: so many inside, the rest is sent away at once; several
 * threads hash at the same time and all get their answer. The thread sanitizer
 * reads this one, too.
 */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "chassis/http/http_internal.h"

#include "gateway/gateway.h"
#include "gateway/sessions/sessions.h"

enum { POOL = 2, QUEUE = 3, THREADS = 5 };

static int
begin(void **state)
{
    char error[256];

    (void)state;
    gateway_settings.hash_pool = POOL;
    gateway_settings.hash_queue_max = QUEUE;
    return sessions_start(error) ? 0 : -1;
}

static int
end(void **state)
{
    (void)state;
    sessions_stop();
    return 0;
}

static bool
enter(int *ret_status)
{
    struct http_server server = {.port = 0};
    struct http_connection connection = {.server = &server};
    struct http_exchange exchange = {
        .server = &server,
        .connection = &connection,
    };
    struct http_request request = {
        .arena = arena_new(0),
        .internal = &exchange,
    };
    struct http_response response = {
        .arena = request.arena,
        .internal = &exchange,
    };
    bool entered = hash_enter(&request, &response);

    *ret_status = response.status;
    bytes_free(&response.body);
    arena_free(request.arena);
    return entered;
}

static void
the_queue_has_an_end(void **state)
{
    int status;

    (void)state;
    for (int i = 0; i < POOL + QUEUE; i++)
        assert_true(enter(&status));
    assert_false(enter(&status));
    assert_int_equal(status, 503);
    hash_leave();
    assert_true(enter(&status));
    for (int i = 0; i < POOL + QUEUE; i++)
        hash_leave();
}

static void *
hash_and_verify(void *right)
{
    char hash[128];

    *(bool *)right = hash_make("a long and winding road", hash) &&
                     hash_verify(hash, "a long and winding road") &&
                     !hash_verify(hash, "a long and winding street");
    return NULL;
}

static void
more_threads_than_turns(void **state)
{
    pthread_t threads[THREADS];
    bool right[THREADS] = {false};

    (void)state;
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(
            pthread_create(&threads[i], NULL, hash_and_verify, &right[i]), 0);
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    for (int i = 0; i < THREADS; i++)
        assert_true(right[i]);
}

static void
a_login_nobody_has_is_hashed_and_refused(void **state)
{
    (void)state;
    assert_false(hash_verify(NULL, "anything"));
    assert_false(hash_verify(NULL, ""));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_queue_has_an_end),
        cmocka_unit_test(more_threads_than_turns),
        cmocka_unit_test(a_login_nobody_has_is_hashed_and_refused),
    };

    return cmocka_run_group_tests(tests, begin, end);
}
