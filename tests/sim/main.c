/* sim: runs episodes of the simulation from a seed, or with planted flaws.
 *
 * sim [--seed N] [--steps M] [--lanes L] [--episode E] [--verbose 1]
 *     [--mutant K] [--mutants 1]
 * Without a seed it takes one from the clock and prints it. Exit status 0: all
 * held; 1: something did not, with the line that repeats it; 2: usage.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chassis/base/clock.h"

#include "mutants.h"
#include "sim.h"

enum { EPISODE_STEPS = 20000 };

struct arguments {
    uint64_t seed, steps, episode;
    bool only_episode, verbose, mutants;
};

struct totals {
    size_t commits, refused, crashes, takeovers, fenced, lost, republished,
        repeated, audits, sent, episodes;
    struct said {
        const char *name; /* of a fact, or a refusal's code */
        size_t count;
    } said[160];
};

static struct world *
build(uint64_t seed)
{
    struct world *world = world_new(seed);

    world->operations = true;
    account_add(world);
    teacher_add(world);
    for (size_t i = 0; i < world->db_count; i++) {
        struct view *view = ARENA_NEW(world->arena, struct view);
        for (int n = 0; n < SIM_OWNERS; n++)
            owner_add(world, world->dbs[i], (int)i);
        world_assign(world, (int)i);
        view->topic = world->dbs[i]->outputs[TOPIC_STATE];
        view->db = world->dbs[i];
        world->views[world->view_count++] = view;
    }
    return world;
}

static void
count_said(struct totals *totals, const char *name)
{
    struct said *said = totals->said;

    while (said->name != NULL && strcmp(said->name, name) != 0)
        said++;
    if (said == &totals->said[159])
        return;
    if (said->name == NULL)
        said->name = strdup(name);
    said->count++;
}

static void
count_all_said(struct totals *totals, const struct db *db)
{
    for (int lane = 0; lane < lane_count(); lane++)
        for (size_t i = 0; i < db->journal[lane].count; i++) {
            const struct journal_row *row = db->journal[lane].rows[i];
            if (row->kind == TOPIC_EVENT)
                count_said(totals, strrchr(row->type, '.') + 1);
            if (row->kind == TOPIC_OUTCOME && row->code != NULL)
                count_said(totals, row->code);
        }
}

static void
add_up(struct totals *totals, const struct world *world)
{
    totals->commits += world->commits;
    totals->refused += world->refused;
    totals->crashes += world->crashes;
    totals->takeovers += world->takeovers;
    totals->fenced += world->fenced;
    totals->lost += world->lost;
    totals->republished += world->republished;
    totals->repeated += world->repeated;
    totals->audits += world->audits;
    totals->sent += world->sent_count;
    totals->episodes++;
    for (size_t i = 0; i < world->db_count; i++)
        count_all_said(totals, world->dbs[i]);
}

static void
run(struct world *world, uint64_t steps)
{
    for (uint64_t i = 0; i < steps; i++)
        world_step(world);
    world_settle(world);
    check_all(world);
}

/* True when all held. */
static bool
run_episode(const struct arguments *arguments, uint64_t episode, uint64_t steps,
            struct totals *totals)
{
    struct world *world = build(arguments->seed * 1000003 + episode);
    jmp_buf escape;
    bool held = true;

    world->escape = &escape;
    if (setjmp(escape) == 0) {
        run(world, steps);
    } else {
        held = false;
        printf("sim: FAILED at step %llu of episode %llu: %s\n",
               (unsigned long long)world->step, (unsigned long long)episode,
               world->failure);
        printf("sim: repeat with: sim --seed %llu --steps %llu --episode %llu "
               "--lanes %d\n",
               (unsigned long long)arguments->seed,
               (unsigned long long)arguments->steps,
               (unsigned long long)episode, lane_count());
    }
    add_up(totals, world);
    world_free(world);
    return held;
}

static void
totals_end(struct totals *t, bool verbose)
{
    for (struct said *s = t->said; s->name != NULL; s++) {
        if (verbose)
            printf("%8zu %s\n", s->count, s->name);
        free((char *)(uintptr_t)s->name);
    }
}

static bool
run_all(const struct arguments *arguments)
{
    struct totals t = {0};
    uint64_t left = arguments->steps;

    for (uint64_t episode = 0; left > 0; episode++) {
        uint64_t steps = left < EPISODE_STEPS ? left : EPISODE_STEPS;
        left -= steps;
        if (arguments->only_episode && episode != arguments->episode)
            continue;
        if (!run_episode(arguments, episode, steps, &t)) {
            totals_end(&t, false);
            return false;
        }
    }
    printf("sim: seed %llu, %d lanes: %llu steps in %zu episodes held: "
           "%zu commands, "
           "%zu commits, %zu refused, %zu repeated, %zu crashes, %zu takings, "
           "%zu fenced, %zu answers lost, %zu rows republished, %zu audited\n",
           (unsigned long long)arguments->seed, lane_count(),
           (unsigned long long)arguments->steps, t.episodes, t.sent, t.commits,
           t.refused, t.repeated, t.crashes, t.takeovers, t.fenced, t.lost,
           t.republished, t.audits);
    totals_end(&t, arguments->verbose);
    return true;
}

static bool
run_mutant(const void *context)
{
    return run_all(context);
}

int
main(int argc, char **argv)
{
    struct arguments arguments = {.steps = 200000};

    arguments.seed = (uint64_t)clock_now() % 1000000007;
    lane_count_set(24);
    for (int i = 1; i + 1 < argc; i += 2) {
        uint64_t number = strtoull(argv[i + 1], NULL, 10);
        if (strcmp(argv[i], "--seed") == 0)
            arguments.seed = number;
        else if (strcmp(argv[i], "--steps") == 0)
            arguments.steps = number;
        else if (strcmp(argv[i], "--lanes") == 0 && number >= 1 &&
                 number <= LANES_MAX)
            lane_count_set((int)number);
        else if (strcmp(argv[i], "--mutant") == 0)
            sim_mutant = (int)number;
        else if (strcmp(argv[i], "--episode") == 0)
            arguments.episode = number, arguments.only_episode = true;
        else if (strcmp(argv[i], "--mutants") == 0)
            arguments.mutants = number != 0;
        else if (strcmp(argv[i], "--verbose") == 0)
            arguments.verbose = number != 0;
        else
            return 2;
    }
    setvbuf(stdout, NULL, _IOLBF, 0);
    if (arguments.mutants)
        return mutants_run(run_mutant, &arguments) ? 0 : 1;
    return run_all(&arguments) ? 0 : 1;
}
