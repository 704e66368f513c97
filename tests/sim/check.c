/* The invariants at rest: I1, I2, I7–I9, I12.
 *
 * Compares topics with the journal, outcomes with the inbox, views and the
 * journal's last states with the tables. Follows versions row by row as they
 * are journaled. Reads everything, changes nothing.
 */
#include <stdlib.h>
#include <string.h>

#include "sim_internal.h"

#include "inservice/common/v1/operate.pb-c.h"
#include "inservice/common/v1/outcome.pb-c.h"

/* I9: state rows of an aggregate run 1…n; a republish says the same again. */
void
check_journal_row(struct world *world, struct db *db,
                  const struct journal_row *row)
{
    const struct journal *journal = &db->journal[row->lane];
    int64_t before = 0;

    if (row->kind == TOPIC_COMMAND && row->partition != lane_of(row->key))
        world_fail(world, "a command for %s goes to lane %d", row->key,
                   row->partition);
    if (row->kind != TOPIC_STATE)
        return;
    for (size_t i = journal->count; i > 0 && before == 0; i--) {
        const struct journal_row *other = journal->rows[i - 1];
        if (other->kind == TOPIC_STATE && strcmp(other->key, row->key) == 0 &&
            strcmp(other->type, row->type) == 0)
            before = other->version;
    }
    if (row->version != before + 1 && row->version != before)
        world_fail(world, "I9: %s %s goes from version %lld to %lld", row->type,
                   row->key, (long long)before, (long long)row->version);
}

/* --- topics against the journal ----------------------------------------- */
/* After dedup by (incarnation, seq), a partition is the journal, in order. */
static void
check_topic(struct world *world, struct db *db, enum topic_kind kind, int lane)
{
    const struct log *log = &db->outputs[kind]->lanes[lane];
    const struct journal *journal = &db->journal[lane];
    size_t at = 0;
    int64_t mark = 0;

    for (size_t i = 0; i < log->count; i++) {
        const struct record *record = log->records[i];
        if (record->sequence <= mark)
            continue;
        mark = record->sequence;
        while (at < journal->count && journal->rows[at]->kind != kind)
            at++;
        if (at == journal->count || journal->rows[at]->seq != mark)
            world_fail(
                world, "%s: seq %lld is on the topic, the journal has %lld",
                db->outputs[kind]->name, (long long)mark,
                at < journal->count ? (long long)journal->rows[at]->seq : -1LL);
        if (strcmp(journal->rows[at]->key, record->key) != 0 ||
            journal->rows[at]->size != record->size)
            world_fail(world, "%s: seq %lld is not what the journal says",
                       db->outputs[kind]->name, (long long)mark);
        at++;
    }
    for (; at < journal->count; at++)
        if (journal->rows[at]->kind == kind)
            world_fail(world, "I12: %s lacks seq %lld of lane %d",
                       db->outputs[kind]->name,
                       (long long)journal->rows[at]->seq, lane);
}

/* --- outcomes ----------------------------------------------------------- */
static void
check_outcomes_equal(struct world *world, struct db *db)
{
    for (int lane = 0; lane < lane_count(); lane++) {
        const struct log *log = &db->outputs[TOPIC_OUTCOME]->lanes[lane];
        for (size_t i = 0; i < log->count; i++) {
            const struct record *record = log->records[i];
            const struct inbox_entry *stored = inbox_find(db, record->key);
            if (stored == NULL || stored->size != record->size ||
                memcmp(stored->outcome, record->value, record->size) != 0)
                world_fail(world, "I1: the outcome of %s is not the stored one",
                           record->key);
        }
    }
}

static size_t
count_in(const struct topic *topic, const char *id, bool by_key)
{
    size_t count = 0;

    for (int lane = 0; lane < lane_count(); lane++)
        for (size_t i = 0; i < topic->lanes[lane].count; i++) {
            const struct record *r = topic->lanes[lane].records[i];
            count += strcmp(by_key ? r->key : r->id, id) == 0;
        }
    return count;
}

