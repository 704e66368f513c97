/* Units that count (see small.h).
 *
 * AddOrganization counts one more; CloseOrganization lets another unit, in
 * another lane, count one more (rule 1); RequestDeletion takes one away but
 * never the last (rule 7). The hearer notes OrganizationChanged, and who left
 * by TeacherLeft unless it knows a newer fact (rule 8).
 */
#include "small.h"

#include <string.h>

typedef Inservice__Account__V1__AddOrganization Grow;
typedef Inservice__Account__V1__CloseOrganization PassOn;
typedef Inservice__Account__V1__RequestDeletion Shrink;
typedef Inservice__Account__V1__OrganizationChanged Changed;
typedef Inservice__Account__V1__OrganizationState State;
typedef Inservice__Teacher__V1__TeacherLeft Left;
typedef Inservice__Teacher__V1__TeacherRegistered Registered;

static const struct db_column unit_columns[] = {
    DB_COLUMN(unit_counted, code, DB_TEXT),
    DB_COLUMN(unit_counted, count, DB_INT8),
    DB_COLUMN_AS("version", unit_counted, row.version, DB_INT8),
    {0},
};

static ProtobufCMessage *
snapshot(struct decision *decision, const void *row)
{
    const struct unit_counted *unit = row;
    State *state = ARENA_NEW(decision->arena, State);

    inservice__account__v1__organization_state__init(state);
    state->code = (char *)(uintptr_t)unit->code;
    state->active_chiefs = (uint32_t)unit->count;
    return &state->base;
}

static const struct store units = {
    .name = "unit",
    .kind = STORE_AGGREGATE,
    .size = sizeof(struct unit_counted),
    .columns = unit_columns,
    .key = offsetof(struct unit_counted, code),
    .key_type = DB_TEXT,
    .state_type = "inservice.account.v1.OrganizationState",
    .snapshot = snapshot,
};

/* The same without lock, as a subselect beside FOR UPDATE sees it. */
static const struct store counts = {
    .name = "count",
    .kind = STORE_HINT,
    .size = sizeof(struct unit_counted),
    .columns = unit_columns,
    .key = offsetof(struct unit_counted, code),
    .key_type = DB_TEXT,
};

static const struct store *const small_stores[] = {&units, &counts, NULL};

bool
small_load(struct world *world, struct db *db, struct batch *batch,
           const struct store *store)
{
    const char *const *keys;

    (void)world;
    if (store != &counts)
        return false;
    size_t count = batch_wanted_keys(batch, store, &keys);
    for (size_t i = 0; i < count; i++) {
        const void *row = table_row(table_named(db, "unit"), keys[i]);
        if (row != NULL)
            table_load(batch, store, row);
    }
    return true;
}

static void
count_on(struct decision *decision, const char *code, int64_t by)
{
    struct unit_counted *unit = row_find(decision, &units, code);
    Changed changed;

    if (unit == NULL)
        unit = row_add(decision, &units, code);
    unit->count += by;
    row_change(decision, unit);
    inservice__account__v1__organization_changed__init(&changed);
    changed.code = (char *)(uintptr_t)code;
    say(decision, unit, &changed.base);
}

static void
grow_keys(struct keys *keys, const void *message)
{
    const Grow *m = message;

    keys_lane(keys, m->code);
    keys_row(keys, &units, m->code);
}

static enum end
do_grow(struct decision *decision, const void *message)
{
    const Grow *m = message;

    count_on(decision, m->code, 1);
    return DONE;
}

static void
pass_on_keys(struct keys *keys, const void *message)
{
    const PassOn *m = message;

    keys_lane(keys, m->code);
    keys_row(keys, &units, m->code);
    keys_row(keys, &units, m->into);
}

static enum end
do_pass_on(struct decision *decision, const void *message)
{
    const PassOn *m = message;
    Grow grow;

    if (m->into[0] == '\0')
        return DONE;
    if (WITHOUT(1)) {
        count_on(decision, m->into, 1);
        return DONE;
    }
    inservice__account__v1__add_organization__init(&grow);
    grow.code = m->into;
    order_self(decision, "Grow", m->into, &grow.base);
    return DONE;
}

static void
shrink_keys(struct keys *keys, const void *message)
{
    const Shrink *m = message;

    keys_lane(keys, m->organization);
    keys_row(keys, &units, m->organization);
    keys_row(keys, &counts, m->organization);
}

