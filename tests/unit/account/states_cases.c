/* The table of states: each transition from each status. B12, B13, B15, B23. */
#include "given.h"

#include <setjmp.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static const struct {
    enum transition transition;
    int from, to;
    const char *refusal, *while_active;
} transitions[] = {
    {BUSINESS_FOUND, 0, ACCOUNT_ACTIVE, NULL, NULL},
    {BUSINESS_APPLY, 0, ACCOUNT_PENDING, NULL, NULL},
    {BUSINESS_CLOSE, ACCOUNT_PENDING, ACCOUNT_CLOSED, "NOT_PENDING",
     "NOT_PENDING"},
    {BUSINESS_ENABLE, ACCOUNT_PENDING, ACCOUNT_ACTIVE, "NOT_PENDING",
     "NOT_PENDING"},
    {BUSINESS_ENABLE_AGAIN, ACCOUNT_DISABLED, ACCOUNT_ACTIVE, "NOT_DISABLED",
     "NOT_DISABLED"},
    {BUSINESS_RESUME, ACCOUNT_DISABLED, ACCOUNT_ACTIVE, "NOT_DISABLED",
     "NOT_DISABLED"},
    {BUSINESS_CHANGE, ACCOUNT_ACTIVE, ACCOUNT_ACTIVE, "NOT_ACTIVE", NULL},
    {BUSINESS_REQUEST, ACCOUNT_ACTIVE, ACCOUNT_ACTIVE, "NOT_ACTIVE", NULL},
    {BUSINESS_REQUEST_LOCKED, ACCOUNT_DISABLED, ACCOUNT_DISABLED, "NOT_ACTIVE",
     "NOT_ACTIVE"},
    {BUSINESS_DISABLE, ACCOUNT_ACTIVE, ACCOUNT_DISABLED, "NOT_ACTIVE", NULL},
    {BUSINESS_SUSPEND, ACCOUNT_ACTIVE, ACCOUNT_DISABLED, "NOT_ACTIVE", NULL},
    {BUSINESS_DELETE, ACCOUNT_DISABLED, ACCOUNT_DELETED, "NOT_DISABLED",
     "STILL_ACTIVE"},
    {TEACHER_APPLY, 0, ACCOUNT_PENDING, NULL, NULL},
    {TEACHER_CLOSE, ACCOUNT_PENDING, ACCOUNT_CLOSED, "NOT_PENDING",
     "NOT_PENDING"},
    {TEACHER_ENABLE_NEW, 0, ACCOUNT_ACTIVE, "CHANGED", "CHANGED"},
    {TEACHER_ENABLE, ACCOUNT_PENDING, ACCOUNT_ACTIVE, "NOT_PENDING",
     "NOT_PENDING"},
    {TEACHER_ENABLE_AGAIN, ACCOUNT_DISABLED, ACCOUNT_ACTIVE, "NOT_DISABLED",
     "NOT_DISABLED"},
    {TEACHER_DISABLE, ACCOUNT_ACTIVE, ACCOUNT_DISABLED, "NOT_ACTIVE", NULL},
};

static void
assert_refusal(const char *given, const char *expected)
{
    if (expected == NULL)
        assert_null(given);
    else
        assert_string_equal(given, expected);
}

static void
test_b13_each_transition_from_each_status(void **state)
{
    (void)state;
    assert_int_equal(sizeof transitions / sizeof *transitions, TRANSITIONS);
    for (size_t i = 0; i < sizeof transitions / sizeof *transitions; i++)
        for (int status = 0; status <= ACCOUNT_CLOSED; status++) {
            int32_t now = status;
            const char *expected = status == ACCOUNT_ACTIVE
                                       ? transitions[i].while_active
                                       : transitions[i].refusal;
            if (status == transitions[i].from)
                expected = NULL;
            assert_refusal(
                objection_to_transition(status, transitions[i].transition),
                expected);
            if (status != transitions[i].from)
                continue;
            account_pass(&now, transitions[i].transition);
            assert_int_equal(now, transitions[i].to);
        }
}

/* No status can be changed by a way that the table does not have. */
static void
test_b13_another_way_ends_the_process(void **state)
{
    int status;
    pid_t child = fork();

    (void)state;
    if (child == 0) {
        int32_t deleted = ACCOUNT_DELETED;
        signal(SIGABRT, SIG_DFL);
        account_pass(&deleted, BUSINESS_ENABLE_AGAIN);
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGABRT);
}

CASES(states, cmocka_unit_test(test_b13_each_transition_from_each_status),
      cmocka_unit_test(test_b13_another_way_ends_the_process));
