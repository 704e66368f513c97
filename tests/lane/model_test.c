/* The model of the lane in tests/sim against the lane: one schedule of
 * messages, deaths and takeovers is played through both, and both must publish
 * and store the same. The lane's owners are processes: this program, called
 * with --owner, which a failpoint kills or stops. Not compared: times, and with
 * them values and chains.
 */
#include "lane/model.h"

#include <signal.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "chassis/base/log.h"
#include "chassis/base/settings.h"
#include "chassis/lane/lane.h"

#include "inservice/common/v1/operate.pb-c.h"
#include "sim/sim.h"

#define LIM "00000000-0000-8000-8000-000000000001"
#define ONG "00000000-0000-8000-8000-000000000002"

/* WORK follows each death after COMMIT, so that every row is published once. */
static const struct step schedule[] = {
    {COMMAND, "A1", "North"},
    {COMMAND, "B2", "South"},
    {COMMAND, "A1", "North again"}, /* CODE_TAKEN */
    {TEACHER, LIM, "Lim"},
    {TEACHER, ONG, "Ong"},
    {WORK, NULL, NULL},
    {COMMAND, "C3", "East"},
    {TEACHER, LIM, "Lin"},
    {DIE, "lane_messages_taken:kill", NULL},
    {DIE, "lane_before_commit:kill", NULL},
    {WORK, NULL, NULL},
    {COMMAND, "D4", "West"},
    {AGAIN, "D4", "West"}, /* perhaps in one batch with the first */
    {COMMAND, "A1", "RENAMED"},
    {TEACHER, ONG, "Wang"},
    {DIE, "lane_committed:kill", NULL},
    {WORK, NULL, NULL},
    {COMMAND, "E5", "BROKEN"},
    {COMMAND, "E5", "waits"},
    {COMMAND, "F6", "does not wait"},
    {WORK, NULL, NULL},
    {AGAIN, "F6", "does not wait"}, /* the stored outcome */
    {RELEASE, "E5", NULL},          /* it is still broken */
    {COMMAND, "G7", "Coast"},
    {FREEZE, "lane_messages_taken:stop", NULL},
    {COMMAND, "G7", "RENAMED"},
    {COMMAND, "A1", "RENAMED"},
    {TEACHER, LIM, "Lim, later"},
    {WORK, NULL, NULL},
    {AGAIN, LIM, "Lim"}, /* an old fact */
    {WORK, NULL, NULL},
    {END, NULL, NULL},
};

enum { STEPS = sizeof schedule / sizeof schedule[0], SEEDS = 50 };

/* The same ids and bytes for both. */
static struct given messages[STEPS];

static void
make_release(const char *key, struct given *ret_given)
{
    Inservice__Common__V1__Release release;
    Order order;

    make_command(key, "", ret_given);
    inservice__common__v1__release__init(&release);
    inservice__common__v1__order__init(&order);
    order.command_id = ret_given->id;
    order.at = ret_given->at;
    release.order = &order;
    release.topic = (char *)(uintptr_t)fixture_service.inputs[0].topic;
    release.key = (char *)(uintptr_t)key;
    release.lane = (uint32_t)ret_given->lane;
    ret_given->type = release.base.descriptor->name;
    ret_given->size = protobuf_c_message_pack(&release.base, ret_given->wire);
}

static const struct given *
first_like(const struct step *step)
{
    size_t i = 0;

    while (schedule[i].name == NULL || strcmp(schedule[i].key, step->key) ||
           strcmp(schedule[i].name, step->name))
        i++;
    return &messages[i];
}

static void
make_messages(void)
{
    for (size_t i = 0; i < STEPS; i++) {
        const struct step *step = &schedule[i];
        if (step->act == COMMAND)
            make_command(step->key, step->name, &messages[i]);
        else if (step->act == TEACHER)
            make_teacher(step->key, step->name, (int64_t)i, &messages[i]);
        else if (step->act == RELEASE)
            make_release(step->key, &messages[i]);
        else if (step->act == AGAIN)
            messages[i] = *first_like(step);
    }
}

/* --- an owner ----------------------------------------------------------- */
static const int64_t patience = SECONDS(30);
static int64_t sent;

static void
on_term(int number)
{
    (void)number;
    process_stop();
}

/* The process that owner_start() starts. */
static int
owner_main(const char *group)
{
    static const struct setting none[] = {{.name = NULL}};
    const struct lane_options options = {
        .service = &fixture_service,
        .group = group,
    };

    signal(SIGTERM, on_term);
    if (!settings_read(none, NULL, stderr) || !log_open("account", "error") ||
        !service_await_schema(&fixture_service))
        return 2;
    struct lane *lane = lane_new(&options);
    int status = lane_run(lane);
    lane_free(lane);
    return status;
}

/* Each has its own group, so that it need not wait until the broker misses an
 * owner that died: the tables alone decide between owners. */
static pid_t
owner_start(const char *failpoint)
{
    static unsigned started;
    char env[] = "env", role[] = "--owner";
    char self[512] = "", broker[300], fails[100], group[40];
    char *words[] = {env, broker, fails, self, role, group, NULL};
    pid_t owner;

    assert_true(readlink("/proc/self/exe", self, sizeof self - 1) > 0);
    snprintf(broker, sizeof broker, "INSERVICE_KAFKA_BOOTSTRAP=%s",
             chassis_settings.kafka_bootstrap);
    snprintf(fails, sizeof fails, "INSERVICE_FAILPOINT=%s", failpoint);
    snprintf(group, sizeof group, "owner-%u", ++started);
    assert_int_equal(posix_spawnp(&owner, env, NULL, NULL, words, environ), 0);
    return owner;
}

