/* hash_pool_test.c: a fixed number hash, the rest are refused at once; several
 * threads hash at the same time and all get their answer. Also run under the
 * thread sanitizer. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "chassis/base/clock.h"
#include "chassis/http/http_internal.h"

#include "gateway/gateway.h"
#include "gateway/sessions/sessions.h"

enum { POOL = 2, QUEUE = 8, THREADS = 5, SHARE = 4, FAILURES = 5 };

static int
begin(void **state)
{
    char error[256];

    (void)state;
    gateway_settings.hash_pool = POOL;
    gateway_settings.hash_queue_max = QUEUE;
    gateway_settings.hash_per_address = SHARE;
    gateway_settings.sign_in_failures = FAILURES;
    gateway_settings.sign_in_failure_period = SECONDS(60);
    return sessions_start(error) ? 0 : -1;
}

static int
end(void **state)
{
    (void)state;
    sessions_stop();
    return 0;
}

/* 10.0.0.0 plus `n` addresses. */
static struct http_client
client_of(int host)
{
    struct http_address address = {.bytes = {[10] = 0xff,
                                             [11] = 0xff,
                                             [12] = 10,
                                             [14] = (uint8_t)(host >> 8),
                                             [15] = (uint8_t)host}};
    struct http_client client;

    client_name(&address, &client);
    return client;
}

static struct hash_place places[POOL + QUEUE];

static bool
enter_from(int host, struct hash_place *ret_place, int *ret_status)
{
    struct http_server server = {.port = 0};
    struct http_connection connection = {.server = &server};
    struct http_exchange exchange = {
        .server = &server,
        .connection = &connection,
    };
    struct http_client client = client_of(host);
    struct http_request request = {
        .arena = arena_new(0),
        .internal = &exchange,
        .client = &client,
    };
    struct http_response response = {
        .arena = request.arena,
        .internal = &exchange,
    };
    bool entered = hash_enter(&request, &response, ret_place);

    *ret_status = response.status;
    /* Who is refused cannot ask again at once on the same connection. */
    const char *ends = http_answer_header(&exchange, "Connection");
    assert_int_equal(ends != NULL && strcmp(ends, "close") == 0, !entered);
    bytes_free(&response.body);
    arena_free(request.arena);
    return entered;
}

static void
the_queue_has_an_end(void **state)
{
    struct hash_place none;
    int status;

    (void)state;
    for (int i = 0; i < POOL + QUEUE; i++)
        assert_true(enter_from(i * 300, &places[i], &status));
    assert_false(enter_from(9999, &none, &status));
    assert_int_equal(status, 503);
    hash_leave(&places[0]);
    assert_true(enter_from(9999, &places[0], &status));
    for (int i = 0; i < POOL + QUEUE; i++)
        hash_leave(&places[i]);
}

/* One address has a share; a second place in a row is suspect, and suspects
 * have half of the places. */
static void
test_s02_an_address_has_its_share(void **state)
{
    struct hash_place none;
    int taken = 0;
    int status;

    (void)state;
    while (taken < POOL + QUEUE && enter_from(1, &places[taken], &status))
        taken++;
    assert_int_equal(taken, SHARE);
    assert_int_equal(status, 503);
    assert_false(places[0].suspect);
    assert_false(places[1].suspect);
    assert_true(places[2].suspect);
    assert_false(enter_from(1, &none, &status));
    assert_true(enter_from(2, &none, &status));
    hash_leave(&none);
    for (int i = 0; i < taken; i++)
        hash_leave(&places[i]);
    assert_true(enter_from(1, &none, &status));
    hash_leave(&none);
}

static void
test_s02_half_is_for_those_that_did_not_fail(void **state)
{
    int status = 0;
    int taken = 0;

    (void)state;
    for (int host = 1000; host < 1600; host++) {
        struct http_client client = client_of(host);
        sign_in_failed(&client);
    }
    for (int host = 1000; host < 1600 && taken < POOL + QUEUE; host += 30)
        taken += enter_from(host, &places[taken], &status);
    assert_int_equal(status, 503);
    assert_int_equal(taken, (POOL + QUEUE + 1) / 2);
    while (taken < POOL + QUEUE) {
        assert_true(enter_from(5000 + taken * 300, &places[taken], &status));
        taken++;
    }
    for (int i = 0; i < taken; i++)
        hash_leave(&places[i]);
}

/* An address is braked after its failures, its neighbours are not. */
static void
test_s02_failures_are_braked(void **state)
{
    struct http_client one = client_of(20000);
    struct http_client other = client_of(20001);

    (void)state;
    for (int i = 0; i < FAILURES; i++) {
        assert_int_equal(sign_in_wait(&one), 0);
        sign_in_failed(&one);
    }
    assert_in_range(sign_in_wait(&one), SECONDS(30), SECONDS(60));
    assert_int_equal(sign_in_wait(&other), 0);
    other = client_of(21000); /* another network */
    assert_int_equal(sign_in_wait(&other), 0);
}

/* Four addresses use up what their network may fail. A neighbour without a
 * failure still signs in, with one place among the clean ones. */
static void
test_s07_a_network_that_fails_stops_no_neighbour(void **state)
{
    enum { NET = 120 * 256, OTHER = 121 * 256 };
    struct hash_place place[2];
    int status;

    (void)state;
    for (int host = NET; host < NET + 4; host++) {
        struct http_client client = client_of(host);
        for (int i = 0; i < FAILURES; i++)
            sign_in_failed(&client);
        assert_true(sign_in_wait(&client) > 0);
    }
    for (int host = NET + 4; host < NET + 7; host++) {
        struct http_client neighbour = client_of(host);
        assert_int_equal(sign_in_wait(&neighbour), 0);
        for (int i = 0; i < 2; i++)
            assert_true(enter_from(host, &place[i], &status));
        assert_false(place[0].suspect);
        assert_true(place[1].suspect);
        for (int i = 0; i < 2; i++)
            hash_leave(&place[i]);
    }
    struct http_client failed = client_of(NET + 7); /* once */
    sign_in_failed(&failed);
    assert_int_equal(sign_in_wait(&failed), 0);
    assert_true(enter_from(NET + 7, &place[0], &status));
    assert_true(place[0].suspect);
    hash_leave(&place[0]);
    for (int i = 0; i < 2; i++) {
        assert_true(enter_from(OTHER, &place[i], &status));
        assert_false(place[i].suspect);
    }
    for (int i = 0; i < 2; i++)
        hash_leave(&place[i]);
}

static void *
hash_and_verify(void *right)
{
    const struct hash_place place = {.suspect = (uintptr_t)right % 2 == 1};
    char hash[128];

    *(bool *)right = hash_make(&place, "a long and winding road", hash) &&
                     hash_verify(&place, hash, "a long and winding road") &&
                     !hash_verify(&place, hash, "a long and winding street");
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
    const struct hash_place place = {0};

    (void)state;
    assert_false(hash_verify(&place, NULL, "anything"));
    assert_false(hash_verify(&place, NULL, ""));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_queue_has_an_end),
        cmocka_unit_test(test_s02_an_address_has_its_share),
        cmocka_unit_test(test_s02_half_is_for_those_that_did_not_fail),
        cmocka_unit_test(test_s02_failures_are_braked),
        cmocka_unit_test(test_s07_a_network_that_fails_stops_no_neighbour),
        cmocka_unit_test(more_threads_than_turns),
        cmocka_unit_test(a_login_nobody_has_is_hashed_and_refused),
    };

    return cmocka_run_group_tests(tests, begin, end);
}
