/* A read model fed by a state topic: rows by entity version, forever (rule 4).
 * At rest it must equal the owner's rows. */
#include <string.h>

#include "sim_internal.h"

static struct view_row **
view_bucket(struct view *view, const char *key)
{
    uint32_t h = 2166136261u;

    for (; *key != '\0'; key++)
        h = (h ^ (uint8_t)*key) * 16777619u;
    return &view->rows[h % SIM_BUCKETS];
}

const struct view_row *
view_find(struct view *view, const char *key)
{
    const struct view_row *row = *view_bucket(view, key);

    while (row != NULL && strcmp(row->key, key) != 0)
        row = row->next_in_hash;
    return row;
}

static struct command_end **
end_bucket(struct view *view, const char *command_id)
{
    uint32_t h = 2166136261u;

    for (; *command_id != '\0'; command_id++)
        h = (h ^ (uint8_t)*command_id) * 16777619u;
    return &view->ended[h % SIM_BUCKETS];
}

bool
view_has_ended(struct view *view, const char *command_id)
{
    const struct command_end *end = *end_bucket(view, command_id);

    while (end != NULL && strcmp(end->command_id, command_id) != 0)
        end = end->next;
    return end != NULL;
}

/* All that the command said is visible. Its rows lie side by side. */
static void
check_visible(struct world *world, struct view *view,
              const struct record *record, int lane)
{
    const struct journal *journal = &view->db->journal[lane];
    size_t at = (size_t)record->sequence - 1;

    while (at > 0 && journal->rows[at - 1]->command_id != NULL &&
           strcmp(journal->rows[at - 1]->command_id, record->causation) == 0)
        at--;
    for (; at < journal->count; at++) {
        const struct journal_row *row = journal->rows[at];
        if (row->command_id == NULL ||
            strcmp(row->command_id, record->causation) != 0)
            break;
        if (row->kind != TOPIC_STATE)
            continue;
        const struct view_row *shown = view_find(view, row->key);
        if (shown == NULL || shown->version < row->version)
            world_fail(world,
                       "I2: the operation of %s ended before %s %s is "
                       "visible",
                       record->causation, row->type, row->key);
    }
}

/* The lane of views ends the operation beside the state. */
static void
end_operation(struct world *world, struct view *view,
              const struct record *record, int lane)
{
    struct command_end **bucket = end_bucket(view, record->causation);

    if (view_has_ended(view, record->causation))
        return;
    check_visible(world, view, record, lane);
    struct command_end *end = ARENA_NEW(world->arena, struct command_end);
    end->command_id = record->causation;
    end->next = *bucket;
    *bucket = end;
}

static void
view_apply(struct world *world, struct view *view, const struct record *record)
{
    struct view_row *row =
        (struct view_row *)(uintptr_t)view_find(view, record->key);

    if (row == NULL) {
        struct view_row **bucket = view_bucket(view, record->key);
        row = ARENA_NEW(world->arena, struct view_row);
        row->key = record->key;
        row->next_in_hash = *bucket;
        *bucket = row;
    }
    if (WITHOUT(4) && record->sequence <= view->mark)
        return; /* by sequence, as reactors do */
    view->mark = record->sequence;
    if (record->size < 8 || /* poison: its reader sets it aside */
        (record->entity_version <= row->version && !MUTANT(22)))
        return;
    if (record->entity_version <= row->version && MUTANT(22) &&
        record->value == row->value)
        return;
    row->version = record->entity_version;
    row->value = record->value;
    row->size = record->size;
}

void
view_step(struct world *world, struct view *view, int lane)
{
    const struct log *log = &view->topic->lanes[lane];
    uint32_t n = 1 + pick(world, 30);

    while (n-- > 0 && view->next[lane] < log->count) {
        const struct record *record = log->records[view->next[lane]];
        if (MUTANT(29) && record->completes != NULL) /* another transaction */
            end_operation(world, view, record, lane);
        view_apply(world, view, record);
        if (record->completes != NULL)
            end_operation(world, view, record, lane);
        view->next[lane]++;
    }
    /* Its offsets are rewound now and then: everything comes again. */
    if (!world->quiet && chance(world, 5))
        view->next[lane] = pick(world, (uint32_t)view->next[lane] + 1);
}

bool
view_behind(const struct view *view)
{
    for (int lane = 0; lane < lane_count(); lane++)
        if (view->next[lane] < view->topic->lanes[lane].count)
            return true;
    return false;
}

/* Truncated, to be rebuilt from the beginning of its topic. */
void
view_forget(struct view *view)
{
    memset(view->rows, 0, sizeof view->rows);
    memset(view->next, 0, sizeof view->next);
}
