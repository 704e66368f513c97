/* The tables in memory and the run of one message; see core_fixture.h. */
#include "core_fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core_fixture_internal.h"

const int64_t FIXTURE_START = INT64_C(1785542400000000);

struct fixture *
fixture_new(const struct core *core)
{
    struct arena *arena = arena_new(0);
    struct fixture *fixture = ARENA_NEW(arena, struct fixture);

    lane_count_set(6);
    fixture->arena = arena;
    fixture->core = core;
    fixture->batch = batch_new(core);
    fixture->now = FIXTURE_START;
    return fixture;
}

void
fixture_free(struct fixture *fixture)
{
    if (fixture == NULL)
        return;
    batch_free(fixture->batch);
    arena_free(fixture->arena);
}

void
fixture_set_now(struct fixture *fixture, int64_t now)
{
    fixture->now = now;
}

struct arena *
fixture_arena(struct fixture *fixture)
{
    return fixture->arena;
}

const char *
fixture_id(struct fixture *fixture, unsigned n)
{
    return arena_printf(fixture->arena, "00000000-0000-8000-8000-%012u", n);
}

Order *
fixture_order(struct fixture *fixture)
{
    Order *order = ARENA_NEW(fixture->arena, Order);

    inservice__common__v1__order__init(order);
    order->command_id = arena_printf(
        fixture->arena, "00000000-0000-7000-8000-%012u", ++fixture->commands);
    order->at = fixture->now;
    return order;
}

/* --- tables --- */
static struct table *
table_of(const struct fixture *fixture, const struct store *store)
{
    for (size_t i = 0; fixture->core->stores[i] != NULL; i++)
        if (fixture->core->stores[i] == store)
            return (struct table *)(uintptr_t)&fixture->tables[i];
    fail_msg("store %s is not in the core's list", store->name);
    return NULL;
}

static const char *
member(const void *row, size_t offset)
{
    return *(const char *const *)((const char *)row + offset);
}

static bool
has_text(const void *row, size_t offset, const char *text)
{
    const char *own = offset == 0 ? NULL : member(row, offset);

    return own != NULL && text != NULL && strcmp(own, text) == 0;
}

/* A copy that owns its texts, as a table would. */
static void *
row_copy(struct fixture *fixture, const struct store *store, const void *row)
{
    char *copy = arena_copy(fixture->arena, row, store->size);

    for (const struct db_column *c = store->columns; c->name != NULL; c++) {
        if (c->type == DB_TEXT || c->type == DB_UUID || c->type == DB_DATE) {
            const char **text = (const char **)(void *)(copy + c->offset);
            *text = arena_strdup(fixture->arena, *text);
        } else if (c->type == DB_BYTES) {
            struct db_blob *blob = (struct db_blob *)(void *)(copy + c->offset);
            if (blob->data != NULL)
                blob->data = arena_copy(fixture->arena, blob->data, blob->size);
        }
    }
    ((struct row *)(void *)copy)->store = store;
    return copy;
}

static void
table_set(struct fixture *fixture, struct table *table, size_t slot, void *row)
{
    assert_true(slot < TABLE_ROWS_MAX);
    table->rows[slot] = row;
    if (slot == table->count)
        table->count++;
    (void)fixture;
}

static size_t
table_slot(const struct table *table, const struct store *store,
           const char *key)
{
    size_t slot = 0;

    while (slot < table->count && !has_text(table->rows[slot], store->key, key))
        slot++;
    return slot;
}

void
fixture_put(struct fixture *fixture, const struct store *store, const void *row)
{
    struct table *table = table_of(fixture, store);
    size_t slot = store->key == 0
                      ? table->count
                      : table_slot(table, store, member(row, store->key));

    table_set(fixture, table, slot, row_copy(fixture, store, row));
}

const void *
fixture_row(const struct fixture *fixture, const struct store *store,
            const char *key)
{
    const struct table *table = table_of(fixture, store);
    size_t slot = table_slot(table, store, key);

    return slot < table->count ? table->rows[slot] : NULL;
}

const void *
fixture_child(const struct fixture *fixture, const struct store *store,
              const char *parent, size_t n)
{
    const struct table *table = table_of(fixture, store);

    for (size_t slot = 0; slot < table->count; slot++)
        if (has_text(table->rows[slot], store->parent, parent) && n-- == 0)
            return table->rows[slot];
    return NULL;
}

/* --- load and save --- */
static void
load_slot(struct fixture *fixture, struct table *table,
          const struct store *store, size_t slot)
{
    char *row = batch_blank(fixture->batch, store);
    const char *stored = table->rows[slot];

    memcpy(row + sizeof(struct row), stored + sizeof(struct row),
           store->size - sizeof(struct row));
    ((struct row *)(void *)row)->version =
        ((const struct row *)(const void *)stored)->version;
    table->loaded[slot] = row;
    batch_put(fixture->batch, row);
}

