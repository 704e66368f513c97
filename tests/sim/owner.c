/* One owner: the worker of lib/chassis/lane/lane*.c as a machine of small
 * steps.
 *
 * Between any two steps it may be frozen or die. It takes lanes (positions,
 * then sequences, then what perhaps was never published), fills a batch from
 * several lanes, locks and loads, lets the real batch decide, commits, and
 * publishes row by row. After every doubt it takes the lanes again.
 */
#include <string.h>

#include "sim_internal.h"

struct owner *
owner_add(struct world *world, struct db *db, int service)
{
    struct owner *owner = ARENA_NEW(world->arena, struct owner);

    owner->db = db;
    owner->number = 0;
    for (size_t i = 0; i < world->owner_count; i++)
        owner->number += world->owners[i]->db == db;
    owner->batch = batch_new(db->core);
    owner->flights_last = &owner->flights;
    owner->generation = -1;
    world->owners[world->owner_count++] = owner;
    (void)service;
    return owner;
}

void
owner_again(struct owner *owner)
{
    db_unlock(owner);
    owner->state = OWNER_TAKE;
    owner->queue_count = owner->queue_next = 0;
    owner->operates = owner->timers = false;
    owner->retries = 0;
}

void
owner_crash(struct world *world, struct owner *owner)
{
    world->crashes++;
    broker_abandon(world, owner);
    owner_again(owner);
    owner->state = OWNER_DOWN;
    owner->frozen_until = world->step + pick(world, 60);
}

/* --- once in a while ---------------------------------------------------- */
static bool
timer_due(struct world *world, const struct owner *owner,
          const struct timer *timer)
{
    return owner->lanes[timer->lane].owned && timer->row.due_at <= world->now;
}

static void
step_tick(struct world *world, struct owner *owner)
{
    struct db *db = owner->db;

    for (int lane = 0; lane < lane_count(); lane++) {
        struct owner_lane *memory = &owner->lanes[lane];
        struct lane_row *row = &db->lanes[lane];
        if (!memory->owned)
            continue;
        if (!MUTANT(17) &&
            (row->state.seq != memory->state.seq ||
             row->state.incarnation != memory->state.incarnation)) {
            owner_again(owner);
            return;
        }
        if (memory->acked > row->published_seq)
            row->published_seq = memory->acked;
    }
    for (const struct timer *t = db->timers; t != NULL; t = t->next)
        owner->timers |= timer_due(world, owner, t);
    if (owner->timers)
        owner->state = OWNER_FILLED;
    owner->count = 0;
}

static void
say_timers(struct world *world, struct owner *owner)
{
    for (const struct timer *t = owner->db->timers; t != NULL; t = t->next) {
        struct journal_row row = {
            .kind = TOPIC_COMMAND,
            .partition = t->row.partition,
            .type = t->row.type,
            .key = t->row.lane_key,
            .causation = "timer",
            .at = t->row.due_at,
            .value = t->row.value,
            .size = t->row.size,
            .command_id = t->row.command_id,
        };
        if (!timer_due(world, owner, t))
            continue;
        batch_say_row(owner->batch, t->lane, &row);
        batch_forget_timer(owner->batch, t->lane, t->name);
    }
}

/* --- one batch ---------------------------------------------------------- */
static void
message_take(struct owner *owner, size_t input, int lane)
{
    const struct log *log = &owner->db->input_topics[input]->lanes[lane];
    int64_t offset = owner->fetch[input][lane];
    const struct record *record = log->records[offset];

    owner->messages[owner->count++] = (struct message){
        .topic = owner->db->inputs[input].topic,
        .kind = owner->db->inputs[input].kind,
        .lane = lane,
        .offset = offset,
        .key = record->key,
        .type = record->type,
        .id = record->id,
        .source = record->source,
        .sequence = record->sequence,
        .incarnation = record->incarnation,
        .entity_version = record->entity_version,
        .at = record->at,
        .value = record->value,
        .size = record->size,
    };
}

