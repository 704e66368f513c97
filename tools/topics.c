/*
 * topics: the one table of Kafka topics and what each must be set to; creates
 * them, checks them, or prints their names.  Called by tools/stack and by the
 * operator who installs a broker.  Partitions are lanes (INSERVICE_LANES).  It
 * never changes or deletes a topic that exists: another number of partitions
 * would send every key to another lane.
 */
#include "kafka_admin.h"

#include "chassis/kafka/topic_kind.h"

static int partitions; /* of every topic: as many as lanes */

struct topic {
    const char *name;
    enum topic_kind kind;
};

#define TOPIC(service, name, kind)                                             \
    {                                                                          \
        "inservice." service "." name ".v1", kind                              \
    }
#define TOPICS_OF(service)                                                     \
    TOPIC(service, "command", TOPIC_COMMAND),                                  \
        TOPIC(service, "outcome", TOPIC_OUTCOME),                              \
        TOPIC(service, "event", TOPIC_EVENT),                                  \
        TOPIC(service, "state", TOPIC_STATE), TOPIC(service, "dlq", TOPIC_DLQ)

static const struct topic topics[] = {
    TOPICS_OF("account"),
    TOPICS_OF("teacher"),
    TOPIC("gateway", "command", TOPIC_COMMAND), /* its operators' */
    TOPIC("course", "event", TOPIC_EVENT),
};
#define TOPIC_COUNT (sizeof topics / sizeof topics[0])

static rd_kafka_NewTopic_t *
new_topic(struct client *client, const struct topic *topic)
{
    struct topic_setting settings[TOPIC_SETTINGS_MAX];
    char error[ERROR_SIZE];
    rd_kafka_NewTopic_t *made;
    size_t n, i;

    /* Replication -1: as many copies as the broker's own setting says. */
    made =
        rd_kafka_NewTopic_new(topic->name, partitions, -1, error, sizeof error);
    if (made == NULL) {
        fail(client, false, "%s: %s", topic->name, error);
        return NULL;
    }
    n = topic_settings(topic->kind, settings);
    for (i = 0; i < n; i++)
        rd_kafka_NewTopic_set_config(made, settings[i].name, settings[i].value);
    return made;
}

static bool
creation_went_well(struct client *client, rd_kafka_event_t *event)
{
    const rd_kafka_CreateTopics_result_t *result;
    const rd_kafka_topic_result_t **rows;
    rd_kafka_resp_err_t code;
    size_t n, i;

    result = rd_kafka_event_CreateTopics_result(event);
    rows = rd_kafka_CreateTopics_result_topics(result, &n);
    for (i = 0; i < n; i++) {
        code = rd_kafka_topic_result_error(rows[i]);
        if (code == RD_KAFKA_RESP_ERR_NO_ERROR ||
            code == RD_KAFKA_RESP_ERR_TOPIC_ALREADY_EXISTS)
            continue;
        return fail(client, may_pass(code), "%s: %s",
                    rd_kafka_topic_result_name(rows[i]),
                    rd_kafka_err2str(code));
    }
    return true;
}

static bool
create_all(struct client *client)
{
    rd_kafka_NewTopic_t *made[TOPIC_COUNT];
    rd_kafka_AdminOptions_t *options;
    rd_kafka_event_t *event = NULL;
    bool well = false;
    size_t n;

    for (n = 0; n < TOPIC_COUNT; n++) {
        made[n] = new_topic(client, &topics[n]);
        if (made[n] == NULL)
            goto out;
    }
    options = client_options(client, RD_KAFKA_ADMIN_OP_CREATETOPICS);
    rd_kafka_CreateTopics(client->rk, made, n, options, client->queue);
    rd_kafka_AdminOptions_destroy(options);
    event = client_answer(client, RD_KAFKA_EVENT_CREATETOPICS_RESULT);
    well = event != NULL && creation_went_well(client, event);
out:
    rd_kafka_event_destroy(event);
    rd_kafka_NewTopic_destroy_array(made, n);
    return well;
}

