/* `<service> rebuild-views`: rebuilds the copies of other services' states
 * (rule 4).
 *
 * One transaction, beside the running service. It holds the fences of the
 * topics that views follow, so no other process writes a copy meanwhile. It
 * makes every row older than any message (<store>_age), runs the service's
 * views over the topics from their beginning to the service's present position,
 * and deletes rows that did not come again (<store>_sweep). If there are such
 * rows, the topics may have lost records: nothing is changed unless the
 * operator says `drop-missing`. Positions and marks stay as they are. Readers
 * see the old copies until COMMIT; columns that no message carries (a session's
 * floor) are kept.
 *
 * Runs only views, and loads and writes only copies: no reactors. Messages in
 * `parked` are skipped, because a release will run them.
 */
#include "chassis/lane/operator.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chassis/base/clock.h"
#include "chassis/db/db.h"
#include "chassis/lane/lane_internal.h"

extern const struct sql_text chassis_queries[];

enum { REBUILD_BATCH = 1000, LOCK_TRIES = 5 };

struct parked_position {
    int input, lane;
    int64_t offset;
};

struct rebuild {
    const struct service *service;
    struct core core; /* the service's, with its views only */
    struct handler *views;
    struct input inputs[INPUTS_MAX + 1]; /* those that views follow */
    size_t input_count;
    struct lane lane; /* connection and batch, for the lane's own trips */
    struct consumer *consumer;
    int64_t stop[INPUTS_MAX]
                [LANES_MAX]; /* the service's positions; -1: reached */
    struct parked_position *parked;
    size_t parked_count;
    const struct rebuild_wish *wish;
    bool opened;
    size_t heard, broken, dropped;
    char reason[512];
};

static bool
fail(struct rebuild *rebuild, const char *reason)
{
    if (rebuild->reason[0] == '\0')
        snprintf(rebuild->reason, sizeof rebuild->reason, "%s", reason);
    return false;
}

static bool
database(struct rebuild *rebuild, enum db_end end)
{
    return end == DB_OK || fail(rebuild, db_error(rebuild->lane.db));
}

/* --- views and their topics --------------------------------------------- */
/* "inservice.account." of a type or topic. */
static bool
same_owner(const char *topic, const char *type)
{
    const char *dot = strchr(topic, '.');

    dot = dot == NULL ? NULL : strchr(dot + 1, '.');
    return dot != NULL && strncmp(topic, type, (size_t)(dot - topic) + 1) == 0;
}

static bool
has_state(const struct input *inputs, const char *topic)
{
    for (; inputs->topic != NULL; inputs++)
        if (inputs->kind == TOPIC_STATE && same_owner(inputs->topic, topic))
            return true;
    return false;
}

/* Views follow states; or events, of a service without a state topic here. */
static bool
views_follow(const struct rebuild *rebuild, const struct input *input)
{
    bool follow = input->kind == TOPIC_STATE ||
                  (input->kind == TOPIC_EVENT &&
                   !has_state(rebuild->service->inputs, input->topic));

    for (const struct handler *h = rebuild->views; follow && h->message; h++)
        if (same_owner(input->topic, h->message->name))
            return true;
    return false;
}

/* False: the service keeps no copies. */
static bool
choose(struct rebuild *rebuild)
{
    const struct core *core = &rebuild->service->core;
    size_t count = 0;

    while (core->handlers[count].message != NULL)
        count++;
    rebuild->views = calloc(count + 1, sizeof *rebuild->views);
    if (rebuild->views == NULL)
        abort();
    struct handler *next = rebuild->views;
    for (size_t i = 0; i < count; i++)
        if (core->handlers[i].kind == HANDLER_VIEW)
            *next++ = core->handlers[i];
    rebuild->core = *core;
    rebuild->core.handlers = rebuild->views;
    for (const struct input *in = rebuild->service->inputs; in->topic; in++)
        if (views_follow(rebuild, in))
            rebuild->inputs[rebuild->input_count++] = *in;
    return rebuild->input_count > 0;
}

