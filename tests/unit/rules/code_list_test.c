/* code_list_test.c: codes, and lists of them as one text. */
#include "cases.h"
#include "rules/code_list.h"

#define CODES(...) ((const char *[]){__VA_ARGS__})

static void
test_what_is_a_code(void **state)
{
    (void)state;
    assert_true(code_ok("a", CODE_MAX));
    assert_true(code_ok("Math_2-b", 8));
    assert_false(code_ok("Math_2-bc", 8));
    assert_false(code_ok("", CODE_MAX));
    assert_false(code_ok("a b", CODE_MAX));
    assert_false(code_ok("國文", CODE_MAX));
}

static void
assert_joined(const char *const *texts, size_t count, const char *expected)
{
    char *const *codes = (char *const *)(uintptr_t)texts;
    char list[64];

    assert_in_range(code_list_room(codes, count), strlen(expected) + 1,
                    sizeof list);
    assert_ptr_equal(code_list_join(codes, count, list), list);
    assert_string_equal(list, expected);
}

static void
test_each_code_is_joined_once(void **state)
{
    (void)state;
    assert_joined(NULL, 0, "");
    assert_joined(CODES(""), 1, "");
    assert_joined(CODES("A1"), 1, "A1");
    assert_joined(CODES("A1", "A", "A1", "", "B"), 5, "A1 A B");
}

static void
test_a_list_is_split_up_to_the_most(void **state)
{
    char list[] = "A1 A  B", same[] = "A1 A  B", empty[] = "";
    char *codes[3];

    (void)state;
    assert_int_equal(code_list_split(list, codes, 3), 3);
    assert_string_equal(codes[0], "A1");
    assert_string_equal(codes[1], "A");
    assert_string_equal(codes[2], "B");
    assert_int_equal(code_list_split(same, codes, 2), 2);
    assert_int_equal(code_list_split(empty, codes, 3), 0);
    assert_int_equal(code_list_split(NULL, codes, 3), 0);
}

static void
test_a_list_has_whole_codes_only(void **state)
{
    (void)state;
    assert_true(code_list_has("A1 A B", "A1"));
    assert_true(code_list_has("A1 A B", "A"));
    assert_true(code_list_has("A1 A B", "B"));
    assert_false(code_list_has("A1 B", "A"));
    assert_false(code_list_has("A", "A1"));
    assert_false(code_list_has("", "A"));
    assert_false(code_list_has(NULL, "A"));
}

static void
test_a_list_is_a_set(void **state)
{
    char *ab[] = {(char *)(uintptr_t) "B", (char *)(uintptr_t) "A"};
    char *aa[] = {(char *)(uintptr_t) "A", (char *)(uintptr_t) "A"};

    (void)state;
    assert_true(code_list_is("A B", ab, 2));
    assert_true(code_list_is("A", aa, 2));
    assert_true(code_list_is(NULL, ab, 0));
    assert_true(code_list_is("", ab, 0));
    assert_false(code_list_is("A B", aa, 2));
    assert_false(code_list_is("A B", ab, 1));
    assert_false(code_list_is("A", ab, 2));
    assert_false(code_list_is("A", ab, 0));
    assert_false(code_list_is(NULL, ab, 2));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_what_is_a_code),
        cmocka_unit_test(test_each_code_is_joined_once),
        cmocka_unit_test(test_a_list_is_split_up_to_the_most),
        cmocka_unit_test(test_a_list_has_whole_codes_only),
        cmocka_unit_test(test_a_list_is_a_set),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
