/* shared_line_test.c: each thread in the line is served exactly once, by one
 * leader at a time, oldest first; a thread that gives up is not served. The
 * thread sanitizer runs this test, too.
 */
#include <limits.h>
#include <pthread.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "chassis/base/clock.h"

#include "gateway/request/shared_line.h"

enum {
    CROWD = 3 * SHARED_MAX,
    TRIPS_MAX = 4096,
    ROUNDS = 400,
    HASTY = 16,
    EPISODES = 300
};

/* One thread in the line and its result; none of it is atomic on purpose. */
struct guest {
    struct shared_place place;
    struct desk *desk;
    pthread_t thread;
    int64_t patience; /* INT64_MAX: forever */
    int times;        /* served */
    bool served;      /* the line's answer */
    int gave_up, got; /* over many rounds */
};

/* The counter: it may be held shut, so that a line forms before it. */
struct desk {
    struct shared_line *line;
    atomic_int inside;          /* at once: 0 or 1 */
    atomic_int begun, open_for; /* trips; a later one waits at the counter */
    size_t trips, sizes[TRIPS_MAX];
    struct guest *order[2 * CROWD]; /* as they were served */
    size_t count;
    bool noted;
};

static void
serve(void *context, struct shared_place *const *places, size_t count)
{
    struct desk *desk = context;

    assert_int_equal(atomic_fetch_add(&desk->inside, 1), 0);
    assert_in_range(count, 1, SHARED_MAX);
    int trip = atomic_fetch_add(&desk->begun, 1) + 1;
    while (trip > atomic_load(&desk->open_for))
        sched_yield();
    if (desk->noted)
        desk->sizes[desk->trips++] = count;
    for (size_t i = 0; i < count; i++) {
        struct guest *guest = (struct guest *)places[i];
        guest->times++;
        if (desk->noted)
            desk->order[desk->count++] = guest;
    }
    atomic_fetch_sub(&desk->inside, 1);
}

static int
begin(void **state)
{
    struct desk *desk = calloc(1, sizeof *desk);

    if (desk == NULL)
        return -1;
    desk->line = shared_line_new(serve, desk);
    desk->noted = true;
    atomic_store(&desk->open_for, INT_MAX);
    *state = desk;
    return 0;
}

static int
end(void **state)
{
    struct desk *desk = *state;

    shared_line_free(desk->line);
    free(desk);
    return 0;
}

static void *
wait_in_line(void *context)
{
    struct guest *guest = context;
    int64_t deadline = guest->patience == INT64_MAX
                           ? INT64_MAX
                           : clock_monotonic() + guest->patience;

    guest->served =
        shared_line_wait(guest->desk->line, &guest->place, deadline);
    return NULL;
}

static void
come(struct desk *desk, struct guest *guest, int64_t patience)
{
    *guest = (struct guest){.desk = desk, .patience = patience};
    assert_int_equal(pthread_create(&guest->thread, NULL, wait_in_line, guest),
                     0);
}

static void
await_trip(struct desk *desk, int trip)
{
    while (atomic_load(&desk->begun) < trip)
        sched_yield();
}

/* The thread leads, and the connection is closed. */
static void
come_to_shut_desk(struct desk *desk, struct guest *guest)
{
    int begun = atomic_load(&desk->begun);

    atomic_store(&desk->open_for, begun);
    come(desk, guest, INT64_MAX);
    await_trip(desk, begun + 1);
}

static void
open_desk(struct desk *desk)
{
    atomic_store(&desk->open_for, INT_MAX);
}

static void
await_length(struct desk *desk, size_t length)
{
    int64_t deadline = clock_monotonic() + SECONDS(20);

    while (shared_line_length(desk->line) != length) {
        assert_true(clock_monotonic() < deadline);
        sched_yield();
    }
}

static void
go(struct guest *guest)
{
    assert_int_equal(pthread_join(guest->thread, NULL), 0);
}

static void
alone_one_serves_himself(void **state)
{
    struct desk *desk = *state;
    struct guest guest = {.desk = desk};

    for (int i = 1; i <= 3; i++) {
        assert_true(shared_line_wait(desk->line, &guest.place, 0));
        assert_int_equal(guest.times, i);
        assert_int_equal(desk->sizes[i - 1], 1);
    }
    assert_int_equal(shared_line_length(desk->line), 0);
}

static void
all_who_wait_are_served_at_once(void **state)
{
    struct desk *desk = *state;
    struct guest guests[1 + 10];

    come_to_shut_desk(desk, &guests[0]);
    for (size_t i = 1; i <= 10; i++)
        come(desk, &guests[i], INT64_MAX);
    await_length(desk, 10);
    open_desk(desk);
    for (size_t i = 0; i <= 10; i++) {
        go(&guests[i]);
        assert_true(guests[i].served);
        assert_int_equal(guests[i].times, 1);
    }
    assert_int_equal(desk->trips, 2);
    assert_int_equal(desk->sizes[0], 1);
    assert_int_equal(desk->sizes[1], 10);
}

static void
a_crowd_is_served_in_parts_oldest_first(void **state)
{
    struct desk *desk = *state;
    struct guest *guests = calloc(1 + CROWD, sizeof *guests);

    assert_non_null(guests);
    come_to_shut_desk(desk, &guests[0]);
    for (size_t i = 1; i <= CROWD; i++) {
        come(desk, &guests[i], INT64_MAX);
        await_length(desk, i);
    }
    open_desk(desk);
    for (size_t i = 0; i <= CROWD; i++) {
        go(&guests[i]);
        assert_true(guests[i].served);
    }
    assert_int_equal(desk->trips, 1 + CROWD / SHARED_MAX);
    for (size_t i = 0; i <= CROWD; i++)
        assert_ptr_equal(desk->order[i], &guests[i]);
    free(guests);
}

