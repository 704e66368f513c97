/* The arena: zeroed, aligned, never overlapping, empty after a reset. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "chassis/base/arena.h"

static int
set_up(void **state)
{
    *state = arena_new(1024);
    return 0;
}

static int
tear_down(void **state)
{
    arena_free(*state);
    return 0;
}

static void
pieces_are_zeroed_and_aligned(void **state)
{
    for (size_t size = 1; size < 3000; size += 7) {
        char *piece = arena_alloc(*state, size);
        assert_int_equal((uintptr_t)piece % _Alignof(max_align_t), 0);
        for (size_t i = 0; i < size; i++)
            assert_int_equal(piece[i], 0);
        memset(piece, 0xa5, size);
    }
}

static void
pieces_keep_what_was_written(void **state)
{
    enum { PIECES = 200 };
    unsigned char *pieces[PIECES];
    size_t sizes[PIECES];

    for (size_t i = 0; i < PIECES; i++) {
        sizes[i] = i * 37 % 700 + 1;
        pieces[i] = arena_alloc(*state, sizes[i]);
        memset(pieces[i], (int)i, sizes[i]);
    }
    for (size_t i = 0; i < PIECES; i++)
        for (size_t k = 0; k < sizes[i]; k++)
            assert_int_equal(pieces[i][k], i);
}

static void
a_reset_empties_and_keeps_the_first_block(void **state)
{
    void *first = arena_alloc(*state, 100);
    arena_alloc(*state, 5000);
    assert_int_equal(arena_used(*state), 5100);
    arena_reset(*state);
    assert_int_equal(arena_used(*state), 0);
    assert_ptr_equal(arena_alloc(*state, 100), first);
}

static void
texts_are_copied(void **state)
{
    char text[] = "教師";
    char *copy = arena_strdup(*state, text);
    text[0] = 'x';
    assert_string_equal(copy, "教師");
    assert_null(arena_strdup(*state, NULL));
    assert_string_equal(arena_strndup(*state, "teacher", 5), "teach");
    assert_string_equal(arena_strndup(*state, "ab", 5), "ab");
    assert_string_equal(arena_printf(*state, "%s-%d", "lane", 23), "lane-23");
    assert_memory_equal(arena_copy(*state, "a\0b", 3), "a\0b", 3);
}

static void
protobuf_takes_from_the_arena(void **state)
{
    ProtobufCAllocator *allocator = arena_protobuf(*state);
    void *memory = allocator->alloc(allocator->allocator_data, 64);
    assert_non_null(memory);
    assert_int_equal(arena_used(*state), 64);
    allocator->free(allocator->allocator_data, memory);
    assert_int_equal(arena_used(*state), 64);
}

static void
freeing_nothing_is_fine(void **state)
{
    (void)state;
    arena_free(NULL);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(pieces_are_zeroed_and_aligned, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(pieces_keep_what_was_written, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(
            a_reset_empties_and_keeps_the_first_block, set_up, tear_down),
        cmocka_unit_test_setup_teardown(texts_are_copied, set_up, tear_down),
        cmocka_unit_test_setup_teardown(protobuf_takes_from_the_arena, set_up,
                                        tear_down),
        cmocka_unit_test(freeing_nothing_is_fine),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
