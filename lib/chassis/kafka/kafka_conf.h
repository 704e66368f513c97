/* librdkafka's configuration, the same for everything that connects. */
#pragma once

#include <stdbool.h>

#include <librdkafka/rdkafka.h>

/* Bootstrap, security file, client id and what was measured to be needed. */
rd_kafka_conf_t *kafka_conf_new(void);
/* Sets a value that the library is known to accept; else ends the process. */
void kafka_conf_set(rd_kafka_conf_t *conf, const char *name, const char *value);
/* Takes `conf`. NULL with `ret_error` (256 bytes). */
rd_kafka_t *kafka_new(rd_kafka_type_t type, rd_kafka_conf_t *conf,
                      char ret_error[256]);
/* The topic exists with LANES partitions (and is known from now on). */
bool kafka_topic_ready(rd_kafka_t *kafka, rd_kafka_topic_t *topic,
                       char ret_error[256]);