static enum end
do_shrink(struct decision *decision, const void *message)
{
    const Shrink *m = message;
    const struct unit_counted *unit =
        row_find(decision, WITHOUT(7) ? &counts : &units, m->organization);

    if (unit == NULL || unit->count < 2)
        return refuse(decision, "LAST_CHIEF");
    count_on(decision, m->organization, -1);
    return DONE;
}

static const char *const none[] = {NULL};

#define HANDLER(does, service, message_, name)                                 \
    {                                                                          \
        .kind = does,                                                          \
        .message = &inservice__##service##__v1__##message_##__descriptor,      \
        .keys = name##_keys, .handle = HANDLE_##does(name), .facts = none,     \
        .refusals = none, .routes = ""                                         \
    }
#define HANDLE_HANDLER_DO(name) do_##name
#define HANDLE_HANDLER_ON(name) on_##name

/* Any command with an organization will do. */
#define GROW   HANDLER(HANDLER_DO, account, add_organization, grow)
#define SHRINK HANDLER(HANDLER_DO, account, request_deletion, shrink)

static const struct handler handlers_before[] = {
    GROW, SHRINK, {.message = NULL}};
static const struct handler handlers[] = {
    GROW,
    SHRINK,
    HANDLER(HANDLER_DO, account, close_organization, pass_on),
    {.message = NULL},
};

const struct core small_core = {
    .name = "small", .handlers = handlers, .stores = small_stores};
const struct core small_core_before = {
    .name = "small", .handlers = handlers_before, .stores = small_stores};
const struct input small_inputs[] = {
    {"inservice.small.command.v1", TOPIC_COMMAND},
    {0},
};

/* --- the hearer --------------------------------------------------------- */
static const struct db_column heard_columns[] = {
    DB_COLUMN(heard, key, DB_TEXT),
    DB_COLUMN(heard, times, DB_INT8),
    DB_COLUMN(heard, version, DB_INT8),
    DB_COLUMN(heard, gone, DB_BOOL),
    {0},
};

static const struct store heards = {
    .name = "heard",
    .kind = STORE_RECORD,
    .size = sizeof(struct heard),
    .columns = heard_columns,
    .key = offsetof(struct heard, key),
    .key_type = DB_TEXT,
};

static const struct store *const hearer_stores[] = {&heards, NULL};

static struct heard *
heard_of(struct decision *decision, const char *key)
{
    struct heard *heard = row_find(decision, &heards, key);

    if (heard == NULL)
        heard = row_add(decision, &heards, key);
    heard->times++;
    row_change(decision, heard);
    return heard;
}

static void
changed_keys(struct keys *keys, const void *message)
{
    keys_row(keys, &heards, ((const Changed *)message)->code);
}

static enum end
on_changed(struct decision *decision, const void *message)
{
    heard_of(decision, ((const Changed *)message)->code);
    return DONE;
}

static enum end
note_place(struct decision *decision, const char *person, int64_t version,
           bool gone)
{
    struct heard *heard = heard_of(decision, person);

    if (!WITHOUT(8) && heard->version >= version)
        return DONE; /* an older fact does not undo it */
    heard->version = version;
    heard->gone = gone;
    return DONE;
}

static void
left_keys(struct keys *keys, const void *message)
{
    keys_row(keys, &heards, ((const Left *)message)->person_id);
}

static enum end
on_left(struct decision *decision, const void *message)
{
    const Left *m = message;

    return note_place(decision, m->person_id, m->fact->version, true);
}

static void
registered_keys(struct keys *keys, const void *message)
{
    keys_row(keys, &heards, ((const Registered *)message)->person_id);
}

static enum end
on_registered(struct decision *decision, const void *message)
{
    const Registered *m = message;

    return note_place(decision, m->person_id, m->fact->version, false);
}

static const struct handler hearer_handlers[] = {
    HANDLER(HANDLER_ON, account, organization_changed, changed),
    HANDLER(HANDLER_ON, teacher, teacher_left, left),
    HANDLER(HANDLER_ON, teacher, teacher_registered, registered),
    {.message = NULL},
};

const struct core hearer_core = {
    .name = "hearer", .handlers = hearer_handlers, .stores = hearer_stores};
const struct input hearer_inputs[] = {
    {"inservice.hearer.command.v1", TOPIC_COMMAND},
    {"inservice.small.event.v1", TOPIC_EVENT},
    {"inservice.teacher.event.v1", TOPIC_EVENT},
    {0},
};
