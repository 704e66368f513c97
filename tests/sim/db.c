/* Transactions: locks, loading what a batch wants, writing what it decided.
 *
 * A transaction holds the lanes of its messages and the claim rows they ask
 * for until it ends, as FOR UPDATE does; whatever it writes is written in one
 * step. Here is also where a commit that must not be possible is noticed: a
 * second outcome, a hole in a journal, a fact applied twice.
 */
#include <string.h>

#include "sim_internal.h"

struct db *
db_add(struct world *world, const struct core *core, const struct input *inputs)
{
    struct db *db = ARENA_NEW(world->arena, struct db);
    static const char *const kinds[TOPIC_KINDS] = {"command", "outcome",
                                                   "event", "state", "dlq"};

    db->core = core;
    db->name = core->name;
    db->inputs = inputs;
    for (; core->stores[db->table_count] != NULL; db->table_count++) {
        db->tables[db->table_count].store = core->stores[db->table_count];
        db->tables[db->table_count].last = &db->tables[db->table_count].first;
    }
    for (int kind = 0; kind < TOPIC_KINDS; kind++) {
        const char *name = arena_printf(world->arena, "inservice.%s.%s.v1",
                                        core->name, kinds[kind]);
        db->outputs[kind] = topic_find(world, name);
        if (db->outputs[kind] == NULL)
            db->outputs[kind] = topic_new(world, name, (enum topic_kind)kind);
    }
    for (; inputs[db->input_count].topic != NULL; db->input_count++) {
        const struct input *input = &inputs[db->input_count];
        struct topic *topic = topic_find(world, input->topic);
        if (topic == NULL)
            topic = topic_new(world, input->topic, input->kind);
        db->input_topics[db->input_count] = topic;
    }
    for (int lane = 0; lane < lane_count(); lane++) {
        db->lanes[lane].state.incarnation = 1;
        for (size_t i = 0; i < SIM_INPUTS; i++)
            db->positions[i][lane].mark = (struct mark){-1, -1};
    }
    world->dbs[world->db_count++] = db;
    return db;
}

/* --- locks -------------------------------------------------------------- */
static bool
held_by_other(struct world *world, const struct owner *owner,
              const struct owner *holder)
{
    if (holder == NULL || holder == owner)
        return false;
    /* idle_in_transaction_session_timeout: a frozen one is thrown out */
    if ((holder->frozen_until > world->step || world->quiet) &&
        chance(world, 100)) {
        struct owner *frozen = (struct owner *)(uintptr_t)holder;
        db_unlock(frozen);
        frozen->killed = true;
        return false;
    }
    return true;
}

static void
lanes_touched(const struct owner *owner, bool ret_lanes[LANES_MAX])
{
    memset(ret_lanes, 0, LANES_MAX * sizeof *ret_lanes);
    for (size_t i = 0; i < batch_size(owner->batch); i++)
        ret_lanes[batch_message(owner->batch, i)->lane] = true;
    for (int lane = 0; owner->timers && lane < lane_count(); lane++)
        ret_lanes[lane] = owner->lanes[lane].owned;
}

static bool
claims_lock(struct world *world, struct owner *owner, struct table *table)
{
    const char *const *keys;
    size_t count = batch_wanted_keys(owner->batch, table->store, &keys);

    for (size_t i = 0; i < count; i++) {
        struct slot *slot = table_slot(table, keys[i]);
        if (slot == NULL) /* INSERT … ON CONFLICT DO NOTHING */
            slot = table_add(world, table, keys[i]);
        if (held_by_other(world, owner, slot->lock))
            return false;
        if (!MUTANT(14))
            slot->lock = owner;
    }
    return true;
}

