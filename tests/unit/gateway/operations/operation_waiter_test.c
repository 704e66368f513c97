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

#include "chassis/lane/batch.h"

#include "gateway/gateway.h"
#include "gateway/operations/internal.h"

typedef Inservice__Common__V1__Outcome Outcome;
typedef Inservice__Common__V1__Done Done;
typedef Inservice__Common__V1__Refused Refused;
typedef Inservice__Common__V1__Detail Detail;

enum { LANE = 7, ROUNDS = 300, THREADS = 8 };

/* --- a table of waiters without its threads ----------------------------- */

static struct operations *
table_new(void)
{
    lane_count_set(6);
    return operations_new();
}

static void
table_free(struct operations *operations)
{
    for (size_t i = 0; i < WAITER_BUCKETS; i++)
        assert_null(operations->buckets[i]);
    assert_null(operations->all);
    operations_free(operations);
}

static void
add(struct operations *operations, struct waiter *waiter, const char *id,
    struct arena *arena)
{
    waiter_add(operations, waiter, id, id, LANE, arena);
}

static bool
is_over(struct waiter *waiter)
{
    return waiter_wait(waiter, clock_monotonic());
}

/* The lane of views has committed a batch of this one message. */
static void
commit(struct operations *operations, struct message *message)
{
    struct batch *batch = batch_new(&gateway_core);

    message->lane = LANE;
    message->id = message->source = "";
    batch_begin(batch, 0);
    batch_add(batch, message);
    operations_committed(operations, batch);
    batch_free(batch);
}

static void
commit_outcome(struct operations *operations, const Outcome *outcome)
{
    uint8_t value[512];
    struct message message = {
        .topic = "inservice.teacher.outcome.v1",
        .kind = TOPIC_OUTCOME,
        .type = "inservice.common.v1.Outcome",
        .key = outcome->command_id,
        .value = value,
        .size = inservice__common__v1__outcome__pack(outcome, value),
    };

    commit(operations, &message);
}

/* A state (a tombstone is one, too) that answers this command, or NULL. */
static void
commit_state(struct operations *operations, const char *command_id,
             int64_t version)
{
    struct message message = {
        .topic = "inservice.teacher.state.v1",
        .kind = TOPIC_STATE,
        .type = "inservice.teacher.v1.TeacherState",
        .key = "01890a5d-ac96-774b-bcce-b302099a8057",
        .causation = command_id,
        .completes = command_id,
        .entity_version = version,
    };

    commit(operations, &message);
}

static void
commit_done(struct operations *operations, const char *command_id,
            int64_t version, int64_t state_seq)
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
    commit_outcome(operations, &outcome);
}

static void
commit_refused(struct operations *operations, const char *command_id)
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
    commit_outcome(operations, &outcome);
}

static void
a_state_in_the_read_model_ends_the_wait(void **state)
{
    struct operations *operations = table_new();
    struct arena *arena = arena_new(0);
    char id[UUID_TEXT], other[UUID_TEXT];
    struct waiter waiter;

    (void)state;
    uuid_v7(id), uuid_v7(other);
    add(operations, &waiter, id, arena);
    commit_state(operations, other, 1); /* another caller's */
    commit_state(operations, NULL, 1);  /* no command's */
    assert_false(is_over(&waiter));
    commit_state(operations, id, 9);
    assert_true(is_over(&waiter));
    assert_int_equal(waiter.result.state, OPERATION_DONE);
    assert_int_equal(waiter.result.version, 9);
    waiter_remove(operations, &waiter);
    arena_free(arena);
    table_free(operations);
}

