/* Parked keys, as in lib/chassis/lane/lane_park.c: a message that cannot be
 * handled waits with all of its key; an operator releases or discards it (rule
 * 10). */
#include <stdlib.h>
#include <string.h>

#include "sim_internal.h"

#include "inservice/common/v1/operate.pb-c.h"

bool
owner_key_parked(const struct owner *owner, const struct message *message)
{
    for (const struct parked_name *p = owner->parked; p != NULL && !WITHOUT(10);
         p = p->next)
        if (strcmp(p->topic, message->topic) == 0 &&
            strcmp(p->key, message->key) == 0)
            return true;
    return false;
}

static void
park_name(struct world *world, struct owner *owner,
          const struct message *message)
{
    struct parked_name *name;

    if (owner_key_parked(owner, message))
        return;
    name = ARENA_NEW(world->arena, struct parked_name);
    name->topic = message->topic;
    name->key = message->key;
    name->next = owner->parked;
    owner->parked = name;
}

void
owner_read_parked(struct world *world, struct owner *owner)
{
    owner->parked = NULL;
    for (const struct parked *p = owner->db->parked; p != NULL; p = p->next)
        if (owner->lanes[p->message.lane].owned)
            park_name(world, owner, &p->message);
}

static bool
message_parks(const struct message *message)
{
    return message->broken != NULL && message->parked_id == 0 &&
           !message->undecodable;
}

void
owner_note_parked(struct world *world, struct owner *owner)
{
    for (size_t i = 0; i < batch_size(owner->batch); i++)
        if (message_parks(batch_message(owner->batch, i)))
            park_name(world, owner, batch_message(owner->batch, i));
}

/* Later messages of a broken one's key wait with it; other keys flow. */
void
owner_hold_followers(struct owner *owner)
{
    for (size_t i = 0;
         i < batch_size(owner->batch) && !MUTANT(25) && !WITHOUT(10); i++) {
        struct message *message = batch_message(owner->batch, i);
        for (size_t j = 0; message->broken == NULL && j < i; j++) {
            const struct message *before = batch_message(owner->batch, j);
            if (before->broken != NULL && !before->undecodable &&
                before->topic == message->topic &&
                strcmp(before->key, message->key) == 0)
                message->broken = "key_parked";
        }
    }
}

void
owner_say_dead_letters(struct world *world, struct owner *owner)
{
    for (size_t i = 0; i < batch_size(owner->batch); i++) {
        const struct message *m = batch_message(owner->batch, i);
        if (m->broken == NULL || (m->parked_id > 0 && !m->undecodable) ||
            strcmp(m->broken, "key_parked") == 0)
            continue;
        struct journal_row row = {
            .kind = TOPIC_DLQ,
            .partition = m->lane,
            .type = m->type,
            .key = m->key,
            .causation = m->id,
            .code = m->broken,
            .at = world->now,
            .value = m->value,
            .size = m->size,
        };
        batch_say_row(owner->batch, m->lane, &row);
    }
}

static void
unpark(struct db *db, int64_t parked_id)
{
    struct parked **at = &db->parked;

    while (*at != NULL && (*at)->parked_id != parked_id)
        at = &(*at)->next;
    if (*at != NULL)
        *at = (*at)->next;
}

void
db_write_parked(struct world *world, struct owner *owner)
{
    struct db *db = owner->db;

    for (size_t i = 0; i < batch_size(owner->batch); i++) {
        const struct message *m = batch_message(owner->batch, i);
        if (m->parked_id > 0 && (m->broken == NULL || m->undecodable))
            unpark(db, m->parked_id);
        if (!message_parks(m))
            continue;
        struct parked *parked = ARENA_NEW(world->arena, struct parked);
        struct parked **last = &db->parked;
        while (*last != NULL)
            last = &(*last)->next;
        parked->parked_id = ++db->last_parked;
        parked->message = *m;
        *last = parked;
    }
}

bool
message_is_operators(const struct message *message)
{
    return message->kind == TOPIC_COMMAND &&
           strncmp(message->type, "inservice.common.v1.", 20) == 0;
}

static void
take_waiting(struct owner *owner, const struct message *operators,
             const char *topic, const char *key, int64_t parked_id)
{
    for (const struct parked *p = owner->db->parked; p != NULL; p = p->next) {
        struct message *next = &owner->messages[owner->count];
        if (owner->count == SIM_BATCH + 200 ||
            p->message.lane != operators->lane ||
            strcmp(p->message.topic, topic) != 0 ||
            strcmp(p->message.key, key) != 0 ||
            (parked_id != 0 && parked_id != p->parked_id))
            continue;
        *next = p->message;
        next->parked_id = p->parked_id;
        next->sequence = -1; /* its mark was passed when it was parked */
        next->broken = NULL;
        next->undecodable = false;
        next->discarded = parked_id != 0;
        owner->count++;
    }
}

void
owner_fill_operation(struct world *world, struct owner *owner)
{
    struct message *first = &owner->messages[0];

    owner->count = 1;
    first->broken = NULL;
    batch_begin(owner->batch, world->now); /* to read its body */
    batch_add(owner->batch, first);
    if (first->broken == NULL &&
        strcmp(first->type, "inservice.common.v1.Discard") == 0) {
        const Inservice__Common__V1__Discard *discard = (void *)first->body;
        take_waiting(owner, first, discard->topic, discard->key,
                     strtoll(discard->parked_id, NULL, 10));
    } else if (first->broken == NULL &&
               strcmp(first->type, "inservice.common.v1.Release") == 0) {
        const Inservice__Common__V1__Release *release = (void *)first->body;
        take_waiting(owner, first, release->topic, release->key, 0);
    }
    batch_begin(owner->batch, world->now);
    for (size_t i = 0; i < owner->count; i++)
        batch_add(owner->batch, &owner->messages[i]);
    owner_hold_followers(owner);
}
