/* Starts and stops the threads of operations, and what they share.
 *
 * Called by gateway.c. The start does not wait for broker or database: the
 * threads try again, and submissions are answered 202 or 503 meanwhile. At the
 * stop the writer writes its queue, then the sender gets time to send
 * everything.
 */
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "chassis/base/process.h"
#include "chassis/base/settings.h"
#include "chassis/lane/service_tables.h"

#include "gateway/events.h"
#include "gateway/gateway.h"
#include "gateway/operations/internal.h"

enum { FLUSH_MS = 2000 };

/* Shorter than the drain, after which connections are cut. */
static const int64_t last_wait = SECONDS(4);

const char *const operation_services[] = {"account", "teacher", NULL};
_Static_assert(COUNT_OF(operation_services) == OPERATION_SERVICES + 1, "");

int
operation_service(const char *name)
{
    for (int service = 0; service < OPERATION_SERVICES; service++)
        if (strcmp(operation_services[service], name) == 0)
            return service;
    return -1;
}

bool
operations_pause(struct operations *operations, int64_t duration)
{
    int64_t deadline = clock_monotonic() + duration;

    pthread_mutex_lock(&operations->pause_lock);
    while (!atomic_load(&operations->stopping) && clock_monotonic() < deadline)
        condition_wait(&operations->pause_over, &operations->pause_lock,
                       deadline);
    pthread_mutex_unlock(&operations->pause_lock);
    return !atomic_load(&operations->stopping);
}

int64_t
operation_last_moment(int64_t deadline)
{
    int64_t last = clock_monotonic() + last_wait;

    return service_stopping() && deadline > last ? last : deadline;
}

bool
operations_send(struct operations *operations, int service, int lane,
                const struct packed *command, const char *command_id,
                const char *lane_key, const char *traceparent, int64_t at)
{
    if (!atomic_load(&operations->broker_seen))
        return false;
    return sender_send(operations->sender, operation_services[service], lane,
                       command->type, command_id, lane_key,
                       "/inservice/gateway", traceparent, at, command->data,
                       command->size);
}

/* --- start and stop ----------------------------------------------------- */

static void
start_thread(pthread_t *thread, void *(*run)(void *),
             struct operations *operations)
{
    if (pthread_create(thread, NULL, run, operations) != 0)
        out_of_memory(sizeof *thread);
}

struct operations *
operations_new(void)
{
    struct operations *operations = calloc(1, sizeof *operations);

    if (operations == NULL)
        out_of_memory(sizeof *operations);
    pthread_mutex_init(&operations->table_lock, NULL);
    pthread_mutex_init(&operations->queue_lock, NULL);
    pthread_mutex_init(&operations->pause_lock, NULL);
    condition_init(&operations->watch_wanted);
    condition_init(&operations->queue_some);
    condition_init(&operations->pause_over);
    return operations;
}

void
operations_free(struct operations *operations)
{
    pthread_cond_destroy(&operations->watch_wanted);
    pthread_cond_destroy(&operations->queue_some);
    pthread_cond_destroy(&operations->pause_over);
    pthread_mutex_destroy(&operations->table_lock);
    pthread_mutex_destroy(&operations->queue_lock);
    pthread_mutex_destroy(&operations->pause_lock);
    free(operations);
}

struct operations *
operations_start(char ret_error[256])
{
    struct operations *operations = operations_new();

    operations->sender = sender_new(ret_error);
    if (operations->sender == NULL) {
        operations_free(operations);
        return NULL;
    }
    start_thread(&operations->writer, operation_writer, operations);
    start_thread(&operations->watcher, operation_watcher, operations);
    start_thread(&operations->sweeper, operation_sweeper, operations);
    return operations;
}

static void
wake_all(pthread_mutex_t *lock, pthread_cond_t *condition)
{
    pthread_mutex_lock(lock);
    pthread_cond_broadcast(condition);
    pthread_mutex_unlock(lock);
}

void
operations_stop(struct operations *operations)
{
    if (operations == NULL)
        return;
    atomic_store(&operations->stopping, true);
    wake_all(&operations->queue_lock, &operations->queue_some);
    wake_all(&operations->table_lock, &operations->watch_wanted);
    wake_all(&operations->pause_lock, &operations->pause_over);
    pthread_join(operations->writer, NULL);
    pthread_join(operations->watcher, NULL);
    pthread_join(operations->sweeper, NULL);
    if (!sender_flush(operations->sender, FLUSH_MS))
        log_event(commands_left_to_sweeper);
    sender_free(operations->sender);
    operations_free(operations);
}
