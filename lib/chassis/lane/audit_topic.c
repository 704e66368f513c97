/* Reads a state topic, from its beginning or from where it was read before, to
 * its present end, and keeps the last version of every key. Memory: about 100
 * bytes for each record, and for each key afterwards. */
#include "chassis/lane/audit_topic.h"

#include <stdlib.h>
#include <string.h>

#include "chassis/base/clock.h"
#include "chassis/kafka/kafka.h"

static void
note(struct audit_topic *topic, const struct message *message)
{
    const struct store *store = store_of_state(topic->core, message->type);

    if (message->offset >= topic->left[message->lane])
        topic->left[message->lane] = -1;
    if (message->offset >= topic->from[message->lane])
        topic->from[message->lane] = message->offset + 1;
    if (store == NULL || message->value == NULL)
        return; /* a tombstone: erasure has its own check */
    if (topic->count == topic->capacity) {
        topic->capacity = topic->capacity ? topic->capacity * 2 : 65536;
        topic->said =
            realloc(topic->said, topic->capacity * sizeof *topic->said);
        if (topic->said == NULL)
            abort();
    }
    topic->said[topic->count] =
        (struct said){.key = strdup(message->key),
                      .store = store,
                      .version = message->entity_version,
                      .order = topic->count,
                      .lane = message->lane};
    topic->count++;
}

static bool
reads_on(const struct audit_topic *topic)
{
    for (int lane = 0; lane < lane_count(); lane++)
        if (topic->left[lane] >= 0)
            return true;
    return false;
}

static int
compare_keys(const struct said *x, const struct said *y)
{
    if (x->store != y->store)
        return x->store < y->store ? -1 : 1;
    return strcmp(x->key, y->key);
}

static int
compare(const void *a, const void *b)
{
    const struct said *x = a, *y = b;
    int by_key = compare_keys(x, y);

    if (by_key != 0)
        return by_key;
    return x->order < y->order ? -1 : x->order > y->order;
}

/* Keeps the last state per key. */
static void
fold(struct audit_topic *topic)
{
    size_t kept = 0;

    if (topic->count > 0)
        qsort(topic->said, topic->count, sizeof *topic->said, compare);
    for (size_t i = 0; i < topic->count; i++) {
        struct said *said = &topic->said[i];
        bool last = i + 1 == topic->count || compare_keys(said, said + 1) != 0;
        if (last)
            topic->said[kept++] = *said;
        else
            free(said->key);
    }
    topic->count = kept;
    for (size_t i = 0; i < kept; i++)
        topic->said[i].order = i;
}

static bool
begin(struct audit_topic *topic)
{
    int64_t offsets[1][LANES_MAX];

    for (int lane = 0; lane < lane_count(); lane++) {
        int64_t end = consumer_end(topic->consumer, 0, lane);
        if (end < 0)
            return false;
        topic->left[lane] = end > topic->from[lane] ? end - 1 : -1;
        offsets[0][lane] = topic->from[lane] > 0 ? topic->from[lane] : -1;
    }
    return consumer_assign(topic->consumer,
                           (const int64_t(*)[LANES_MAX])offsets);
}

bool
audit_topic_read(struct audit_topic *topic)
{
    int64_t deadline = clock_monotonic() + SECONDS(60);
    size_t count;

    if (!begin(topic))
        return false;
    while (reads_on(topic) && clock_monotonic() < deadline) {
        enum consumer_news news = consumer_poll(topic->consumer, 100);
        for (int lane = 0; lane < lane_count(); lane++)
            if (consumer_at_end(topic->consumer, 0, lane))
                topic->left[lane] = -1;
        if (news == CONSUMER_FAILED)
            return false;
        if (news != CONSUMER_MESSAGES)
            continue;
        struct message *messages = consumer_messages(topic->consumer, &count);
        for (size_t i = 0; i < count; i++)
            note(topic, &messages[i]);
        deadline = clock_monotonic() + SECONDS(60);
    }
    fold(topic);
    return !reads_on(topic);
}

struct said *
audit_topic_find(const struct audit_topic *topic, const struct store *store,
                 const char *key)
{
    const struct said wanted = {.key = (char *)(uintptr_t)key, .store = store};
    size_t low = 0, high = topic->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = compare_keys(&wanted, &topic->said[middle]);
        if (order == 0)
            return &topic->said[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

void
audit_topic_free(struct audit_topic *topic)
{
    for (size_t i = 0; i < topic->count; i++)
        free(topic->said[i].key);
    free(topic->said);
    consumer_free(topic->consumer);
}
