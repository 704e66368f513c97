/* What /metrics says about the process (P21), against what the test knows.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "chassis/base/clock.h"
#include "chassis/base/process_metrics.h"

static double
value_of(const char *name)
{
    struct bytes out = {0};
    char line[100];

    process_metrics_print(&out);
    bytes_add_char(&out, '\0');
    snprintf(line, sizeof line, "\n%s ", name);
    const char *found = strstr(out.data, line);
    assert_non_null(found);
    double value = strtod(found + strlen(line), NULL);
    bytes_free(&out);
    return value;
}

static void
p21_the_process_is_described(void **state)
{
    double now = (double)clock_now() / 1e6;
    double fds = value_of("process_open_fds");

    (void)state;
    assert_true(value_of("process_cpu_seconds_total") > 0);
    assert_true(value_of("process_resident_memory_bytes") > 1e5);
    assert_true(value_of("process_start_time_seconds") <= now + 1);
    assert_true(value_of("process_start_time_seconds") > now - 600);
    int more = dup(STDOUT_FILENO);
    assert_true(value_of("process_open_fds") == fds + 1);
    close(more);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(p21_the_process_is_described),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