/* A command that came n times is answered n times (rule 6); some of them. */
static void
check_answers(struct world *world, struct db *db, struct view *view)
{
    uint32_t every = (uint32_t)(world->sent_count / 40) + 1;

    for (const struct sent *s = world->sent; s != NULL; s = s->next) {
        if (s->topic != db->outputs[TOPIC_COMMAND])
            continue;
        if (inbox_find(db, s->record->id) == NULL)
            world_fail(world, "I1: %s %s has no outcome", s->record->type,
                       s->record->id);
        const struct inbox_entry *entry = inbox_find(db, s->record->id);
        if (pick(world, every) == 0 &&
            count_in(db->outputs[TOPIC_OUTCOME], s->record->id, true) +
                    entry->completed <
                count_in(s->topic, s->record->id, false))
            world_fail(world, "I1: %s came oftener than it was answered",
                       s->record->id);
        if (entry->completed && !view_has_ended(view, s->record->id))
            world_fail(world, "I1: the operation of %s never ended",
                       s->record->id);
    }
}

/* Commands of one key are decided in their order, also when one of them had to
 * wait and its followers with it. */
static void
check_order(struct world *world, struct db *db, int lane)
{
    const struct log *log = &db->outputs[TOPIC_COMMAND]->lanes[lane];
    struct inbox_entry **keys =
        ARENA_ARRAY(world->arena, struct inbox_entry *, SIM_BUCKETS);
    struct inbox_entry **seen =
        ARENA_ARRAY(world->arena, struct inbox_entry *, SIM_BUCKETS);

    for (size_t i = 0; i < log->count; i++) {
        const struct record *r = log->records[i];
        const struct inbox_entry *stored = inbox_find(db, r->id);
        if (stored == NULL || entry_find(seen, r->id) != NULL ||
            strncmp(r->type, "inservice.common.v1.", 20) == 0)
            continue; /* the operator's never wait */
        entry_add(world, seen, r->id);
        struct inbox_entry *key =
            (struct inbox_entry *)(uintptr_t)entry_find(keys, r->key);
        if (key == NULL)
            key = entry_add(world, keys, r->key);
        if (stored->seq < key->seq)
            world_fail(world, "rule 10: %s %s overtook one of its key", r->type,
                       r->id);
        key->seq = stored->seq;
    }
}

/* Self-commands reach the lane they were meant for. */
static void
check_self_commands(struct world *world, struct db *db)
{
    for (int lane = 0; lane < lane_count(); lane++)
        for (size_t i = 0; i < db->journal[lane].count; i++) {
            const struct journal_row *row = db->journal[lane].rows[i];
            if (row->kind != TOPIC_COMMAND)
                continue;
            const struct inbox_entry *stored = inbox_find(db, row->command_id);
            if (stored == NULL)
                world_fail(world, "I12: %s to %s was never decided", row->type,
                           row->key);
            Inservice__Common__V1__Outcome *outcome =
                inservice__common__v1__outcome__unpack(
                    arena_protobuf(world->arena), stored->size,
                    stored->outcome);
            if (outcome->result_case ==
                    INSERVICE__COMMON__V1__OUTCOME__RESULT_REFUSED &&
                strcmp(outcome->refused->code, "WRONG_LANE") == 0)
                world_fail(world, "rule 1: %s came by the wrong lane",
                           row->type);
        }
}

/* Every fact with a handler was applied (rule 2: none is taken for old). */
static void
check_applied(struct world *world, struct db *db)
{
    for (size_t in = 0; in < db->input_count; in++) {
        const struct topic *topic = db->input_topics[in];
        for (int lane = 0; topic->kind == TOPIC_EVENT && lane < lane_count();
             lane++)
            for (size_t i = 0; i < topic->lanes[lane].count; i++) {
                const struct record *r = topic->lanes[lane].records[i];
                const char *name = arena_printf(
                    world->arena, "%s/%d/%lld/%lld", topic->name, lane,
                    (long long)r->incarnation, (long long)r->sequence);
                if (r->sequence >= 0 &&
                    handler_find(db->core->handlers, r->type) != NULL &&
                    entry_find(db->applied, name) == NULL)
                    world_fail(world, "I2: %s never applies %s %s", db->name,
                               r->type, name);
            }
    }
}

/* --- states ------------------------------------------------------------- */
struct fact_head {
    ProtobufCMessage base;
    ProtobufCMessage *fact;
};

struct packed {
    ProtobufCMessage *message;
    const uint8_t *bytes;
    size_t size;
};

static int
packed_compare(const void *a, const void *b)
{
    const struct packed *one = a, *other = b;
    size_t least = one->size < other->size ? one->size : other->size;
    int order = memcmp(one->bytes, other->bytes, least);

    return order != 0 ? order
                      : (one->size > other->size) - (one->size < other->size);
}