static bool
topic_has_partitions(struct client *client, const struct topic *topic,
                     const struct rd_kafka_metadata *metadata)
{
    const struct rd_kafka_metadata_topic *found = NULL;

    for (int i = 0; i < metadata->topic_cnt && found == NULL; i++)
        if (strcmp(metadata->topics[i].topic, topic->name) == 0)
            found = &metadata->topics[i];
    if (found == NULL)
        return fail(client, true, "%s: no such topic", topic->name);
    if (found->partition_cnt != partitions)
        return fail(client, false,
                    "%s: has %d partitions and must have %d (INSERVICE_LANES); "
                    "partitions are lanes and can not be changed: correct "
                    "INSERVICE_LANES, use another broker, or delete the topic "
                    "if nothing in it is wanted",
                    topic->name, found->partition_cnt, partitions);
    for (int i = 0; i < found->partition_cnt; i++)
        if (found->partitions[i].leader < 0)
            return fail(client, true, "%s: partition %d has no leader",
                        topic->name, i);
    return true;
}

static bool
check_partitions(struct client *client)
{
    const struct rd_kafka_metadata *metadata;
    rd_kafka_resp_err_t code;
    bool well = true;
    size_t i;

    code = rd_kafka_metadata(client->rk, 1, NULL, &metadata, STEP_MS);
    if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
        return fail(client, may_pass(code), "%s", rd_kafka_err2str(code));
    for (i = 0; i < TOPIC_COUNT && well; i++)
        well = topic_has_partitions(client, &topics[i], metadata);
    rd_kafka_metadata_destroy(metadata);
    return well;
}

/* A wrong cleanup policy loses facts and is an error; other settings may be
 * an administrator's choice and are only reported. */
static bool
compare_settings(struct client *client, const struct topic *topic,
                 const rd_kafka_ConfigResource_t *resource)
{
    const rd_kafka_ConfigEntry_t **entries;
    struct topic_setting wanted[TOPIC_SETTINGS_MAX];
    size_t n_entries, n_wanted, i, j;
    const char *value;

    entries = rd_kafka_ConfigResource_configs(resource, &n_entries);
    n_wanted = topic_settings(topic->kind, wanted);
    for (i = 0; i < n_wanted; i++) {
        const char *name = wanted[i].name;
        for (j = 0; j < n_entries; j++)
            if (strcmp(rd_kafka_ConfigEntry_name(entries[j]), name) == 0)
                break;
        value = j < n_entries ? rd_kafka_ConfigEntry_value(entries[j]) : NULL;
        if (value != NULL && strcmp(value, wanted[i].value) == 0)
            continue;
        if (i == 0)
            return fail(client, false, "%s: %s is %s and must be %s",
                        topic->name, name, value ? value : "unknown",
                        wanted[i].value);
        fprintf(stderr, "topics: note: %s: %s is %s, not %s\n", topic->name,
                name, value ? value : "unknown", wanted[i].value);
    }
    return true;
}

static bool
compare_answer(struct client *client, rd_kafka_event_t *event)
{
    const rd_kafka_DescribeConfigs_result_t *result;
    const rd_kafka_ConfigResource_t **rows;
    rd_kafka_resp_err_t code;
    const char *name;
    size_t n, i, j;

    result = rd_kafka_event_DescribeConfigs_result(event);
    rows = rd_kafka_DescribeConfigs_result_resources(result, &n);
    for (i = 0; i < n; i++) {
        name = rd_kafka_ConfigResource_name(rows[i]);
        for (j = 0; j + 1 < TOPIC_COUNT; j++)
            if (strcmp(topics[j].name, name) == 0)
                break;
        code = rd_kafka_ConfigResource_error(rows[i]);
        if (code != RD_KAFKA_RESP_ERR_NO_ERROR)
            return fail(client, may_pass(code), "%s: %s", name,
                        rd_kafka_ConfigResource_error_string(rows[i]));
        if (!compare_settings(client, &topics[j], rows[i]))
            return false;
    }
    return true;
}

