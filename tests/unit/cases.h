/* Groups of cases: a file of cases ends with CASES(), a program lists its
 * groups.
 *
 *   #define GROUPS(GROUP) GROUP(leave_school) GROUP(pull)
 *   GROUPS(DECLARE_GROUP)
 *   int main(void) { return 0 GROUPS(RUN_GROUP); }
 */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

struct case_group {
    const char *name;
    const struct CMUnitTest *cases;
    size_t count;
};

/* The cases of a file, as the group of that name. */
#define CASES(group, ...)                                                      \
    static const struct CMUnitTest group##_list[] = {__VA_ARGS__};             \
    const struct case_group group##_cases = {                                  \
        #group, group##_list, sizeof group##_list / sizeof *group##_list}

#define DECLARE_GROUP(group) extern const struct case_group group##_cases;
#define RUN_GROUP(group)     +run_group(&group##_cases)

static inline int
run_group(const struct case_group *group)
{
    return _cmocka_run_group_tests(group->name, group->cases, group->count,
                                   NULL, NULL);
}