/* Claims are inserted before they are locked. */
static void
insert_claim(struct fixture *fixture, struct table *table,
             const struct store *store, const char *key)
{
    char *row = arena_alloc(fixture->arena, store->size);

    if (table_slot(table, store, key) < table->count)
        return;
    *(const char **)(void *)(row + store->key) =
        arena_strdup(fixture->arena, key);
    table_set(fixture, table, table->count, row);
}

static void
load_store(struct fixture *fixture, const struct store *store)
{
    struct table *table = table_of(fixture, store);
    const char *const *keys;
    size_t count = batch_wanted_keys(fixture->batch, store, &keys);

    memset(table->loaded, 0, sizeof table->loaded);
    for (size_t i = 0; i < count; i++) {
        if (store->kind == STORE_CLAIM)
            insert_claim(fixture, table, store, keys[i]);
        size_t slot = table_slot(table, store, keys[i]);
        if (slot < table->count)
            load_slot(fixture, table, store, slot);
    }
    count = batch_wanted_parents(fixture->batch, store, &keys);
    for (size_t i = 0; i < count; i++)
        for (size_t slot = 0; slot < table->count; slot++)
            if (has_text(table->rows[slot], store->parent, keys[i]))
                load_slot(fixture, table, store, slot);
}

static size_t
slot_of_dirty(const struct table *table, const struct store *store,
              const void *row)
{
    size_t slot = 0;

    if (store->key != 0)
        return table_slot(table, store, member(row, store->key));
    while (slot < table->count && table->loaded[slot] != row)
        slot++;
    return slot;
}

static void
save_store(struct fixture *fixture, const struct store *store)
{
    struct table *table = table_of(fixture, store);
    void *const *dirty;
    size_t count = batch_dirty(fixture->batch, store, &dirty);

    assert_true(count == 0 || store->kind != STORE_HINT);
    for (size_t i = 0; i < count; i++) {
        size_t slot = slot_of_dirty(table, store, dirty[i]);
        const struct row *before =
            slot < table->count ? table->rows[slot] : NULL;
        const struct row *after = dirty[i];
        if (store->kind == STORE_AGGREGATE) /* I9: 1…n without a gap */
            assert_int_equal(after->version,
                             (before ? before->version : 0) + 1);
        table_set(fixture, table, slot, row_copy(fixture, store, after));
    }
}

/* --- one message --- */
static void
keep_journal(struct fixture *fixture)
{
    struct journal_row *const *rows;

    fixture->said_count = batch_journal(fixture->batch, &rows);
    assert_true(fixture->said_count <= SAID_MAX);
    for (size_t i = 0; i < fixture->said_count; i++) {
        struct journal_row *copy =
            arena_copy(fixture->arena, rows[i], sizeof **rows);
        copy->type = arena_strdup(fixture->arena, copy->type);
        copy->key = arena_strdup(fixture->arena, copy->key);
        copy->command_id = arena_strdup(fixture->arena, copy->command_id);
        copy->value = copy->value == NULL
                          ? NULL
                          : arena_copy(fixture->arena, copy->value, copy->size);
        fixture->said[i] = copy;
    }
}

static void
keep_timers(struct fixture *fixture)
{
    struct timer_row *const *rows;
    size_t count = batch_timers(fixture->batch, &rows);

    for (size_t i = 0; i < count; i++) {
        size_t slot = 0;
        struct timer_row *copy =
            arena_copy(fixture->arena, rows[i], sizeof **rows);
        copy->name = arena_strdup(fixture->arena, copy->name);
        copy->type = arena_strdup(fixture->arena, copy->type);
        copy->lane_key = arena_strdup(fixture->arena, copy->lane_key);
        if (copy->value != NULL)
            copy->value = arena_copy(fixture->arena, copy->value, copy->size);
        while (slot < fixture->timer_count &&
               strcmp(fixture->timers[slot]->name, copy->name) != 0)
            slot++;
        assert_true(slot < TIMERS_MAX);
        fixture->timers[slot] = copy;
        if (slot == fixture->timer_count)
            fixture->timer_count++;
    }
}

