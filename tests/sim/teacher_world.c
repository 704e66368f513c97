/* The teacher service in the model: its hints as its SQL reads them, what must
 * hold at every commit (I6: one primary place a teacher), and commands: schools
 * that pull one teacher at once, moves planned, undone and carried out.
 */
#include <string.h>

#include "chassis/base/clock.h"
#include "chassis/base/seal.h"

#include "rules/identity.h"

#include "sim_internal.h"

#include "teacher/teacher.h"

static struct db *
teacher_db(const struct world *world)
{
    return world->dbs[1];
}

/* --- hints and the order of children ------------------------------------ */
/* A hint that is another table read without lock. */
static void
load_copy(struct db *db, struct batch *batch, const struct store *store,
          const char *table)
{
    const char *const *keys;
    size_t count = batch_wanted_keys(batch, store, &keys);

    for (size_t i = 0; i < count; i++) {
        const void *row = table_row(table_named(db, table), keys[i]);
        if (row != NULL)
            table_load(batch, store, row);
    }
}

static void
load_codes(struct db *db, struct batch *batch, const struct store *store)
{
    const char *const *keys;
    size_t count = batch_wanted_keys(batch, store, &keys);

    for (size_t i = 0; i < count; i++) {
        const struct code *code = table_row(table_named(db, "code"), keys[i]);
        if (code != NULL && !code->removed)
            table_load(batch, store, code);
    }
}

static void
load_officers_of_persons(struct db *db, struct batch *batch,
                         const struct store *store)
{
    const char *const *keys;
    size_t count = batch_wanted_keys(batch, store, &keys);

    for (size_t i = 0; i < count; i++) {
        const struct officer_copy *best = NULL;
        for (const struct slot *s = table_named(db, "officer_copy")->first;
             s != NULL; s = s->next) {
            const struct officer_copy *o = s->row;
            if (o->status == ACCOUNT_ACTIVE && o->role != 0 &&
                o->person_id != NULL && strcmp(o->person_id, keys[i]) == 0 &&
                (best == NULL || o->role < best->role))
                best = o;
        }
        if (best != NULL)
            table_load(batch, store, best);
    }
}

static bool
place_of(struct db *db, const char *person, const char *code)
{
    const struct slot *slot = NULL;

    while ((slot = table_child(table_named(db, "post"), person, slot))) {
        const struct post *post = slot->row;
        if ((post->state == POST_OPEN || post->state == POST_PLANNED) &&
            strcmp(post->organization, code) == 0)
            return true;
    }
    while ((slot = table_child(table_named(db, "move"), person, slot))) {
        const struct move *move = slot->row;
        if ((move->from_organization != NULL &&
             strcmp(move->from_organization, code) == 0) ||
            (move->to_organization != NULL &&
             strcmp(move->to_organization, code) == 0))
            return true;
    }
    return false;
}

static bool
is_place(const struct post *post, const char *code)
{
    return post != NULL &&
           (post->state == POST_OPEN || post->state == POST_PLANNED) &&
           strcmp(post->organization, code) == 0;
}

/* Each person once. */
static void
load_persons_at_units(struct db *db, struct batch *batch,
                      const struct store *store)
{
    const struct slot *first = table_named(db, "post")->first;
    const char *const *places;
    size_t count = batch_wanted_parents(batch, store, &places);

    for (size_t i = 0; i < count; i++)
        for (const struct slot *s = first; s != NULL; s = s->next) {
            const struct post *post = s->row;
            const struct slot *before = first;
            while (before != s &&
                   !(is_place(before->row, places[i]) && post != NULL &&
                     strcmp(((const struct post *)before->row)->person_id,
                            post->person_id) == 0))
                before = before->next;
            if (before != s || !is_place(post, places[i]))
                continue;
            struct person_at_unit row = {.person_id = post->person_id,
                                         .organization = places[i]};
            table_load(batch, store, &row);
        }
}

static void
load_units_of_persons(struct db *db, struct batch *batch,
                      const struct store *store)
{
    const char *const *persons;
    size_t count = batch_wanted_parents(batch, store, &persons);

    for (size_t i = 0; i < count; i++)
        for (const struct slot *s = table_named(db, "organization_copy")->first;
             s != NULL; s = s->next) {
            struct organization_copy unit =
                *(const struct organization_copy *)s->row;
            unit.person_id = persons[i];
            if (place_of(db, persons[i], unit.code))
                table_load(batch, store, &unit);
        }
}

/* Lower comes first; -1: is not loaded (post_load_children.sql,
 * move_load_children.sql). */
static int64_t
rank_of(const struct store *store, const void *row)
{
    const struct post *post = row;
    const struct move *move = row;

    if (store_named(store, "move"))
        return move->settled_version == 0 ? 0 : 100000 - move->settled_version;
    if (post->state == POST_UNDONE)
        return -1;
    return post->state * 1000000 - post->closed_version;
}

