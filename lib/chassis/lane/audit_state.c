/* `<service> audit-state`: compares the state topic with the owner's tables,
 * both ways.
 *
 * A late owner may write an old snapshot last on a compacted topic; the log
 * cleaner then keeps the wrong one (rule 5). And a topic may have lost records.
 * This job waits until the service has handled the commands that it has now,
 * reads the topic to its end, walks the tables, and compares the last version
 * of every key. What differs is looked at again, because the service may run;
 * what still differs is republished (new sequence, same version). A state
 * without a row (from before a restored backup) is only printed.
 *
 * Run it periodically: min.compaction.lag.ms of the topic must exceed two of
 * its periods. Writes nothing itself.
 */
#include "chassis/lane/operator.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "chassis/base/clock.h"
#include "chassis/kafka/kafka.h"
#include "chassis/lane/audit_topic.h"
#include "chassis/lane/store_walk.h"

enum { LOOKS = 4, LOAD_PAGE = 200 };

/* A key whose versions were different at the last look. */
struct open_key {
    char *key;
    const struct store *store;
    int lane;
    int64_t in_table, on_topic; /* 0: not there */
};

struct audit {
    const struct service *service;
    struct audit_topic topic;
    struct consumer *commands;
    struct db *db;
    struct db_params params;
    struct sender *sender;
    struct arena *arena;
    struct open_key *open;
    size_t open_count, open_capacity;
    size_t rows, compared, republished, missing, unknown;
    char reason[256];
};

static bool
database(struct audit *audit, enum db_end end)
{
    if (end != DB_OK)
        snprintf(audit->reason, sizeof audit->reason, "%.250s",
                 db_error(audit->db));
    return end == DB_OK;
}

/* --- rest: the service has handled what it has now ----------------------- */
/* How much is left up to `wanted` in every lane; -1: the database failed. */
static int64_t
behind(struct audit *audit, const char *query, const char *topic,
       const int64_t wanted[LANES_MAX])
{
    PGresult *rows = NULL;

    db_clear(&audit->params);
    db_array(&audit->params, DB_INT2, (size_t)lane_count());
    for (int lane = 0; lane < lane_count(); lane++)
        db_int2(&audit->params, lane);
    db_array(&audit->params, DB_INT8, (size_t)lane_count());
    for (int lane = 0; lane < lane_count(); lane++)
        db_int8(&audit->params, wanted[lane]);
    if (topic != NULL)
        db_text(&audit->params, topic);
    if (!database(audit, db_query(audit->db, query, &audit->params, &rows)))
        return -1;
    int64_t left = db_get_int(rows, 0, 0);
    PQclear(rows);
    return left;
}

/* Waits as long as the service goes on; it may also be stopped. */
static bool
await(struct audit *audit, const char *query, const char *topic,
      const int64_t wanted[LANES_MAX])
{
    int64_t moved_at = clock_monotonic(), before = INT64_MAX, left;

    while ((left = behind(audit, query, topic, wanted)) > 0) {
        if (left < before)
            moved_at = clock_monotonic();
        before = left;
        if (clock_monotonic() - moved_at > SECONDS(5)) {
            printf("the service does not go on: %lld commands or rows are "
                   "left\n",
                   (long long)left);
            return true;
        }
        nanosleep(&(struct timespec){0, 100000000}, NULL);
    }
    return left == 0;
}

static bool
await_rest(struct audit *audit)
{
    int64_t wanted[LANES_MAX] = {0};
    char topic[64];
    PGresult *rows = NULL;

    topic_name(audit->service->core.name, TOPIC_COMMAND, topic);
    for (int lane = 0; lane < lane_count(); lane++)
        wanted[lane] = consumer_end(audit->commands, 0, lane);
    if (!await(audit, "lane_input_behind", topic, wanted) ||
        !database(audit, db_query(audit->db, "lane_sequences", NULL, &rows)))
        return false;
    for (int i = 0; i < PQntuples(rows); i++)
        wanted[db_get_int(rows, i, 0)] = db_get_int(rows, i, 1);
    PQclear(rows);
    return await(audit, "lane_behind", NULL, wanted);
}