bool
db_lock(struct world *world, struct owner *owner)
{
    bool lanes[LANES_MAX];

    lanes_touched(owner, lanes);
    owner->in_transaction = true;
    owner->killed = false;
    for (int lane = 0; lane < lane_count(); lane++) {
        struct lane_row *row = &owner->db->lanes[lane];
        if (!lanes[lane] || MUTANT(23))
            continue;
        if (held_by_other(world, owner, row->lock))
            return false;
        row->lock = owner;
    }
    for (size_t i = 0; i < owner->db->table_count; i++)
        if (owner->db->tables[i].store->kind == STORE_CLAIM &&
            !claims_lock(world, owner, &owner->db->tables[i]))
            return false;
    return true;
}

void
db_unlock(struct owner *owner)
{
    struct db *db = owner->db;

    if (!owner->in_transaction)
        return;
    owner->in_transaction = false;
    for (int lane = 0; lane < lane_count(); lane++)
        if (db->lanes[lane].lock == owner)
            db->lanes[lane].lock = NULL;
    for (size_t i = 0; i < db->table_count; i++) {
        if (db->tables[i].store->kind != STORE_CLAIM)
            continue;
        for (struct slot *s = db->tables[i].first; s != NULL; s = s->next)
            if (s->lock == owner)
                s->lock = NULL;
    }
}

/* --- loading ------------------------------------------------------------ */
static void
load_plainly(struct db *db, struct batch *batch, const struct store *store)
{
    const struct table *table = table_of(db, store);
    const char *const *keys;
    size_t count = store->key == 0 ? 0 : batch_wanted_keys(batch, store, &keys);

    for (size_t i = 0; i < count; i++) {
        const void *row = table_row(table, keys[i]);
        if (row != NULL) {
            table_load(batch, store, row);
        } else if (store->kind == STORE_CLAIM) { /* inserted by the lock */
            char *claim = batch_blank(batch, store);
            *(const char **)(void *)(claim + store->key) = keys[i];
            batch_put(batch, claim);
        }
    }
    count = store->parent == 0 ? 0 : batch_wanted_parents(batch, store, &keys);
    for (size_t i = 0; i < count; i++) {
        const struct slot *slot = NULL;
        while ((slot = table_child(table, keys[i], slot)) != NULL)
            table_load(batch, store, slot->row);
    }
}

void
db_load(struct world *world, struct db *db, struct batch *batch)
{
    const char *const *ids;
    size_t count = batch_command_ids(batch, &ids);

    for (size_t i = 0; i < count && !MUTANT(3); i++) {
        const struct inbox_entry *entry = inbox_find(db, ids[i]);
        if (entry != NULL)
            batch_put_inbox(batch, entry->command_id, entry->outcome,
                            entry->size);
    }
    for (size_t i = 0; i < db->table_count; i++) {
        const struct store *store = db->tables[i].store;
        if (db->load == NULL || !db->load(world, db, batch, store))
            load_plainly(db, batch, store);
    }
}

/* --- writing ------------------------------------------------------------ */
static void
write_stores(struct world *world, struct owner *owner)
{
    struct db *db = owner->db;

    for (size_t i = 0; i < db->table_count; i++) {
        const struct store *store = db->tables[i].store;
        void *const *rows;
        size_t count = batch_dirty(owner->batch, store, &rows);
        if (MUTANT(20) && store->kind == STORE_CHILD)
            count = 0;
        for (size_t j = 0; j < count; j++)
            table_save(world, &db->tables[i], rows[j]);
    }
}

static void
write_inbox(struct world *world, struct owner *owner)
{
    struct inbox_row *const *rows;
    size_t count = batch_inbox(owner->batch, &rows);

    if (MUTANT(4))
        return;
    for (size_t i = 0; i < count; i++) {
        if (inbox_find(owner->db, rows[i]->command_id) != NULL)
            world_fail(world, "I2: command %s is decided twice",
                       rows[i]->command_id);
        struct inbox_entry *entry =
            entry_add(world, owner->db->inbox, rows[i]->command_id);
        entry->outcome =
            arena_copy(world->arena, rows[i]->outcome, rows[i]->size);
        entry->size = rows[i]->size;
        entry->next = owner->db->inbox_first;
        owner->db->inbox_first = entry;
    }
}

