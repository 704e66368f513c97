/* A small world for the tests of the rules: one service that counts, one that
 * receives its facts, two owners of the first; moved by hand, not by the seed.
 */
#include "rules_fixture.h"

#include <string.h>

#include "sim_internal.h"

struct fixture
fixture_new(void)
{
    lane_count_set(6);
    struct world *world = world_new(1);
    struct fixture f = {.world = world};

    world->quiet = true;
    f.small = db_add(world, &small_core, small_inputs);
    f.small->load = small_load;
    f.hearer = db_add(world, &hearer_core, hearer_inputs);
    f.first = owner_add(world, f.small, 0);
    f.second = owner_add(world, f.small, 0);
    f.ear = owner_add(world, f.hearer, 1);
    f.view = ARENA_NEW(world->arena, struct view);
    f.view->topic = f.small->outputs[TOPIC_STATE];
    f.view->db = f.small;
    world->views[world->view_count++] = f.view;
    return f;
}

static char *
text(const char *constant)
{
    return (char *)(uintptr_t)constant;
}

void
grow(struct fixture *f, const char *code)
{
    Inservice__Account__V1__AddOrganization m;

    inservice__account__v1__add_organization__init(&m);
    m.order = world_order(f->world);
    m.code = text(code);
    send_in_lane(f->world, f->small, lane_of(code), code, &m.base);
}

void
pass_on(struct fixture *f, const char *code, const char *into)
{
    Inservice__Account__V1__CloseOrganization m;

    inservice__account__v1__close_organization__init(&m);
    m.order = world_order(f->world);
    m.code = text(code);
    m.into = text(into);
    send_in_lane(f->world, f->small, lane_of(code), code, &m.base);
}

void
shrink(struct fixture *f, const char *code)
{
    Inservice__Account__V1__RequestDeletion m;

    inservice__account__v1__request_deletion__init(&m);
    m.order = world_order(f->world);
    m.organization = text(code);
    send_in_lane(f->world, f->small, lane_of(code), code, &m.base);
}

void
send_again(struct fixture *f)
{
    const struct sent *sent = f->world->sent;

    topic_append(f->world, sent->topic, sent->lane, sent->record);
}

void
release(struct fixture *f, const char *key)
{
    Inservice__Common__V1__Release m;

    inservice__common__v1__release__init(&m);
    m.order = world_order(f->world);
    m.topic = text(small_inputs[0].topic);
    m.key = text(key);
    m.lane = (uint32_t)lane_of(key);
    send_in_lane(f->world, f->small, lane_of(key), "operator", &m.base);
}

void
tell_place(struct fixture *f, const char *person, int64_t version, bool left)
{
    Inservice__Common__V1__Fact fact;
    Inservice__Teacher__V1__TeacherLeft m;
    struct record *record = ARENA_NEW(f->world->arena, struct record);

    inservice__common__v1__fact__init(&fact);
    fact.version = version;
    inservice__teacher__v1__teacher_left__init(&m);
    m.fact = &fact;
    m.person_id = text(person);
    size_t size = protobuf_c_message_get_packed_size(&m.base);
    uint8_t *value = arena_alloc(f->world->arena, size + 1);
    protobuf_c_message_pack(&m.base, value);
    *record = (struct record){
        .key = person,
        .type = left ? "inservice.teacher.v1.TeacherLeft"
                     : "inservice.teacher.v1.TeacherRegistered",
        .id = world_id(f->world),
        .source = "/inservice/teacher",
        .sequence = ++f->told,
        .incarnation = 1,
        .value = value,
        .size = size,
    };
    topic_append(f->world, topic_find(f->world, "inservice.teacher.event.v1"),
                 f->lane_of_tellings, record);
}

void
give(struct fixture *f, const struct owner *owner)
{
    f->world->generation[0]++;
    for (int lane = 0; lane < lane_count(); lane++)
        f->world->assignment[0][lane] = owner->number;
}

/* Steps until it is there; a rule that is taken out may well never let it. */
void
step_to(struct fixture *f, struct owner *owner, enum owner_state state)
{
    for (int i = 0; i < 1000; i++) {
        owner_step(f->world, owner);
        if (owner->state == state)
            return;
    }
    world_fail(f->world, "an owner does not come to state %d", (int)state);
}

void
work(struct fixture *f, struct owner *owner)
{
    for (int i = 0; i < 400; i++)
        owner_step(f->world, owner);
    if (owner->state != OWNER_IDLE)
        step_to(f, owner, OWNER_IDLE);
}

void
land(struct fixture *f, struct owner *owner)
{
    for (int i = 0; i < 10000 && broker_step(f->world, owner); i++)
        ;
}

void
use_build(struct owner *owner, const struct core *core)
{
    batch_free(owner->batch);
    owner->batch = batch_new(core);
}

int64_t
count_of(const struct fixture *f, const char *code)
{
    const struct unit_counted *unit =
        table_row(table_named(f->small, "unit"), code);

    return unit == NULL ? 0 : unit->count;
}

const struct heard *
heard_of_key(const struct fixture *f, const char *key)
{
    return table_row(table_named(f->hearer, "heard"), key);
}

void
hold(struct fixture *f, bool held, const char *what)
{
    if (!held)
        world_fail(f->world, "%s", what);
}
