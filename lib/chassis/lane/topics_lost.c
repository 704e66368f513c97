/* `<service> topics-lost`: Kafka lost topics, PostgreSQL is whole, and the
 * topics were made again.
 *
 * Runs while no process of the service does. In one transaction it
 *   - begins each lost input again: commands after the last record, because a
 *     command without an answer is given again by its sender; facts at the
 * first record, because marks and versions drop those that were applied;
 *   - if a topic is lost that the service writes to: raises the incarnation
 *     (rule 11) and has the journal published again from its first row
 *     (lane_take.c). Rows keep their sequence, so each consumer applies only
 *     those that it has not applied.
 * Then it has every state said again (say_again.c).
 *
 * A topic is lost if it ends before a position that was reached in it, or has
 * fewer records than were published. Otherwise the command refuses.
 */
#include "chassis/lane/operator.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "chassis/kafka/kafka.h"
#include "chassis/lane/lane_internal.h"
#include "chassis/lane/store_walk.h"

struct loss {
    const struct service *service;
    struct db *db;
    struct db_params params;
    struct consumer *consumer;
    struct input topics[INPUTS_MAX + 1]; /* the inputs, then the others */
    char names[TOPIC_KINDS][64];
    size_t inputs, count;
    int64_t next[INPUTS_MAX][LANES_MAX];
    bool lost[INPUTS_MAX], written_lost;
    char reason[512];
};

static bool
fail(struct loss *loss, const char *reason)
{
    if (loss->reason[0] == '\0')
        snprintf(loss->reason, sizeof loss->reason, "%s", reason);
    return false;
}

static bool
database(struct loss *loss, enum db_end end)
{
    return end == DB_OK || fail(loss, db_error(loss->db));
}

static bool
writes_topics(const struct service *service)
{
    return service->outputs != NULL && service->outputs[0].message != NULL;
}

/* The place of a topic, or -1. */
static int
topic_find(const struct loss *loss, const char *topic)
{
    for (size_t i = 0; i < loss->count; i++)
        if (strcmp(loss->topics[i].topic, topic) == 0)
            return (int)i;
    return -1;
}

/* The service's inputs, and the topics that it writes. */
static void
choose_topics(struct loss *loss)
{
    for (const struct input *in = loss->service->inputs; in->topic; in++)
        loss->topics[loss->count++] = *in;
    loss->inputs = loss->count;
    for (int kind = 0; kind < TOPIC_KINDS; kind++) {
        topic_name(loss->service->core.name, kind, loss->names[kind]);
        if (writes_topics(loss->service) &&
            topic_find(loss, loss->names[kind]) < 0)
            loss->topics[loss->count++] =
                (struct input){loss->names[kind], (enum topic_kind)kind};
    }
}

static bool
open_all(struct loss *loss)
{
    loss->db = operator_open(loss->service, loss->service->queries);
    if (loss->db == NULL)
        return fail(loss, "the database is away");
    loss->consumer = consumer_new(
        &(struct consumer_options){.inputs = loss->topics, .batch_max = 1},
        loss->reason);
    if (loss->consumer == NULL)
        return false;
    for (size_t i = 0; i < loss->count; i++)
        for (int lane = 0; lane < lane_count(); lane++) {
            loss->next[i][lane] = consumer_next(loss->consumer, i, lane);
            if (loss->next[i][lane] < 0)
                return fail(loss, "a topic cannot be read");
        }
    return true;
}

/* --- what must not run -------------------------------------------------- */
static bool
lock_lanes(struct loss *loss)
{
    return database(loss, db_query(loss->db, "begin", NULL, NULL)) &&
           database(loss, db_query(loss->db, "rebuild_patience", NULL, NULL)) &&
           database(loss, db_query(loss->db, "lane_all_lock", NULL, NULL)) &&
           operator_is_alone(loss->service, loss->db, loss->reason);
}

/* --- which topics are lost ---------------------------------------------- */
/* Notes a topic that ends before `wanted`. */
static void
compare(struct loss *loss, int topic, int lane, int64_t wanted)
{
    if (topic < 0 || lane >= lane_count() || loss->next[topic][lane] >= wanted)
        return;
    if (!loss->lost[topic])
        printf(
            "%s: lost (lane %d ends at %" PRId64 ", %" PRId64 " was reached)\n",
            loss->topics[topic].topic, lane, loss->next[topic][lane], wanted);
    loss->lost[topic] = true;
}

