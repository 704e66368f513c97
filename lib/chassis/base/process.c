/* Stopping and readiness: flags that the whole process shares.
 *
 * Apart from service.c, so that the lane and the gateway's threads need not
 * include what starts them.
 */
#include "chassis/base/process.h"

#include <stdatomic.h>

#include "chassis/base/log.h"

static atomic_bool stopping, failed;
static atomic_bool ready, broker = true, reads;
static _Atomic(const char *) reason = "starting";

bool
service_stopping(void)
{
    return atomic_load(&stopping);
}

void
process_stop(void)
{
    atomic_store(&stopping, true);
}

bool
process_fail(void)
{
    bool first = !atomic_exchange(&failed, true);

    process_stop();
    return first;
}

bool
process_failed(void)
{
    return atomic_load(&failed);
}

bool
process_broker(void)
{
    return atomic_load(&broker);
}

void
process_set_broker(bool there)
{
    atomic_store(&broker, there);
}

bool
process_reads(void)
{
    return atomic_load(&reads);
}

void
process_set_reads(bool does)
{
    atomic_store(&reads, does);
}

void
service_ready(bool is_ready, const char *why)
{
    atomic_store(&reason, why);
    if (atomic_exchange(&ready, is_ready) == is_ready)
        return;
    if (is_ready)
        log_event(ready);
    else
        log_event(not_ready, log_str("reason", why));
}

bool
process_is_ready(const char **ret_reason)
{
    bool ending = service_stopping();

    *ret_reason = ending ? "draining" : atomic_load(&reason);
    return !ending && atomic_load(&ready);
}
