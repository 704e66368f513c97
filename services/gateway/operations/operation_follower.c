/* Wakes waiters: outcomes, and positions of other processes.
 *
 * The follower reads the outcome topics from their end, without a group, so
 * every process gets the outcomes of its own waiters; the lane of views writes
 * the rows. The poller reads the positions of the read model, only while a
 * waiter needs them, once for all of them. Both only read.
 */
#include <string.h>

#include "chassis/base/metrics.h"

#include "gateway/events.h"
#include "gateway/operations/internal.h"
#include "gateway/request/pool.h"

enum { FOLLOW_BATCH = 500 };
static const int64_t poll_pause = MILLISECONDS(3);
static const int64_t retry_pause = SECONDS(1);

static const struct input outcome_inputs[] = {
    {"inservice.account.outcome.v1", TOPIC_OUTCOME},
    {"inservice.teacher.outcome.v1", TOPIC_OUTCOME},
    {NULL, 0},
};

static int
outcome_service(const struct message *message)
{
    for (int service = 0; service < OPERATION_SERVICES; service++)
        if (message->topic == outcome_inputs[service].topic)
            return service;
    return -1;
}

static void
follow_once(struct operations *operations, struct consumer *consumer)
{
    size_t count;
    struct message *messages = consumer_messages(consumer, &count);

    for (size_t i = 0; i < count; i++) {
        int service = outcome_service(&messages[i]);
        if (service >= 0 && messages[i].value != NULL &&
            messages[i].lane >= 0 && messages[i].lane < lane_count())
            waiters_decide(operations, service, &messages[i]);
    }
}

/* Until the stop, or until the consumer must be opened again. */
static void
follow(struct operations *operations, struct consumer *consumer)
{
    while (!atomic_load(&operations->stopping)) {
        enum consumer_news news = consumer_poll(consumer, 100);
        if (news == CONSUMER_MESSAGES)
            follow_once(operations, consumer);
        if (news == CONSUMER_FAILED) {
            log_event(outcome_follower_restarted,
                      log_str("reason", consumer_reason(consumer)));
            return;
        }
    }
}

void *
operation_follower(void *context)
{
    struct operations *operations = context;
    const struct consumer_options options = {
        .inputs = outcome_inputs,
        .batch_max = FOLLOW_BATCH,
    };
    char error[256];

    do {
        struct consumer *consumer = consumer_new(&options, error);
        if (consumer == NULL) {
            log_event(outcomes_read_failed, log_str("reason", error));
            continue;
        }
        atomic_store(&operations->broker_seen, true);
        follow(operations, consumer);
        consumer_free(consumer);
    } while (operations_pause(operations, retry_pause));
    return NULL;
}

/* --- positions ---------------------------------------------------------- */

static int
state_topic_service(const char *topic)
{
    char name[64];

    for (int service = 0; service < OPERATION_SERVICES; service++) {
        topic_name(operation_services[service], TOPIC_STATE, name);
        if (strcmp(name, topic) == 0)
            return service;
    }
    return -1;
}

static void
state_topics(struct db_params *params)
{
    char name[64];

    db_clear(params);
    db_array(params, DB_TEXT, OPERATION_SERVICES);
    for (int service = 0; service < OPERATION_SERVICES; service++)
        db_text(params,
                topic_name(operation_services[service], TOPIC_STATE, name));
}

static bool
read_positions(struct operations *operations, struct db *db,
               const struct db_params *params)
{
    PGresult *rows;

    enum db_end end = db_query(db, "operation_positions", params, &rows);
    gateway_db_failed(db, end, "operation_positions");
    if (end != DB_OK)
        return false;
    pthread_mutex_lock(&operations->table_lock);
    for (int i = 0; i < PQntuples(rows); i++) {
        int service = state_topic_service(db_get_text(rows, i, 0));
        int64_t lane = db_get_int(rows, i, 1);
        if (service >= 0 && lane >= 0 && lane < lane_count())
            position_reached(operations, service, (int)lane,
                             db_get_int(rows, i, 2), db_get_int(rows, i, 3),
                             false);
    }
    pthread_mutex_unlock(&operations->table_lock);
    PQclear(rows);
    return true;
}

/* Sleeps until a waiter needs a position; false: the process stops. */
static bool
await_need(struct operations *operations)
{
    pthread_mutex_lock(&operations->table_lock);
    while (!atomic_load(&operations->stopping)) {
        int64_t now = clock_monotonic();
        operations->poll_due = positions_due(operations, now, poll_pause);
        if (operations->poll_due <= now)
            break;
        condition_wait(&operations->poll_wanted, &operations->table_lock,
                       operations->poll_due);
    }
    operations->poll_due = 0; /* awake: no signal needed */
    pthread_mutex_unlock(&operations->table_lock);
    return !atomic_load(&operations->stopping);
}

void *
operation_poller(void *context)
{
    struct operations *operations = context;
    struct db_params params = {0};
    struct db *db = NULL;

    state_topics(&params);
    while (await_need(operations)) {
        if (db == NULL)
            db = gateway_connect("gateway-positions", true);
        if (db != NULL && read_positions(operations, db, &params))
            continue;
        db_free(db);
        db = NULL;
        operations_pause(operations, retry_pause);
    }
    db_free(db);
    db_params_free(&params);
    return NULL;
}