static bool
check_settings(struct client *client)
{
    rd_kafka_ConfigResource_t *asked[TOPIC_COUNT];
    rd_kafka_AdminOptions_t *options;
    rd_kafka_event_t *event;
    bool well;

    for (size_t i = 0; i < TOPIC_COUNT; i++)
        asked[i] = rd_kafka_ConfigResource_new(RD_KAFKA_RESOURCE_TOPIC,
                                               topics[i].name);
    options = client_options(client, RD_KAFKA_ADMIN_OP_DESCRIBECONFIGS);
    rd_kafka_DescribeConfigs(client->rk, asked, TOPIC_COUNT, options,
                             client->queue);
    rd_kafka_AdminOptions_destroy(options);
    event = client_answer(client, RD_KAFKA_EVENT_DESCRIBECONFIGS_RESULT);
    well = event != NULL && compare_answer(client, event);
    rd_kafka_event_destroy(event);
    rd_kafka_ConfigResource_destroy_array(asked, TOPIC_COUNT);
    return well;
}

static int
list(void)
{
    struct topic_setting settings[TOPIC_SETTINGS_MAX];

    for (size_t i = 0; i < TOPIC_COUNT; i++) {
        size_t n = topic_settings(topics[i].kind, settings);
        fputs(topics[i].name, stdout);
        for (size_t j = 0; j < n; j++)
            printf(" %s=%s", settings[j].name, settings[j].value);
        putchar('\n');
    }
    return 0;
}

static bool (*const steps_of_create[])(struct client *) = {
    create_all, check_partitions, check_settings, NULL};

/* For brokers without settings, such as the embedded one. */
static bool (*const steps_of_ready[])(struct client *) = {check_partitions,
                                                          NULL};

static const struct verb {
    const char *name;
    bool (*const *steps)(struct client *); /* NULL: needs no broker */
    const char *help;
} verbs[] = {
    {"--list", NULL, "prints names and settings"},
    {"--create", steps_of_create, "creates what is missing, checks"},
    {"--check", steps_of_create + 1, "checks partitions and settings"},
    {"--ready", steps_of_ready, "all there and led; no settings"},
};

static int
usage(void)
{
    fprintf(stderr, "usage: topics VERB [ADDRESS [SECONDS-TO-WAIT]]\n");
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++)
        fprintf(stderr, "  %-14s%s\n", verbs[i].name, verbs[i].help);
    return 2;
}

/* 24 if INSERVICE_LANES is not set; 0: it is no number of lanes. */
static int
lanes_wanted(void)
{
    const char *text = getenv("INSERVICE_LANES");
    char *end;

    if (text == NULL || *text == '\0')
        return 24;
    long number = strtol(text, &end, 10);
    if (*end == '\0' && number >= 1 && number <= 96)
        return (int)number;
    fprintf(stderr, "topics: INSERVICE_LANES is \"%s\", not 1 to 96\n", text);
    return 0;
}

int
main(int argc, char **argv)
{
    const char *address = argc > 2 ? argv[2] : getenv("KAFKA_BOOTSTRAP");
    const struct verb *verb = NULL;

    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0] && argc > 1; i++) {
        if (strcmp(argv[1], verbs[i].name) == 0)
            verb = &verbs[i];
    }
    if (verb == NULL || argc > 4)
        return usage();
    if (verb->steps == NULL)
        return list();
    partitions = lanes_wanted();
    if (partitions == 0)
        return 2;
    if (address == NULL || *address == '\0') {
        fprintf(stderr, "topics: no address and no KAFKA_BOOTSTRAP\n");
        return 2;
    }
    return admin_run("topics", verb->steps, address,
                     argc > 3 ? (int)strtol(argv[3], NULL, 10) : 0);
}
