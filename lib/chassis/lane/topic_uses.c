/* See topic_uses.h. Used by the host commands `topics` and `doctor`.
 */
#include "chassis/lane/topic_uses.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chassis/kafka/kafka.h"

struct uses {
    struct topic_use *rows;
    size_t count;
};

static struct topic_use *
use_of(struct uses *uses, const char *topic, enum topic_kind kind)
{
    for (size_t i = 0; i < uses->count; i++)
        if (strcmp(uses->rows[i].name, topic) == 0)
            return &uses->rows[i];
    if (uses->count == USES_MAX)
        abort();
    struct topic_use *use = &uses->rows[uses->count++];
    *use = (struct topic_use){.kind = kind};
    snprintf(use->name, sizeof use->name, "%s", topic);
    return use;
}

/* Everybody writes to the own command topic: `parked release` does. */
size_t
topic_uses(const struct service *service, struct topic_use ret_uses[USES_MAX])
{
    struct uses uses = {.rows = ret_uses};
    bool says = service->outputs != NULL;
    char topic[64];

    for (const struct input *input = service->inputs; input->topic; input++)
        use_of(&uses, input->topic, input->kind)->read = true;
    if (says) /* audit-state reads it */
        use_of(&uses, topic_name(service->core.name, TOPIC_STATE, topic),
               TOPIC_STATE)
            ->read = true;
    for (int i = 0; i < TOPIC_KINDS; i++) {
        enum topic_kind kind = (enum topic_kind)i;
        if (kind == TOPIC_COMMAND || says)
            use_of(&uses, topic_name(service->core.name, kind, topic), kind)
                ->write = true;
    }
    for (const char *const *of = service->commands; of && *of; of++)
        use_of(&uses, topic_name(*of, TOPIC_COMMAND, topic), TOPIC_COMMAND)
            ->write = true;
    return uses.count;
}

void
topic_uses_print(const struct service *service)
{
    struct topic_use uses[USES_MAX];
    size_t count = topic_uses(service, uses);

    printf("group inservice-%s\n", service->core.name);
    for (size_t i = 0; i < count; i++)
        if (uses[i].read)
            printf("read  %s\n", uses[i].name);
    for (size_t i = 0; i < count; i++)
        if (uses[i].write)
            printf("write %s\n", uses[i].name);
}