/* --- keys that differ ---------------------------------------------------- */
static void
open_add(struct audit *audit, const struct open_key *key)
{
    if (audit->open_count == audit->open_capacity) {
        audit->open_capacity =
            audit->open_capacity ? audit->open_capacity * 2 : 256;
        audit->open =
            realloc(audit->open, audit->open_capacity * sizeof *audit->open);
        if (audit->open == NULL)
            abort();
    }
    audit->open[audit->open_count] = *key;
    audit->open[audit->open_count++].key = strdup(key->key);
}

static bool
walk_store(struct audit *audit, const struct store *store)
{
    char after[KEY_MAX + 1] = "";
    int count = WALK_PAGE;

    while (count == WALK_PAGE) {
        struct walked *rows = NULL;
        arena_reset(audit->arena);
        count = store_walk(audit->db, store, after[0] ? after : NULL,
                           audit->arena, &rows);
        if (count < 0)
            return database(audit, DB_FAULT);
        for (int i = 0; i < count; i++) {
            struct said *said =
                audit_topic_find(&audit->topic, store, rows[i].key);
            int64_t on_topic = said == NULL ? 0 : said->version;
            if (said != NULL)
                said->seen = true;
            if (on_topic != rows[i].version)
                open_add(audit, &(struct open_key){
                                    (char *)(uintptr_t)rows[i].key, store,
                                    rows[i].lane, rows[i].version, on_topic});
        }
        audit->rows += (size_t)count;
        if (count > 0)
            snprintf(after, sizeof after, "%s", rows[count - 1].key);
    }
    return true;
}

static bool
walk_all(struct audit *audit)
{
    const struct core *core = &audit->service->core;

    for (const struct store *const *s = core->stores; *s != NULL; s++)
        if ((*s)->state_type != NULL && !walk_store(audit, *s))
            return false;
    audit->compared = audit->rows;
    for (size_t i = 0; i < audit->topic.count; i++) {
        const struct said *said = &audit->topic.said[i];
        if (said->seen)
            continue;
        audit->compared++;
        open_add(audit, &(struct open_key){said->key, said->store, said->lane,
                                           0, said->version});
    }
    return true;
}

/* --- looking again ------------------------------------------------------- */
static int64_t
version_in(const PGresult *rows, const struct store *store, struct arena *arena,
           const char *key)
{
    for (int i = 0; i < PQntuples(rows); i++) {
        struct row *row = arena_alloc(arena, store->size);
        db_decode(store->columns, rows, i, arena, row);
        const char *mine =
            *(const char *const *)((const char *)row + store->key);
        if (strcmp(mine, key) == 0)
            return row->version;
    }
    return 0;
}

/* The present versions of a page of keys of one store. */
static bool
look_page(struct audit *audit, struct open_key *keys, size_t count)
{
    const struct store *store = keys[0].store;
    PGresult *rows = NULL;

    arena_reset(audit->arena);
    db_clear(&audit->params);
    db_array(&audit->params, store->key_type, count);
    for (size_t i = 0; i < count; i++) {
        if (store->key_type == DB_UUID)
            db_uuid(&audit->params, keys[i].key);
        else
            db_text(&audit->params, keys[i].key);
    }
    if (!database(audit,
                  db_query(audit->db,
                           arena_printf(audit->arena, "%s_load", store->name),
                           &audit->params, &rows)))
        return false;
    for (size_t i = 0; i < count; i++) {
        const struct said *said =
            audit_topic_find(&audit->topic, store, keys[i].key);
        keys[i].in_table = version_in(rows, store, audit->arena, keys[i].key);
        keys[i].on_topic = said == NULL ? 0 : said->version;
    }
    PQclear(rows);
    return true;
}

static void
drop_equal(struct audit *audit)
{
    size_t kept = 0;

    for (size_t i = 0; i < audit->open_count; i++) {
        if (audit->open[i].in_table == audit->open[i].on_topic)
            free(audit->open[i].key);
        else
            audit->open[kept++] = audit->open[i];
    }
    audit->open_count = kept;
}

static bool
look_again(struct audit *audit)
{
    if (!audit_topic_read(&audit->topic))
        return false;
    for (size_t at = 0; at < audit->open_count;) {
        size_t n = 1;
        while (n < LOAD_PAGE && at + n < audit->open_count &&
               audit->open[at + n].store == audit->open[at].store)
            n++;
        if (!look_page(audit, audit->open + at, n))
            return false;
        at += n;
    }
    drop_equal(audit);
    return true;
}

