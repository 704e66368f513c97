/* What `doctor` asks the broker. Writes nothing there. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "chassis/base/checkup.h"
#include "chassis/kafka/topic_kind.h"

/* A topic that a service uses, and how. */
struct topic_use {
    char name[64];
    enum topic_kind kind;
    bool read, write;
};

/* Asks whether the brokers answer and accept this process, whether each topic
 * is there with `lanes` partitions (0: not known), copies and settings, and
 * whether the rights are. Takes some seconds. */
void kafka_checkup(struct checkup *checkup, const char *group,
                   const struct topic_use *uses, size_t count, int lanes);

/* For the files of this check only. */
enum { USES_MAX = 32 };
struct broker_checkup {
    struct checkup *checkup;
    const char *group;
    const struct topic_use *uses;
    size_t count;
    bool there[USES_MAX];
    long long message_max[USES_MAX]; /* bytes; 0: not known */
};
/* Compares the topics' settings; sets message_max. See topic_checkup.c. */
void topic_checkup(struct broker_checkup *broker);
/* Whether the topics may be read and written. See right_checkup.c. */
void right_checkup(struct broker_checkup *broker);