/* Whether something waits there and belongs into this batch. */
static bool
partition_gives(struct owner *owner, size_t input, int lane)
{
    const struct log *log = &owner->db->input_topics[input]->lanes[lane];

    if (!owner->lanes[lane].owned || owner->operates ||
        owner->fetch[input][lane] >= (int64_t)log->count)
        return false;
    message_take(owner, input, lane);
    owner->operates = message_is_operators(&owner->messages[owner->count - 1]);
    if (owner->operates && owner->count > 1) {
        owner->count--; /* it goes alone, next time */
        return false;
    }
    owner->fetch[input][lane]++;
    return true;
}

static void
step_take_messages(struct world *world, struct owner *owner)
{
    size_t most = 1 + pick(world, chance(world, 300) ? 2 : SIM_BATCH);
    uint32_t lanes = (uint32_t)lane_count();
    uint32_t partitions = (uint32_t)owner->db->input_count * lanes;
    uint32_t first = pick(world, partitions);

    owner->count = 0;
    owner->operates = false;
    for (uint32_t i = 0; i < partitions; i++) {
        uint32_t at = (first + i) % partitions;
        size_t run = 1 + pick(world, 6);
        while (run-- > 0 && owner->count < most &&
               partition_gives(owner, at / lanes, (int)(at % lanes)))
            ;
    }
    owner->operates =
        owner->count == 1 && message_is_operators(&owner->messages[0]);
    if (owner->count > 0)
        owner->state = OWNER_FILLED;
}

static void
batch_fill(struct world *world, struct owner *owner)
{
    batch_begin(owner->batch, world->now);
    for (size_t i = 0; i < owner->count; i++) {
        struct message *message = &owner->messages[i];
        if (message->broken == NULL && owner_key_parked(owner, message))
            message->broken = "key_parked";
        batch_add(owner->batch, message);
    }
    owner_hold_followers(owner);
}

static int
input_of(const struct owner *owner, const char *topic)
{
    for (size_t i = 0; i < owner->db->input_count; i++)
        if (strcmp(owner->db->inputs[i].topic, topic) == 0)
            return (int)i;
    return -1;
}

static bool
lane_fence(struct owner *owner, int lane)
{
    const struct lane_state *mine = &owner->lanes[lane].state;
    const struct lane_state *table = &owner->db->lanes[lane].state;

    if (!MUTANT(1) && !MUTANT(2) &&
        (!owner->lanes[lane].owned || mine->seq != table->seq ||
         mine->incarnation != table->incarnation))
        return false;
    batch_put_lane(owner->batch, lane, mine);
    return true;
}

static void
put_mark(struct owner *owner, int input, int lane)
{
    struct mark mark = owner->positions[input][lane].mark;

    for (size_t i = 0; (MUTANT(6) || WITHOUT(2)) && i < owner->db->input_count;
         i++)
        if (owner->positions[i][lane].mark.sequence > mark.sequence)
            mark = owner->positions[i][lane].mark;
    if (!MUTANT(5))
        batch_put_mark(owner->batch, owner->db->inputs[input].topic, lane,
                       mark);
}

/* The table must be where memory says; otherwise another process wrote. */
static bool
fences_hold(struct owner *owner)
{
    for (size_t i = 0; i < batch_size(owner->batch); i++) {
        const struct message *m = batch_message(owner->batch, i);
        int input = input_of(owner, m->topic);
        if (!lane_fence(owner, m->lane))
            return false;
        if (input < 0 || m->parked_id > 0)
            continue;
        if (!MUTANT(1) && owner->positions[input][m->lane].next_offset !=
                              owner->db->positions[input][m->lane].next_offset)
            return false;
        put_mark(owner, input, m->lane);
    }
    for (int lane = 0; owner->timers && lane < lane_count(); lane++)
        if (owner->lanes[lane].owned && !lane_fence(owner, lane))
            return false;
    return true;
}

static void
queue_unwritten(struct world *world, struct owner *owner)
{
    struct journal_row *const *rows;
    size_t count = batch_journal(owner->batch, &rows);

    for (size_t i = 0; i < count; i++) {
        struct journal_row *row =
            arena_copy(world->arena, rows[i], sizeof *row);
        row->type = arena_strdup(world->arena, row->type);
        row->key = arena_strdup(world->arena, row->key);
        row->command_id = arena_strdup(world->arena, row->command_id);
        row->code = NULL;
        if (row->value != NULL)
            row->value = arena_copy(world->arena, row->value, row->size);
        owner_queue(world, owner, row);
    }
}

