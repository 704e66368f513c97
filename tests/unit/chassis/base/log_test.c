/* Log lines: whole, JSON whatever goes in, silent about persons, and an outage
 * is one line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>
#include <jansson.h>

#include "chassis/base/bytes.h"
#include "chassis/base/clock.h"
#include "chassis/base/log.h"
#include "chassis/base/metrics.h"

EVENT_DEFINED(INFO, teacher_left, "test", "A test.", "")
EVENT_DEFINED(DEBUG, nothing, "test", "A test.", "")
EVENT_DEFINED(WARNING, something, "test", "A test.", "")
EVENT_DEFINED(ERROR, sealed, "test", "A test.", "")
EVENT_DEFINED(INFO, wild, "test", "A test.", "")
EVENT_DEFINED(INFO, large, "test", "A test.", "")
EVENT_DEFINED(INFO, many, "test", "A test.", "")
EVENT_DEFINED(WARNING, away, "test", "A test.", "")
EVENT_DEFINED(ERROR, faulty, "test", "A fault.", "Mend it.")

static FILE *captured;
static int real_stderr;

/* stderr goes to a file while a test runs. */
static int
capture(void **state)
{
    (void)state;
    captured = tmpfile();
    real_stderr = dup(STDERR_FILENO);
    if (captured == NULL || real_stderr < 0)
        return -1;
    dup2(fileno(captured), STDERR_FILENO);
    return log_open("teacher", "info") ? 0 : -1;
}

static int
release(void **state)
{
    (void)state;
    log_trace(NULL);
    dup2(real_stderr, STDERR_FILENO);
    close(real_stderr);
    fclose(captured);
    return 0;
}

/* The next line as JSON; NULL at the end. */
static json_t *
next_line(void)
{
    static char line[8192];
    if (fgets(line, sizeof(line), captured) == NULL)
        return NULL;
    assert_true(strlen(line) <= 4096);
    json_t *json = json_loads(line, JSON_REJECT_DUPLICATES, NULL);
    assert_non_null(json);
    return json;
}

static const char *
text_of(const json_t *json, const char *name)
{
    const char *text = json_string_value(json_object_get(json, name));
    assert_non_null(text);
    return text;
}

static void
an_event_has_head_and_fields(void **state)
{
    (void)state;
    log_trace("0af7651916cd43dd8448eb211c80319c");
    log_event(teacher_left, log_str("organization", "193601"),
              log_int("version", INT64_MIN), log_bool("repeated", true),
              log_str("note", NULL));
    rewind(captured);
    json_t *json = next_line();
    assert_int_equal(strlen(text_of(json, "at")), 27);
    assert_string_equal(text_of(json, "level"), "info");
    assert_string_equal(text_of(json, "service"), "teacher");
    assert_string_equal(text_of(json, "event"), "teacher_left");
    assert_string_equal(text_of(json, "trace_id"),
                        "0af7651916cd43dd8448eb211c80319c");
    assert_string_equal(text_of(json, "organization"), "193601");
    assert_true(json_integer_value(json_object_get(json, "version")) ==
                INT64_MIN);
    assert_true(json_is_true(json_object_get(json, "repeated")));
    assert_true(json_is_null(json_object_get(json, "note")));
    json_decref(json);
    assert_null(next_line());
}

static void
lower_levels_are_not_written(void **state)
{
    (void)state;
    log_event(nothing);
    log_event(something);
    rewind(captured);
    json_t *json = next_line();
    assert_string_equal(text_of(json, "event"), "something");
    json_decref(json);
    assert_null(next_line());
}

static void
an_unknown_level_is_refused(void **state)
{
    (void)state;
    assert_false(log_open("teacher", "loud"));
    assert_true(log_open("teacher", "debug"));
}

static void
personal_values_never_show(void **state)
{
    (void)state;
    char all[4096] = "";
    log_event(sealed, log_personal("number", "A123456789"),
              log_personal("name", NULL));
    rewind(captured);
    assert_true(fread(all, 1, sizeof(all) - 1, captured) > 0);
    assert_null(strstr(all, "A123456789"));
    assert_non_null(strstr(all, "\"number\":\"[personal]\""));
    assert_non_null(strstr(all, "\"name\":null"));
}

