/* One test for each of the eleven rules of the lane (docs/lane.md), both ways:
 * with the rule the interleaving that once went wrong does no harm; without it
 * the same test must notice. Not modelled: of rule 3 librdkafka's own gapless
 * guarantee (taken as given), of rule 5 the lag of a real compaction, of rule 6
 * the 14 days, of rule 9 which SQLSTATEs PostgreSQL gives, of rule 11 the
 * restore command itself; tests/fault has those.
 *
 * sim-rules [--without-rule N]: one way only, exit status 1 when it is noticed.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "rules_fixture.h"
#include "sim_internal.h"

/* Two codes of different lanes. */
#define HERE  "014301"
#define THERE "014302"

/* 1: a decision writes aggregates of its own lane only. HERE lets THERE count
 * while THERE's own lane counts: its versions must run in one journal. */
static void
rule_1(struct fixture *f)
{
    hold(f, lane_of(HERE) != lane_of(THERE), "the codes share a lane");
    give(f, f->first);
    grow(f, THERE);
    work(f, f->first);
    pass_on(f, HERE, THERE);
    work(f, f->first);
    land(f, f->first);
    work(f, f->first);
    grow(f, THERE);
    work(f, f->first);
    hold(f, count_of(f, THERE) == 3, "a count is lost");
}

/* 2: marks per (topic, lane). A fact of another topic has a lower sequence in
 * the same lane and is new all the same. */
static void
rule_2(struct fixture *f)
{
    f->lane_of_tellings = lane_of(HERE);
    give(f, f->first);
    for (int i = 0; i < 5; i++)
        grow(f, HERE);
    work(f, f->first);
    land(f, f->first);
    work(f, f->ear);
    tell_place(f, "person", 1, false);
    work(f, f->ear);
    hold(f, heard_of_key(f, "person") != NULL, "a new fact is taken for old");
}

/* 3: an error report is no acknowledgement, and nothing lands after a failed
 * message. The owner dies; the next one publishes the unacknowledged rows. */
static void
rule_3(struct fixture *f)
{
    give(f, f->first);
    grow(f, HERE);
    grow(f, HERE);
    step_to(f, f->first, OWNER_PUBLISHING);
    step_to(f, f->first, OWNER_IDLE);
    while (f->first->flights != NULL &&
           f->first->flights->topic != f->small->outputs[TOPIC_EVENT])
        f->first->flights = f->first->flights->next;
    broker_fail(f->world, f->first);
    land(f, f->first);
    work(f, f->first);
    land(f, f->first);
    work(f, f->first);
    owner_crash(f->world, f->first);
    give(f, f->second);
    work(f, f->second);
    land(f, f->second);
    work(f, f->ear);
    hold(f, heard_of_key(f, HERE) != NULL && heard_of_key(f, HERE)->times == 2,
         "an event is lost");
}

/* 4: read models follow state by entity version. One is rebuilt from the
 * beginning of the topic, with its old marks still there. */
static void
rule_4(struct fixture *f)
{
    give(f, f->first);
    grow(f, HERE);
    grow(f, HERE);
    work(f, f->first);
    land(f, f->first);
    for (int i = 0; i < 40; i++)
        view_step(f->world, f->view, lane_of(HERE));
    view_forget(f->view);
    for (int i = 0; i < 40; i++)
        view_step(f->world, f->view, lane_of(HERE));
    const struct view_row *row = view_find(f->view, HERE);
    hold(f, row != NULL && row->version == 2, "a rebuilt view lacks a row");
}

/* 5: a late owner's old snapshot lies last on the compacted topic; the audit
 * has the present one said again. */
static void
rule_5(struct fixture *f)
{
    const int lane = lane_of(HERE);
    struct log *log = &f->small->outputs[TOPIC_STATE]->lanes[lane];

    give(f, f->first);
    grow(f, HERE);
    grow(f, HERE);
    work(f, f->first);
    land(f, f->first);
    topic_append(f->world, f->small->outputs[TOPIC_STATE], lane,
                 log->records[0]);
    if (!WITHOUT(5))
        audit_states(f->world, f->small);
    work(f, f->first);
    land(f, f->first);
    hold(f, log->records[log->count - 1]->entity_version == 2,
         "a newcomer reads an old state");
}

/* 6: a repeated command publishes its stored outcome again, and has no second
 * effect. The first outcome had been lost to its reader. */
static void
rule_6(struct fixture *f)
{
    struct log *outcomes =
        &f->small->outputs[TOPIC_OUTCOME]->lanes[lane_of(HERE)];

    give(f, f->first);
    grow(f, HERE);
    work(f, f->first);
    land(f, f->first);
    size_t before = outcomes->count;
    send_again(f);
    work(f, f->first);
    land(f, f->first);
    hold(f, count_of(f, HERE) == 1, "a repeated command has a second effect");
    hold(f, outcomes->count == before + 1, "a repeated command has no answer");
    hold(f,
         outcomes->records[before]->size == outcomes->records[0]->size &&
             memcmp(outcomes->records[before]->value,
                    outcomes->records[0]->value,
                    outcomes->records[0]->size) == 0,
         "a repeated command has another answer");
}

/* 7: the count that guards a rule is a column of the locked row. Two at once
 * want to take the last but one, both in one batch. */
static void
rule_7(struct fixture *f)
{
    give(f, f->first);
    grow(f, HERE);
    grow(f, HERE);
    work(f, f->first);
    shrink(f, HERE);
    shrink(f, HERE);
    work(f, f->first);
    hold(f, count_of(f, HERE) == 1, "the last one is gone");
}

