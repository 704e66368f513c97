/* The world: the seed chooses the next of all possible events.
 *
 * Owners work, freeze, die and change; the broker lands late; commands come
 * again; offsets are rewound; poison arrives; time jumps. world_settle() then
 * lets all come to rest, as it must (I12).
 */
#include <string.h>

#include "chassis/base/clock.h"

#include "sim_internal.h"

#include "inservice/common/v1/operate.pb-c.h"

struct order_head {
    ProtobufCMessage base;
    Order *order;
};

Order *
world_order(struct world *world)
{
    Order *order = ARENA_NEW(world->arena, Order);

    inservice__common__v1__order__init(order);
    order->command_id = (char *)(uintptr_t)world_id(world);
    order->at = world->now;
    if (world->operations && !chance(world, 4))
        order->operation_id = (char *)(uintptr_t)world_id(world);
    return order;
}

static struct sent *
note_sent(struct world *world, struct topic *topic, int lane,
          const struct record *record)
{
    struct sent *sent = ARENA_NEW(world->arena, struct sent);

    sent->topic = topic;
    sent->lane = lane;
    sent->record = record;
    sent->next = world->sent;
    world->sent = sent;
    world->sent_count++;
    return sent;
}

void
send_in_lane(struct world *world, struct db *db, int lane, const char *key,
             ProtobufCMessage *command)
{
    struct record *record = ARENA_NEW(world->arena, struct record);
    size_t size = protobuf_c_message_get_packed_size(command);
    uint8_t *value = arena_alloc(world->arena, size + 1);

    protobuf_c_message_pack(command, value);
    *record = (struct record){
        .key = arena_strdup(world->arena, key),
        .type = command->descriptor->name,
        .id = ((struct order_head *)command)->order->command_id,
        .source = "/inservice/gateway",
        .sequence = -1,
        .at = world->now,
        .value = value,
        .size = size,
    };
    note_sent(world, db->outputs[TOPIC_COMMAND], lane, record);
    topic_append(world, db->outputs[TOPIC_COMMAND], lane, record);
}

void
world_send(struct world *world, struct db *db, const char *lane_key,
           ProtobufCMessage *command)
{
    int lane = lane_of(lane_key);

    if (chance(world, 3)) /* a sender's mistake: WRONG_LANE */
        lane = (int)pick(world, (uint32_t)lane_count());
    send_in_lane(world, db, lane, lane_key, command);
}

/* --- faults ------------------------------------------------------------- */
void
world_assign(struct world *world, int service)
{
    uint32_t how = pick(world, 3);

    world->generation[service]++;
    for (int lane = 0; lane < lane_count(); lane++)
        world->assignment[service][lane] =
            how == 2 ? (int)pick(world, SIM_OWNERS) : (int)how;
    for (size_t i = 0; i < world->owner_count; i++)
        if (service_of(world, world->owners[i]->db) == service &&
            chance(world, 400))
            world->owners[i]->deaf_until = world->step + pick(world, 600);
}

static void
fault_repeat(struct world *world)
{
    struct topic *topic =
        world->topics[pick(world, (uint32_t)world->topic_count)];
    int lane = (int)pick(world, (uint32_t)lane_count());
    struct log *log = &topic->lanes[lane];

    if (log->count > 0 && topic->kind != TOPIC_OUTCOME &&
        topic->kind != TOPIC_DLQ)
        topic_append(world, topic, lane,
                     log->records[pick(world, (uint32_t)log->count)]);
}

/* The gateway's sweeper: stored key and bytes, once more. */
static void
fault_send_again(struct world *world)
{
    const struct sent *sent = world->sent;

    for (uint32_t n = pick(world, 60); n > 0 && sent && sent->next; n--)
        sent = sent->next;
    if (sent != NULL)
        topic_append(world, sent->topic, sent->lane, sent->record);
}

