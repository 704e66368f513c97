/* See model.h. The owners are those of tests/sim/owner.c; the service is that
 * of tests/lane/fixture.c. */
#include "lane/model.h"

#include <stdlib.h>
#include <string.h>

#include "sim/rules_fixture.h"
#include "sim/sim_internal.h"

/* Where the model's owner is when the lane's owner is at the failpoint. */
static const struct {
    const char *failpoint;
    enum owner_state state;
} places[] = {
    {"lane_messages_taken", OWNER_FILLED},
    {"lane_before_commit", OWNER_DECIDED},
    {"lane_committed", OWNER_PUBLISHING},
};

struct model {
    struct fixture fixture;
    struct owner *owner; /* the last one that began */
};

/* The other owner takes all lanes. */
static struct owner *
owner_begin(struct model *model)
{
    struct fixture *f = &model->fixture;

    model->owner = model->owner == f->first ? f->second : f->first;
    give(f, model->owner);
    return model->owner;
}

static struct owner *
owner_begin_until(struct model *model, const char *failpoint)
{
    struct owner *owner = owner_begin(model);
    size_t i = 0;

    while (strncmp(places[i].failpoint, failpoint,
                   strlen(places[i].failpoint)) != 0)
        assert_true(++i < sizeof places / sizeof places[0]);
    step_to(&model->fixture, owner, places[i].state);
    return owner;
}

static void
owner_does_all(struct model *model)
{
    struct owner *owner = owner_begin(model);

    work(&model->fixture, owner);
    land(&model->fixture, owner);
    work(&model->fixture, owner);
}

static void
publish(struct world *world, const struct given *message)
{
    bool teacher = message->sequence > 0;
    struct record *record = ARENA_NEW(world->arena, struct record);

    *record = (struct record){
        .key = message->key,
        .type = message->type,
        .id = message->id,
        .source = "/test",
        .sequence = teacher ? message->sequence : -1,
        .incarnation = teacher,
        .entity_version = message->version,
        .at = message->at,
        .value = message->wire,
        .size = message->size,
    };
    topic_append(world,
                 topic_find(world, fixture_service.inputs[teacher].topic),
                 message->lane, record);
}

static void
play(struct model *model, const struct step *step, const struct given *message)
{
    struct fixture *f = &model->fixture;
    struct owner *owner;

    switch (step->act) {
    case WORK:
        owner_does_all(model);
        break;
    case DIE:
        owner_crash(f->world, owner_begin_until(model, step->key));
        break;
    case FREEZE:
        owner = owner_begin_until(model, step->key);
        owner_does_all(model);
        work(f, owner);
        break;
    default:
        publish(f->world, message);
    }
}

/* --- what there is, in the lines of model_test.c:lane_has() -------------- */
struct lines {
    struct arena *arena;
    const char *text[500];
    size_t count;
};

static void
add(struct lines *lines, const char *line)
{
    assert_true(lines->count < sizeof lines->text / sizeof lines->text[0]);
    lines->text[lines->count++] = line;
}

/* One word more, unless it is NULL. */
static const char *
with(struct lines *lines, const char *line, const char *word)
{
    return word == NULL ? line
                        : arena_printf(lines->arena, "%s %s", line, word);
}

static const char *
with_int(struct lines *lines, const char *line, int64_t number)
{
    return arena_printf(lines->arena, "%s %lld", line, (long long)number);
}

static void
add_journal_row(struct lines *lines, const struct journal_row *row)
{
    const char *line = with_int(lines, "journal", row->lane);

    line = with_int(lines, line, row->seq);
    line = with_int(lines, line, row->kind);
    line = with_int(lines, line, row->partition);
    line = with(lines, line, row->type);
    line = with(lines, line, row->key);
    line = with_int(lines, line, row->version);
    line = with(lines, line, row->command_id);
    line = with(lines, line, row->causation);
    add(lines, with(lines, line, row->code));
}

static void
add_lane(struct lines *lines, const struct db *db, int lane)
{
    const struct lane_row *row = &db->lanes[lane];
    const char *line = with_int(lines, "lane", lane);

    line = with_int(lines, line, row->state.seq);
    line = with_int(lines, line, row->published_seq);
    add(lines, with_int(lines, line, row->state.incarnation));
    for (size_t i = 0; i < db->input_count; i++) {
        const struct input_row *input = &db->positions[i][lane];
        if (input->next_offset == 0)
            continue;
        line = with(lines, "position", db->inputs[i].topic);
        line = with_int(lines, line, lane);
        line = with_int(lines, line, input->next_offset);
        line = with_int(lines, line, input->mark.sequence);
        add(lines, with_int(lines, line, input->mark.incarnation));
    }
    for (size_t i = 0; i < db->journal[lane].count; i++)
        add_journal_row(lines, db->journal[lane].rows[i]);
}

static void
add_parked(struct lines *lines, const struct message *message)
{
    const char *line = with(lines, "parked", message->topic);

    line = with_int(lines, line, message->lane);
    line = with_int(lines, line, message->offset);
    line = with(lines, line, message->key);
    line = with(lines, line, message->id);
    add(lines, with(lines, line, message->broken));
}

static void
add_table(struct lines *lines, const struct table *table)
{
    for (const struct slot *slot = table->first; slot; slot = slot->next) {
        const char *line = table->store->name;
        for (const struct db_column *c = table->store->columns; c->name; c++) {
            const char *at = (const char *)slot->row + c->offset;
            if (c->type == DB_INT8)
                line =
                    with_int(lines, line, *(const int64_t *)(const void *)at);
            else
                line =
                    with(lines, line, *(const char *const *)(const void *)at);
        }
        add(lines, line);
    }
}

static int
by_text(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

static const char *
all_of(struct arena *arena, const struct db *db)
{
    struct lines lines = {.arena = arena};
    const char *all = "";

    for (int lane = 0; lane < lane_count(); lane++)
        add_lane(&lines, db, lane);
    for (const struct inbox_entry *e = db->inbox_first; e; e = e->next)
        add(&lines, with(&lines, "inbox", e->command_id));
    for (const struct parked *p = db->parked; p != NULL; p = p->next)
        add_parked(&lines, &p->message);
    for (size_t i = 0; i < db->table_count; i++)
        add_table(&lines, &db->tables[i]);
    for (int kind = 0; kind < TOPIC_KINDS; kind++) {
        int64_t count = 0;
        for (int lane = 0; lane < lane_count(); lane++)
            count += (int64_t)db->outputs[kind]->lanes[lane].count;
        add(&lines, with_int(&lines, with_int(&lines, "topic", kind), count));
    }
    qsort(lines.text, lines.count, sizeof lines.text[0], by_text);
    for (size_t i = 0; i < lines.count; i++)
        all = arena_printf(arena, "%s%s\n", all, lines.text[i]);
    return all;
}

const char *
model_run(struct arena *arena, uint64_t seed, const struct step *schedule,
          const struct given *messages)
{
    struct world *world = world_new(seed);
    struct model model = {.fixture = {.world = world}};
    struct db *db =
        db_add(world, &fixture_service.core, fixture_service.inputs);
    const char *volatile all = NULL;
    jmp_buf escape;

    world->quiet = true;
    world->escape = &escape;
    model.fixture.first = owner_add(world, db, 0);
    model.fixture.second = owner_add(world, db, 0);
    if (setjmp(escape) == 0) {
        for (size_t i = 0; schedule[i].act != END; i++)
            play(&model, &schedule[i], &messages[i]);
        all = all_of(arena, db);
    } else {
        all = arena_strdup(arena, world->failure);
    }
    world_free(world);
    return all;
}