static void
sort_messages(struct arena *arena, ProtobufCMessage **list, size_t count)
{
    struct packed *packed = ARENA_ARRAY(arena, struct packed, count);

    for (size_t i = 0; i < count; i++) {
        uint8_t *bytes =
            arena_alloc(arena, protobuf_c_message_get_packed_size(list[i]) + 1);
        packed[i].message = list[i];
        packed[i].size = protobuf_c_message_pack(list[i], bytes);
        packed[i].bytes = bytes;
    }
    if (count > 1)
        qsort(packed, count, sizeof *packed, packed_compare);
    for (size_t i = 0; i < count; i++)
        list[i] = packed[i].message;
}

/* Plans, posts and codes: rows of one moment have no order among them. */
static void
sort_lists(struct arena *arena, ProtobufCMessage *message)
{
    const ProtobufCMessageDescriptor *type = message->descriptor;

    for (unsigned i = 0; i < type->n_fields; i++) {
        const ProtobufCFieldDescriptor *field = &type->fields[i];
        char *base = (char *)message;
        if (field->label != PROTOBUF_C_LABEL_REPEATED ||
            field->type != PROTOBUF_C_TYPE_MESSAGE)
            continue;
        sort_messages(arena,
                      *(ProtobufCMessage ***)(void *)(base + field->offset),
                      *(size_t *)(void *)(base + field->quantifier_offset));
    }
}

/* The state's bytes without its head: who, when and by what do not count. */
static const uint8_t *
body_of(struct world *world, const ProtobufCMessageDescriptor *type,
        const uint8_t *value, size_t size, size_t *ret_size)
{
    ProtobufCMessage *message = protobuf_c_message_unpack(
        type, arena_protobuf(world->arena), size, value);
    uint8_t *bytes;

    if (message == NULL)
        world_fail(world, "a state cannot be read");
    ((struct fact_head *)message)->fact = NULL;
    sort_lists(world->arena, message);
    *ret_size = protobuf_c_message_get_packed_size(message);
    bytes = arena_alloc(world->arena, *ret_size + 1);
    protobuf_c_message_pack(message, bytes);
    return bytes;
}

/* Asks for the present snapshot of an aggregate. */
static struct message
republish_message(struct world *world, const struct db *db,
                  const struct store *store, const char *key)
{
    Inservice__Common__V1__Republish republish;

    inservice__common__v1__republish__init(&republish);
    republish.order = world_order(world);
    republish.type =
        (char *)(uintptr_t)(store->state_type ? store->state_type : "");
    republish.key = (char *)(uintptr_t)key;
    size_t size = protobuf_c_message_get_packed_size(&republish.base);
    uint8_t *value = arena_alloc(world->arena, size + 1);
    protobuf_c_message_pack(&republish.base, value);
    return (struct message){
        .topic = db->inputs[0].topic,
        .kind = TOPIC_COMMAND,
        .type = "inservice.common.v1.Republish",
        .key = key,
        .id = republish.order->command_id,
        .source = "/sim",
        .sequence = -1,
        .value = value,
        .size = size,
    };
}

/* The present snapshot of an aggregate's tables. */
static const struct journal_row *
snapshot_now(struct world *world, struct db *db, const struct store *store,
             const char *key)
{
    struct batch *batch = batch_new(db->core);
    struct message message = republish_message(world, db, store, key);
    struct lane_state state = {.incarnation = 1};
    struct journal_row *const *rows;

    batch_begin(batch, world->now);
    batch_add(batch, &message);
    batch_put_lane(batch, 0, &state);
    db_load(world, db, batch);
    enum end end = batch_decide(batch);
    size_t count = batch_journal(batch, &rows);
    if (end != DONE || count < 2 || rows[0]->kind != TOPIC_STATE) {
        batch_free(batch);
        world_fail(world, "rule 5: %s %s cannot be republished (%s)",
                   store->name, key, message.broken ? message.broken : "?");
    }
    struct journal_row *copy = arena_copy(world->arena, rows[0], sizeof *copy);
    copy->value = arena_copy(world->arena, rows[0]->value, rows[0]->size);
    copy->key = key;
    batch_free(batch);
    return copy;
}

static const struct record *
last_on_topic(const struct topic *topic, int lane, const char *key)
{
    const struct log *log = &topic->lanes[lane];

    for (size_t i = log->count; i > 0; i--)
        if (strcmp(log->records[i - 1]->key, key) == 0)
            return log->records[i - 1];
    return NULL;
}

