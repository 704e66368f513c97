/* Cursors: reading gives back exactly what was written. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "gateway/lists/cursor.h"

static char folder[] = "/tmp/cursor_test.XXXXXX";
static struct seal_keys *keys;
static struct arena *arena;

static int
open_keys(void **state)
{
    char error[256];

    (void)state;
    if (mkdtemp(folder) == NULL)
        return -1;
    assert_true(seal_keys_make(folder, "token", error));
    keys = seal_keys_open(folder, "token", error);
    arena = arena_new(0);
    return keys == NULL ? -1 : 0;
}

static int
close_keys(void **state)
{
    char path[64];

    (void)state;
    seal_keys_free(keys);
    arena_free(arena);
    snprintf(path, sizeof path, "%s/token-1.key", folder);
    unlink(path);
    return rmdir(folder);
}

static void
test_fields_come_back(void **state)
{
    const char *const fields[] = {"歐陽娜娜", "", "014XA1-02"};
    const char *back[3] = {0};

    (void)state;
    const char *text = cursor_make(arena, keys, "cursor/32/a", fields, 3);
    assert_non_null(text);
    assert_true(cursor_read(arena, keys, "cursor/32/a", text, back, 3));
    for (size_t i = 0; i < 3; i++)
        assert_string_equal(back[i], fields[i]);
}

static void
test_name_is_not_to_be_read(void **state)
{
    const char *const fields[] = {"AAAA"};
    const char *text = cursor_make(arena, keys, "cursor/32/a", fields, 1);

    (void)state;
    assert_null(strstr(text, "41414141"));
}

static void
test_other_place_or_number_of_fields_is_refused(void **state)
{
    const char *const fields[] = {"x", "y"};
    const char *back[3] = {0};
    const char *text = cursor_make(arena, keys, "cursor/32/a", fields, 2);

    (void)state;
    assert_false(cursor_read(arena, keys, "cursor/32/b", text, back, 2));
    assert_false(cursor_read(arena, keys, "cursor/17/a", text, back, 2));
    assert_false(cursor_read(arena, keys, "cursor/32/a", text, back, 1));
    assert_false(cursor_read(arena, keys, "cursor/32/a", text, back, 3));
    assert_null(back[0]);
}

static void
test_changed_text_is_refused(void **state)
{
    static const char *const bad[] = {"", "0", "zz", "00ff", "../../etc"};
    const char *const fields[] = {"x"};
    const char *back[1];
    char *text =
        arena_strdup(arena, cursor_make(arena, keys, "cursor/1/", fields, 1));

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++)
        assert_false(cursor_read(arena, keys, "cursor/1/", bad[i], back, 1));
    for (size_t i = 0; text[i] != '\0'; i++) {
        char was = text[i];
        text[i] = was == '0' ? '1' : '0';
        assert_false(cursor_read(arena, keys, "cursor/1/", text, back, 1));
        text[i] = was;
    }
    assert_true(cursor_read(arena, keys, "cursor/1/", text, back, 1));
}

static void
test_what_does_not_fit_is_not_made(void **state)
{
    char *name = arena_alloc(arena, CURSOR_TEXT_MAX);
    const char *const fields[] = {name};

    (void)state;
    memset(name, 'x', CURSOR_TEXT_MAX - 1);
    assert_null(cursor_make(arena, keys, "cursor/1/", fields, 1));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_fields_come_back),
        cmocka_unit_test(test_name_is_not_to_be_read),
        cmocka_unit_test(test_other_place_or_number_of_fields_is_refused),
        cmocka_unit_test(test_changed_text_is_refused),
        cmocka_unit_test(test_what_does_not_fit_is_not_made),
    };

    return cmocka_run_group_tests(tests, open_keys, close_keys);
}
