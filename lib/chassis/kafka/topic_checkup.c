/* `doctor`: the settings of the topics at the broker against topic_kind.h.
 *
 * Longer times and larger sizes are an operator's choice; less loses records.
 */
#include "chassis/kafka/kafka_checkup.h"

#include <stdlib.h>
#include <string.h>

#include "chassis/kafka/kafka_conf.h"

enum { CONFIG_MS = 5000 };

static const char *
value_of(const rd_kafka_ConfigResource_t *resource, const char *name)
{
    size_t count;
    const rd_kafka_ConfigEntry_t **entries =
        rd_kafka_ConfigResource_configs(resource, &count);

    for (size_t i = 0; i < count; i++)
        if (strcmp(rd_kafka_ConfigEntry_name(entries[i]), name) == 0)
            return rd_kafka_ConfigEntry_value(entries[i]);
    return NULL;
}

/* -1 stands for no end. */
static bool
is_enough(const char *value, const char *wanted)
{
    long long has = strtoll(value, NULL, 10);
    long long needs = strtoll(wanted, NULL, 10);

    return has == -1 || (needs != -1 && has >= needs);
}

/* The cleanup policy is a word, the others are numbers. */
static bool
compare(struct broker_checkup *broker, size_t which,
        const rd_kafka_ConfigResource_t *resource)
{
    struct topic_setting wanted[TOPIC_SETTINGS_MAX];
    size_t count = topic_settings(broker->uses[which].kind, wanted);
    bool sound = true;

    for (size_t i = 0; i < count; i++) {
        const char *value = value_of(resource, wanted[i].name);
        if (strcmp(wanted[i].name, "max.message.bytes") == 0 && value != NULL)
            broker->message_max[which] = strtoll(value, NULL, 10);
        if (value == NULL || (i == 0 ? strcmp(value, wanted[i].value) == 0
                                     : is_enough(value, wanted[i].value)))
            continue;
        sound = false;
        checkup_fault(broker->checkup, "topics",
                      "set it with kafka-configs.sh --alter",
                      "%s: %s is %s, "
                      "and must be %s%s",
                      broker->uses[which].name, wanted[i].name, value,
                      wanted[i].value, i == 0 ? "" : " or more");
    }
    return sound;
}

static bool
compare_all(struct broker_checkup *broker, rd_kafka_event_t *event)
{
    size_t count;
    const rd_kafka_ConfigResource_t **rows =
        rd_kafka_DescribeConfigs_result_resources(
            rd_kafka_event_DescribeConfigs_result(event), &count);
    bool sound = true;

    for (size_t i = 0; i < count; i++) {
        const char *name = rd_kafka_ConfigResource_name(rows[i]);
        if (rd_kafka_ConfigResource_error(rows[i]) !=
            RD_KAFKA_RESP_ERR_NO_ERROR) {
            sound = false;
            checkup_fault(broker->checkup, "topics",
                          "give the right DescribeConfigs of "
                          "docs/kafka-acl.md",
                          "%s: the settings cannot be read: %s", name,
                          rd_kafka_ConfigResource_error_string(rows[i]));
            continue;
        }
        for (size_t j = 0; j < broker->count; j++)
            if (strcmp(broker->uses[j].name, name) == 0 &&
                !compare(broker, j, rows[i]))
                sound = false;
    }
    return sound;
}

/* NULL: no answer in time. */
static rd_kafka_event_t *
ask(rd_kafka_t *kafka, rd_kafka_queue_t *queue,
    const struct broker_checkup *broker)
{
    rd_kafka_ConfigResource_t *asked[USES_MAX];
    rd_kafka_event_t *event = NULL;
    size_t count = 0;

    for (size_t i = 0; i < broker->count; i++)
        if (broker->there[i])
            asked[count++] = rd_kafka_ConfigResource_new(
                RD_KAFKA_RESOURCE_TOPIC, broker->uses[i].name);
    if (count > 0) {
        rd_kafka_DescribeConfigs(kafka, asked, count, NULL, queue);
        event = rd_kafka_queue_poll(queue, CONFIG_MS);
    }
    rd_kafka_ConfigResource_destroy_array(asked, count);
    return event;
}

void
topic_checkup(struct broker_checkup *broker)
{
    char error[256];
    bool any = false;

    for (size_t i = 0; i < broker->count; i++)
        any = any || broker->there[i];
    if (!any)
        return;
    rd_kafka_t *kafka = kafka_new(RD_KAFKA_PRODUCER, kafka_conf_new(), error);
    if (kafka == NULL)
        return; /* the same failed a moment ago, and was told */
    rd_kafka_queue_t *queue = rd_kafka_queue_new(kafka);
    rd_kafka_event_t *event = ask(kafka, queue, broker);
    if (event == NULL || rd_kafka_event_error(event) != 0)
        checkup_skip(
            broker->checkup, "topics", "the settings were not told: %s",
            event == NULL ? "no answer" : rd_kafka_event_error_string(event));
    else if (compare_all(broker, event))
        checkup_ok(broker->checkup, "topics",
                   "their retention and compaction are right");
    if (event != NULL)
        rd_kafka_event_destroy(event);
    rd_kafka_queue_destroy(queue);
    rd_kafka_destroy(kafka);
}