/* Its state comes on another topic: the watcher compares the position. */
static void
an_outcome_that_names_a_state_does_not_end_it(void **state)
{
    struct operations *operations = table_new();
    struct arena *arena = arena_new(0);
    char id[UUID_TEXT];
    struct waiter waiter;

    (void)state;
    uuid_v7(id);
    add(operations, &waiter, id, arena);
    commit_done(operations, id, 3, 50);
    assert_false(is_over(&waiter));
    commit_done(operations, id, 3, 0); /* nothing was changed */
    assert_true(is_over(&waiter));
    assert_int_equal(waiter.result.version, 3);
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
    add(operations, &waiter, id, arena);
    add(operations, &second, id, arena); /* a stream on the same */
    commit_refused(operations, id);
    assert_true(is_over(&waiter));
    assert_true(is_over(&second));
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
a_waiter_that_leaves_early_is_forgotten(void **state)
{
    struct operations *operations = table_new();
    struct arena *arena = arena_new(0);
    struct waiter waiter, second;
    char id[UUID_TEXT];

    (void)state;
    uuid_v7(id);
    add(operations, &waiter, id, arena);
    add(operations, &second, id, arena);
    assert_false(waiter_wait(&waiter, clock_monotonic() + 1000));
    waiter_remove(operations, &waiter);
    waiter_remove(operations, &second);
    commit_state(operations, id, 1);
    arena_free(arena);
    table_free(operations);
}

static void
rubbish_wakes_no_waiter(void **state)
{
    struct operations *operations = table_new();
    struct arena *arena = arena_new(0);
    struct waiter waiter;
    char id[UUID_TEXT];
    Outcome empty;

    (void)state;
    uuid_v7(id);
    add(operations, &waiter, id, arena);
    struct message message = {.topic = "inservice.teacher.outcome.v1",
                              .kind = TOPIC_OUTCOME,
                              .type = "inservice.common.v1.Outcome",
                              .key = id,
                              .value = (const uint8_t *)"\xff\xff",
                              .size = 2};
    commit(operations, &message);
    inservice__common__v1__outcome__init(&empty);
    empty.command_id = id;
    commit_outcome(operations, &empty);
    commit_state(operations, "no id", 1);
    assert_false(is_over(&waiter));
    waiter_remove(operations, &waiter);
    arena_free(arena);
    table_free(operations);
}

/* How long until the watcher looks again; 0: it looks now. */
static int64_t
look_in(struct operations *operations, size_t expected)
{
    struct db_params params = {0};
    int64_t next, now = clock_monotonic();

    assert_int_equal(waiters_due(operations, &params, &next), expected);
    db_params_free(&params);
    return next == INT64_MAX ? next : next - now;
}

static void
rows_are_looked_up_where_another_process_ends_them(void **state)
{
    struct operations *operations = table_new();
    struct arena *arena = arena_new(0);
    bool lanes[LANES_MAX] = {false};
    struct waiter waiter;
    char id[UUID_TEXT];

    (void)state;
    uuid_v7(id);
    assert_true(look_in(operations, 0) == INT64_MAX);
    add(operations, &waiter, id, arena);
    waiter.look_at = 0; /* the first pause is over */
    assert_true(look_in(operations, 1) <= MILLISECONDS(5));
    waiter_remove(operations, &waiter);

    lanes[LANE] = true; /* this process ends them */
    operations_held(operations, lanes);
    add(operations, &waiter, id, arena);
    assert_true(look_in(operations, 0) > MILLISECONDS(50));
    waiter_remove(operations, &waiter);
    assert_true(look_in(operations, 0) == INT64_MAX);
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
        add(crowd->operations, &waiter, id, arena);
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
            commit_refused(crowd.operations, id);
        } else {
            commit_state(crowd.operations, id, sequence);
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
        cmocka_unit_test(a_state_in_the_read_model_ends_the_wait),
        cmocka_unit_test(an_outcome_that_names_a_state_does_not_end_it),
        cmocka_unit_test(refusals_wake_at_once),
        cmocka_unit_test(a_waiter_that_leaves_early_is_forgotten),
        cmocka_unit_test(rubbish_wakes_no_waiter),
        cmocka_unit_test(rows_are_looked_up_where_another_process_ends_them),
        cmocka_unit_test(queue_has_a_maximum),
        cmocka_unit_test(threads_wake_each_other),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
