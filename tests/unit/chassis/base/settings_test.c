/* Settings: where values come from, and one precise line for each fault. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "chassis/base/clock.h"
#include "chassis/base/settings.h"

static const char *color;
static const char *key_file;
static int64_t wait_time, room, tries;
static bool strict;

static const struct setting rows[] = {
    {.name = "COLOR",
     .type = SETTING_CHOICE,
     .value = &color,
     .default_text = "red",
     .choices = "red|green",
     .help = "A color."},
    {.name = "WAIT",
     .type = SETTING_DURATION,
     .value = &wait_time,
     .default_text = "250ms",
     .min = MILLISECONDS(1),
     .max = DAYS(14),
     .help = "A wait."},
    {.name = "ROOM",
     .type = SETTING_SIZE,
     .value = &room,
     .default_text = "64KiB",
     .help = "A size."},
    {.name = "TRIES",
     .type = SETTING_INT,
     .value = &tries,
     .default_text = "5",
     .min = 1,
     .max = 9,
     .help = "A number."},
    {.name = "STRICT",
     .type = SETTING_BOOL,
     .value = &strict,
     .default_text = "false",
     .help = "A switch."},
    {.name = "KEY_FILE",
     .type = SETTING_FILE,
     .value = &key_file,
     .default_text = "",
     .secret = true,
     .help = "A key."},
    {0},
};

static char folder[] = "/tmp/settings_test.XXXXXX";
static char path[64];
static char faults[8192];

static int
make_folder(void **state)
{
    (void)state;
    if (mkdtemp(folder) == NULL)
        return -1;
    snprintf(path, sizeof(path), "%s/settings", folder);
    return 0;
}

static int
remove_folder(void **state)
{
    (void)state;
    unlink(path);
    return rmdir(folder);
}

static int
set_up(void **state)
{
    (void)state;
    static const char *const names[] = {"COLOR",
                                        "WAIT",
                                        "ROOM",
                                        "TRIES",
                                        "STRICT",
                                        "KEY_FILE",
                                        "SETTINGS",
                                        "LANES",
                                        "SESSION_TIMEOUT",
                                        "STATEMENT_TIMEOUT"};
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        char name[64];
        snprintf(name, sizeof(name), "INSERVICE_%s", names[i]);
        unsetenv(name);
    }
    setenv("INSERVICE_DATABASE_URL", "postgres://secret@localhost/x", 1);
    setenv("INSERVICE_KAFKA_BOOTSTRAP", "localhost:9092", 1);
    return 0;
}

static void
write_file(const char *text, mode_t mode)
{
    FILE *file = fopen(path, "w");
    assert_non_null(file);
    fputs(text, file);
    fclose(file);
    assert_int_equal(chmod(path, mode), 0);
}

static bool
read_with(const char *file)
{
    memset(faults, 0, sizeof(faults));
    FILE *errors = fmemopen(faults, sizeof(faults), "w");
    assert_non_null(errors);
    bool fine = settings_read(rows, file, errors);
    fclose(errors);
    return fine;
}

static void
assert_fault(const char *text)
{
    if (strstr(faults, text) == NULL)
        fail_msg("\"%s\" is not among: %s", text, faults);
}

static void
defaults_hold_without_anything_else(void **state)
{
    (void)state;
    assert_true(read_with(NULL));
    assert_string_equal(faults, "");
    assert_string_equal(color, "red");
    assert_int_equal(wait_time, 250000);
    assert_int_equal(room, 65536);
    assert_int_equal(tries, 5);
    assert_false(strict);
    assert_string_equal(key_file, "");
    assert_int_equal(chassis_settings.batch_max, 200);
    assert_int_equal(chassis_settings.inbox_kept, DAYS(14));
    assert_string_equal(chassis_settings.kafka_bootstrap, "localhost:9092");
}

static void
the_environment_wins_over_the_file(void **state)
{
    (void)state;
    write_file("# comment\n\n  COLOR = green  \nINSERVICE_TRIES=7\nSTRICT=true",
               0644);
    setenv("INSERVICE_TRIES", "9", 1);
    assert_true(read_with(path));
    assert_string_equal(color, "green");
    assert_int_equal(tries, 9);
    assert_true(strict);

    unsetenv("INSERVICE_TRIES");
    setenv("INSERVICE_SETTINGS", path, 1);
    assert_true(read_with(NULL));
    assert_int_equal(tries, 7);
}

static void
test_p20_an_unknown_variable_is_a_fault(void **state)
{
    static const char *const unknown[] = {"INSERVICE_COLOUR", "INSERVICE_",
                                          "INSERVICE_color"};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(unknown); i++) {
        setenv(unknown[i], "secret-value", 1);
        assert_false(read_with(NULL));
        assert_fault(unknown[i]);
        assert_fault("is no setting of this program");
        assert_null(strstr(faults, "secret-value"));
        unsetenv(unknown[i]);
    }
    setenv("INSERVICE_FAILPOINT", "", 1);
    assert_true(read_with(NULL));
    unsetenv("INSERVICE_FAILPOINT");
}

static void
units_are_understood(void **state)
{
    (void)state;
    static const struct {
        const char *text;
        int64_t value;
    } durations[] = {
        {"1ms", 1000},           {"1500us", 1500},        {"2s", SECONDS(2)},
        {"10min", SECONDS(600)}, {"12h", SECONDS(43200)}, {"14d", DAYS(14)},
    };
    for (size_t i = 0; i < COUNT_OF(durations); i++) {
        setenv("INSERVICE_WAIT", durations[i].text, 1);
        assert_true(read_with(NULL));
        assert_int_equal(wait_time, durations[i].value);
    }
    setenv("INSERVICE_ROOM", "300", 1);
    assert_true(read_with(NULL));
    assert_int_equal(room, 300);
    setenv("INSERVICE_ROOM", "8MiB", 1);
    assert_true(read_with(NULL));
    assert_int_equal(room, 8 << 20);
}

static void
a_number_may_be_none_where_the_row_says_so(void **state)
{
    static const struct {
        const char *text;
        bool fine;
        int64_t value;
    } cases[] = {
        {"1", true, 1},   {"24", true, 24}, {"96", true, 96}, {"", true, 0},
        {"0", false, 0},  {"97", false, 0}, {"-1", false, 0}, {"six", false, 0},
        {"6 ", false, 0}, {"2s", false, 0},
    };

    (void)state;
    assert_true(read_with(NULL));
    assert_int_equal(chassis_settings.lanes, 0);
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        setenv("INSERVICE_LANES", cases[i].text, 1);
        assert_true(read_with(NULL) == cases[i].fine);
        if (cases[i].fine)
            assert_int_equal(chassis_settings.lanes, cases[i].value);
        else
            assert_fault("INSERVICE_LANES (environment) ");
    }
}

static void
each_fault_has_its_line(void **state)
{
    (void)state;
    static const struct {
        const char *name, *value, *fault;
    } wrong[] = {
        {"INSERVICE_WAIT", "5",
         "INSERVICE_WAIT (environment) has no known unit: \"5\""},
        {"INSERVICE_WAIT", "5 s", "has no known unit"},
        {"INSERVICE_WAIT", "0ms", "is out of bounds"},
        {"INSERVICE_WAIT", "15d", "is out of bounds"},
        {"INSERVICE_WAIT", "999999999999999d", "is too large"},
        {"INSERVICE_WAIT", "", "is no number"},
        {"INSERVICE_TRIES", "99999999999999999999", "is no number"},
        {"INSERVICE_TRIES", "+5", "is no number"},
        {"INSERVICE_TRIES", "5x", "has no known unit"},
        {"INSERVICE_COLOR", "blue", "\"blue\", expected red|green"},
        {"INSERVICE_COLOR", "re", "is none of the words allowed"},
        {"INSERVICE_STRICT", "yes", "is neither true nor false"},
        {"INSERVICE_KEY_FILE", "/nowhere", "names a file that cannot be read"},
        {"INSERVICE_DATABASE_URL", "",
         "INSERVICE_DATABASE_URL (environment) is empty"},
        {"INSERVICE_STATEMENT_TIMEOUT", "10s", "must be below"},
        {"INSERVICE_SETTINGS", "/nowhere", "/nowhere: No such file"},
    };
    for (size_t i = 0; i < COUNT_OF(wrong); i++) {
        set_up(NULL);
        setenv(wrong[i].name, wrong[i].value, 1);
        assert_false(read_with(NULL));
        assert_fault(wrong[i].fault);
        assert_ptr_equal(strchr(faults, '\n') + 1, faults + strlen(faults));
    }
}

static void
all_faults_are_told_at_once(void **state)
{
    (void)state;
    unsetenv("INSERVICE_DATABASE_URL");
    setenv("INSERVICE_TRIES", "0", 1);
    write_file("COLOR=blue\nNO_SUCH=1\nwords\nSTRICT=true\nSTRICT=false\n",
               0600);
    assert_false(read_with(path));
    assert_fault("INSERVICE_DATABASE_URL is missing: PostgreSQL connection");
    assert_fault("INSERVICE_TRIES (environment) is out of bounds: \"0\"");
    assert_fault("/settings:1) is none of the words");
    assert_fault("/settings:2: unknown setting NO_SUCH\n");
    assert_fault("/settings:3: expected NAME=value\n");
    assert_fault("/settings:5: given twice: STRICT\n");
}

static void
secrets_stay_secret(void **state)
{
    (void)state;
    write_file("DATABASE_URL=postgres://hunter2@x/y\n", 0644);
    unsetenv("INSERVICE_DATABASE_URL");
    assert_false(read_with(path));
    assert_fault(
        "settings:1: secret in a file that everybody may read: DATABASE_URL");
    assert_null(strstr(faults, "hunter2"));

    setenv("INSERVICE_KEY_FILE", path, 1);
    set_up(NULL);
    setenv("INSERVICE_KEY_FILE", path, 1);
    assert_false(read_with(NULL));
    assert_fault("names a file that others than its owner may use");
    assert_null(strstr(faults, path));
    assert_int_equal(chmod(path, 0600), 0);
    assert_true(read_with(NULL));
    assert_string_equal(key_file, path);
}

static void
the_table_documents_itself(void **state)
{
    (void)state;
    static char text[16384];
    FILE *out = fmemopen(text, sizeof(text), "w");
    assert_non_null(out);
    settings_document(rows, out);
    fclose(out);
    assert_non_null(strstr(
        text,
        "| `INSERVICE_WAIT` | duration, 1ms to 14d | `250ms` | A wait. |\n"));
    assert_non_null(strstr(
        text,
        "| `INSERVICE_COLOR` | choice: red, green | `red` | A color. |\n"));
    assert_non_null(
        strstr(text, "| `INSERVICE_DATABASE_URL` | text, secret | required |"));
}

static void
every_row_is_complete(void **state)
{
    (void)state;
    for (const struct setting *row = chassis_setting_rows; row->name != NULL;
         row++) {
        assert_non_null(row->value);
        assert_non_null(row->help);
        assert_int_equal(row->help[strlen(row->help) - 1], '.');
        assert_true((row->type == SETTING_CHOICE) == (row->choices != NULL));
        for (const struct setting *next = row + 1; next->name != NULL; next++) {
            assert_string_not_equal(row->name, next->name);
            assert_ptr_not_equal(row->value, next->value);
        }
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(defaults_hold_without_anything_else, set_up),
        cmocka_unit_test_setup(the_environment_wins_over_the_file, set_up),
        cmocka_unit_test_setup(test_p20_an_unknown_variable_is_a_fault, set_up),
        cmocka_unit_test_setup(units_are_understood, set_up),
        cmocka_unit_test_setup(a_number_may_be_none_where_the_row_says_so,
                               set_up),
        cmocka_unit_test_setup(each_fault_has_its_line, set_up),
        cmocka_unit_test_setup(all_faults_are_told_at_once, set_up),
        cmocka_unit_test_setup(secrets_stay_secret, set_up),
        cmocka_unit_test_setup(the_table_documents_itself, set_up),
        cmocka_unit_test_setup(every_row_is_complete, set_up),
    };
    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