static bool
open_all(struct rebuild *rebuild)
{
    struct lane *lane = &rebuild->lane;
    struct db_options options = {
        .url = chassis_settings.database_url,
        .name = rebuild->core.name,
        .schema = rebuild->core.name,
        .tables = lane->tables,
        .statement_timeout = SECONDS(60),
        .index_only_plans = true,
    };

    rebuild->opened = rebuild->service->open == NULL ||
                      rebuild->service->open(rebuild->reason);
    if (!rebuild->opened)
        return false;
    lane->core = &rebuild->core;
    lane->inputs = rebuild->inputs;
    lane->input_count = rebuild->input_count;
    lane->tables[0] = chassis_queries;
    lane->tables[1] = rebuild->service->queries;
    lane->batch = batch_new(&rebuild->core);
    lane->db = db_open(&options, rebuild->reason);
    if (lane->db == NULL)
        return false;
    rebuild->consumer =
        consumer_new(&(struct consumer_options){.inputs = rebuild->inputs,
                                                .batch_max = REBUILD_BATCH,
                                                .ends = true},
                     rebuild->reason);
    return rebuild->consumer != NULL;
}

/* --- fences: no other process writes a copy from here to COMMIT --------- */
static bool
lock_positions(struct rebuild *rebuild)
{
    struct db_params *params = &rebuild->lane.params;
    struct db *db = rebuild->lane.db;
    size_t lanes = (size_t)lane_count(), count = rebuild->input_count * lanes;
    PGresult *rows = NULL;

    db_clear(params);
    db_array(params, DB_TEXT, count);
    for (size_t i = 0; i < count; i++)
        db_text(params, rebuild->inputs[i / lanes].topic);
    db_array(params, DB_INT2, count);
    for (size_t i = 0; i < count; i++)
        db_int2(params, (int)(i % lanes));
    enum db_end end = db_query(db, "begin", NULL, NULL);
    if (end == DB_OK)
        end = db_query(db, "lane_input_lock", params, &rows);
    if (end != DB_OK)
        return database(rebuild, end);
    for (int i = 0; i < PQntuples(rows); i++) {
        int input = lane_input_index(&rebuild->lane, db_get_text(rows, i, 0));
        rebuild->stop[input][db_get_int(rows, i, 1)] = db_get_int(rows, i, 2);
    }
    PQclear(rows);
    return database(rebuild, db_query(db, "rebuild_patience", NULL, NULL));
}

/* A lane that runs a batch, or is being taken, may hold a lock. */
static bool
lock_patiently(struct rebuild *rebuild)
{
    for (int tries = 0; tries < LOCK_TRIES; tries++) {
        if (lock_positions(rebuild))
            return true;
        if (db_rollback(rebuild->lane.db) != DB_OK)
            return false;
        if (tries + 1 < LOCK_TRIES)
            rebuild->reason[0] = '\0';
    }
    return false;
}

static bool
read_parked(struct rebuild *rebuild)
{
    PGresult *rows = NULL;
    enum db_end end =
        db_query(rebuild->lane.db, "parked_positions", NULL, &rows);

    if (end != DB_OK)
        return database(rebuild, end);
    size_t count = (size_t)PQntuples(rows);
    rebuild->parked = calloc(count + 1, sizeof *rebuild->parked);
    if (rebuild->parked == NULL)
        abort();
    for (size_t i = 0; i < count; i++)
        rebuild->parked[i] = (struct parked_position){
            lane_input_index(&rebuild->lane, db_get_text(rows, (int)i, 0)),
            (int)db_get_int(rows, (int)i, 1), db_get_int(rows, (int)i, 2)};
    rebuild->parked_count = count;
    PQclear(rows);
    return true;
}

/* Runs "age" (before reading the topics) or "sweep" (after) for every copy. */
static bool
each_copy(struct rebuild *rebuild, const char *what)
{
    char query[96];

    for (const struct store *const *s = rebuild->core.stores; *s != NULL; s++) {
        if ((*s)->kind != STORE_COPY)
            continue;
        snprintf(query, sizeof query, "%s_%s", (*s)->name, what);
        if (!database(rebuild, db_query(rebuild->lane.db, query, NULL, NULL)))
            return false;
    }
    return true;
}

/* --- reading again ------------------------------------------------------ */
static bool
is_parked(const struct rebuild *rebuild, int input,
          const struct message *message)
{
    for (size_t i = 0; i < rebuild->parked_count; i++)
        if (rebuild->parked[i].offset == message->offset &&
            rebuild->parked[i].lane == message->lane &&
            rebuild->parked[i].input == input)
            return true;
    return false;
}

