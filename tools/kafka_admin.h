/* What the tools that set a broker up have in common: a client that asks, waits
 * for the answer and tries again while that may help. Each such tool is one
 * source file, so this is a header. Errors are printed once, at the end.
 *
 * KAFKA_SECURITY names a file of librdkafka's properties (TLS, SASL), as
 * INSERVICE_KAFKA_SECURITY does for the services.
 */
#pragma once

#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <librdkafka/rdkafka.h>

#define ERROR_SIZE 512
#define STEP_MS    5000

struct client {
    const char *tool;
    rd_kafka_t *rk;
    rd_kafka_queue_t *queue;
    int64_t deadline_ms;
    char error[ERROR_SIZE]; /* why the last step failed */
    bool again;             /* and whether waiting may help */
};

static int64_t
now_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

__attribute__((format(printf, 3, 4))) static bool
fail(struct client *client, bool again, const char *format, ...)
{
    va_list args;

    va_start(args, format);
    vsnprintf(client->error, sizeof client->error, format, args);
    va_end(args);
    client->again = again;
    return false;
}

/* Errors of a broker that is starting, or has just started. */
static bool
may_pass(rd_kafka_resp_err_t code)
{
    static const rd_kafka_resp_err_t passing[] = {
        RD_KAFKA_RESP_ERR__TRANSPORT,
        RD_KAFKA_RESP_ERR__ALL_BROKERS_DOWN,
        RD_KAFKA_RESP_ERR__TIMED_OUT,
        RD_KAFKA_RESP_ERR__TIMED_OUT_QUEUE,
        RD_KAFKA_RESP_ERR_REQUEST_TIMED_OUT,
        RD_KAFKA_RESP_ERR_BROKER_NOT_AVAILABLE,
        RD_KAFKA_RESP_ERR_NOT_CONTROLLER,
        RD_KAFKA_RESP_ERR_LEADER_NOT_AVAILABLE,
        RD_KAFKA_RESP_ERR_UNKNOWN_TOPIC_OR_PART,
        RD_KAFKA_RESP_ERR_INVALID_REPLICATION_FACTOR,
    };

    for (size_t i = 0; i < sizeof passing / sizeof passing[0]; i++)
        if (passing[i] == code)
            return true;
    return false;
}

/* Waits for the answer of one admin request; the caller destroys it. */
static rd_kafka_event_t *
client_answer(struct client *client, int type)
{
    rd_kafka_event_t *event;

    do {
        event = rd_kafka_queue_poll(client->queue, STEP_MS + 1000);
        if (event != NULL && rd_kafka_event_type(event) == type)
            break;
        if (event == NULL) {
            fail(client, true, "no answer from the broker");
            return NULL;
        }
        rd_kafka_event_destroy(event);
    } while (true);
    if (rd_kafka_event_error(event) == RD_KAFKA_RESP_ERR_NO_ERROR)
        return event;
    fail(client, may_pass(rd_kafka_event_error(event)), "%s",
         rd_kafka_event_error_string(event));
    rd_kafka_event_destroy(event);
    return NULL;
}

static rd_kafka_AdminOptions_t *
client_options(struct client *client, rd_kafka_admin_op_t op)
{
    rd_kafka_AdminOptions_t *options =
        rd_kafka_AdminOptions_new(client->rk, op);
    char error[ERROR_SIZE];

    rd_kafka_AdminOptions_set_request_timeout(options, STEP_MS, error,
                                              sizeof error);
    if (op == RD_KAFKA_ADMIN_OP_CREATETOPICS)
        rd_kafka_AdminOptions_set_operation_timeout(options, STEP_MS, error,
                                                    sizeof error);
    return options;
}

/* Takes the steps in order, each again until it is done or time is up. */
static int
run_steps(struct client *client, bool (*const *steps)(struct client *))
{
    while (*steps != NULL) {
        if ((*steps)(client)) {
            steps++;
            continue;
        }
        if (!client->again || now_ms() >= client->deadline_ms) {
            fprintf(stderr, "%s: %s\n", client->tool, client->error);
            return client->again ? 1 : 3;
        }
        rd_kafka_poll(client->rk, 100);
    }
    return 0;
}

/* The library would log every refused connection while a broker starts. */
static void
log_nothing(const rd_kafka_t *rk, int level, const char *facility,
            const char *message)
{
    (void)rk, (void)level, (void)facility, (void)message;
}

static bool
admin_set(rd_kafka_conf_t *conf, const char *name, const char *value,
          char error[ERROR_SIZE])
{
    return rd_kafka_conf_set(conf, name, value, error, ERROR_SIZE) ==
           RD_KAFKA_CONF_OK;
}

static bool
admin_read_security(rd_kafka_conf_t *conf, char error[ERROR_SIZE])
{
    const char *path = getenv("KAFKA_SECURITY");
    char line[1024];
    bool fine = true;

    if (path == NULL || *path == '\0')
        return true;
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        snprintf(error, ERROR_SIZE, "KAFKA_SECURITY: %.200s cannot be read",
                 path);
        return false;
    }
    while (fine && fgets(line, sizeof line, file) != NULL) {
        char *equals = strchr(line, '=');
        line[strcspn(line, "\r\n")] = '\0';
        if (line[0] == '#' || equals == NULL)
            continue;
        *equals = '\0';
        fine = admin_set(conf, line, equals + 1, error);
    }
    fclose(file);
    return fine;
}

/* The steps of `tool`, with a client for the broker at `address`. Exit status:
 * 1, time is up; 3, waiting cannot help. */
static int
admin_run(const char *tool, bool (*const *steps)(struct client *),
          const char *address, int wait_s)
{
    struct client client = {
        .tool = tool,
        .deadline_ms = now_ms() + (int64_t)wait_s * 1000,
    };
    rd_kafka_conf_t *conf = rd_kafka_conf_new();
    char error[ERROR_SIZE];

    rd_kafka_conf_set_log_cb(conf, log_nothing);
    if (!admin_set(conf, "bootstrap.servers", address, error) ||
        !admin_set(conf, "reconnect.backoff.max.ms", "500", error) ||
        !admin_read_security(conf, error) ||
        (client.rk = rd_kafka_new(RD_KAFKA_PRODUCER, conf, error,
                                  sizeof error)) == NULL) {
        fprintf(stderr, "%s: %s\n", tool, error);
        rd_kafka_conf_destroy(conf);
        return 1;
    }
    client.queue = rd_kafka_queue_new(client.rk);
    int status = run_steps(&client, steps);
    rd_kafka_queue_destroy(client.queue);
    rd_kafka_destroy(client.rk);
    return status;
}