static const struct journal_row *
journal_copy(struct world *world, const struct journal_row *row)
{
    struct arena *arena = world->arena;
    struct journal_row *copy = arena_copy(arena, row, sizeof *row);

    copy->type = arena_strdup(arena, row->type);
    copy->key = arena_strdup(arena, row->key);
    copy->command_id = arena_strdup(arena, row->command_id);
    copy->causation = arena_strdup(arena, row->causation);
    copy->actor = arena_strdup(arena, row->actor);
    copy->code = arena_strdup(arena, row->code);
    copy->completes = arena_strdup(arena, row->completes);
    if (row->value != NULL)
        copy->value = arena_copy(arena, row->value, row->size);
    return copy;
}

static void
journal_add(struct world *world, struct db *db, const struct journal_row *row)
{
    struct journal *journal = &db->journal[row->lane];

    if (journal->count == journal->capacity) {
        size_t capacity = journal->capacity ? journal->capacity * 2 : 128;
        const struct journal_row **rows =
            ARENA_ARRAY(world->arena, const struct journal_row *, capacity);
        if (journal->count > 0)
            memcpy(rows, journal->rows, journal->count * sizeof *rows);
        journal->rows = rows;
        journal->capacity = capacity;
    }
    if (row->seq != (int64_t)journal->count + 1)
        world_fail(world, "%s lane %d: journal row %lld follows %zu", db->name,
                   row->lane, (long long)row->seq, journal->count);
    journal->rows[journal->count++] = row;
}

/* Each command is answered once: by an outcome, or by a state. */
static void
note_answer(struct world *world, struct db *db, const struct journal_row *row)
{
    struct inbox_entry *entry =
        (struct inbox_entry *)(uintptr_t)inbox_find(db, row->command_id);

    if (entry == NULL)
        return;
    if (entry->seq != 0)
        world_fail(world, "I1: %s is answered twice", row->command_id);
    entry->seq = row->seq;
    entry->completed = row->kind == TOPIC_STATE;
}

static bool
is_answer(const struct journal_row *row)
{
    if (row->kind == TOPIC_STATE)
        return row->completes != NULL;
    return row->kind == TOPIC_OUTCOME &&
           (row->code == NULL || strcmp(row->code, "REPEATED") != 0);
}

/* The planted flaws of the marker: on the first of a command's states, or on a
 * state that is only said again. */
static void
misplace_marker(const struct journal_row *const *rows, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct journal_row *row = (struct journal_row *)(uintptr_t)rows[i];
        if (MUTANT(28) && row->kind == TOPIC_STATE && i + 1 < count &&
            rows[i + 1]->kind == TOPIC_OUTCOME &&
            strcmp(rows[i + 1]->causation, "inservice.common.v1.Republish") ==
                0)
            row->completes = row->key;
        if (!MUTANT(27) || row->kind != TOPIC_STATE || row->completes == NULL)
            continue;
        for (size_t k = 0; k < i; k++) {
            struct journal_row *first =
                (struct journal_row *)(uintptr_t)rows[k];
            if (first->kind != TOPIC_STATE || first->command_id == NULL ||
                strcmp(first->command_id, row->command_id) != 0)
                continue;
            first->completes = row->completes;
            row->completes = NULL;
            break;
        }
    }
}

static void
write_journal(struct world *world, struct owner *owner)
{
    struct journal_row *const *rows;
    size_t count = batch_journal(owner->batch, &rows);

    misplace_marker((const struct journal_row *const *)rows, count);
    for (size_t i = 0; i < count; i++) {
        const struct journal_row *copy = journal_copy(world, rows[i]);
        check_journal_row(world, owner->db, copy);
        journal_add(world, owner->db, copy);
        owner_queue(world, owner, copy);
        if (is_answer(copy))
            note_answer(world, owner->db, copy);
        world->refused += copy->kind == TOPIC_OUTCOME && copy->code != NULL;
        world->repeated +=
            copy->code != NULL && strcmp(copy->code, "REPEATED") == 0;
    }
}