static void
load_ranked(struct db *db, struct batch *batch, const struct store *store)
{
    const struct table *table = table_of(db, store);
    const char *const *parents;
    size_t count = batch_wanted_parents(batch, store, &parents);

    for (size_t i = 0; i < count; i++) {
        int64_t above = -1, next;
        for (int n = 0; n < 40; n++) {
            const struct slot *slot = NULL;
            next = INT64_MAX;
            while ((slot = table_child(table, parents[i], slot)) != NULL)
                if (rank_of(store, slot->row) > above &&
                    rank_of(store, slot->row) < next)
                    next = rank_of(store, slot->row);
            if (next == INT64_MAX)
                break;
            while ((slot = table_child(table, parents[i], slot)) != NULL)
                if (rank_of(store, slot->row) == next)
                    table_load(batch, store, slot->row);
            above = next;
        }
    }
}

static bool
load(struct world *world, struct db *db, struct batch *batch,
     const struct store *store)
{
    if (store_named(store, "post") || store_named(store, "move"))
        load_ranked(db, batch, store);
    else if (store_named(store, "code_elsewhere"))
        load_codes(db, batch, store);
    else if (hint_named(store, "organization_copy"))
        load_copy(db, batch, store, "organization_copy");
    else if (store_named(store, "person_at_unit"))
        load_persons_at_units(db, batch, store);
    else if (hint_named(store, "officer_copy"))
        load_copy(db, batch, store, "officer_copy");
    else if (store_named(store, "officer_of_person"))
        load_officers_of_persons(db, batch, store);
    else if (store_named(store, "unit_of_person"))
        load_units_of_persons(db, batch, store);
    else if (store->kind == STORE_HINT)
        world_fail(world, "the model does not know the hint %s", store->name);
    else
        return false;
    return true;
}

/* --- I6 at every commit ------------------------------------------------- */
static void
check_places(struct world *world, struct db *db, const char *person)
{
    const struct slot *slot = NULL, *other = NULL;
    int primary = 0;

    while ((slot = table_child(table_named(db, "post"), person, slot))) {
        const struct post *post = slot->row;
        if (post->state != POST_OPEN)
            continue;
        primary += post->kind == POST_PRIMARY;
        other = slot;
        while ((other = table_child(table_named(db, "post"), person, other))) {
            const struct post *second = other->row;
            if (second->state == POST_OPEN &&
                strcmp(post->organization, second->organization) == 0)
                world_fail(world, "I6: %s is twice at %s", person,
                           post->organization);
        }
    }
    if (primary > 1)
        world_fail(world, "I6: %s has %d primary schools", person, primary);
}

static void
committed(struct world *world, struct db *db, struct batch *batch)
{
    void *const *rows;
    size_t count = batch_dirty(batch, table_named(db, "teacher")->store, &rows);

    for (size_t i = 0; i < count; i++)
        check_places(world, db, ((const struct teacher *)rows[i])->person_id);
}

struct db *
teacher_add(struct world *world)
{
    struct db *db = db_add(world, &teacher_core, teacher_inputs);

    db->load = load;
    db->committed = committed;
    return db;
}

/* The units of the person's posts in this state, each once. */
static size_t
posts_in(struct db *db, const char *person, int state, char **ret_codes)
{
    const struct slot *slot = NULL;
    size_t count = 0;

    while ((slot = table_child(table_named(db, "post"), person, slot))) {
        const struct post *post = slot->row;
        size_t k = 0;
        while (k < count && strcmp(ret_codes[k], post->organization) != 0)
            k++;
        if (post->state == state && k == count && count < 64)
            ret_codes[count++] = (char *)(uintptr_t)post->organization;
    }
    return count;
}

/* As the gateway sees them: without a post, the units that await the person. */
int64_t
teacher_posts(struct world *world, const char *person,
              char ***ret_organizations, size_t *ret_count)
{
    struct db *db = teacher_db(world);
    const struct teacher *teacher =
        table_row(table_named(db, "teacher"), person);

    *ret_organizations = ARENA_ARRAY(world->arena, char *, 64);
    *ret_count = 0;
    if (teacher == NULL)
        return 0;
    *ret_count = posts_in(db, person, POST_OPEN, *ret_organizations);
    if (*ret_count == 0)
        *ret_count = posts_in(db, person, POST_PLANNED, *ret_organizations);
    return teacher->row.version;
}

/* --- commands ----------------------------------------------------------- */
static char *
text(const char *constant)
{
    return (char *)(uintptr_t)constant;
}

static void
send(struct world *world, const char *lane_key, ProtobufCMessage *command)
{
    if (handler_find(teacher_core.handlers, command->descriptor->name))
        world_send(world, teacher_db(world), lane_key, command);
}

static bool
order_by_unit(struct world *world, Order *order, const char *unit)
{
    struct officer_seen officer;

    if (!account_officer(
            world, chance(world, 80) ? unit_codes[pick(world, UNITS)] : unit,
            &officer))
        return false;
    order_by(world, order, &officer);
    return true;
}