/* 8: a decision stores the version of the fact it rests on; an older fact,
 * which comes by another lane of its topic, does not undo it. */
static void
rule_8(struct fixture *f)
{
    f->lane_of_tellings = 3;
    tell_place(f, "person", 2, false);
    work(f, f->ear);
    f->lane_of_tellings = 4;
    tell_place(f, "person", 1, true);
    work(f, f->ear);
    hold(f, !heard_of_key(f, "person")->gone, "an older fact has undone it");
}

/* 9: after a rollback by the server the batch reads everything again; another
 * process wrote in between. */
static void
rule_9(struct fixture *f)
{
    give(f, f->first);
    grow(f, HERE);
    work(f, f->first);
    give(f, f->second);
    step_to(f, f->second, OWNER_IDLE);
    grow(f, HERE);
    step_to(f, f->second, OWNER_DECIDED);
    owner_rolled_back(f->world, f->second);
    give(f, f->first);
    grow(f, HERE);
    work(f, f->first);
    give(f, f->second);
    work(f, f->second);
    hold(f, count_of(f, HERE) == 3, "a count is lost");
}

/* 10: a type of a newer build is set aside with its key; later messages of the
 * key wait, other keys flow, and a build that knows it takes them in their
 * order. */
static void
rule_10(struct fixture *f)
{
    use_build(f->first, &small_core_before);
    give(f, f->first);
    grow(f, HERE);
    pass_on(f, HERE, THERE);
    shrink(f, HERE); /* refused, whenever it is decided */
    grow(f, HERE);
    grow(f, THERE);
    work(f, f->first);
    hold(f, count_of(f, THERE) == 1, "another key does not flow");
    hold(f, count_of(f, HERE) == 1, "a follower overtook one of its key");
    use_build(f->first, &small_core);
    release(f, HERE);
    work(f, f->first);
    land(f, f->first);
    work(f, f->first);
    hold(f, f->small->parked == NULL, "a released message still waits");
    hold(f, count_of(f, HERE) == 2 && count_of(f, THERE) == 2,
         "a released message had no effect");
}

/* 11: after a restored backup the incarnation is raised and compared first;
 * sequences that were given before are new facts now. */
static void
restore(struct fixture *f, const struct lane_row *backup, void *row)
{
    const int lane = lane_of(HERE);
    struct db *db = f->small;

    table_slot(table_named(db, "unit"), HERE)->row = row;
    db->lanes[lane] = *backup;
    db->journal[lane].count = (size_t)backup->state.seq;
    if (!WITHOUT(11))
        db->lanes[lane].state.incarnation++;
}

static void
rule_11(struct fixture *f)
{
    give(f, f->first);
    grow(f, HERE);
    work(f, f->first);
    land(f, f->first);
    work(f, f->first);
    struct lane_row backup = f->small->lanes[lane_of(HERE)];
    void *row = table_slot(table_named(f->small, "unit"), HERE)->row;
    for (int i = 0; i < 3; i++)
        grow(f, HERE);
    work(f, f->first);
    land(f, f->first);
    work(f, f->ear);
    int64_t heard = heard_of_key(f, HERE)->times;
    restore(f, &backup, row);
    give(f, f->second);
    grow(f, HERE);
    work(f, f->second);
    land(f, f->second);
    work(f, f->ear);
    hold(f, heard_of_key(f, HERE)->times == heard + 1,
         "a fact after the restore is taken for old");
}

/* --- both ways ---------------------------------------------------------- */
typedef void rule(struct fixture *f);
static rule *const rules[] = {rule_1, rule_2, rule_3, rule_4,  rule_5, rule_6,
                              rule_7, rule_8, rule_9, rule_10, rule_11};
enum { RULES = sizeof rules / sizeof rules[0] };

/* NULL when it held, else what did not (static text). */
static const char *
run_rule(int number, bool without)
{
    static char failure[512];
    struct fixture f = fixture_new();
    jmp_buf escape;

    sim_without = without ? number : 0;
    f.world->escape = &escape;
    failure[0] = '\0';
    if (setjmp(escape) == 0)
        rules[number - 1](&f);
    else
        snprintf(failure, sizeof failure, "%s", f.world->failure);
    sim_without = 0;
    world_free(f.world);
    return failure[0] == '\0' ? NULL : failure;
}

static void
test_rule(void **state)
{
    int number = *(const int *)*state;
    const char *with = run_rule(number, false);

    if (with != NULL)
        fail_msg("rule %d does not hold: %s", number, with);
    const char *without = run_rule(number, true);
    if (without == NULL)
        fail_msg("no test notices that rule %d was taken out", number);
    print_message("without rule %d: %s\n", number, without);
}

int
main(int argc, char **argv)
{
    static int numbers[RULES];
    static char names[RULES][16];
    struct CMUnitTest tests[RULES];

    if (argc == 3 && strcmp(argv[1], "--without-rule") == 0) {
        int number = (int)strtol(argv[2], NULL, 10);
        if (number < 1 || number > RULES)
            return 2;
        const char *noticed = run_rule(number, true);
        printf("%s\n", noticed ? noticed : "not noticed");
        return noticed != NULL;
    }
    for (int i = 0; i < RULES; i++) {
        numbers[i] = i + 1;
        snprintf(names[i], sizeof names[i], "rule_%d", i + 1);
        tests[i] = (struct CMUnitTest){
            .name = names[i],
            .test_func = test_rule,
            .initial_state = &numbers[i],
        };
    }
    return cmocka_run_group_tests_name("rules", tests, NULL, NULL);
}