static void
fault_rewind(struct world *world)
{
    struct db *db = world->dbs[pick(world, (uint32_t)world->db_count)];
    size_t input = pick(world, (uint32_t)db->input_count);
    int lane = (int)pick(world, (uint32_t)lane_count());
    int64_t *next = &db->positions[input][lane].next_offset;

    if (db->lanes[lane].lock != NULL || *next == 0)
        return;
    *next -= 1 + pick(world, *next < 30 ? (uint32_t)*next : 30);
    /* An operator does it while the service is stopped: an owner that is alive
     * and deaf could find the position that it remembers, with an old mark. */
    world->generation[service_of(world, db)]++;
    for (size_t i = 0; i < world->owner_count; i++)
        if (world->owners[i]->db == db)
            owner_crash(world, world->owners[i]);
}

static void
fault_poison(struct world *world)
{
    struct db *db = world->dbs[pick(world, (uint32_t)world->db_count)];
    struct topic *topic =
        db->input_topics[pick(world, (uint32_t)db->input_count)];
    int lane = (int)pick(world, (uint32_t)lane_count());
    struct record *record = ARENA_NEW(world->arena, struct record);
    struct log *log = &topic->lanes[lane];
    static const uint8_t rubbish[] = {0xff, 0xff, 0xff, 0x07, 0x00};

    if (log->count == 0)
        return;
    *record = *log->records[pick(world, (uint32_t)log->count)];
    record->sequence = -1;
    record->id = world_id(world);
    if (topic->kind == TOPIC_COMMAND && chance(world, 500)) {
        record->type = "inservice.account.v1.FromANewerBuild";
    } else {
        record->value = rubbish;
        record->size = sizeof rubbish;
    }
    topic_append(world, topic, lane, record);
}

/* Release of a parked key, or discard of its first message. */
static bool
operate(struct world *world, bool discard)
{
    struct db *db = world->dbs[pick(world, (uint32_t)world->db_count)];
    const struct parked *parked = db->parked;
    Inservice__Common__V1__Release release;
    Inservice__Common__V1__Discard drop;

    if (parked == NULL)
        return false;
    inservice__common__v1__release__init(&release);
    inservice__common__v1__discard__init(&drop);
    drop.order = release.order = world_order(world);
    drop.topic = release.topic = (char *)(uintptr_t)parked->message.topic;
    drop.key = release.key = (char *)(uintptr_t)parked->message.key;
    drop.parked_id =
        arena_printf(world->arena, "%lld", (long long)parked->parked_id);
    drop.lane = release.lane = (uint32_t)parked->message.lane;
    send_in_lane(world, db, parked->message.lane, "operator",
                 discard ? &drop.base : &release.base);
    return true;
}

static void
fault_owner(struct world *world)
{
    struct owner *owner =
        world->owners[pick(world, (uint32_t)world->owner_count)];

    if (chance(world, 400))
        owner_crash(world, owner);
    else
        owner->frozen_until = world->step + 20 + pick(world, 400);
}

static void
step_fault(struct world *world)
{
    switch (pick(world, 14)) {
    case 0:
    case 1:
    case 2:
    case 10:
        fault_owner(world);
        break;
    case 3:
    case 11:
        world_assign(world, (int)pick(world, (uint32_t)world->db_count));
        break;
    case 4:
        fault_rewind(world);
        break;
    case 5:
        fault_poison(world);
        break;
    case 6:
    case 7:
        operate(world, chance(world, 500));
        break;
    case 8:
        world->now += DAYS(pick(world, 6));
        break;
    case 9:
        fault_send_again(world);
        break;
    default:
        fault_repeat(world);
        break;
    }
}

/* --- work --------------------------------------------------------------- */
static void
step_owner(struct world *world)
{
    struct owner *owner =
        world->owners[pick(world, (uint32_t)world->owner_count)];

    if (owner->frozen_until <= world->step)
        owner_step(world, owner);
}

static void
step_broker(struct world *world)
{
    struct owner *owner =
        world->owners[pick(world, (uint32_t)world->owner_count)];

    for (uint32_t n = 1 + pick(world, 10); n > 0; n--)
        broker_step(world, owner);
    if (chance(world, 30))
        broker_ghosts_step(world);
}

void
world_step(struct world *world)
{
    uint32_t what = pick(world, 1000);

    world->step++;
    world->now += pick(world, 2000) * 1000;
    if (what < 500)
        step_owner(world);
    else if (what < 740)
        step_broker(world);
    else if (what < 820)
        account_generate(world);
    else if (what < 890)
        teacher_generate(world);
    else if (what < 940)
        course_step(world);
    else if (what < 970)
        view_step(world, world->views[pick(world, (uint32_t)world->view_count)],
                  (int)pick(world, (uint32_t)lane_count()));
    else
        step_fault(world);
}