static const struct journal_row *
last_state(const struct db *db, const char *key)
{
    for (int lane = 0; lane < lane_count(); lane++)
        for (size_t i = db->journal[lane].count; i > 0; i--) {
            const struct journal_row *row = db->journal[lane].rows[i - 1];
            if (row->kind == TOPIC_STATE && strcmp(row->key, key) == 0)
                return row;
        }
    return NULL;
}

static void
check_same_state(struct world *world, struct db *db, const char *what,
                 const struct journal_row *now, const uint8_t *value,
                 size_t size)
{
    const ProtobufCMessageDescriptor *type = state_descriptor(now->type);
    size_t left_size, right_size;
    const uint8_t *left =
        body_of(world, type, now->value, now->size, &left_size);
    const uint8_t *right = body_of(world, type, value, size, &right_size);

    if (left_size != right_size || memcmp(left, right, left_size) != 0)
        world_fail(world, "%s: %s differs from the tables of %s", what,
                   now->key, db->name);
}

static void
check_aggregate(struct world *world, struct db *db, struct view *view,
                const struct store *store, const struct slot *slot)
{
    const struct journal_row *now = snapshot_now(world, db, store, slot->key);
    const struct journal_row *said = last_state(db, slot->key);
    const struct view_row *seen = view_find(view, slot->key);

    if (said == NULL || seen == NULL)
        world_fail(world, "I8: %s has no state in the journal or the view",
                   slot->key);
    check_same_state(world, db, "I8", now, said->value, said->size);
    check_same_state(world, db, "I7", now, seen->value, seen->size);
    const struct record *last =
        last_on_topic(db->outputs[TOPIC_STATE], said->partition, slot->key);
    if (last == NULL || last->entity_version != said->version)
        world_fail(world, "rule 5: the compacted topic ends with an old %s",
                   slot->key);
}

bool
audit_states(struct world *world, struct db *db)
{
    bool asked = false;

    for (size_t i = 0; i < db->table_count; i++) {
        const struct store *store = db->tables[i].store;
        for (const struct slot *s = db->tables[i].first; s; s = s->next) {
            Inservice__Common__V1__Republish m;
            if (store->kind != STORE_AGGREGATE || s->row == NULL)
                continue;
            const struct journal_row *said = last_state(db, s->key);
            const struct record *last =
                said == NULL ? NULL
                             : last_on_topic(db->outputs[TOPIC_STATE],
                                             said->partition, s->key);
            if (last == NULL || last->entity_version == said->version)
                continue;
            inservice__common__v1__republish__init(&m);
            m.order = world_order(world);
            m.type = (char *)(uintptr_t)said->type;
            m.key = (char *)(uintptr_t)s->key;
            send_in_lane(world, db, said->partition, s->key, &m.base);
            world->audits++;
            asked = true;
        }
    }
    return asked;
}

void
check_all(struct world *world)
{
    for (size_t d = 0; d < world->db_count; d++) {
        struct db *db = world->dbs[d];
        for (int lane = 0; lane < lane_count(); lane++) {
            check_topic(world, db, TOPIC_EVENT, lane);
            check_topic(world, db, TOPIC_STATE, lane);
            check_topic(world, db, TOPIC_OUTCOME, lane);
            check_order(world, db, lane);
        }
        check_outcomes_equal(world, db);
        check_answers(world, db, world->views[d]);
        check_self_commands(world, db);
        check_applied(world, db);
        for (size_t i = 0; i < db->table_count; i++) {
            const struct store *store = db->tables[i].store;
            for (const struct slot *s = db->tables[i].first; s; s = s->next)
                if (store->kind == STORE_AGGREGATE && s->row != NULL)
                    check_aggregate(world, db, world->views[d], store, s);
        }
    }
    if (world->db_count > 1)
        check_affiliations(world);
}

void
check_views(struct world *world)
{
    for (size_t d = 0; d < world->view_count; d++) {
        struct db *db = world->dbs[d];
        for (size_t i = 0; i < db->table_count; i++) {
            const struct store *store = db->tables[i].store;
            for (const struct slot *s = db->tables[i].first; s; s = s->next) {
                if (store->kind != STORE_AGGREGATE || s->row == NULL)
                    continue;
                const struct view_row *seen =
                    view_find(world->views[d], s->key);
                int64_t version = ((const struct row *)s->row)->version;
                if (seen == NULL || seen->version != version)
                    world_fail(world,
                               "I7: the view has %s in version %lld, %s %lld",
                               s->key, seen ? (long long)seen->version : 0LL,
                               db->name, (long long)version);
            }
        }
    }
}
