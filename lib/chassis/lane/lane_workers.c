/* Several workers in one process, each with its own lanes, connection and
 * producer. They are members of one group, like workers of several processes;
 * they share only the process's readiness and its end.
 *
 * While one waits for the database the other decides; called by service.c.
 */
#include "chassis/lane/lane_internal.h"

#include <pthread.h>
#include <stdlib.h>

#include "chassis/base/process.h"
#include "chassis/base/settings.h"

struct worker {
    struct lane *lane;
    pthread_t thread;
    int status;
};

/* A fault that ends one ends all: the whole process is restarted. */
static void *
worker_run(void *context)
{
    struct worker *worker = context;

    worker->status = lane_run(worker->lane);
    if (worker->status != 0)
        process_stop();
    return NULL;
}

int
lane_run_workers(const struct lane_options *options)
{
    struct worker workers[WORKERS_MAX] = {{0}};
    int count = (int)chassis_settings.workers, status = 0;
    struct lane_options each = *options;

    lane_expect_workers(count);
    for (each.worker = 0; each.worker < count; each.worker++)
        workers[each.worker].lane = lane_new(&each);
    for (int i = 1; i < count; i++)
        if (pthread_create(&workers[i].thread, NULL, worker_run, &workers[i]))
            abort();
    worker_run(&workers[0]);
    for (int i = 1; i < count; i++)
        pthread_join(workers[i].thread, NULL);
    for (int i = 0; i < count; i++) {
        lane_free(workers[i].lane);
        if (workers[i].status != 0)
            status = workers[i].status;
    }
    return status;
}
