/* Flaws planted on purpose into the model of the shell: they measure the
 * simulation. `sim --mutants` runs each in a process of its own and prints how
 * many were noticed; nine of ten must be. */
#include <stdio.h>
#include <stdlib.h>
#include <sys/wait.h>
#include <unistd.h>

#include "mutants.h"
#include "sim.h"

static const char *const mutants[] = {
    [1] = "a batch begins without looking at the fences",
    [2] = "the fence of lane.seq is not compared",
    [3] = "the inbox is not read",
    [4] = "the inbox is not written",
    [5] = "marks are forgotten: every fact is new",
    [6] = "marks are kept per service and lane, not per topic",
    [7] = "published_seq counts sent rows, not acknowledged ones",
    [8] = "an error report counts as acknowledgement",
    [9] = "taking a lane publishes no leftovers",
    [10] = "leftovers are published last first",
    [11] = "a lost answer of COMMIT is taken for done",
    [12] = "rows are published before COMMIT",
    [13] = "after a rollback the messages are passed over",
    [14] = "claim rows are not locked",
    [15] = "self-commands go to the lane that gave them",
    [16] = "a repeated command's outcome is not published again",
    [17] = "an idle owner never looks whether another process wrote",
    [18] = "timers stay when they were due",
    [19] = "now and then a commit writes only half",
    [20] = "rows of children are not written",
    [21] = "after a taking the consumer goes on where it was",
    [22] = "views take whatever comes last",
    [23] = "the fences are compared but not locked",
    [24] = "marks in memory survive a taking",
    [25] = "followers of a broken message do not wait",
    [26] = "the compacted topic is not audited",
    [27] = "the first of a command's states answers it, not the last",
    [28] = "a state that is said again answers a command",
    [29] = "an operation ends in another transaction than its state",
};
enum { MUTANTS = sizeof mutants / sizeof mutants[0] };

static bool
is_noticed(int mutant, bool (*run)(const void *), const void *context)
{
    int status = 0;
    pid_t child = fork();

    if (child == 0) {
        alarm(300); /* stuck for good is noticed, too */
        if (freopen("/dev/null", "w", stdout) == NULL ||
            freopen("/dev/null", "w", stderr) == NULL)
            _exit(0);
        sim_mutant = mutant;
        _exit(run(context) ? 0 : 1);
    }
    return child > 0 && waitpid(child, &status, 0) == child && status != 0;
}

bool
mutants_run(bool (*run)(const void *), const void *context)
{
    int noticed = 0, all = 0;

    for (int i = 1; i < MUTANTS; i++) {
        bool seen = is_noticed(i, run, context);
        all++;
        noticed += seen;
        printf("%-8s %2d %s\n", seen ? "noticed" : "MISSED", i, mutants[i]);
    }
    printf("sim-mutants: %d of %d noticed\n", noticed, all);
    return noticed * 10 >= all * 9;
}
