/* Why the broker and this process do not accept each other: password,
 * certificate, rights. Waiting heals some of it and not the rest. */
#pragma once

#include <stdbool.h>

#include <librdkafka/rdkafka.h>

enum { REFUSAL_REASON = 384 };

/* Sets the callbacks of a client's errors; every client has them. */
void kafka_refusal_watch(rd_kafka_conf_t *conf);
/* Logs an error that says that a right is missing; `what` names the topic or
 * the group. Other errors: nothing. */
void kafka_note_right(rd_kafka_resp_err_t err, const char *what);
/* The last refusal of a connection since kafka_refusal_forget(); false: none.
 * `ret_final`: waiting does not heal it. */
bool kafka_refusal_last(char ret_reason[REFUSAL_REASON], bool *ret_final);
/* A broker has accepted a connection. */
void kafka_refusal_forget(void);