static void
write_timer(struct world *world, struct db *db, const struct timer_row *row)
{
    struct timer **at = &db->timers;

    while (*at != NULL &&
           ((*at)->lane != row->lane || strcmp((*at)->name, row->name) != 0))
        at = &(*at)->next;
    if (*at != NULL)
        *at = (*at)->next;
    if (row->due_at == DB_NO_TIME)
        return;
    struct timer *timer = ARENA_NEW(world->arena, struct timer);
    timer->lane = row->lane;
    timer->row = *row;
    timer->name = timer->row.name = arena_strdup(world->arena, row->name);
    timer->row.type = arena_strdup(world->arena, row->type);
    timer->row.lane_key = arena_strdup(world->arena, row->lane_key);
    timer->row.command_id = arena_strdup(world->arena, row->command_id);
    timer->row.value = arena_copy(world->arena, row->value, row->size);
    timer->next = db->timers;
    db->timers = timer;
}

static void
write_timers(struct world *world, struct owner *owner)
{
    struct timer_row *const *rows;
    size_t count = batch_timers(owner->batch, &rows);

    for (size_t i = 0; i < count; i++)
        if (!(MUTANT(18) && owner->timers))
            write_timer(world, owner->db, rows[i]);
}

/* I2: a fact is applied at most once by each consumer. */
static void
note_applied(struct world *world, struct owner *owner)
{
    for (size_t i = 0; i < batch_size(owner->batch); i++) {
        const struct message *m = batch_message(owner->batch, i);
        if (m->kind != TOPIC_EVENT || m->skipped || m->broken != NULL ||
            m->sequence < 0)
            continue;
        const char *name =
            arena_printf(world->arena, "%s/%d/%lld/%lld", m->topic, m->lane,
                         (long long)m->incarnation, (long long)m->sequence);
        if (entry_find(owner->db->applied, name) != NULL)
            world_fail(world, "I2: %s applies %s twice", owner->db->name, name);
        entry_add(world, owner->db->applied, name);
        owner->db->applied_count++;
    }
}

static int
input_index(const struct db *db, const char *topic)
{
    for (size_t i = 0; i < db->input_count; i++)
        if (strcmp(db->inputs[i].topic, topic) == 0)
            return (int)i;
    return -1;
}

static void
write_positions(struct owner *owner)
{
    struct db *db = owner->db;

    for (size_t i = 0; i < batch_size(owner->batch); i++) {
        const struct message *m = batch_message(owner->batch, i);
        int input = input_index(db, m->topic);
        if (input < 0 || m->parked_id > 0)
            continue;
        struct input_row *row = &db->positions[input][m->lane];
        batch_get_mark(owner->batch, m->topic, m->lane, &row->mark);
        row->next_offset = m->offset + 1;
    }
}

static void
write_lanes(struct owner *owner)
{
    bool lanes[LANES_MAX];

    lanes_touched(owner, lanes);
    for (int lane = 0; lane < lane_count(); lane++) {
        struct lane_row *row = &owner->db->lanes[lane];
        int64_t published =
            MUTANT(7) ? owner->lanes[lane].sent : owner->lanes[lane].acked;
        if (!lanes[lane])
            continue;
        row->state = *batch_lane(owner->batch, lane);
        if (published > row->published_seq)
            row->published_seq = published;
    }
}

void
db_apply(struct world *world, struct owner *owner)
{
    world->commits++;
    write_inbox(world, owner);
    if (!(MUTANT(19) && chance(world, 50)))
        write_stores(world, owner);
    write_journal(world, owner);
    write_timers(world, owner);
    db_write_parked(world, owner);
    note_applied(world, owner);
    write_lanes(owner);
    write_positions(owner);
    if (owner->db->committed != NULL)
        owner->db->committed(world, owner->db, owner->batch);
}