static void
look_again(int64_t deadline)
{
    if (clock_monotonic() > deadline)
        fail_msg("an owner did not come there in half a minute");
    nanosleep(&(struct timespec){0, 5000000}, NULL);
}

/* How the process ended or was stopped. */
static int
owner_status(pid_t owner)
{
    int64_t deadline = clock_monotonic() + patience;
    int status = 0;

    while (waitpid(owner, &status, WNOHANG | WUNTRACED) != owner)
        look_again(deadline);
    return status;
}

static void
owner_does_all(void)
{
    int64_t deadline = clock_monotonic() + patience;
    pid_t owner = owner_start("");

    while (number_of("SELECT coalesce(sum(next_offset), 0) FROM lane_input") <
           sent)
        look_again(deadline);
    kill(owner, SIGTERM);
    /* If the owners before it have done all, the signal may come before it is
     * caught. */
    int status = owner_status(owner);
    assert_true(status == 0 || status == SIGTERM);
}

/* --- the schedule ------------------------------------------------------- */
static void
play(const struct step *step, const struct given *message)
{
    pid_t owner;

    switch (step->act) {
    case WORK:
        owner_does_all();
        return;
    case DIE:
        owner = owner_start(step->key);
        assert_int_equal(WTERMSIG(owner_status(owner)), SIGKILL);
        return;
    case FREEZE:
        owner = owner_start(step->key);
        assert_true(WIFSTOPPED(owner_status(owner)));
        owner_does_all();
        kill(owner, SIGTERM); /* it sees that after its batch */
        kill(owner, SIGCONT);
        assert_int_equal(owner_status(owner), 0);
        return;
    default:
        if (message->sequence > 0)
            send_teacher(message);
        else
            send_command(message);
        sent++;
    }
}

/* All that the lane has stored and published, a line each, in the order of
 * strcmp(). */
static char *
lane_has(void)
{
    char sql[2000];

    snprintf(
        sql, sizeof sql,
        "SELECT string_agg(line || E'\\n', '' ORDER BY line COLLATE \"C\") "
        "FROM (SELECT concat_ws(' ', 'lane', lane, seq, published_seq,"
        " incarnation) AS line FROM lane UNION ALL "
        "SELECT concat_ws(' ', 'position', topic, lane, next_offset, last_seq,"
        " last_incarnation) FROM lane_input WHERE next_offset > 0 UNION ALL "
        "SELECT concat_ws(' ', 'journal', lane, seq, kind, partition, type,"
        " key, version, command_id, causation, code) FROM journal UNION ALL "
        "SELECT concat_ws(' ', 'inbox', command_id) FROM inbox UNION ALL "
        "SELECT concat_ws(' ', 'parked', topic, lane, position, key, id,"
        " reason) FROM parked UNION ALL "
        "SELECT concat_ws(' ', 'unit', code, name, version) FROM unit "
        "UNION ALL SELECT concat_ws(' ', 'copy', person_id, name, version,"
        " incarnation) FROM copy UNION ALL SELECT concat_ws(' ', 'topic', "
        "kind - 1, count) FROM unnest('{%lld,%lld,%lld,%lld,%lld}'::int8[])"
        " WITH ORDINALITY AS topics (count, kind)) AS lines",
        (long long)records_of(TOPIC_COMMAND),
        (long long)records_of(TOPIC_OUTCOME),
        (long long)records_of(TOPIC_EVENT), (long long)records_of(TOPIC_STATE),
        (long long)records_of(TOPIC_DLQ));
    return text_of(sql);
}

static void
assert_same(const char *lane, const char *model, uint64_t seed)
{
    size_t line = 0;

    if (strcmp(lane, model) == 0)
        return;
    for (size_t i = 0; lane[i] == model[i]; i++)
        if (lane[i] == '\n')
            line = i + 1;
    fail_msg("seed %llu: the lane has\n  %.*s\nthe model has\n  %.*s",
             (unsigned long long)seed, (int)strcspn(lane + line, "\n"),
             lane + line, (int)strcspn(model + line, "\n"), model + line);
}

static void
the_model_and_the_lane_do_the_same(void **state)
{
    struct arena *arena = arena_new(0);

    (void)state;
    make_messages();
    sent = 0;
    for (size_t i = 0; schedule[i].act != END; i++)
        play(&schedule[i], &messages[i]);
    char *lane = lane_has();
    for (uint64_t seed = 1; seed <= SEEDS; seed++)
        assert_same(lane, model_run(arena, seed, schedule, messages), seed);
    free(lane);
    arena_free(arena);
}

/* The schedule can find flaws: these of tests/sim/mutants.c change a line. */
static void
a_planted_difference_shows(void **state)
{
    static const int flaws[] = {1, 3, 4, 5, 9, 16, 21, 24, 25};
    struct arena *arena = arena_new(0);

    (void)state;
    make_messages();
    const char *right = model_run(arena, 1, schedule, messages);
    for (size_t i = 0; i < sizeof flaws / sizeof flaws[0]; i++) {
        bool shows = false;
        sim_mutant = flaws[i];
        for (uint64_t seed = 1; seed <= SEEDS && !shows; seed++)
            shows =
                strcmp(right, model_run(arena, seed, schedule, messages)) != 0;
        sim_mutant = 0;
        if (!shows)
            fail_msg("flaw %d of tests/sim/mutants.c does not show", flaws[i]);
    }
    arena_free(arena);
}

int
main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_model_and_the_lane_do_the_same,
                                        fixture_begin, fixture_end),
        cmocka_unit_test(a_planted_difference_shows),
    };

    if (argc == 3 && strcmp(argv[1], "--owner") == 0)
        return owner_main(argv[2]);
    return cmocka_run_group_tests(tests, fixture_start, fixture_stop);
}
