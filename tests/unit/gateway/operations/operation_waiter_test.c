/* The parts of operations without a server: the table of waiters and the
 * writer's queue, also with threads that wake each other (run under the thread
 * sanitizer by `make test-thread`). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "inservice/common/v1/outcome.pb-c.h"

#include "gateway/operations/internal.h"

typedef Inservice__Common__V1__Outcome Outcome;
typedef Inservice__Common__V1__Done Done;
typedef Inservice__Common__V1__Refused Refused;
typedef Inservice__Common__V1__Detail Detail;

enum { TEACHER = 1, LANE = 7, ROUNDS = 300, THREADS = 8 };

/* --- a table of waiters without its threads ----------------------------- */

static struct operations *
table_new(void)
{
    struct operations *operations = calloc(1, sizeof *operations);

    assert_non_null(operations);
    lane_count_set(6);
    pthread_mutex_init(&operations->table_lock, NULL);
    pthread_mutex_init(&operations->queue_lock, NULL);
    pthread_mutex_init(&operations->pause_lock, NULL);
    condition_init(&operations->poll_wanted);
    condition_init(&operations->queue_some);
    condition_init(&operations->pause_over);
    return operations;
}

static void
table_free(struct operations *operations)
{
    for (size_t i = 0; i < WAITER_BUCKETS; i++)
        assert_null(operations->buckets[i]);
    for (int lane = 0; lane < lane_count(); lane++)
        assert_null(operations->positions[TEACHER][lane].pending);
    pthread_cond_destroy(&operations->poll_wanted);
    pthread_cond_destroy(&operations->queue_some);
    pthread_cond_destroy(&operations->pause_over);
    pthread_mutex_destroy(&operations->table_lock);
    pthread_mutex_destroy(&operations->queue_lock);
    pthread_mutex_destroy(&operations->pause_lock);
    free(operations);
}

static void
send_outcome(struct operations *operations, Outcome *outcome,
             const char *command_id)
{
    uint8_t value[512];
    struct message message = {
        .kind = TOPIC_OUTCOME,
        .lane = LANE,
        .key = command_id,
        .incarnation = 1,
        .value = value,
        .size = inservice__common__v1__outcome__pack(outcome, value),
    };

    waiters_decide(operations, TEACHER, &message);
}

static void
done(struct operations *operations, const char *command_id, int64_t version,
     int64_t state_seq)
{
    Outcome outcome;
    Done result;

    inservice__common__v1__outcome__init(&outcome);
    inservice__common__v1__done__init(&result);
    result.version = version;
    result.lane = LANE;
    result.state_seq = state_seq;
    outcome.command_id = (char *)(uintptr_t)command_id;
    outcome.result_case = INSERVICE__COMMON__V1__OUTCOME__RESULT_DONE;
    outcome.done = &result;
    send_outcome(operations, &outcome, command_id);
}

static void
refused(struct operations *operations, const char *command_id)
{
    char code[] = "LAST_CHIEF", pointer[] = "/role", what[] = "HELD_AT",
         text[] = "994601";
    Outcome outcome;
    Refused result;
    Detail detail;
    Detail *details[] = {&detail};

    inservice__common__v1__outcome__init(&outcome);
    inservice__common__v1__refused__init(&result);
    inservice__common__v1__detail__init(&detail);
    detail.pointer = pointer;
    detail.code = what;
    detail.text = text;
    result.code = code;
    result.current_version = 4;
    result.details = details;
    result.n_details = 1;
    outcome.command_id = (char *)(uintptr_t)command_id;
    outcome.result_case = INSERVICE__COMMON__V1__OUTCOME__RESULT_REFUSED;
    outcome.refused = &result;
    send_outcome(operations, &outcome, command_id);
}

static void
reach(struct operations *operations, int64_t sequence, int64_t incarnation)
{
    pthread_mutex_lock(&operations->table_lock);
    position_reached(operations, TEACHER, LANE, sequence, incarnation, true);
    pthread_mutex_unlock(&operations->table_lock);
}

static void
done_waits_for_the_read_model(void **state)
{
    struct operations *operations = table_new();
    struct arena *arena = arena_new(0);
    char id[UUID_TEXT], other[UUID_TEXT];
    struct waiter waiter;

    (void)state;
    uuid_v7(id), uuid_v7(other);
    waiter_add(operations, &waiter, id, arena);
    done(operations, other, 1, 1); /* another caller's */
    assert_false(waiter.pending);
    done(operations, id, 9, 40);
    assert_true(waiter.pending);
    reach(operations, 39, 1);
    assert_false(waiter_wait(&waiter, clock_monotonic()));
    reach(operations, 41, 1);
    assert_true(waiter_wait(&waiter, clock_monotonic()));
    assert_int_equal(waiter.result.state, OPERATION_DONE);
    assert_int_equal(waiter.result.version, 9);
    waiter_remove(operations, &waiter);

    /* The position is there before the outcome is. */
    waiter_add(operations, &waiter, other, arena);
    done(operations, other, 2, 41);
    assert_true(waiter_wait(&waiter, clock_monotonic()));
    waiter_remove(operations, &waiter);
    arena_free(arena);
    table_free(operations);
}

