/* Failpoints: each action, skipping, narrowing, and refused rules. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "chassis/base/failpoint.h"
#include "chassis/base/log.h"

static bool
before_commit(void)
{
    return FAILPOINT(before_commit);
}

static bool
after_commit(void)
{
    return FAILPOINT(after_commit);
}

static int real_stderr;

/* Silent: events of failpoints are planned here. */
static int
set_up(void **state)
{
    (void)state;
    int nowhere = open("/dev/null", O_WRONLY);
    real_stderr = dup(STDERR_FILENO);
    if (nowhere < 0 || real_stderr < 0)
        return -1;
    dup2(nowhere, STDERR_FILENO);
    close(nowhere);
    return 0;
}

static int
tear_down(void **state)
{
    (void)state;
    dup2(real_stderr, STDERR_FILENO);
    close(real_stderr);
    return 0;
}

static void
without_rules_nothing_happens(void **state)
{
    (void)state;
    assert_true(failpoint_set(""));
    assert_false(before_commit());
}

static void
fail_acts_once_after_skipping(void **state)
{
    (void)state;
    assert_true(failpoint_set("before_commit:fail:2"));
    assert_false(after_commit());
    assert_false(before_commit());
    assert_false(before_commit());
    assert_true(before_commit());
    assert_false(before_commit());
}

static void
several_rules_stand_side_by_side(void **state)
{
    (void)state;
    assert_true(failpoint_set("before_commit:fail,after_commit:fail:1"));
    assert_true(before_commit());
    assert_false(after_commit());
    assert_true(after_commit());
}

static void
a_class_of_work_narrows(void **state)
{
    (void)state;
    assert_true(failpoint_set("before_commit@SuspendLeaver:fail"));
    assert_false(before_commit());
    failpoint_class("inservice.account.v1.EnableBusinessAccount");
    assert_false(before_commit());
    failpoint_class("x.NoSuspendLeaver, x.SuspendLeavers");
    assert_false(before_commit());
    failpoint_class("x.EnableAccount inservice.account.v1.SuspendLeaver x.Y");
    assert_true(before_commit());
}

static void
wrong_rules_are_refused(void **state)
{
    (void)state;
    static const char *const wrong[] = {
        "before_commit",         "before_commit:die",   "nowhere:kill",
        "before_commit:fail:x",  "before_commit:fail:", ":kill",
        "before_commit:fail:-1",
    };
    for (size_t i = 0; i < COUNT_OF(wrong); i++)
        assert_false(failpoint_set(wrong[i]));
    assert_false(failpoint_set("nowhere:kill,before_commit:fail"));
    assert_true(before_commit());
}

/* How a child ends, or stands still, that meets the failpoint. */
static int
status_of_child(const char *rules)
{
    int status = 0;
    pid_t child = fork();
    if (child == 0) {
        if (failpoint_set(rules))
            before_commit();
        _exit(0);
    }
    assert_true(child > 0);
    assert_int_equal(waitpid(child, &status, WUNTRACED), child);
    if (WIFSTOPPED(status)) {
        kill(child, SIGKILL);
        waitpid(child, NULL, 0);
    }
    return status;
}

static void
kill_ends_the_process_at_once(void **state)
{
    (void)state;
    int status = status_of_child("before_commit:kill");
    assert_true(WIFSIGNALED(status));
    assert_int_equal(WTERMSIG(status), SIGKILL);
}

static void
stop_freezes_the_process(void **state)
{
    (void)state;
    int status = status_of_child("before_commit:stop");
    assert_true(WIFSTOPPED(status));
    assert_int_equal(WSTOPSIG(status), SIGSTOP);
}

static void
names_are_listed_in_order(void **state)
{
    (void)state;
    char listed[256] = "";
    FILE *out = fmemopen(listed, sizeof(listed), "w");
    assert_non_null(out);
    failpoint_list(out);
    fclose(out);
    assert_string_equal(listed, "after_commit\nbefore_commit\n");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_rules_nothing_happens),
        cmocka_unit_test(fail_acts_once_after_skipping),
        cmocka_unit_test(several_rules_stand_side_by_side),
        cmocka_unit_test(a_class_of_work_narrows),
        cmocka_unit_test(wrong_rules_are_refused),
        cmocka_unit_test(kill_ends_the_process_at_once),
        cmocka_unit_test(stop_freezes_the_process),
        cmocka_unit_test(names_are_listed_in_order),
    };
    return cmocka_run_group_tests(tests, set_up, tear_down);
}
