/* Condition variables that wait by the clock of clock_monotonic(). */
#pragma once

#include <pthread.h>
#include <stdbool.h>
#include <stdint.h>

#include "attributes.h"

/* pthread_cond_destroy() ends it. */
void condition_init(pthread_cond_t *condition);
/* Waits with the lock held until it is woken (true, at times for no reason) or
 * the deadline has passed (false); INT64_MAX: no deadline. */
bool condition_wait(pthread_cond_t *condition, pthread_mutex_t *lock,
                    int64_t deadline);