static void
ask_version(struct world *world, Order *order, const struct teacher *teacher)
{
    if (teacher == NULL)
        return;
    order->expected_version_presence_case =
        INSERVICE__COMMON__V1__ORDER__EXPECTED_VERSION_PRESENCE_EXPECTED_VERSION;
    order->expected_version =
        teacher->row.version - (chance(world, 60) ? 1 : 0);
}

static char *
some_day(struct world *world)
{
    char *day = arena_alloc(world->arena, 16);

    if (chance(world, 700))
        return day;
    return day_text(day_of(world->now) + (day_number)pick(world, 60), day);
}

/* Nearly always there was one; a pull without it is refused (T1). */
static Inservice__Teacher__V1__LookUp *
look_up_by(struct world *world, const Order *order)
{
    Inservice__Teacher__V1__LookUp *look_up =
        ARENA_NEW(world->arena, Inservice__Teacher__V1__LookUp);

    if (chance(world, 50))
        return NULL;
    inservice__teacher__v1__look_up__init(look_up);
    look_up->audit_id = text(world_id(world));
    look_up->organization = order->actor->organization;
    look_up->at = order->at;
    return look_up;
}

static void
register_at(struct world *world, const char *person, const char *unit)
{
    const struct teacher *teacher =
        table_row(table_named(teacher_db(world), "teacher"), person);
    RegisterTeacher m;
    static uint8_t sealed[SEAL_OVERHEAD + IDENTITY_LENGTH] = {1, 2, 3};
    int kind = 0, status = 0;

    inservice__teacher__v1__register_teacher__init(&m);
    m.order = world_order(world);
    if (!order_by_unit(world, m.order, unit) ||
        !account_unit(world, unit, &kind, &status, &m.unit_version))
        return;
    ask_version(world, m.order, teacher);
    m.person_id = text(person);
    m.number_sealed.data = sealed;
    m.number_sealed.len = sizeof sealed;
    m.number_kind = 1;
    m.name = text("王小明");
    m.sex = 1;
    m.email = text("t@example.org");
    m.organization = text(unit);
    m.unit_kind = (unsigned)kind;
    m.unit_status = (unsigned)status;
    m.post = chance(world, 250) ? 2 : 1; /* SECONDARY, PRIMARY */
    m.effective_on = some_day(world);
    m.look_up = look_up_by(world, m.order);
    send(world, person, &m.base);
}

/* Two schools pull the same teacher at once. */
static void
race_pull(struct world *world, const char *person)
{
    for (int n = 0; n < 2; n++)
        register_at(world, person, unit_codes[2 + pick(world, 3)]);
}

static void
leave(struct world *world, const char *person)
{
    LeaveSchool m;
    char **places;
    size_t count;

    inservice__teacher__v1__leave_school__init(&m);
    teacher_posts(world, person, &places, &count);
    if (count == 0)
        return;
    m.order = world_order(world);
    m.person_id = text(person);
    m.organization = places[pick(world, (uint32_t)count)];
    if (!order_by_unit(world, m.order, m.organization))
        return;
    m.reason = 1 + pick(world, 3);
    m.effective_on = some_day(world);
    send(world, person, &m.base);
}

static void
undo(struct world *world, const char *person)
{
    const struct table *moves_table = table_named(teacher_db(world), "move");
    const struct slot *slot = NULL;
    const struct move *move = NULL;
    UndoMove m;
    uint32_t seen = 0;

    while ((slot = table_child(moves_table, person, slot)) != NULL)
        if (pick(world, ++seen) == 0 || chance(world, 500))
            move = slot->row;
    if (move == NULL)
        return;
    inservice__teacher__v1__undo_move__init(&m);
    m.order = world_order(world);
    if (!order_by_unit(world, m.order,
                       move->to_organization && move->to_organization[0]
                           ? move->to_organization
                           : move->from_organization))
        return;
    m.person_id = text(person);
    m.move_id = text(move->move_id);
    send(world, person, &m.base);
}

static void
update(struct world *world, const char *person)
{
    UpdateTeacher m;
    char **places;
    size_t count;

    inservice__teacher__v1__update_teacher__init(&m);
    teacher_posts(world, person, &places, &count);
    if (count == 0)
        return;
    m.order = world_order(world);
    if (!order_by_unit(world, m.order, places[0]))
        return;
    m.person_id = text(person);
    m.organization = places[0];
    m.unit_note_presence_case =
        INSERVICE__TEACHER__V1__UPDATE_TEACHER__UNIT_NOTE_PRESENCE_UNIT_NOTE;
    m.unit_note = text(world_id(world));
    send(world, person, &m.base);
}

void
teacher_generate(struct world *world)
{
    const char *person = person_id(world, pick(world, TEACHERS));

    switch (pick(world, 8)) {
    case 0:
    case 1:
        race_pull(world, person);
        break;
    case 2:
    case 3:
        leave(world, person);
        break;
    case 4:
        undo(world, person);
        break;
    case 5:
        update(world, person);
        break;
    default:
        register_at(world, person, unit_codes[2 + pick(world, 3)]);
        break;
    }
}