static void
restored_backups_count_by_incarnation(void **state)
{
    struct operations *operations = table_new();
    struct arena *arena = arena_new(0);
    struct waiter waiter;
    char id[UUID_TEXT];

    (void)state;
    uuid_v7(id);
    reach(operations, 100, 0); /* before the restore */
    waiter_add(operations, &waiter, id, arena);
    done(operations, id, 3, 50);
    assert_false(waiter_wait(&waiter, clock_monotonic()));
    reach(operations, 50, 1);
    assert_true(waiter_wait(&waiter, clock_monotonic()));
    waiter_remove(operations, &waiter);
    arena_free(arena);
    table_free(operations);
}

static void
refusals_wake_at_once(void **state)
{
    struct operations *operations = table_new();
    struct arena *arena = arena_new(0);
    struct http_error errors[HTTP_ERRORS_MAX];
    struct waiter waiter, second;
    char id[UUID_TEXT];

    (void)state;
    uuid_v7(id);
    waiter_add(operations, &waiter, id, arena);
    waiter_add(operations, &second, id, arena); /* a stream on the same */
    refused(operations, id);
    assert_true(waiter_wait(&waiter, clock_monotonic()));
    assert_true(waiter_wait(&second, clock_monotonic()));
    waiter_remove(operations, &second);
    waiter_remove(operations, &waiter);
    assert_int_equal(waiter.result.state, OPERATION_REFUSED);
    assert_string_equal(waiter.result.code, "LAST_CHIEF");
    assert_int_equal(waiter.result.version, 4);
    assert_int_equal(result_errors(arena, &waiter.result, errors), 1);
    assert_string_equal(errors[0].pointer, "/role");
    assert_string_equal(errors[0].code, "HELD_AT");
    assert_string_equal(errors[0].detail, "994601");
    arena_free(arena);
    table_free(operations);
}

static void
who_leaves_early_is_forgotten(void **state)
{
    struct operations *operations = table_new();
    struct arena *arena = arena_new(0);
    struct waiter waiter, pending;
    char id[UUID_TEXT], other[UUID_TEXT];

    (void)state;
    uuid_v7(id), uuid_v7(other);
    waiter_add(operations, &waiter, id, arena);
    waiter_add(operations, &pending, other, arena);
    done(operations, other, 1, 10); /* pending when it leaves */
    assert_false(waiter_wait(&waiter, clock_monotonic() + 1000));
    waiter_remove(operations, &waiter);
    waiter_remove(operations, &pending);
    done(operations, id, 1, 1);
    reach(operations, 10, 1);
    arena_free(arena);
    table_free(operations);
}

static void
rubbish_wakes_nobody(void **state)
{
    struct operations *operations = table_new();
    struct arena *arena = arena_new(0);
    struct waiter waiter;
    char id[UUID_TEXT];
    Outcome empty;

    (void)state;
    uuid_v7(id);
    waiter_add(operations, &waiter, id, arena);
    struct message message = {.lane = LANE,
                              .key = id,
                              .value = (const uint8_t *)"\xff\xff",
                              .size = 2};
    waiters_decide(operations, TEACHER, &message);
    message.key = "no id";
    waiters_decide(operations, TEACHER, &message);
    inservice__common__v1__outcome__init(&empty);
    send_outcome(operations, &empty, id);
    assert_false(waiter_wait(&waiter, clock_monotonic()));
    waiter_remove(operations, &waiter);
    arena_free(arena);
    table_free(operations);
}

static void
poller_is_asked_only_where_needed(void **state)
{
    struct operations *operations = table_new();
    struct arena *arena = arena_new(0);
    int64_t pause = MILLISECONDS(3), now = clock_monotonic();
    struct waiter waiter;
    char id[UUID_TEXT];

    (void)state;
    uuid_v7(id);
    assert_int_equal(positions_due(operations, now, pause), INT64_MAX);
    waiter_add(operations, &waiter, id, arena);
    assert_int_equal(positions_due(operations, now, pause), INT64_MAX);
    done(operations, id, 1, 10); /* a lane that is not applied here */
    now = clock_monotonic();
    assert_true(positions_due(operations, now, pause) <= now);
    assert_int_equal(positions_due(operations, now, pause), now + pause);
    reach(operations, 10, 1);
    assert_int_equal(positions_due(operations, now, pause), INT64_MAX);
    waiter_remove(operations, &waiter);

    waiter_add(operations, &waiter, id, arena);
    done(operations, id, 1, 11); /* a lane this process applies itself */
    now = clock_monotonic();
    assert_true(positions_due(operations, now, pause) > now + pause);
    waiter_remove(operations, &waiter);
    arena_free(arena);
    table_free(operations);
}