/* --- coming to rest ----------------------------------------------------- */
static bool
owner_rests(const struct world *world, const struct owner *owner)
{
    const struct db *db = owner->db;

    if (owner->state != OWNER_IDLE || owner->flights != NULL ||
        owner->generation != world->generation[service_of(world, db)])
        return false;
    for (int lane = 0; lane < lane_count(); lane++) {
        if (!owner->lanes[lane].owned)
            continue;
        if (owner->lanes[lane].state.seq != db->lanes[lane].state.seq ||
            db->lanes[lane].published_seq < db->lanes[lane].state.seq)
            return false;
        for (size_t i = 0; i < db->input_count; i++)
            if (owner->fetch[i][lane] <
                (int64_t)db->input_topics[i]->lanes[lane].count)
                return false;
    }
    return true;
}

static bool
timers_rest(const struct world *world)
{
    for (size_t i = 0; i < world->db_count; i++)
        for (const struct timer *t = world->dbs[i]->timers; t; t = t->next)
            if (t->row.due_at <= world->now)
                return false;
    return true;
}

/* Every position in the tables is at the end of its log: work that is left is
 * stuck (I12). */
static bool
positions_rest(const struct world *world)
{
    for (size_t d = 0; d < world->db_count; d++) {
        const struct db *db = world->dbs[d];
        for (size_t i = 0; i < db->input_count; i++)
            for (int lane = 0; lane < lane_count(); lane++)
                if (db->positions[i][lane].next_offset <
                    (int64_t)db->input_topics[i]->lanes[lane].count)
                    return false;
    }
    return true;
}

static bool
world_rests(struct world *world)
{
    for (size_t i = 0; i < world->owner_count; i++)
        if (!owner_rests(world, world->owners[i]))
            return false;
    for (size_t i = 0; i < world->view_count; i++)
        if (view_behind(world->views[i]))
            return false;
    return world->ghosts == NULL && timers_rest(world) && positions_rest(world);
}

/* The names of those that do not rest, for the message. */
static const char *
what_works(const struct world *world)
{
    for (size_t i = 0; i < world->owner_count; i++)
        if (!owner_rests(world, world->owners[i]))
            return arena_printf(world->arena, "owner %zu of %s in state %d", i,
                                world->owners[i]->db->name,
                                (int)world->owners[i]->state);
    if (world->ghosts != NULL)
        return "messages on the way";
    return timers_rest(world) ? "a position or a view" : "a timer that is due";
}

static void
settle_step(struct world *world)
{
    world->step++;
    world->now += 1000;
    for (size_t i = 0; i < world->owner_count; i++) {
        owner_step(world, world->owners[i]);
        for (int n = 0; n < 12; n++)
            broker_step(world, world->owners[i]);
    }
    course_step(world);
    broker_ghosts_step(world);
    for (size_t i = 0; i < world->view_count; i++)
        for (int lane = 0; lane < lane_count(); lane++)
            view_step(world, world->views[i], lane);
}

static void
settle_once(struct world *world)
{
    for (int round = 0; round < 20000; round++) {
        if (world_rests(world))
            return;
        settle_step(world);
    }
    world_fail(world, "I12: work is stuck: %s", what_works(world));
}

void
world_settle(struct world *world)
{
    world->quiet = true;
    for (size_t i = 0; i < world->owner_count; i++)
        world->owners[i]->frozen_until = world->owners[i]->deaf_until = 0;
    settle_once(world);
    for (int round = 0;
         operate(world, round % 2 == 1) || world->dbs[0]->parked != NULL ||
         world->dbs[world->db_count - 1]->parked != NULL;
         round++) {
        if (round > 4000)
            world_fail(world, "I12: a parked key cannot be emptied");
        settle_once(world);
    }
    for (size_t i = 0; i < world->db_count; i++) {
        late_write(world, world->dbs[i]);
        settle_once(world);
    }
    check_views(world);
    for (size_t i = 0; i < world->db_count && !MUTANT(26); i++)
        if (audit_states(world, world->dbs[i]))
            settle_once(world);
}