static bool
look_until_settled(struct audit *audit)
{
    for (int look = 0; look < LOOKS && audit->open_count > 0; look++) {
        if (look > 0)
            nanosleep(&(struct timespec){0, 500000000}, NULL);
        if (!look_again(audit))
            return false;
    }
    return true;
}

/* --- the end -------------------------------------------------------------- */
static bool
report_key(struct audit *audit, const struct open_key *key)
{
    const char *type = key->store->state_type;

    if (key->in_table == 0) {
        printf("%s %s: topic has version %lld, no row in the table\n", type,
               key->key, (long long)key->on_topic);
        audit->unknown++;
        return true;
    }
    if (key->on_topic == 0) {
        printf("%s %s: not on the topic, table has version %lld: "
               "republished\n",
               type, key->key, (long long)key->in_table);
        audit->missing++;
    } else {
        printf("%s %s: topic has version %lld, table %lld: republished\n", type,
               key->key, (long long)key->on_topic, (long long)key->in_table);
    }
    audit->republished++;
    return operator_republish(audit->sender, audit->service->core.name, type,
                              key->key, key->lane);
}

/* The topic tells nothing at all: what it lost is more than states. */
static bool
topic_is_empty(struct audit *audit)
{
    if (audit->topic.count > 0 || audit->rows == 0)
        return false;
    snprintf(audit->reason, sizeof audit->reason,
             "0 states compared: the tables have %zu, the topic tells none. "
             "See \"Kafka's topics are lost\" in docs/operations.md",
             audit->rows);
    return true;
}

static bool
report(struct audit *audit)
{
    for (size_t i = 0; i < audit->open_count; i++)
        if (!report_key(audit, &audit->open[i]) &&
            (!sender_flush(audit->sender, 20000) ||
             !report_key(audit, &audit->open[i])))
            return false;
    return sender_flush(audit->sender, 20000);
}

static bool
audit_open(struct audit *audit, const struct input *states,
           const struct input *commands)
{
    audit->db = operator_open(audit->service, audit->service->queries);
    if (audit->db == NULL)
        return false;
    audit->sender = sender_new(audit->reason);
    if (audit->sender == NULL)
        return false;
    audit->topic.core = &audit->service->core;
    audit->topic.consumer = consumer_new(
        &(struct consumer_options){
            .inputs = states, .batch_max = 1000, .ends = true},
        audit->reason);
    audit->commands = consumer_new(
        &(struct consumer_options){.inputs = commands, .batch_max = 1},
        audit->reason);
    return audit->topic.consumer != NULL && audit->commands != NULL;
}

static void
audit_close(struct audit *audit)
{
    for (size_t i = 0; i < audit->open_count; i++)
        free(audit->open[i].key);
    free(audit->open);
    audit_topic_free(&audit->topic);
    consumer_free(audit->commands);
    sender_free(audit->sender);
    db_params_free(&audit->params);
    db_free(audit->db);
    arena_free(audit->arena);
}

static bool
owns_states(const struct service *service)
{
    for (const struct store *const *s = service->core.stores; *s != NULL; s++)
        if ((*s)->state_type != NULL)
            return true;
    return false;
}

int
audit_state(const struct service *service)
{
    const char *name = service->core.name;
    struct audit audit = {.service = service, .arena = arena_new(0)};
    char state[64], command[64];
    const struct input states[] = {
        {topic_name(name, TOPIC_STATE, state), TOPIC_STATE},
        {NULL, TOPIC_STATE}};
    const struct input commands[] = {
        {topic_name(name, TOPIC_COMMAND, command), TOPIC_COMMAND},
        {NULL, TOPIC_COMMAND}};

    if (!owns_states(service)) {
        printf("%s owns no states\n", name);
        arena_free(audit.arena);
        return 0;
    }
    snprintf(audit.reason, sizeof audit.reason, "the topics cannot be read");
    bool ok = audit_open(&audit, states, commands) && await_rest(&audit) &&
              audit_topic_read(&audit.topic) && walk_all(&audit) &&
              !topic_is_empty(&audit) && look_until_settled(&audit) &&
              report(&audit);
    if (!ok)
        fprintf(stderr, "%s audit-state: %s\n", name, audit.reason);
    else
        printf("%zu states compared, %zu republished; %zu were missing on the "
               "topic, %zu are only there\n",
               audit.compared, audit.republished, audit.missing, audit.unknown);
    audit_close(&audit);
    return ok && audit.missing == 0 ? 0 : 1;
}
