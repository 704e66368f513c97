/* An owner's taking and publishing, as lib/chassis/lane/lane_take.c and
 * publish.c have them: positions, sequences, what perhaps was never published;
 * and of each lane the contiguous prefix that was acknowledged.
 */
#include <string.h>

#include "sim_internal.h"

/* --- publishing --------------------------------------------------------- */
const struct record *
record_of(struct world *world, const struct db *db,
          const struct journal_row *row)
{
    struct record *record = ARENA_NEW(world->arena, struct record);

    *record = (struct record){
        .key = row->key,
        .type = row->type,
        .id = row->kind == TOPIC_COMMAND
                  ? row->command_id
                  : arena_printf(world->arena, "%d-%lld-%lld", row->lane,
                                 (long long)row->incarnation,
                                 (long long)row->seq),
        .causation = row->causation,
        .completes = row->completes,
        .source = arena_printf(world->arena, "/inservice/%s", db->name),
        .sequence = row->seq,
        .incarnation = row->incarnation,
        .entity_version = row->version,
        .at = row->at,
        .value = row->value,
        .size = row->size,
    };
    return record;
}

void
owner_send(struct world *world, struct owner *owner,
           const struct journal_row *row)
{
    struct flight *flight;

    if ((MUTANT(16) || WITHOUT(6)) && row->code != NULL &&
        strcmp(row->code, "REPEATED") == 0)
        return;
    flight = ARENA_NEW(world->arena, struct flight);
    flight->topic = owner->db->outputs[row->kind];
    flight->partition = MUTANT(15) ? row->lane : row->partition;
    flight->record = record_of(world, owner->db, row);
    flight->lane = row->lane;
    flight->seq = row->seq;
    *owner->flights_last = flight;
    owner->flights_last = &flight->next;
    if (row->seq > owner->lanes[row->lane].sent)
        owner->lanes[row->lane].sent = row->seq;
}

void
owner_begin_lane(struct world *world, struct owner *owner, int lane,
                 int64_t published_seq)
{
    struct owner_lane *memory = &owner->lanes[lane];

    (void)world;
    if (memory->done != NULL)
        memset(memory->done, 0, memory->done_size);
    memory->acked = memory->sent = published_seq;
}

void
owner_acked(struct world *world, struct owner *owner, int lane, int64_t seq)
{
    struct owner_lane *memory = &owner->lanes[lane];

    if (seq <= memory->acked || seq > memory->sent)
        return; /* of an earlier taking */
    if ((size_t)memory->sent + 2 > memory->done_size) {
        size_t size = (size_t)memory->sent * 2 + 64;
        uint8_t *done = arena_alloc(world->arena, size);
        if (memory->done != NULL)
            memcpy(done, memory->done, memory->done_size);
        memory->done = done;
        memory->done_size = size;
    }
    memory->done[seq] = 1;
    while (memory->acked < memory->sent && memory->done[memory->acked + 1])
        memory->acked++;
}

void
owner_queue(struct world *world, struct owner *owner,
            const struct journal_row *row)
{
    if (owner->queue_count == owner->queue_capacity) {
        size_t capacity =
            owner->queue_capacity ? owner->queue_capacity * 2 : 256;
        const struct journal_row **queue =
            ARENA_ARRAY(world->arena, const struct journal_row *, capacity);
        if (owner->queue_count > 0)
            memcpy(queue, owner->queue, owner->queue_count * sizeof *queue);
        owner->queue = queue;
        owner->queue_capacity = capacity;
    }
    owner->queue[owner->queue_count++] = row;
}

void
owner_step_publish(struct world *world, struct owner *owner)
{
    uint32_t n = 1 + pick(world, 12);

    while (n-- > 0 && owner->queue_next < owner->queue_count)
        owner_send(world, owner, owner->queue[owner->queue_next++]);
    if (owner->queue_next < owner->queue_count)
        return;
    owner->queue_count = owner->queue_next = 0;
    owner->state = OWNER_IDLE;
}

/* --- taking lanes ------------------------------------------------------- */
static void
take_positions(struct world *world, struct owner *owner)
{
    int service = service_of(world, owner->db);

    world->takeovers++;
    owner->generation = world->generation[service];
    for (int lane = 0; lane < lane_count(); lane++) {
        owner->lanes[lane].owned =
            world->assignment[service][lane] == owner->number;
        for (size_t i = 0; i < owner->db->input_count; i++) {
            struct mark before = owner->positions[i][lane].mark;
            owner->positions[i][lane] = owner->db->positions[i][lane];
            if (MUTANT(24))
                owner->positions[i][lane].mark = before;
            if (!(MUTANT(21) && owner->fetch[i][lane] > 0))
                owner->fetch[i][lane] = owner->positions[i][lane].next_offset;
        }
    }
}

static void
queue_leftovers(struct world *world, struct owner *owner, int lane)
{
    const struct journal *journal = &owner->db->journal[lane];
    size_t from = (size_t)owner->db->lanes[lane].published_seq;

    if (MUTANT(9))
        return;
    for (size_t i = from; i < journal->count; i++) {
        size_t at = MUTANT(10) ? journal->count - 1 - (i - from) : i;
        owner_queue(world, owner, journal->rows[at]);
    }
    world->republished += journal->count - from;
}

void
owner_step_take(struct world *world, struct owner *owner)
{
    owner->queue_count = owner->queue_next = 0;
    take_positions(world, owner);
    for (int lane = 0; lane < lane_count(); lane++) {
        struct lane_row *row = &owner->db->lanes[lane];
        if (!owner->lanes[lane].owned)
            continue;
        owner->lanes[lane].state = row->state;
        owner_begin_lane(world, owner, lane, row->published_seq);
        queue_leftovers(world, owner, lane);
    }
    owner_read_parked(world, owner);
    owner->state = OWNER_REPUBLISH;
}