static void
wild_text_stays_one_line_of_json(void **state)
{
    (void)state;
    log_event(wild,
              log_str("text", "a\"b\\"
                              "\nc\x01\xff\xc0\xaf陳"),
              log_str("half", "\xe9\x99"));
    rewind(captured);
    json_t *json = next_line();
    assert_string_equal(text_of(json, "text"),
                        "a\"b\\"
                        "\nc\x01\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd陳");
    assert_string_equal(text_of(json, "half"), "\xef\xbf\xbd\xef\xbf\xbd");
    json_decref(json);
    assert_null(next_line());
}

static void
a_long_text_is_cut_and_says_so(void **state)
{
    (void)state;
    for (size_t size = 3900; size < 4300; size++) {
        char *text = calloc(1, size + 1);
        memset(text, '"', size);
        log_event(large, log_str("text", text), log_int("lost", 1));
        free(text);
    }
    rewind(captured);
    for (size_t size = 3900; size < 4300; size++) {
        json_t *json = next_line();
        assert_true(json_is_true(json_object_get(json, "truncated")));
        assert_true(strlen(text_of(json, "text")) > 1800);
        assert_null(json_object_get(json, "lost"));
        json_decref(json);
    }
}

static void
every_length_near_the_limit_is_json(void **state)
{
    (void)state;
    char text[4200];
    for (size_t size = 3700; size < 4100; size++) {
        memset(text, 'x', size);
        text[size] = '\0';
        log_event(large, log_str("text", text), log_str("next", "y"),
                  log_int("number", 12345));
    }
    rewind(captured);
    for (size_t size = 3700; size < 4100; size++)
        json_decref(next_line());
}

static void *
write_many(void *name)
{
    log_trace(name);
    for (int i = 0; i < 500; i++)
        log_event(many, log_int("i", i));
    return NULL;
}

static void
threads_do_not_mix_their_lines(void **state)
{
    (void)state;
    char first[] = "first", second[] = "second";
    int seen[2] = {0, 0};
    pthread_t threads[2];
    pthread_create(&threads[0], NULL, write_many, first);
    pthread_create(&threads[1], NULL, write_many, second);
    pthread_join(threads[0], NULL);
    pthread_join(threads[1], NULL);

    rewind(captured);
    for (json_t *json = next_line(); json != NULL; json = next_line()) {
        int which = strcmp(text_of(json, "trace_id"), "second") == 0;
        int64_t i = json_integer_value(json_object_get(json, "i"));
        assert_int_equal(i, seen[which]);
        seen[which]++;
        json_decref(json);
    }
    assert_int_equal(seen[0] + seen[1], 1000);
}

/* --- repeats ------------------------------------------------------------ */

static void
pass(int64_t seconds)
{
    static int64_t passed;

    clock_shift(passed += SECONDS(seconds));
}

/* What `repeats` of the next line says, -1: no line, 0: no such field. */
static int64_t
next_repeats(void)
{
    json_t *json = next_line();
    int64_t repeats = -1;

    if (json != NULL)
        repeats = json_integer_value(json_object_get(json, "repeats"));
    json_decref(json);
    return repeats;
}

static void
an_outage_is_one_line(void **state)
{
    (void)state;
    for (int i = 0; i < 50; i++) {
        pass(1);
        log_event(away, log_str("user", "one"), log_int("port", 1));
    }
    rewind(captured);
    assert_int_equal(next_repeats(), 0);
    assert_int_equal(next_repeats(), -1);
}

static void
other_fields_are_another_line(void **state)
{
    (void)state;
    log_event(away, log_str("user", "two"), log_int("port", 1));
    log_event(away, log_str("user", "two"), log_int("port", 2));
    log_event(away, log_str("user", "three"), log_int("port", 1));
    log_event(faulty, log_str("user", "two"), log_int("port", 1));
    rewind(captured);
    for (int i = 0; i < 4; i++)
        assert_int_equal(next_repeats(), 0);
    assert_int_equal(next_repeats(), -1);
}

