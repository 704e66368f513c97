/* Load for one service's lanes: commands in, outcomes out, at full speed or at
 * a rate. Prints commands/s and the latency from produce to outcome.
 *
 *   lane_load organizations COUNT [RATE]
 *
 * Used by `make bench`; talks to Kafka only. Settings by the environment, as
 * every program of the house (INSERVICE_KAFKA_BOOTSTRAP).
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "chassis/clock.h"
#include "chassis/kafka.h"
#include "chassis/log.h"
#include "chassis/settings.h"

#include "inservice/account/v1/commands.pb-c.h"

enum { IDS = 1 << 21 };

struct load {
    struct sender *sender;
    struct consumer *outcomes;
    int64_t *sent_at, *latency;
    long count, sent, heard, refused;
    int64_t rate, began;
};

/* The command's number stands in the last 12 hex digits of its id. */
static void
number_id(long number, char ret_id[UUID_TEXT])
{
    uuid_v7(ret_id);
    snprintf(ret_id + 24, 13, "%012lx", (unsigned long)number);
}

static bool
send_one(struct load *load)
{
    Inservice__Account__V1__AddOrganization command;
    Order order;
    char id[UUID_TEXT], code[20];
    uint8_t bytes[1024];

    number_id(load->sent, id);
    snprintf(code, sizeof code, "%lx%04lx", (unsigned long)load->sent,
             (unsigned long)(load->began / 1000) & 0xffff);
    inservice__account__v1__add_organization__init(&command);
    inservice__common__v1__order__init(&order);
    order.command_id = id;
    order.at = clock_now();
    command.order = &order;
    command.code = code;
    command.name = (char *)(uintptr_t)"測試國民小學";
    command.kind = INSERVICE__COMMON__V1__ORGANIZATION_KIND__ORGANIZATION_KIND_LEGAL_PERSON;
    command.county = (char *)(uintptr_t)"臺中市";
    command.establishment = (char *)(uintptr_t)"公立";
    size_t size = inservice__account__v1__add_organization__pack(&command, bytes);
    load->sent_at[load->sent] = clock_monotonic();
    return sender_send(load->sender, "account", lane_of(code),
                       "inservice.account.v1.AddOrganization", id, code,
                       "/inservice/bench", NULL, order.at, bytes, size);
}

static void
send_due(struct load *load)
{
    int64_t now = clock_monotonic();

    for (int burst = 0; burst < 500 && load->sent < load->count; burst++) {
        if (load->rate > 0 &&
            load->began + load->sent * SECONDS(1) / load->rate > now)
            return;
        if (load->sent - load->heard > 50000 || !send_one(load))
            return;
        load->sent++;
    }
}

static void
hear(struct load *load, int timeout_ms)
{
    size_t count = 0;
    struct message *messages;

    if (consumer_poll(load->outcomes, timeout_ms) != CONSUMER_MESSAGES)
        return;
    messages = consumer_messages(load->outcomes, &count);
    for (size_t i = 0; i < count; i++) {
        long number = strtol(messages[i].key + 24, NULL, 16);
        if (number < 0 || number >= load->sent || load->sent_at[number] == 0)
            continue; /* not ours, or published again */
        load->latency[load->heard++] =
            clock_monotonic() - load->sent_at[number];
        load->sent_at[number] = 0;
    }
}

static int
compare(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return x < y ? -1 : x > y;
}

static void
report(struct load *load)
{
    double seconds = (double)(clock_monotonic() - load->began) / 1e6;

    qsort(load->latency, (size_t)load->heard, sizeof *load->latency, compare);
    printf("{\"commands\": %ld, \"seconds\": %.3f, \"per_second\": %.0f, "
           "\"p50_ms\": %.3f, \"p99_ms\": %.3f}\n",
           load->heard, seconds, (double)load->heard / seconds,
           (double)load->latency[load->heard / 2] / 1000,
           (double)load->latency[load->heard * 99 / 100] / 1000);
}

int
main(int argc, char **argv)
{
    static const struct input inputs[] = {
        {"inservice.account.outcome.v1", TOPIC_OUTCOME},
        {NULL,                           TOPIC_OUTCOME},
    };
    char error[256] = "";
    struct load load = {.count = argc > 2 ? atol(argv[2]) : 1000,
                        .rate = argc > 3 ? atol(argv[3]) : 0};

    setenv("INSERVICE_DATABASE_URL", "none", 0);
    if (!settings_read((const struct setting[]){{.name = NULL}}, NULL, stderr) ||
        !log_open("lane_load", "warning"))
        return 2;
    load.sender = sender_new(error);
    load.outcomes = consumer_new(
        &(struct consumer_options){.inputs = inputs, .batch_max = 200}, error);
    if (load.sender == NULL || load.outcomes == NULL) {
        fprintf(stderr, "lane_load: %s\n", error);
        return 1;
    }
    load.sent_at = calloc((size_t)load.count, sizeof *load.sent_at);
    load.latency = calloc((size_t)load.count + 1, sizeof *load.latency);
    for (int64_t until = clock_monotonic() + SECONDS(1);
         clock_monotonic() < until;)
        hear(&load, 100); /* the follower must stand at its ends */
    load.began = clock_monotonic();
    int64_t deadline = load.began + SECONDS(120);
    while (load.heard < load.count && clock_monotonic() < deadline) {
        send_due(&load);
        hear(&load, load.sent < load.count && load.rate == 0 ? 0 : 1);
    }
    report(&load);
    return load.heard == load.count ? 0 : 1;
}
