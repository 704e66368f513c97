/* Named places where a test makes the process die, stall or fail.
 *
 * Compiled in with -DFAILPOINTS only; release builds contain none. A test sets
 * INSERVICE_FAILPOINT="name:action[:skip]" (several with commas):
 *   kill  the process ends at once, as by kill -9
 *   stop  the process stops itself (SIGSTOP), a frozen owner
 *   fail  failpoint() returns true and the caller treats it as a failure
 * `skip` counts hits to let pass first; the next one acts, once. A name may be
 * narrowed by a class of work: "lane_before_commit@SuspendLeaver" hits only
 * when failpoint_class() holds a name that ends so. `<service> failpoints`
 * lists all names.
 */
#pragma once

#include <stdbool.h>
#include <stdio.h>

#include "chassis/base/attributes.h"

#ifdef FAILPOINTS
struct failpoint {
    const char *name;
};
bool failpoint_hit(const struct failpoint *point);
/* What the present batch works on: message type names, for narrowing; the
 * text must stay until the next call; NULL: nothing. */
void failpoint_class(const char *types);
/* Replaces the rules of the environment (unit tests, before threads start);
 * "" means none. False: one was refused and an ERROR event says so. */
bool failpoint_set(const char *rules) WARN_UNUSED;
#define FAILPOINT(point_name)                                                  \
    ({                                                                         \
        static const struct failpoint point_                                   \
            __attribute__((section("failpoints"), used)) = {#point_name};      \
        failpoint_hit(&point_);                                                \
    })
#else
#define FAILPOINT(point_name) (false)
static inline void
failpoint_class(const char *types)
{
    (void)types;
}
#endif
/* One name a line; nothing in a release build. */
void failpoint_list(FILE *out);