static void
the_trace_is_no_difference(void **state)
{
    (void)state;
    log_event(away, log_str("user", "traced"));
    log_trace("0af7651916cd43dd8448eb211c80319c");
    log_event(away, log_str("user", "traced"));
    rewind(captured);
    assert_int_equal(next_repeats(), 0);
    assert_int_equal(next_repeats(), -1);
}

static void
the_next_outage_is_a_line_with_what_was_left_out(void **state)
{
    (void)state;
    for (int i = 0; i < 3; i++)
        log_event(away, log_str("user", "four"));
    pass(61);
    log_event(away, log_str("user", "four"));
    rewind(captured);
    assert_int_equal(next_repeats(), 0);
    assert_int_equal(next_repeats(), 2);
    assert_int_equal(next_repeats(), -1);
}

static void
a_long_outage_is_a_line_an_hour(void **state)
{
    (void)state;
    for (int i = 0; i < 2 * 120 + 1; i++) {
        log_event(away, log_str("user", "five"));
        pass(30);
    }
    rewind(captured);
    assert_int_equal(next_repeats(), 0);
    assert_int_equal(next_repeats(), 119);
    assert_int_equal(next_repeats(), 119);
    assert_int_equal(next_repeats(), -1);
}

static void
facts_are_never_left_out(void **state)
{
    (void)state;
    log_event(teacher_left, log_str("organization", "193601"));
    log_event(teacher_left, log_str("organization", "193601"));
    rewind(captured);
    assert_int_equal(next_repeats(), 0);
    assert_int_equal(next_repeats(), 0);
}

static long
errors_counted(void)
{
    struct bytes text = {0};

    metrics_print(&text);
    bytes_add(&text, "", 1);
    const char *at =
        strstr((const char *)text.data, "\ninservice_log_errors_total ");
    long count = at == NULL ? 0 : strtol(at + 28, NULL, 10);
    bytes_free(&text);
    return count;
}

static void
errors_that_are_left_out_are_counted(void **state)
{
    long before = errors_counted();

    (void)state;
    for (int i = 0; i < 3; i++)
        log_event(faulty, log_str("user", "six"));
    assert_int_equal(errors_counted() - before, 3);
}

static void
the_tables_are_printed_as_a_document(void **state)
{
    static const struct event *const rows[] = {&event_faulty, NULL};
    char *text = NULL;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    (void)state;
    events_document(rows, out);
    fclose(out);
    assert_non_null(
        strstr(text, "| `faulty` | error | test | A fault. | Mend it. |\n"));
    assert_non_null(strstr(text, "\n| `lane_fenced` | warning | lane |"));
    free(text);
}

#define CAPTURED(test) cmocka_unit_test_setup_teardown(test, capture, release)

int
main(void)
{
    const struct CMUnitTest tests[] = {
        CAPTURED(an_event_has_head_and_fields),
        CAPTURED(lower_levels_are_not_written),
        CAPTURED(an_unknown_level_is_refused),
        CAPTURED(personal_values_never_show),
        CAPTURED(wild_text_stays_one_line_of_json),
        CAPTURED(a_long_text_is_cut_and_says_so),
        CAPTURED(every_length_near_the_limit_is_json),
        CAPTURED(threads_do_not_mix_their_lines),
        CAPTURED(an_outage_is_one_line),
        CAPTURED(other_fields_are_another_line),
        CAPTURED(the_trace_is_no_difference),
        CAPTURED(the_next_outage_is_a_line_with_what_was_left_out),
        CAPTURED(a_long_outage_is_a_line_an_hour),
        CAPTURED(facts_are_never_left_out),
        CAPTURED(errors_that_are_left_out_are_counted),
        CAPTURED(the_tables_are_printed_as_a_document),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
