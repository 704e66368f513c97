/* librdkafka's configuration, the same for everything that connects. */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include <librdkafka/rdkafka.h>

struct consumer_options;

/* Bootstrap, security file, client id and settings that measurements showed. */
rd_kafka_conf_t *kafka_conf_new(void);
/* Sets a value that the library must accept; otherwise ends the process. */
void kafka_conf_set(rd_kafka_conf_t *conf, const char *name, const char *value);
/* Counts of requests as events, if the file of settings asks for them. */
void kafka_statistics(rd_kafka_conf_t *conf);
/* Takes `conf`. NULL with `ret_error` (256 bytes). */
rd_kafka_t *kafka_new(rd_kafka_type_t type, rd_kafka_conf_t *conf,
                      char ret_error[256]);
/* How many partitions the topic has; 0: `ret_error` (256 bytes) says why. */
int kafka_partitions(rd_kafka_t *kafka, rd_kafka_topic_t *topic,
                     char ret_error[256]);
/* True: the topic exists and has as many partitions as there are lanes. With
 * another number it never will: the process is told to stop. */
bool kafka_topic_ready(rd_kafka_t *kafka, rd_kafka_topic_t *topic,
                       char ret_error[256]);

/* The configuration of a consumer; the caller adds its callbacks. */
rd_kafka_conf_t *consumer_conf(const struct consumer_options *options);
/* How many fetched records may wait in one consumer. */
size_t consumer_records_max(void);
