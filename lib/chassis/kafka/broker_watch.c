/* Asks the broker for its metadata once a second, with a client of its own.
 *
 * The clients of the lanes hide an outage on purpose: they wait, and go on. A
 * worker cannot ask either, because it may wait for a full queue. So one thread
 * of the process asks, and finds a broker that refuses connections as well as
 * one that does not answer. A change is one log event. A broker that refuses
 * the password, or has a certificate of another authority, before it has
 * answered once, ends the process: waiting does not heal it.
 */
#include "chassis/kafka/broker_watch.h"

#include <pthread.h>
#include <stdatomic.h>
#include <time.h>

#include "chassis/base/log.h"
#include "chassis/base/metrics.h"
#include "chassis/base/process.h"
#include "chassis/kafka/kafka_conf.h"
#include "chassis/kafka/kafka_refusal.h"
#include "chassis/kafka/topic_copies.h"

enum { ANSWER_MS = 2000, PAUSES = 20 };

static struct {
    pthread_t thread;
    atomic_bool stop, started;
    bool answered; /* once since the start */
} watch;

static bool
answers(rd_kafka_t *kafka)
{
    const struct rd_kafka_metadata *metadata;

    if (rd_kafka_metadata(kafka, 0, NULL, &metadata, ANSWER_MS) !=
        RD_KAFKA_RESP_ERR_NO_ERROR)
        return false;
    bool some = metadata->broker_cnt > 0;
    rd_kafka_metadata_destroy(metadata);
    return some;
}

static void
give_up_if_final(void)
{
    char reason[REFUSAL_REASON];
    bool final;

    if (kafka_refusal_last(reason, &final) && final && process_fail())
        log_event(broker_denied, log_str("reason", reason));
}

static void
note(bool there)
{
    if (there)
        watch.answered = true;
    if (there)
        kafka_refusal_forget();
    else if (!watch.answered)
        give_up_if_final();
    if (process_broker() != there) {
        if (there)
            log_event(broker_back);
        else
            log_event(broker_away);
    }
    process_set_broker(there);
    metric_set(broker_reachable, "", there);
}

static void *
watch_run(void *context)
{
    rd_kafka_t *kafka = context;

    while (!atomic_load(&watch.stop)) {
        bool there = answers(kafka);
        rd_kafka_poll(kafka, 0); /* serves the callbacks of errors */
        if (there && !watch.answered)
            topic_copies_check(kafka);
        note(there);
        for (int i = 0; i < PAUSES && !atomic_load(&watch.stop); i++)
            nanosleep(&(struct timespec){0, 1000000000 / PAUSES}, NULL);
    }
    rd_kafka_destroy(kafka);
    return NULL;
}

void
broker_watch_start(void)
{
    char error[256];
    rd_kafka_t *kafka = kafka_new(RD_KAFKA_PRODUCER, kafka_conf_new(), error);

    if (kafka == NULL)
        return; /* the lane logs why no client can be made */
    if (pthread_create(&watch.thread, NULL, watch_run, kafka) == 0)
        atomic_store(&watch.started, true);
    else
        rd_kafka_destroy(kafka);
}

void
broker_watch_stop(void)
{
    if (!atomic_load(&watch.started))
        return;
    atomic_store(&watch.stop, true);
    pthread_join(watch.thread, NULL);
}
