/* Kafka, as far as the lane relies on it: append-only partitions, and producers
 * whose messages keep their order within a partition only and may land after
 * their owner has died. Never loses an acknowledged message. */
#include <string.h>

#include "sim_internal.h"

struct topic *
topic_new(struct world *world, const char *name, enum topic_kind kind)
{
    struct topic *topic = ARENA_NEW(world->arena, struct topic);

    topic->name = arena_strdup(world->arena, name);
    topic->kind = kind;
    world->topics[world->topic_count++] = topic;
    return topic;
}

struct topic *
topic_find(struct world *world, const char *name)
{
    for (size_t i = 0; i < world->topic_count; i++)
        if (strcmp(world->topics[i]->name, name) == 0)
            return world->topics[i];
    return NULL;
}

void
topic_append(struct world *world, struct topic *topic, int lane,
             const struct record *record)
{
    struct log *log = &topic->lanes[lane];

    if (log->count == log->capacity) {
        size_t capacity = log->capacity ? log->capacity * 2 : 64;
        const struct record **records =
            ARENA_ARRAY(world->arena, const struct record *, capacity);
        if (log->count > 0)
            memcpy(records, log->records, log->count * sizeof *records);
        log->records = records;
        log->capacity = capacity;
    }
    log->records[log->count++] = record;
}

static bool
is_first_of_partition(const struct flight *first, const struct flight *flight)
{
    for (; first != flight; first = first->next)
        if (!first->landed && first->topic == flight->topic &&
            first->partition == flight->partition)
            return false;
    return true;
}

static struct flight **
flight_at(struct flight **first, uint32_t n)
{
    while (n-- > 0 && (*first)->next != NULL)
        first = &(*first)->next;
    return first;
}

static void
flight_unlink(struct flight **at, struct flight ***last)
{
    if (*last == &(*at)->next)
        *last = at;
    *at = (*at)->next;
}

/* An error report is no acknowledgement (rule 3): the message is tried again,
 * which the model does by leaving it where it is. */
static bool
flight_error(struct world *world, struct owner *owner, struct flight *flight)
{
    if (!MUTANT(8) || flight->landed || !chance(world, 100))
        return false;
    owner_acked(world, owner, flight->lane, flight->seq);
    flight->landed = true;
    return true;
}

bool
broker_step(struct world *world, struct owner *owner)
{
    if (owner->flights == NULL)
        return false;
    struct flight **at = flight_at(&owner->flights, pick(world, 8));
    struct flight *flight = *at;
    if (flight_error(world, owner, flight)) {
        flight_unlink(at, &owner->flights_last);
        return true;
    }
    if (!flight->landed) {
        if (!is_first_of_partition(owner->flights, flight))
            return true;
        topic_append(world, flight->topic, flight->partition, flight->record);
        flight->landed = true;
        if (chance(world, 200))
            return true; /* the answer comes later, if ever */
    }
    owner_acked(world, owner, flight->lane, flight->seq);
    flight_unlink(at, &owner->flights_last);
    return true;
}

/* Of each partition a prefix stays on the way. */
void
broker_abandon(struct world *world, struct owner *owner)
{
    bool cut[16][LANES_MAX] = {{false}};

    for (struct flight *next, *f = owner->flights; f != NULL; f = next) {
        size_t topic = 0;
        next = f->next;
        f->next = NULL;
        while (world->topics[topic] != f->topic)
            topic++;
        cut[topic][f->partition] |= chance(world, 300);
        if (f->landed || cut[topic][f->partition])
            continue;
        *world->ghosts_last = f;
        world->ghosts_last = &f->next;
    }
    owner->flights = NULL;
    owner->flights_last = &owner->flights;
}

bool
broker_ghosts_step(struct world *world)
{
    if (world->ghosts == NULL)
        return false;
    struct flight **at = flight_at(&world->ghosts, pick(world, 8));
    struct flight *flight = *at;
    if (!is_first_of_partition(world->ghosts, flight))
        return true;
    topic_append(world, flight->topic, flight->partition, flight->record);
    flight_unlink(at, &world->ghosts_last);
    return true;
}

/* Like an idempotent, gapless producer: if one message fails, no later one
 * lands; the error report is no acknowledgement. */
void
broker_fail(struct world *world, struct owner *owner)
{
    struct flight *first = owner->flights;

    if (WITHOUT(3)) {
        owner->flights = first->next;
        owner_acked(world, owner, first->lane, first->seq);
        return;
    }
    owner->flights = NULL;
    owner->flights_last = &owner->flights;
    owner_again(owner);
}
