/* The lines of `doctor`: their form, and the room in a folder.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "chassis/base/checkup.h"

static int kept, ends[2];

/* What is printed until caught() is its text. */
static void
catch_lines(void)
{
    fflush(stdout);
    assert_int_equal(pipe(ends), 0);
    kept = dup(STDOUT_FILENO);
    dup2(ends[1], STDOUT_FILENO);
}

static const char *
caught(void)
{
    static char text[1024];

    fflush(stdout);
    dup2(kept, STDOUT_FILENO);
    close(kept);
    close(ends[1]);
    ssize_t size = read(ends[0], text, sizeof text - 1);
    text[size > 0 ? size : 0] = '\0';
    close(ends[0]);
    return text;
}

static void
a_line_for_each_part(void **state)
{
    struct checkup checkup = {false};

    (void)state;
    catch_lines();
    checkup_ok(&checkup, "schema", "%d lanes", 6);
    checkup_note(&checkup, "mail", "to a folder");
    checkup_skip(&checkup, "keys", "no database");
    assert_string_equal(caught(), "OK     schema    6 lanes\n"
                                  "NOTE   mail      to a folder\n"
                                  "-      keys      no database\n");
    assert_false(checkup.ill);
    catch_lines();
    checkup_fault(&checkup, "clock", "run a time service", "%d s", 3);
    checkup_fault(&checkup, "schema", NULL, "run `migrate`");
    assert_string_equal(caught(),
                        "FAULT  clock     3 s. Do: run a time service\n"
                        "FAULT  schema    run `migrate`\n");
    assert_true(checkup.ill);
}

static void
a_folder_has_room_or_not(void **state)
{
    struct checkup checkup = {false};

    (void)state;
    catch_lines();
    checkup_folder(&checkup, "/tmp", 1);
    assert_int_equal(strncmp(caught(), "OK     disk      /tmp has ", 26), 0);
    assert_false(checkup.ill);
    catch_lines();
    checkup_folder(&checkup, "/tmp", INT64_MAX);
    assert_non_null(strstr(caught(), "Do: free or add space"));
    assert_true(checkup.ill);
}

static void
a_folder_that_cannot_be_written(void **state)
{
    struct checkup checkup = {false};

    (void)state;
    catch_lines();
    checkup_folder(&checkup, "/proc/no-such-folder", 1);
    assert_non_null(strstr(caught(), "No such file or directory"));
    assert_true(checkup.ill);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_line_for_each_part),
        cmocka_unit_test(a_folder_has_room_or_not),
        cmocka_unit_test(a_folder_that_cannot_be_written),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
