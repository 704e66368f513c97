/* The course system, as far as B15 needs it: another system with its own truth.
 * It receives disablings and enablings, opens courses for other accounts only,
 * and answers a disabling with the open courses. */
#include <string.h>

#include "sim_internal.h"

#include "inservice/account/v1/events.pb-c.h"
#include "inservice/course/v1/events.pb-c.h"

typedef Inservice__Course__V1__CourseStateChanged CourseStateChanged;
typedef Inservice__Course__V1__CourseOwnerSettled CourseOwnerSettled;
typedef Inservice__Account__V1__BusinessAccountEnabled Enabled;
typedef Inservice__Account__V1__BusinessAccountDisabled Disabled;

static bool
is_open(const struct course *course)
{
    return course->state != 8 && course->state != 9;
}

bool
course_open(const struct world *world, const char *account_id)
{
    for (const struct course *c = world->courses; c != NULL; c = c->next)
        if (is_open(c) && strcmp(c->owner, account_id) == 0)
            return true;
    return false;
}

static void
tell(struct world *world, const char *organization, const char *key,
     ProtobufCMessage *fact)
{
    struct record *record = ARENA_NEW(world->arena, struct record);
    size_t size = protobuf_c_message_get_packed_size(fact);
    uint8_t *value = arena_alloc(world->arena, size + 1);
    int lane = lane_of(organization);

    protobuf_c_message_pack(fact, value);
    *record = (struct record){
        .key = key,
        .type = fact->descriptor->name,
        .id = world_id(world),
        .source = "/course",
        .sequence = ++world->course_sequence[lane],
        .incarnation = 1,
        .at = world->now,
        .value = value,
        .size = size,
    };
    topic_append(world, topic_find(world, "inservice.course.event.v1"), lane,
                 record);
}

static void
tell_course(struct world *world, struct course *course)
{
    CourseStateChanged fact;

    inservice__course__v1__course_state_changed__init(&fact);
    fact.course_id = (char *)(uintptr_t)course->course_id;
    fact.owner_account_id = (char *)(uintptr_t)course->owner;
    fact.organization = (char *)(uintptr_t)course->organization;
    fact.title = (char *)(uintptr_t) "研習";
    fact.state = (unsigned)course->state;
    fact.course_version = ++course->version;
    tell(world, course->organization, course->course_id, &fact.base);
}

static struct course_owner *
owner_of(struct world *world, const char *account_id, const char *organization)
{
    struct course_owner *owner = world->course_owners;

    while (owner != NULL && strcmp(owner->account_id, account_id) != 0)
        owner = owner->next;
    if (owner == NULL) {
        owner = ARENA_NEW(world->arena, struct course_owner);
        owner->account_id = arena_strdup(world->arena, account_id);
        owner->organization = arena_strdup(world->arena, organization);
        owner->next = world->course_owners;
        world->course_owners = owner;
    }
    return owner;
}

static void
settle(struct world *world, const struct course_owner *owner)
{
    CourseOwnerSettled fact;
    char *open[256];

    inservice__course__v1__course_owner_settled__init(&fact);
    fact.account_id = (char *)(uintptr_t)owner->account_id;
    fact.organization = (char *)(uintptr_t)owner->organization;
    fact.account_version = owner->version;
    fact.open_course_ids = open;
    for (const struct course *c = world->courses; c != NULL; c = c->next)
        if (is_open(c) && strcmp(c->owner, owner->account_id) == 0 &&
            fact.n_open_course_ids < 256)
            open[fact.n_open_course_ids++] = (char *)(uintptr_t)c->course_id;
    tell(world, owner->organization, owner->account_id, &fact.base);
}

static void
follow(struct world *world, const struct record *record,
       struct course_owner *owner, bool disabled)
{
    if (record->entity_version <= owner->version)
        return;
    owner->version = record->entity_version;
    owner->disabled = disabled;
    if (disabled)
        settle(world, owner);
}

static void
hear_disabled(struct world *world, const struct record *record)
{
    Disabled *fact = inservice__account__v1__business_account_disabled__unpack(
        arena_protobuf(world->arena), record->size, record->value);

    if (fact != NULL) /* otherwise poison */
        follow(world, record,
               owner_of(world, fact->account_id, fact->organization), true);
}

static void
hear_enabled(struct world *world, const struct record *record)
{
    Enabled *fact = inservice__account__v1__business_account_enabled__unpack(
        arena_protobuf(world->arena), record->size, record->value);

    if (fact != NULL)
        follow(world, record,
               owner_of(world, fact->account_id, fact->organization), false);
}

static void
hear(struct world *world)
{
    const struct topic *topic = topic_find(world, "inservice.account.event.v1");
    int lane = (int)pick(world, (uint32_t)lane_count());
    const struct log *log = &topic->lanes[lane];

    for (int n = 0; n < 5 && world->courses_next[lane] < log->count; n++) {
        const struct record *r = log->records[world->courses_next[lane]++];
        if (strcmp(r->type, "inservice.account.v1.BusinessAccountDisabled") ==
            0)
            hear_disabled(world, r);
        if (strcmp(r->type, "inservice.account.v1.BusinessAccountEnabled") == 0)
            hear_enabled(world, r);
    }
}

static void
open_course(struct world *world)
{
    struct course_owner *owner = world->course_owners;
    struct course *course;

    if (chance(world, 700))
        return;
    for (uint32_t n = pick(world, 20); n > 0 && owner && owner->next; n--)
        owner = owner->next;
    if (owner == NULL || owner->disabled)
        return;
    course = ARENA_NEW(world->arena, struct course);
    course->course_id = world_id(world);
    course->owner = owner->account_id;
    course->organization = owner->organization;
    course->state = 1 + (int)pick(world, 6);
    course->next = world->courses;
    world->courses = course;
    tell_course(world, course);
}

/* To a colleague of the same unit. */
static void
hand_on(struct world *world, struct course *course)
{
    struct course_owner *other = world->course_owners;

    for (uint32_t n = pick(world, 20); n > 0 && other && other->next; n--)
        other = other->next;
    if (other != NULL && !other->disabled &&
        strcmp(other->organization, course->organization) == 0)
        course->owner = other->account_id;
}

static void
change_course(struct world *world)
{
    struct course *course = world->courses;

    while (course != NULL && (!is_open(course) || chance(world, 500)))
        course = course->next;
    if (course == NULL)
        return;
    course->state =
        chance(world, 700) ? 8 + (int)pick(world, 2) : 1 + (int)pick(world, 7);
    if (chance(world, 300))
        hand_on(world, course);
    tell_course(world, course);
}

void
course_step(struct world *world)
{
    uint32_t what = pick(world, 10);

    if (what < 6 || world->quiet)
        hear(world);
    else if (what < 7)
        open_course(world);
    else
        change_course(world);
}