/* Ignores messages after the position of the service. */
static void
take(struct rebuild *rebuild, struct message *messages, size_t count)
{
    batch_begin(rebuild->lane.batch, clock_now());
    for (size_t i = 0; i < count; i++) {
        int input = lane_input_index(&rebuild->lane, messages[i].topic);
        int64_t *stop = &rebuild->stop[input][messages[i].lane];
        if (messages[i].offset < *stop &&
            !is_parked(rebuild, input, &messages[i]))
            batch_add(rebuild->lane.batch, &messages[i]);
        if (messages[i].offset + 1 >= *stop)
            *stop = -1;
    }
}

static bool
load(struct rebuild *rebuild)
{
    struct lane *lane = &rebuild->lane;
    const struct store *const *s;
    enum lane_result result = LANE_OK;

    for (s = rebuild->core.stores; *s != NULL; s++)
        if ((*s)->kind == STORE_COPY)
            lane_ask_store(lane, *s);
    db_sync(lane->db);
    for (s = rebuild->core.stores; result == LANE_OK && *s != NULL; s++)
        if ((*s)->kind == STORE_COPY)
            result = lane_hear_store(lane, *s);
    if (result != LANE_OK)
        return database(rebuild, DB_FAULT);
    return database(rebuild, db_end_trip(lane->db));
}

/* A broken message stops the rebuild, unless it is undecodable (the service has
 * sent it to the dlq, too) or the operator skips broken ones. */
static bool
note_broken(struct rebuild *rebuild)
{
    for (size_t i = 0; i < batch_size(rebuild->lane.batch); i++) {
        const struct message *m = batch_message(rebuild->lane.batch, i);
        if (m->broken == NULL)
            continue;
        rebuild->broken++;
        if (m->undecodable || rebuild->wish->skip_broken)
            continue;
        snprintf(rebuild->reason, sizeof rebuild->reason,
                 "%s of %s (%s, lane %d, offset %lld) cannot be applied: %s; "
                 "skip-broken passes over it",
                 m->type, m->key, m->topic, m->lane, (long long)m->offset,
                 m->broken);
        return false;
    }
    return true;
}

static bool
decide(struct rebuild *rebuild)
{
    enum end end;

    while ((end = batch_decide(rebuild->lane.batch)) == BROKEN) {
        if (!rebuild->wish->skip_broken)
            return note_broken(rebuild) &&
                   fail(rebuild, "a view cannot apply a message");
        batch_rewind(rebuild->lane.batch);
        if (!load(rebuild))
            return false;
    }
    if (end != DONE)
        return fail(rebuild, "a view asks to be run later");
    return note_broken(rebuild);
}

static bool
save(struct rebuild *rebuild)
{
    struct lane *lane = &rebuild->lane;
    enum db_end end = DB_OK;
    size_t sent = 0;

    for (const struct store *const *s = rebuild->core.stores; *s != NULL; s++)
        if ((*s)->kind == STORE_COPY)
            sent += lane_write_store(lane, *s);
    db_sync(lane->db);
    for (size_t i = 0; i < sent && end == DB_OK; i++)
        end = db_next(lane->db, NULL);
    if (end == DB_OK)
        end = db_end_trip(lane->db);
    return database(rebuild, end);
}

static bool
hears_on(struct rebuild *rebuild)
{
    bool on = false;

    for (size_t i = 0; i < rebuild->input_count; i++)
        for (int lane = 0; lane < lane_count(); lane++) {
            if (rebuild->stop[i][lane] == 0 ||
                consumer_at_end(rebuild->consumer, i, lane))
                rebuild->stop[i][lane] = -1;
            on = on || rebuild->stop[i][lane] > 0;
        }
    return on;
}

#define WHAT_TO_DO "See \"Kafka's topics are lost\" in docs/operations.md"

/* A topic that ends before the service's position is another topic. */
static bool
holds_position(struct rebuild *rebuild, size_t input, int lane)
{
    int64_t position = rebuild->stop[input][lane];
    int64_t next = consumer_next(rebuild->consumer, input, lane);

    if (next < 0)
        return fail(rebuild, "a topic cannot be read");
    if (next < position)
        snprintf(rebuild->reason, sizeof rebuild->reason,
                 "%s, lane %d, ends at %lld and %s has read it up to %lld: the "
                 "topic has lost records. " WHAT_TO_DO,
                 rebuild->inputs[input].topic, lane, (long long)next,
                 rebuild->core.name, (long long)position);
    return next >= position;
}