/* --- the queue ---------------------------------------------------------- */

static void
queue_has_a_maximum(void **state)
{
    struct operations *operations = table_new();
    struct waiter *waiters = calloc(OPERATION_QUEUE_MAX + 1, sizeof *waiters);

    (void)state;
    assert_non_null(waiters);
    for (size_t i = 0; i < OPERATION_QUEUE_MAX; i++)
        assert_true(operation_queue(operations, &waiters[i]));
    assert_false(operation_queue(operations, &waiters[OPERATION_QUEUE_MAX]));
    free(waiters);
    table_free(operations);
}

/* --- threads ------------------------------------------------------------ */

struct crowd {
    struct operations *operations;
    pthread_mutex_t lock;
    pthread_cond_t changed;
    char asked[THREADS][UUID_TEXT];
    bool fresh[THREADS];
    int next, left, answered;
};

/* Registers, lets itself be answered, sleeps until it is. */
static void *
crowd_wait(void *context)
{
    struct crowd *crowd = context;
    struct arena *arena = arena_new(0);

    pthread_mutex_lock(&crowd->lock);
    int me = crowd->next++;
    pthread_mutex_unlock(&crowd->lock);
    for (int i = 0; i < ROUNDS; i++) {
        struct waiter waiter;
        char id[UUID_TEXT];
        uuid_v7(id);
        arena_reset(arena);
        waiter_add(crowd->operations, &waiter, id, arena);
        pthread_mutex_lock(&crowd->lock);
        memcpy(crowd->asked[me], id, UUID_TEXT);
        crowd->fresh[me] = true;
        pthread_cond_signal(&crowd->changed);
        pthread_mutex_unlock(&crowd->lock);
        /* Some give up early, as requests do. */
        int64_t patience = i % 10 == 0 ? 50 : SECONDS(60);
        bool over = waiter_wait(&waiter, clock_monotonic() + patience);
        waiter_remove(crowd->operations, &waiter);
        pthread_mutex_lock(&crowd->lock);
        crowd->answered += over || waiter.over;
        pthread_mutex_unlock(&crowd->lock);
    }
    pthread_mutex_lock(&crowd->lock);
    crowd->left--;
    pthread_cond_signal(&crowd->changed);
    pthread_mutex_unlock(&crowd->lock);
    arena_free(arena);
    return NULL;
}

/* Takes one that asks; false: none is left. */
static bool
crowd_take(struct crowd *crowd, char ret_id[UUID_TEXT])
{
    bool found = false;

    pthread_mutex_lock(&crowd->lock);
    while (!found && crowd->left > 0) {
        for (int i = 0; i < THREADS && !found; i++) {
            if (!crowd->fresh[i])
                continue;
            memcpy(ret_id, crowd->asked[i], UUID_TEXT);
            crowd->fresh[i] = false;
            found = true;
        }
        if (!found && crowd->left > 0)
            pthread_cond_wait(&crowd->changed, &crowd->lock);
    }
    pthread_mutex_unlock(&crowd->lock);
    return found;
}

static void
threads_wake_each_other(void **state)
{
    struct crowd crowd = {.operations = table_new(), .left = THREADS};
    pthread_t threads[THREADS];
    char id[UUID_TEXT];
    int64_t sequence = 0;

    (void)state;
    pthread_mutex_init(&crowd.lock, NULL);
    pthread_cond_init(&crowd.changed, NULL);
    for (int i = 0; i < THREADS; i++)
        assert_int_equal(pthread_create(&threads[i], NULL, crowd_wait, &crowd),
                         0);
    while (crowd_take(&crowd, id)) {
        sequence++;
        if (sequence % 3 == 0) {
            refused(crowd.operations, id);
        } else {
            done(crowd.operations, id, 1, sequence);
            reach(crowd.operations, sequence, 1);
        }
    }
    for (int i = 0; i < THREADS; i++)
        pthread_join(threads[i], NULL);
    assert_true(crowd.answered >= THREADS * ROUNDS * 9 / 10);
    pthread_cond_destroy(&crowd.changed);
    pthread_mutex_destroy(&crowd.lock);
    table_free(crowd.operations);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(done_waits_for_the_read_model),
        cmocka_unit_test(restored_backups_count_by_incarnation),
        cmocka_unit_test(refusals_wake_at_once),
        cmocka_unit_test(who_leaves_early_is_forgotten),
        cmocka_unit_test(rubbish_wakes_nobody),
        cmocka_unit_test(poller_is_asked_only_where_needed),
        cmocka_unit_test(queue_has_a_maximum),
        cmocka_unit_test(threads_wake_each_other),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
