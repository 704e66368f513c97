/* `<service> audit-state`: compares the state topic with the tables.
 *
 * A late owner may write an old snapshot last on a compacted topic; the log
 * cleaner then keeps the wrong one (rule 5). This job reads the state topic
 * from its beginning to its present end, compares the last version of every key
 * with the table, and sends a republish (new sequence, same version) where they
 * differ. Run it periodically: min.compaction.lag.ms of the topic must exceed
 * two of its periods. Writes nothing itself.
 */
#include "chassis/lane/operator.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chassis/base/clock.h"
#include "chassis/db/db.h"
#include "chassis/kafka/kafka.h"

extern const struct sql_text chassis_queries[];

enum { AUDIT_PAGE = 200 };

/* The last state of one key on the topic. */
struct said {
    char *key;
    const struct store *store;
    int64_t version;
    size_t order;
    int lane;
};

struct audit {
    const struct service *service;
    struct consumer *consumer;
    struct db *db;
    struct sender *sender;
    struct said *said;
    size_t count, capacity;
    int64_t left[LANES_MAX]; /* offset of the last record to read, -1: done */
    size_t compared, republished;
};

static const struct store *
audit_store(const struct audit *audit, const char *type)
{
    for (const struct store *const *s = audit->service->core.stores; *s != NULL;
         s++)
        if ((*s)->state_type != NULL && strcmp((*s)->state_type, type) == 0)
            return *s;
    return NULL;
}

static void
audit_note(struct audit *audit, const struct message *message)
{
    const struct store *store = audit_store(audit, message->type);

    if (message->offset >= audit->left[message->lane])
        audit->left[message->lane] = -1;
    if (store == NULL || message->value == NULL)
        return; /* a tombstone: erasure has its own check */
    if (audit->count == audit->capacity) {
        audit->capacity = audit->capacity ? audit->capacity * 2 : 65536;
        audit->said =
            realloc(audit->said, audit->capacity * sizeof *audit->said);
        if (audit->said == NULL)
            abort();
    }
    struct said *said = &audit->said[audit->count];
    *said = (struct said){.key = strdup(message->key),
                          .store = store,
                          .version = message->entity_version,
                          .order = audit->count,
                          .lane = message->lane};
    audit->count++;
}

static bool
audit_reads_on(const struct audit *audit)
{
    for (int lane = 0; lane < lane_count(); lane++)
        if (audit->left[lane] >= 0)
            return true;
    return false;
}

/* Reads every lane to the end it had at the start of the job. */
static bool
audit_read(struct audit *audit)
{
    int64_t offsets[1][LANES_MAX], deadline = clock_monotonic() + SECONDS(60);
    size_t count;

    for (int lane = 0; lane < lane_count(); lane++) {
        int64_t end = consumer_end(audit->consumer, 0, lane);
        if (end < 0)
            return false;
        audit->left[lane] = end - 1;
        offsets[0][lane] = -1;
    }
    if (!consumer_assign(audit->consumer, (const int64_t(*)[LANES_MAX])offsets))
        return false;
    while (audit_reads_on(audit) && clock_monotonic() < deadline) {
        enum consumer_news news = consumer_poll(audit->consumer, 100);
        for (int lane = 0; lane < lane_count(); lane++)
            if (consumer_at_end(audit->consumer, 0, lane))
                audit->left[lane] = -1;
        if (news != CONSUMER_MESSAGES)
            continue;
        struct message *messages = consumer_messages(audit->consumer, &count);
        for (size_t i = 0; i < count; i++)
            audit_note(audit, &messages[i]);
        deadline = clock_monotonic() + SECONDS(60);
    }
    return !audit_reads_on(audit);
}

static int
said_compare(const void *a, const void *b)
{
    const struct said *x = a, *y = b;
    int by_key = strcmp(x->key, y->key);

    if (x->store != y->store)
        return x->store < y->store ? -1 : 1;
    if (by_key != 0)
        return by_key;
    return x->order < y->order ? -1 : 1;
}

