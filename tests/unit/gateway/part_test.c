/* part.c: parts start in order; when a later one fails, all before it stop.
 */
#include "gateway/part.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "attributes.h"

static char story[64];
static char failing; /* the part that does not start, or 0 */

static bool
begin(char name, char ret_error[256])
{
    size_t at = strlen(story);

    if (name == failing) {
        snprintf(ret_error, 256, "no %c", name);
        return false;
    }
    snprintf(story + at, sizeof story - at, "+%c ", name);
    return true;
}

static void
end(char name)
{
    size_t at = strlen(story);

    snprintf(story + at, sizeof story - at, "-%c ", name);
}

static bool
a_start(char error[256])
{
    return begin('a', error);
}

static void
a_stop(void)
{
    end('a');
}

static bool
b_start(char error[256])
{
    return begin('b', error);
}

static bool
c_start(char error[256])
{
    return begin('c', error);
}

static void
c_stop(void)
{
    end('c');
}

static bool
d_start(char error[256])
{
    return begin('d', error);
}

static void
d_stop(void)
{
    end('d');
}

/* b needs no stop. */
static const struct part parts[] = {
    {"a", a_start, a_stop},
    {"b", b_start, NULL},
    {"c", c_start, c_stop},
    {"d", d_start, d_stop},
};

static const struct run {
    char failing;
    size_t running;
    const char *error, *story;
} runs[] = {
    {0, 4, "", "+a +b +c +d -d -c -a "},
    {'d', 3, "no d", "+a +b +c -c -a "},
    {'c', 2, "no c", "+a +b -a "},
    {'b', 1, "no b", "+a -a "},
    {'a', 0, "no a", ""},
};

static void
test_all_before_a_part_that_fails_are_stopped(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(runs); i++) {
        char error[256] = "old";

        story[0] = '\0';
        failing = runs[i].failing;
        size_t running = parts_start(parts, COUNT_OF(parts), error);
        assert_int_equal(running, runs[i].running);
        assert_string_equal(error, runs[i].error);
        parts_stop(parts, running);
        assert_string_equal(story, runs[i].story);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_all_before_a_part_that_fails_are_stopped),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