static void
bind_all(struct loss *loss)
{
    db_clear(&loss->params);
    db_array(&loss->params, DB_INT2, (size_t)lane_count());
    for (int lane = 0; lane < lane_count(); lane++)
        db_int2(&loss->params, lane);
    db_array(&loss->params, DB_TEXT, loss->inputs);
    for (size_t i = 0; i < loss->inputs; i++)
        db_text(&loss->params, loss->topics[i].topic);
}

static bool
compare_positions(struct loss *loss)
{
    PGresult *rows = NULL;

    bind_all(loss);
    if (!database(loss,
                  db_query(loss->db, "lane_input_read", &loss->params, &rows)))
        return false;
    for (int i = 0; i < PQntuples(rows); i++)
        compare(loss, topic_find(loss, db_get_text(rows, i, 0)),
                (int)db_get_int(rows, i, 1), db_get_int(rows, i, 2));
    PQclear(rows);
    return true;
}

static bool
compare_journal(struct loss *loss)
{
    PGresult *rows = NULL;

    if (!writes_topics(loss->service))
        return true;
    if (!database(loss, db_query(loss->db, "journal_said", NULL, &rows)))
        return false;
    for (int i = 0; i < PQntuples(rows); i++)
        compare(loss, topic_find(loss, loss->names[db_get_int(rows, i, 0)]),
                (int)db_get_int(rows, i, 1), db_get_int(rows, i, 2));
    PQclear(rows);
    for (int kind = 0; kind < TOPIC_KINDS; kind++)
        loss->written_lost = loss->written_lost ||
                             loss->lost[topic_find(loss, loss->names[kind])];
    return true;
}

static bool
find_lost(struct loss *loss, bool anyway)
{
    bool some = anyway;

    if (!compare_positions(loss) || !compare_journal(loss))
        return false;
    for (size_t i = 0; i < loss->count; i++) {
        loss->lost[i] = loss->lost[i] || anyway;
        some = some || loss->lost[i];
    }
    if (anyway && writes_topics(loss->service))
        loss->written_lost = true;
    return some || fail(loss, "every topic holds what was read and published: "
                              "none is lost. `topics-lost anyway` begins all "
                              "of them again");
}

/* --- beginning again ---------------------------------------------------- */
static bool
write_positions(struct loss *loss)
{
    size_t lanes = (size_t)lane_count(), lost[INPUTS_MAX], count = 0;

    for (size_t i = 0; i < loss->inputs; i++)
        if (loss->lost[i])
            lost[count++] = i;
    db_clear(&loss->params);
    db_array(&loss->params, DB_TEXT, count * lanes);
    for (size_t i = 0; i < count * lanes; i++)
        db_text(&loss->params, loss->topics[lost[i / lanes]].topic);
    db_array(&loss->params, DB_INT2, count * lanes);
    for (size_t i = 0; i < count * lanes; i++)
        db_int2(&loss->params, (int)(i % lanes));
    db_array(&loss->params, DB_INT8, count * lanes);
    for (size_t i = 0; i < count * lanes; i++) {
        size_t topic = lost[i / lanes];
        bool command = loss->topics[topic].kind == TOPIC_COMMAND;
        db_int8(&loss->params, command ? loss->next[topic][i % lanes] : 0);
    }
    if (!database(loss,
                  db_query(loss->db, "lane_input_lost", &loss->params, NULL)))
        return false;
    db_clear(&loss->params);
    db_array(&loss->params, DB_TEXT, count);
    for (size_t i = 0; i < count; i++)
        db_text(&loss->params, loss->topics[lost[i]].topic);
    return database(loss,
                    db_query(loss->db, "parked_lost", &loss->params, NULL));
}

static bool
begin_again(struct loss *loss)
{
    return write_positions(loss) &&
           (!loss->written_lost ||
            database(loss, db_query(loss->db, "lane_lost", NULL, NULL))) &&
           database(loss, db_query(loss->db, "commit", NULL, NULL));
}

static void
close_all(struct loss *loss)
{
    consumer_free(loss->consumer);
    db_free(loss->db); /* rolls back unless committed */
    db_params_free(&loss->params);
}

int
topics_lost(const struct service *service, bool anyway)
{
    struct loss loss = {.service = service};

    choose_topics(&loss);
    bool ok = open_all(&loss) && lock_lanes(&loss) &&
              find_lost(&loss, anyway) && begin_again(&loss);
    if (!ok)
        fprintf(stderr, "%s topics-lost: %s; nothing was changed\n",
                service->core.name, loss.reason);
    else if (loss.written_lost)
        printf("positions set, incarnation raised; the journal is published "
               "again when the service starts\n");
    else
        printf("positions set\n");
    fflush(stdout);
    close_all(&loss);
    if (!ok)
        return 1;
    return loss.written_lost ? say_all_again(service, NULL, NULL) : 0;
}
