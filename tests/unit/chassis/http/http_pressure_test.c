/* A crowd at the door: silent connections, connections that asked once, from
 * few and from many addresses; others are served all the same, and what is
 * being served is never closed.
 */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "attributes.h"
#include "chassis/base/clock.h"
#include "chassis/base/log.h"
#include "chassis/http/http.h"

#include "raw_client.h"

enum { CROWD_MAX = 5000, OTHERS = 100 };

/* `patience`: for 19 of 20 others. It is about 20 ms without sanitizers on a
 * quiet machine. A thread starts slowly under the thread sanitizer, and its
 * pthread_create() stalls for more than 10 s in some runs that start thousands
 * of threads. So the large crowd is smaller there: races need no more. */
#ifdef __SANITIZE_THREAD__
enum { LARGE = 1024 };
static const int64_t patience = SECONDS(8);
#else
enum { LARGE = CROWD_MAX };
static const int64_t patience = SECONDS(1);
#endif

static struct raw_answer answer;
static struct http_server *server;
static int crowd[CROWD_MAX];
static _Atomic int running;
static _Atomic bool release;

static void
get_quick(struct http_request *request, struct http_response *response)
{
    (void)request;
    bytes_add_text(&response->body, "{}");
    http_answer(response, 200);
}

/* Until the test lets it go, ten seconds at most. */
static void
get_held(struct http_request *request, struct http_response *response)
{
    int64_t until = clock_monotonic() + SECONDS(10);

    running++;
    while (!release && clock_monotonic() < until)
        usleep(1000);
    running--;
    get_quick(request, response);
}

static const struct http_route routes[] = {
    {.method = "GET", .path = "/quick", .handle = get_quick},
    {.method = "GET", .path = "/held", .handle = get_held},
    {.path = NULL},
};

#define QUICK "GET /quick HTTP/1.1\r\nHost: a\r\n\r\n"
#define HELD  "GET /held HTTP/1.1\r\nHost: a\r\n\r\n"

static void
start(int connections, int per_host)
{
    struct http_options options = {
        .address = "127.0.0.1",
        .routes = routes,
        .connection_max = connections,
        .connection_per_host_max = per_host,
        .request_deadline = SECONDS(10),
        .idle_timeout = SECONDS(60),
    };
    char error[256];
    release = false;
    server = http_start(&options, error);
    assert_non_null(server);
}

static void
stop(void)
{
    release = true;
    http_stop(server, clock_monotonic() + SECONDS(5));
}

/* A connection of the crowd, from one of `hosts` addresses; it asks once, if
 * `asks`, and does not read the answer. */
static int
join_crowd(int n, int hosts, bool asks)
{
    char from[32];
    snprintf(from, sizeof(from), "127.%d.%d.1", 1 + n % hosts / 250,
             n % hosts % 250);
    int connection = raw_open_from(from, http_port(server));
    if (asks)
        raw_text(connection, QUICK);
    return connection;
}

static void
crowd_close(int size)
{
    for (int i = 0; i < size; i++)
        close(crowd[i]);
}

static int
compare(const void *a, const void *b)
{
    const int64_t *x = a, *y = b;
    return (*x > *y) - (*x < *y);
}

/* Others ask while the crowd goes on: the time that 19 of 20 take at most. */
static int64_t
others_wait(int size, int hosts, bool asks)
{
    static int64_t took[OTHERS];

    for (int i = 0; i < OTHERS; i++) {
        for (int k = 0; k < 10; k++) { /* the crowd comes again */
            int n = (i * 10 + k) % size;
            close(crowd[n]);
            crowd[n] = join_crowd(n, hosts, asks);
        }
        int64_t begin = clock_monotonic();
        int other = raw_open_from("127.200.0.1", http_port(server));
        raw_text(other, QUICK);
        raw_read(other, false, &answer);
        took[i] = clock_monotonic() - begin;
        close(other);
        assert_int_equal(answer.status, 200);
    }
    qsort(took, OTHERS, sizeof(took[0]), compare);
    return took[OTHERS * 19 / 20];
}

static void
with_crowd(int size, int hosts, bool asks)
{
    start(1024, 256);
    for (int i = 0; i < size; i++)
        crowd[i] = join_crowd(i, hosts, asks);
    int64_t wait = others_wait(size, hosts, asks);
    print_message("%d from %d, %s: %lld us\n", size, hosts,
                  asks ? "asked once" : "silent", (long long)wait);
    assert_in_range(wait, 0, patience);
    crowd_close(size);
    stop();
}

static void
test_s01_others_are_served_beside_1024(void **state)
{
    (void)state;
    with_crowd(1024, 8, false);
    with_crowd(1024, 8, true);
    with_crowd(1024, 1000, true);
}