/* Keeps the last state per key. */
static void
audit_fold(struct audit *audit)
{
    size_t kept = 0;

    if (audit->count > 0)
        qsort(audit->said, audit->count, sizeof *audit->said, said_compare);
    for (size_t i = 0; i < audit->count; i++) {
        bool last = i + 1 == audit->count ||
                    audit->said[i].store != audit->said[i + 1].store ||
                    strcmp(audit->said[i].key, audit->said[i + 1].key) != 0;
        if (last)
            audit->said[kept++] = audit->said[i];
        else
            free(audit->said[i].key);
    }
    audit->count = kept;
}

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

/* Compares one page of keys of one store with the table. */
static bool
audit_page(struct audit *audit, const struct said *said, size_t count)
{
    const struct store *store = said[0].store;
    struct db_params params = {0};
    struct arena *arena = arena_new(0);
    PGresult *rows = NULL;
    bool ok = true;

    db_array(&params, store->key_type, count);
    for (size_t i = 0; i < count; i++) {
        if (store->key_type == DB_UUID)
            db_uuid(&params, said[i].key);
        else
            db_text(&params, said[i].key);
    }
    ok = db_query(audit->db, arena_printf(arena, "%s_load", store->name),
                  &params, &rows) == DB_OK;
    for (size_t i = 0; ok && i < count; i++) {
        int64_t version = version_in(rows, store, arena, said[i].key);
        audit->compared++;
        if (version == said[i].version)
            continue;
        printf("%s %s: topic has version %lld, table %lld: republished\n",
               store->state_type, said[i].key, (long long)said[i].version,
               (long long)version);
        audit->republished++;
        ok = operator_republish(audit->sender, audit->service->core.name,
                                store->state_type, said[i].key, said[i].lane);
    }
    PQclear(rows);
    db_params_free(&params);
    arena_free(arena);
    return ok;
}

static bool
audit_compare(struct audit *audit)
{
    for (size_t at = 0; at < audit->count;) {
        size_t n = 1;
        while (n < AUDIT_PAGE && at + n < audit->count &&
               audit->said[at + n].store == audit->said[at].store)
            n++;
        if (!audit_page(audit, audit->said + at, n))
            return false;
        at += n;
    }
    return sender_flush(audit->sender, 30000);
}

static bool
audit_open(struct audit *audit, const struct input *inputs, char error[256])
{
    const struct sql_text *const tables[] = {chassis_queries,
                                             audit->service->queries, NULL};
    struct db_options options = {
        .url = chassis_settings.database_url,
        .name = audit->service->core.name,
        .schema = audit->service->core.name,
        .tables = tables,
        .statement_timeout = SECONDS(30),
    };

    audit->db = db_open(&options, error);
    if (audit->db == NULL)
        return false;
    audit->sender = sender_new(error);
    if (audit->sender == NULL)
        return false;
    audit->consumer = consumer_new(&(struct consumer_options){.inputs = inputs,
                                                              .batch_max = 1000,
                                                              .ends = true},
                                   error);
    return audit->consumer != NULL;
}

int
audit_state(const struct service *service)
{
    struct audit audit = {.service = service};
    char error[256] = "the state topic cannot be read", topic[64];
    const struct input inputs[] = {
        {topic_name(service->core.name, TOPIC_STATE, topic), TOPIC_STATE},
        {NULL, TOPIC_STATE},
    };
    bool ok = audit_open(&audit, inputs, error) && audit_read(&audit);

    if (ok) {
        audit_fold(&audit);
        ok = audit_compare(&audit);
    }
    if (!ok)
        fprintf(stderr, "%s audit-state: %s\n", service->core.name, error);
    else
        printf("%zu states compared, %zu republished\n", audit.compared,
               audit.republished);
    for (size_t i = 0; i < audit.count; i++)
        free(audit.said[i].key);
    free(audit.said);
    consumer_free(audit.consumer);
    sender_free(audit.sender);
    db_free(audit.db);
    return ok ? 0 : 1;
}
