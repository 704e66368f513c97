/* Named places where a test kills, stops or fails the process.
 *
 * Compiled in with -DFAILPOINTS only; release builds contain none. A test sets
 * INSERVICE_FAILPOINT="name:action[:skip]" (several with commas):
 *   kill  the process ends at once, as by kill -9
 *   stop  the process stops itself (SIGSTOP), a frozen owner
 *   fail  failpoint() returns true and the caller treats it as a failure
 * `skip` is the number of hits to ignore first; the next one acts, once. A name
 * may be narrowed by a class of work: "lane_before_commit@SuspendLeaver" hits
 * only if failpoint_class() has a name that ends so. `<service> failpoints`
 * lists all names.
 */
#pragma once

#include <stdbool.h>
#include <stdio.h>

#include "attributes.h"

#ifdef FAILPOINTS
struct failpoint {
    const char *name;
};
bool failpoint_hit(const struct failpoint *point);
/* Message types of the present batch, for narrowing; the text must live until
 * the next call; NULL: none. */
void failpoint_class(const char *types);
/* Replaces the rules of the environment (unit tests, before threads start);
 * "" means none. False: one was refused, with an ERROR event. */
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
