/* One place for librdkafka's settings and its own log.
 *
 * The security file holds name=value lines of librdkafka (security.protocol,
 * sasl.*, ssl.*); every producer and consumer reads it at start. A log line of
 * the library becomes our named event at debug or warning, never at error: the
 * caller that notices a failure decides whether it is one.
 */
#include "chassis/kafka/kafka_conf.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "attributes.h"
#include "chassis/base/lanes.h"
#include "chassis/base/log.h"
#include "chassis/base/process.h"
#include "chassis/base/settings.h"
#include "chassis/kafka/kafka_refusal.h"

/* Lines about connections and fetches, which our own events tell once. */
static bool
is_told(const char *facility)
{
    static const char *const told[] = {"FAIL", "ERROR", "SSLCERTVRFY"};

    for (size_t i = 0; i < COUNT_OF(told); i++)
        if (strcmp(told[i], facility) == 0)
            return true;
    return false;
}

static void
on_log(const rd_kafka_t *kafka, int level, const char *facility,
       const char *text)
{
    (void)kafka;
    if (level <= 4 && !is_told(facility))
        log_event(kafka_client_warning, log_str("facility", facility),
                  log_str("text", text));
    else
        log_event(kafka_client, log_str("facility", facility),
                  log_str("text", text));
}

void
kafka_conf_set(rd_kafka_conf_t *conf, const char *name, const char *value)
{
    char error[256];

    if (rd_kafka_conf_set(conf, name, value, error, sizeof error) ==
        RD_KAFKA_CONF_OK)
        return;
    log_event(kafka_setting_refused, log_str("name", name),
              log_str("reason", error));
    exit(1);
}

static void
kafka_conf_read(rd_kafka_conf_t *conf, const char *path)
{
    char line[1024];
    FILE *file = fopen(path, "re");

    if (file == NULL) {
        log_event(kafka_security_unreadable, log_str("path", path));
        exit(1);
    }
    while (fgets(line, sizeof line, file) != NULL) {
        char *equals = strchr(line, '=');
        line[strcspn(line, "\r\n")] = '\0';
        if (line[0] == '#' || equals == NULL)
            continue;
        *equals = '\0';
        kafka_conf_set(conf, line, equals + 1);
    }
    fclose(file);
}

rd_kafka_conf_t *
kafka_conf_new(void)
{
    rd_kafka_conf_t *conf = rd_kafka_conf_new();

    kafka_conf_set(conf, "bootstrap.servers", chassis_settings.kafka_bootstrap);
    kafka_conf_set(conf, "client.id", "inservice");
    kafka_conf_set(conf, "socket.nagle.disable", "true");
    kafka_conf_set(conf, "socket.keepalive.enable", "true");
    kafka_conf_set(conf, "reconnect.backoff.ms", "50");
    kafka_conf_set(conf, "reconnect.backoff.max.ms", "1000");
    kafka_conf_set(conf, "topic.metadata.refresh.interval.ms", "60000");
    kafka_conf_set(conf, "log.connection.close", "false");
    rd_kafka_conf_set_log_cb(conf, on_log);
    kafka_refusal_watch(conf);
    kafka_statistics(conf);
    if (chassis_settings.kafka_security != NULL &&
        chassis_settings.kafka_security[0] != '\0')
        kafka_conf_read(conf, chassis_settings.kafka_security);
    return conf;
}

rd_kafka_t *
kafka_new(rd_kafka_type_t type, rd_kafka_conf_t *conf, char ret_error[256])
{
    rd_kafka_t *kafka = rd_kafka_new(type, conf, ret_error, 256);

    if (kafka == NULL)
        rd_kafka_conf_destroy(conf);
    return kafka;
}

int
kafka_partitions(rd_kafka_t *kafka, rd_kafka_topic_t *topic,
                 char ret_error[256])
{
    const struct rd_kafka_metadata *metadata;
    const char *name = rd_kafka_topic_name(topic);
    rd_kafka_resp_err_t err =
        rd_kafka_metadata(kafka, 0, topic, &metadata, 5000);
    int count = 0;

    if (err == RD_KAFKA_RESP_ERR_NO_ERROR) {
        if (metadata->topic_cnt == 1) {
            err = metadata->topics[0].err;
            count = metadata->topics[0].partition_cnt;
        }
        rd_kafka_metadata_destroy(metadata);
    }
    if (err != RD_KAFKA_RESP_ERR_NO_ERROR)
        count = 0;
    kafka_note_right(err, name);
    if (count == 0)
        snprintf(ret_error, 256, "%.100s: %s", name,
                 err ? rd_kafka_err2str(err) : "has no partitions yet");
    return count;
}

bool
kafka_topic_ready(rd_kafka_t *kafka, rd_kafka_topic_t *topic,
                  char ret_error[256])
{
    int count = kafka_partitions(kafka, topic, ret_error);

    if (count == 0 || count == lane_count())
        return count > 0;
    snprintf(ret_error, 256,
             "topic %.60s has %d partitions and the schema has %d lanes: set "
             "KAFKA_BOOTSTRAP to this installation's broker, or delete the "
             "topic and create it with %d partitions",
             rd_kafka_topic_name(topic), count, lane_count(), lane_count());
    if (process_fail())
        log_event(lanes_differ, log_str("reason", ret_error));
    return false;
}