static void
run(struct fixture *fixture, struct message *message)
{
    const struct core *core = fixture->core;

    batch_begin(fixture->batch, fixture->now);
    batch_add(fixture->batch, message);
    if (message->broken != NULL)
        fail_msg("%s: %s", message->type, message->broken);
    batch_put_lane(fixture->batch, message->lane,
                   &fixture->lanes[message->lane]);
    for (size_t i = 0; core->stores[i] != NULL; i++)
        load_store(fixture, core->stores[i]);
    enum end end = batch_decide(fixture->batch);
    if (fixture->expect_broken) {
        fixture->expect_broken = false;
        assert_int_equal(end, BROKEN);
        return;
    }
    if (end != DONE)
        fail_msg("%s is broken: %s", message->type,
                 message->broken ? message->broken : "RETRY");
    for (size_t i = 0; core->stores[i] != NULL; i++)
        save_store(fixture, core->stores[i]);
    fixture->lanes[message->lane] = *batch_lane(fixture->batch, message->lane);
    fixture->end = message->end;
    fixture->code = message->code;
    keep_journal(fixture);
    keep_timers(fixture);
    coverage_note(message->handler, fixture);
}

static const uint8_t *
pack(struct fixture *fixture, const ProtobufCMessage *message, size_t *ret_size)
{
    uint8_t *bytes = arena_alloc(
        fixture->arena, protobuf_c_message_get_packed_size(message) + 1);

    *ret_size = protobuf_c_message_pack(message, bytes);
    return bytes;
}

static enum end
run_command(struct fixture *fixture, int lane, const char *type, const char *id,
            const uint8_t *value, size_t size)
{
    struct message message = {
        .topic = "command",
        .kind = TOPIC_COMMAND,
        .lane = lane,
        .key = id,
        .type = type,
        .id = id,
        .source = "/test",
        .sequence = -1,
        .at = fixture->now,
        .value = value,
        .size = size,
    };

    run(fixture, &message);
    return fixture->end;
}

void
fixture_expect_broken(struct fixture *fixture)
{
    fixture->expect_broken = true;
}

struct order_head {
    ProtobufCMessage base;
    Order *order;
};

enum end
fixture_send(struct fixture *fixture, const char *lane_key,
             ProtobufCMessage *command)
{
    size_t size;
    const uint8_t *value = pack(fixture, command, &size);

    return run_command(fixture, lane_of(lane_key), command->descriptor->name,
                       ((struct order_head *)command)->order->command_id, value,
                       size);
}

void
fixture_raise_incarnation(struct fixture *fixture, int64_t incarnation)
{
    fixture->incarnation = incarnation;
}

void
fixture_hear(struct fixture *fixture, enum topic_kind kind, const char *topic,
             const char *lane_key, const char *key, int64_t version,
             ProtobufCMessage *fact)
{
    struct message message = {
        .topic = topic,
        .kind = kind,
        .lane = lane_of(lane_key),
        .key = key,
        .type = fact->descriptor->name,
        .id = fixture_order(fixture)->command_id,
        .source = "/elsewhere",
        .sequence = ++fixture->sequence,
        .incarnation = fixture->incarnation,
        .entity_version = version,
        .at = fixture->now,
    };

    message.value = pack(fixture, fact, &message.size);
    run(fixture, &message);
}

size_t
fixture_deliver(struct fixture *fixture)
{
    struct journal_row *said[SAID_MAX];
    size_t count = fixture->said_count;
    size_t delivered = 0;

    memcpy(said, fixture->said, sizeof said);
    for (size_t i = 0; i < count; i++) {
        if (said[i]->kind != TOPIC_COMMAND)
            continue;
        run_command(fixture, said[i]->partition, said[i]->type,
                    said[i]->command_id, said[i]->value, said[i]->size);
        delivered++;
    }
    return delivered;
}

static const struct timer_row *
timer_find(const struct fixture *fixture, const char *name)
{
    for (size_t i = 0; i < fixture->timer_count; i++)
        if (strcmp(fixture->timers[i]->name, name) == 0 &&
            fixture->timers[i]->due_at != DB_NO_TIME)
            return fixture->timers[i];
    return NULL;
}

int64_t
fixture_timer(const struct fixture *fixture, const char *name)
{
    const struct timer_row *timer = timer_find(fixture, name);

    return timer == NULL ? DB_NO_TIME : timer->due_at;
}

bool
fixture_fire(struct fixture *fixture, const char *name)
{
    const struct timer_row *timer = timer_find(fixture, name);

    if (timer == NULL)
        return false;
    fixture->now = timer->due_at;
    const struct handler *handler =
        handler_find(fixture->core->handlers, timer->type);
    struct order_head *head = (struct order_head *)protobuf_c_message_unpack(
        handler->message, arena_protobuf(fixture->arena), timer->size,
        timer->value);
    run_command(fixture, timer->partition, timer->type, head->order->command_id,
                timer->value, timer->size);
    return true;
}
