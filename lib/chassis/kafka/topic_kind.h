/* The kinds of topics and what each must be set to at the broker. All text is
 * static. A header without a source, because tools/topics.c is one file.
 */
#pragma once

#include <stddef.h>

enum topic_kind {
    TOPIC_COMMAND,
    TOPIC_OUTCOME,
    TOPIC_EVENT,
    TOPIC_STATE,
    TOPIC_DLQ,
    TOPIC_KINDS,
};

struct topic_setting {
    const char *name, *value; /* as Kafka writes them */
};

enum { TOPIC_SETTINGS_MAX = 4 };

/* Returns the number of settings; the first is the cleanup policy, the others
 * are sizes and times in ms (-1: forever) that may be larger. */
static inline size_t
topic_settings(enum topic_kind kind,
               struct topic_setting ret_settings[TOPIC_SETTINGS_MAX])
{
    static const char *const kept[TOPIC_KINDS] = {
        [TOPIC_COMMAND] = "604800000", /* 7 days */
        [TOPIC_OUTCOME] = "172800000", /* 2 days */
        [TOPIC_EVENT] = "-1",
        [TOPIC_DLQ] = "2592000000", /* 30 days */
    };
    size_t n = 0;

    ret_settings[n++] = (struct topic_setting){
        "cleanup.policy", kind == TOPIC_STATE ? "compact" : "delete"};
    ret_settings[n++] = (struct topic_setting){"max.message.bytes", "524288"};
    if (kind != TOPIC_STATE) {
        ret_settings[n++] = (struct topic_setting){"retention.ms", kept[kind]};
        return n;
    }
    ret_settings[n++] =
        (struct topic_setting){"min.compaction.lag.ms", "172800000"};
    /* A newcomer that reads slowly must not miss an erasure. */
    ret_settings[n++] =
        (struct topic_setting){"delete.retention.ms", "604800000"};
    return n;
}
