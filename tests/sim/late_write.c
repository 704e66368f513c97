/* The last write of an owner that has lost its lanes, when all is at rest.
 *
 * It held its transaction open through the rebalance, commits what its timers
 * say, and dies before it publishes. No message will ever come that makes the
 * new owner look: unless it looks by itself now and then, those rows stay where
 * they are (I12). By chance this meets the end of an episode too seldom.
 */
#include "sim_internal.h"

enum { TRIES = 400 };

static void
assign_all(struct world *world, int service, int number)
{
    world->generation[service]++;
    for (int lane = 0; lane < lane_count(); lane++)
        world->assignment[service][lane] = number;
}

static struct owner *
owner_of(struct world *world, const struct db *db, int number)
{
    for (size_t i = 0; i < world->owner_count; i++)
        if (world->owners[i]->db == db && world->owners[i]->number == number)
            return world->owners[i];
    return NULL;
}

/* Steps until it knows the assignment and is in that state. */
static bool
brought_to(struct world *world, struct owner *owner, enum owner_state state)
{
    int generation = world->generation[service_of(world, owner->db)];

    for (int i = 0; i < TRIES; i++) {
        if (owner->state == state && owner->generation == generation)
            return true;
        owner_step(world, owner);
    }
    return false;
}

/* The next timer is due, and `early` holds a transaction that says it. */
static bool
timers_decided(struct world *world, struct owner *early)
{
    const struct timer *timer = early->db->timers;

    if (timer == NULL || !brought_to(world, early, OWNER_IDLE))
        return false;
    if (timer->row.due_at > world->now)
        world->now = timer->row.due_at;
    return brought_to(world, early, OWNER_DECIDED) && early->timers;
}

void
late_write(struct world *world, struct db *db)
{
    int service = service_of(world, db);
    struct owner *early = owner_of(world, db, 0);
    struct owner *late = owner_of(world, db, 1);

    assign_all(world, service, early->number);
    if (!timers_decided(world, early))
        return;
    assign_all(world, service, late->number);
    if (!brought_to(world, late, OWNER_IDLE))
        return;
    owner_step(world, early);
    owner_crash(world, early);
    early->frozen_until = 0;
}
