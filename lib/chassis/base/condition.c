/* The wall clock may jump; a wait must not. Called by the gateway's threads. */
#include "chassis/base/condition.h"

#include <time.h>

#include "chassis/base/clock.h"

void
condition_init(pthread_cond_t *condition)
{
    pthread_condattr_t attributes;

    pthread_condattr_init(&attributes);
    pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC);
    pthread_cond_init(condition, &attributes);
    pthread_condattr_destroy(&attributes);
}

bool
condition_wait(pthread_cond_t *condition, pthread_mutex_t *lock,
               int64_t deadline)
{
    if (deadline == INT64_MAX)
        return pthread_cond_wait(condition, lock) == 0;
    struct timespec until = {
        .tv_sec = (time_t)(deadline / SECONDS(1)),
        .tv_nsec = (long)(deadline % SECONDS(1)) * 1000,
    };
    return pthread_cond_timedwait(condition, lock, &until) == 0;
}