/* First, in the middle and last of the line: they are not served later. */
static void
who_gives_up_is_served_by_nobody(void **state)
{
    struct desk *desk = *state;
    struct guest guests[1 + 5];
    const int64_t patience[] = {0,         MILLISECONDS(1),
                                INT64_MAX, MILLISECONDS(1),
                                INT64_MAX, MILLISECONDS(1)};

    come_to_shut_desk(desk, &guests[0]);
    for (size_t i = 1; i <= 5; i++)
        come(desk, &guests[i], patience[i]);
    for (size_t i = 1; i <= 5; i += 2) {
        go(&guests[i]);
        assert_false(guests[i].served);
        assert_int_equal(guests[i].times, 0);
    }
    await_length(desk, 2);
    open_desk(desk);
    for (size_t i = 0; i <= 4; i += 2) {
        go(&guests[i]);
        assert_true(guests[i].served);
        assert_int_equal(guests[i].times, 1);
    }
    for (size_t i = 1; i <= 5; i += 2)
        assert_int_equal(guests[i].times, 0);
    assert_int_equal(shared_line_length(desk->line), 0);
}

/* The line has `length` places, or `patience` is over. */
static void
await_length_for(struct desk *desk, size_t length, int64_t patience)
{
    int64_t until = clock_monotonic() + patience;

    while (shared_line_length(desk->line) < length && clock_monotonic() < until)
        sched_yield();
}

/* False: the hasty guest gave up before the leader took its place. The caller
 * tries again with more patience. */
static bool
is_taken_in_time(struct desk *desk, int64_t patience)
{
    struct guest first, leader, hasty;

    come_to_shut_desk(desk, &first);
    come(desk, &leader, INT64_MAX);
    await_length(desk, 1);
    int trip = atomic_load(&desk->begun) + 1;
    come(desk, &hasty, patience);
    await_length_for(desk, 2, patience);
    atomic_store(&desk->open_for, trip - 1);
    await_trip(desk, trip); /* the leader's, which does not end yet */
    for (int64_t late = clock_monotonic() + 2 * patience;
         clock_monotonic() < late;)
        sched_yield();
    open_desk(desk);
    go(&first);
    go(&leader);
    go(&hasty);
    assert_int_equal(hasty.times, hasty.served ? 1 : 0);
    return hasty.served && desk->sizes[desk->trips - 1] == 2;
}

static void
who_is_taken_waits_for_the_end(void **state)
{
    int64_t patience = MILLISECONDS(5);

    while (!is_taken_in_time(*state, patience)) {
        patience *= 2;
        assert_true(patience < SECONDS(10));
    }
}

/* The first of the line is marked to lead at the moment when its deadline
 * passes: it leads, or the next one does. `late`: how much later the connection
 * is free. */
static void
hand_over(struct desk *desk, int64_t late)
{
    struct guest first, hasty, patient;

    come_to_shut_desk(desk, &first);
    int64_t over = clock_monotonic() + MILLISECONDS(2);
    come(desk, &hasty, MILLISECONDS(2));
    while (shared_line_length(desk->line) < 1 && clock_monotonic() < over)
        sched_yield();
    come(desk, &patient, SECONDS(20));
    while (clock_monotonic() < over + late)
        sched_yield();
    open_desk(desk);
    go(&first);
    go(&hasty);
    go(&patient);
    assert_true(patient.served);
    assert_int_equal(patient.times, 1);
    assert_int_equal(hasty.times, hasty.served ? 1 : 0);
}

static void
who_leads_does_not_give_up(void **state)
{
    struct desk *desk = *state;

    desk->noted = false;
    for (int i = 0; i < EPISODES; i++)
        hand_over(desk, i % 100 * 3 - 20); /* timers fire about 50 µs late */
}

static void *
come_again_and_again(void *context)
{
    struct guest *guest = context;

    for (int i = 0; i < ROUNDS; i++) {
        int before = guest->times;
        int64_t patience = (i * 7) % 5 * 20; /* 0 to 80 µs */
        bool served = shared_line_wait(guest->desk->line, &guest->place,
                                       clock_monotonic() + patience);
        assert_int_equal(guest->times, before + (served ? 1 : 0));
        guest->got += served ? 1 : 0;
        guest->gave_up += served ? 0 : 1;
    }
    return NULL;
}

/* If all deadlines pass at every moment, answers still fit. */
static void
haste_loses_nobody(void **state)
{
    struct desk *desk = *state;
    struct guest guests[HASTY];
    int got = 0;

    desk->noted = false;
    for (size_t i = 0; i < HASTY; i++) {
        guests[i] = (struct guest){.desk = desk};
        assert_int_equal(pthread_create(&guests[i].thread, NULL,
                                        come_again_and_again, &guests[i]),
                         0);
    }
    for (size_t i = 0; i < HASTY; i++) {
        go(&guests[i]);
        assert_int_equal(guests[i].got + guests[i].gave_up, ROUNDS);
        assert_int_equal(guests[i].times, guests[i].got);
        got += guests[i].got;
    }
    assert_true(got > 0);
    assert_int_equal(shared_line_length(desk->line), 0);
}

#define LINE_TEST(name) cmocka_unit_test_setup_teardown(name, begin, end)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        LINE_TEST(alone_one_serves_himself),
        LINE_TEST(all_who_wait_are_served_at_once),
        LINE_TEST(a_crowd_is_served_in_parts_oldest_first),
        LINE_TEST(who_gives_up_is_served_by_nobody),
        LINE_TEST(who_is_taken_waits_for_the_end),
        LINE_TEST(who_leads_does_not_give_up),
        LINE_TEST(haste_loses_nobody),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