/* Counts the rows that did not come again; false if there are some. */
static bool
nothing_missing(struct rebuild *rebuild)
{
    char query[96];

    for (const struct store *const *s = rebuild->core.stores; *s != NULL; s++) {
        PGresult *rows = NULL;
        if ((*s)->kind != STORE_COPY)
            continue;
        snprintf(query, sizeof query, "%s_missing", (*s)->name);
        if (!database(rebuild, db_query(rebuild->lane.db, query, NULL, &rows)))
            return false;
        long long count = (long long)db_get_int(rows, 0, 0);
        rebuild->dropped += (size_t)count;
        if (count > 0 && !rebuild->wish->drop_missing)
            snprintf(rebuild->reason, sizeof rebuild->reason,
                     "%lld rows of %s are on no topic any more (one is %s): "
                     "the topics tell less than the copies hold. " WHAT_TO_DO
                     ". `rebuild-views drop-missing` deletes such rows",
                     count, (*s)->name, db_get_text(rows, 0, 1));
        PQclear(rows);
        if (rebuild->reason[0] != '\0')
            return false;
    }
    return true;
}

static bool
begin_inputs(struct rebuild *rebuild)
{
    int64_t offsets[INPUTS_MAX][LANES_MAX];

    for (size_t i = 0; i < rebuild->input_count; i++)
        for (int lane = 0; lane < lane_count(); lane++) {
            offsets[i][lane] = -1;
            if (rebuild->stop[i][lane] == 0)
                continue;
            if (!holds_position(rebuild, i, lane))
                return false;
        }
    return consumer_assign(rebuild->consumer,
                           (const int64_t(*)[LANES_MAX])offsets) ||
           fail(rebuild, "the topics cannot be read");
}

static bool
hear_again(struct rebuild *rebuild)
{
    int64_t deadline = clock_monotonic() + SECONDS(60);
    size_t count;

    if (!begin_inputs(rebuild))
        return false;
    while (hears_on(rebuild)) {
        enum consumer_news news = consumer_poll(rebuild->consumer, 100);
        if (news == CONSUMER_FAILED)
            return fail(rebuild, consumer_reason(rebuild->consumer));
        if (news != CONSUMER_MESSAGES && clock_monotonic() > deadline)
            return fail(rebuild, "nothing was read for a minute");
        if (news != CONSUMER_MESSAGES)
            continue;
        struct message *messages = consumer_messages(rebuild->consumer, &count);
        take(rebuild, messages, count);
        if (!load(rebuild) || !decide(rebuild) || !save(rebuild))
            return false;
        rebuild->heard += batch_size(rebuild->lane.batch);
        deadline = clock_monotonic() + SECONDS(60);
    }
    return true;
}

static void
close_all(struct rebuild *rebuild)
{
    consumer_free(rebuild->consumer);
    db_free(rebuild->lane.db); /* rolls back unless committed */
    db_params_free(&rebuild->lane.params);
    batch_free(rebuild->lane.batch);
    if (rebuild->opened && rebuild->service->close != NULL)
        rebuild->service->close();
    free(rebuild->parked);
    free(rebuild->views);
}

int
rebuild_views(const struct service *service, const struct rebuild_wish *wish)
{
    struct rebuild rebuild = {.service = service, .wish = wish};
    bool has_copies = choose(&rebuild), ok = false;

    if (has_copies)
        ok =
            open_all(&rebuild) && lock_patiently(&rebuild) &&
            read_parked(&rebuild) && each_copy(&rebuild, "age") &&
            hear_again(&rebuild) && nothing_missing(&rebuild) &&
            each_copy(&rebuild, "sweep") &&
            database(&rebuild, db_query(rebuild.lane.db, "commit", NULL, NULL));
    if (!has_copies)
        printf("%s keeps no copies of others' state\n", service->core.name);
    else if (ok)
        printf("%zu records read again, %zu of them unreadable; %zu rows "
               "deleted\n",
               rebuild.heard, rebuild.broken, rebuild.dropped);
    else
        fprintf(stderr, "%s rebuild-views: %s; nothing was changed\n",
                service->core.name, rebuild.reason);
    close_all(&rebuild);
    return ok || !has_copies ? 0 : 1;
}