/* First round trip and decision; waits for a lock of another owner. */
static void
step_decide(struct world *world, struct owner *owner)
{
    enum end end = BROKEN;

    if (owner->operates)
        owner_fill_operation(world, owner);
    else
        batch_fill(world, owner);
    while (end == BROKEN) {
        if (!db_lock(world, owner))
            return;
        if (!fences_hold(owner)) {
            world->fenced++;
            owner_again(owner);
            return;
        }
        db_load(world, owner->db, owner->batch);
        end = batch_decide(owner->batch);
        if (end != BROKEN)
            break;
        owner_hold_followers(owner);
        batch_rewind(owner->batch);
    }
    if (owner->timers)
        say_timers(world, owner);
    owner_say_dead_letters(world, owner);
    if (MUTANT(12)) {
        queue_unwritten(world, owner);
        while (owner->queue_next < owner->queue_count)
            owner_send(world, owner, owner->queue[owner->queue_next++]);
        owner->queue_count = owner->queue_next = 0;
    }
    owner->state = OWNER_DECIDED;
}

static void
note_written(struct world *world, struct owner *owner)
{
    for (size_t i = 0; i < batch_size(owner->batch); i++) {
        const struct message *m = batch_message(owner->batch, i);
        int input = input_of(owner, m->topic);
        if (input < 0 || m->parked_id > 0)
            continue;
        struct input_row *row = &owner->positions[input][m->lane];
        batch_get_mark(owner->batch, m->topic, m->lane, &row->mark);
        row->next_offset = m->offset + 1;
    }
    for (int lane = 0; lane < lane_count(); lane++)
        if (batch_lane(owner->batch, lane)->incarnation > 0)
            owner->lanes[lane].state = *batch_lane(owner->batch, lane);
    if (owner->operates)
        owner_read_parked(world, owner);
    else
        owner_note_parked(world, owner);
    owner->operates = owner->timers = false;
    owner->retries = 0;
    owner->state = OWNER_PUBLISHING;
}

/* The server has rolled back (deadlock, serialization, a unique index): the
 * same batch again, everything read again (rule 9). */
void
owner_rolled_back(struct world *world, struct owner *owner)
{
    db_unlock(owner);
    if (WITHOUT(9))
        return; /* writes once more what was decided before */
    if (MUTANT(13)) {
        owner->state = OWNER_IDLE;
        return;
    }
    for (size_t i = 0; i < owner->count; i++)
        owner->messages[i].broken = NULL;
    owner->state = OWNER_FILLED; /* the same batch again */
    if (++owner->retries > 3)
        owner_again(owner);
    (void)world;
}

static void
step_commit(struct world *world, struct owner *owner)
{
    uint32_t fate = world->quiet ? 999 : pick(world, 1000);

    if (owner->killed) {
        owner_again(owner);
        return;
    }
    if (fate < 30) { /* rolled back, and the answer is lost */
        world->lost++;
        if (MUTANT(11)) {
            queue_unwritten(world, owner);
            db_unlock(owner);
            note_written(world, owner);
            return;
        }
        owner_again(owner);
        return;
    }
    if (fate < 60) {
        owner_rolled_back(world, owner);
        return;
    }
    db_apply(world, owner);
    db_unlock(owner);
    if (fate < 100) { /* committed, and the answer is lost */
        world->lost++;
        owner_again(owner);
        return;
    }
    note_written(world, owner);
}

void
owner_step(struct world *world, struct owner *owner)
{
    switch (owner->state) {
    case OWNER_DOWN:
        owner_again(owner);
        break;
    case OWNER_TAKE:
        owner_step_take(world, owner);
        break;
    case OWNER_REPUBLISH:
    case OWNER_PUBLISHING:
        owner_step_publish(world, owner);
        break;
    case OWNER_IDLE:
        if (owner->deaf_until <= world->step &&
            owner->generation !=
                world->generation[service_of(world, owner->db)])
            owner_again(owner);
        else if (chance(world, 150))
            step_tick(world, owner);
        else
            step_take_messages(world, owner);
        break;
    case OWNER_FILLED:
        step_decide(world, owner);
        break;
    case OWNER_DECIDED:
        step_commit(world, owner);
        break;
    }
}