static void
test_s01_others_are_served_beside_5000(void **state)
{
    (void)state;
    with_crowd(LARGE, 8, true);
    with_crowd(LARGE, LARGE, false);
    with_crowd(LARGE, LARGE, true);
}

static bool
is_closed(int connection)
{
    int64_t until = clock_monotonic() + SECONDS(5);
    ssize_t size;

    do {
        size = recv(connection, answer.text, 1, MSG_PEEK | MSG_DONTWAIT);
        if (size < 0)
            usleep(1000);
    } while (size < 0 && clock_monotonic() < until);
    return size == 0;
}

static int
asked_from(const char *from)
{
    int connection = raw_open_from(from, http_port(server));
    raw_text(connection, QUICK);
    raw_read(connection, false, &answer);
    assert_int_equal(answer.status, 200);
    return connection;
}

/* Of those that hold few, the one that idles longest. */
static void
the_longest_idle_gives_way(void **state)
{
    (void)state;
    start(4, 0);
    int first = asked_from("127.0.0.1");
    int second = asked_from("127.0.0.2");
    int third = asked_from("127.0.0.3");
    raw_text(first, QUICK); /* now the second idles longest */
    raw_read(first, false, &answer);
    crowd[0] = asked_from("127.0.0.4");
    crowd[1] = asked_from("127.0.0.5");
    assert_true(is_closed(second));
    raw_text(crowd[1], QUICK);
    raw_read(crowd[1], false, &answer);
    assert_int_equal(answer.status, 200);
    close(first);
    close(second);
    close(third);
    crowd_close(2);
    stop();
}

/* Those that hold most give way first, though they idle shortest. */
static void
the_greedy_give_way_first(void **state)
{
    (void)state;
    start(64, 0);
    int honest = asked_from("127.0.0.1");
    for (int i = 0; i < 100; i++)
        crowd[i] = asked_from("127.0.7.7");
    raw_text(honest, QUICK);
    raw_read(honest, false, &answer);
    assert_int_equal(answer.status, 200);
    close(honest);
    crowd_close(100);
    stop();
}

/* All places are taken by handlers: the next one waits, and is served when one
 * of them ends; the last places are for those that hold few. */
static void
what_is_served_is_not_closed(void **state)
{
    int64_t until = clock_monotonic() + SECONDS(8);
    (void)state;

    start(16, 0);
    for (int i = 0; i < 20; i++) {
        crowd[i] = raw_open_from("127.0.9.9", http_port(server));
        raw_text(crowd[i], HELD);
    }
    while (running < 14 && clock_monotonic() < until)
        usleep(1000);
    int honest = asked_from("127.0.0.1");
    assert_int_equal(running, 14);
    close(honest);
    release = true;
    for (int i = 0; i < 20; i++) {
        raw_read(crowd[i], false, &answer);
        assert_int_equal(answer.status, 200);
    }
    crowd_close(20);
    stop();
}

/* A silent connection costs a socket; idle time shrinks as places fill. */
static void
idle_time_shrinks(void **state)
{
    int64_t begin = clock_monotonic();
    (void)state;

    start(40, 20);
    for (int i = 0; i < 20; i++)
        crowd[i] = asked_from("127.0.3.3");
    assert_true(is_closed(crowd[0]));
    assert_in_range(clock_monotonic() - begin, 0, SECONDS(5));
    crowd_close(20);
    stop();
}

static void
requests_that_drip_give_way(void **state)
{
    (void)state;
    start(16, 0);
    for (int i = 0; i < 16; i++) {
        crowd[i] = join_crowd(i, 16, false);
        raw_text(crowd[i], "GET /quick HTTP/1.1\r\nHost: a\r\nX: ");
    }
    int64_t begin = clock_monotonic();
    for (int i = 0; i < 4; i++)
        close(asked_from("127.200.0.1"));
    /* They have a second; the deadline of a request is ten. */
    assert_in_range(clock_monotonic() - begin, 0, SECONDS(4));
    crowd_close(16);
    stop();
}

static int
set_up(void **state)
{
    struct rlimit limit;
    (void)state;

    if (getrlimit(RLIMIT_NOFILE, &limit) != 0)
        return -1;
    limit.rlim_cur = limit.rlim_max;
    if (setrlimit(RLIMIT_NOFILE, &limit) != 0)
        return -1;
    return log_open("http_pressure_test", "warning") ? 0 : -1;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_s01_others_are_served_beside_1024),
        cmocka_unit_test(test_s01_others_are_served_beside_5000),
        cmocka_unit_test(the_longest_idle_gives_way),
        cmocka_unit_test(the_greedy_give_way_first),
        cmocka_unit_test(what_is_served_is_not_closed),
        cmocka_unit_test(idle_time_shrinks),
        cmocka_unit_test(requests_that_drip_give_way),
    };
    return cmocka_run_group_tests_name("pressure", tests, set_up, NULL);
}
