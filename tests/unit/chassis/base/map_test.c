/* The map: keys of several spaces, several items of one key, one bucket. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include <cmocka.h>

#include "attributes.h"
#include "chassis/base/map.h"

struct item {
    char key[8];
    struct map_entry in_map;
};

static const char one_space[1], other_space[1];

static struct item *
find(struct map map, const void *space, const char *key)
{
    return MAP_ITEM(map_find(map, map_text(space, key)), struct item, in_map);
}

static void
items_of_a_small_map_are_found_and_removed(void **state)
{
    struct map_entry *buckets[4] = {NULL};
    struct item items[50];

    (void)state;
    for (size_t i = 0; i < COUNT_OF(items); i++) {
        snprintf(items[i].key, sizeof(items[i].key), "%zu", i);
        map_add(MAP(buckets), &items[i].in_map,
                map_text(one_space, items[i].key));
    }
    for (size_t i = 0; i < COUNT_OF(items); i += 2)
        map_remove(MAP(buckets), &items[i].in_map);
    for (size_t i = 0; i < COUNT_OF(items); i++)
        assert_ptr_equal(find(MAP(buckets), one_space, items[i].key),
                         i % 2 == 0 ? NULL : &items[i]);
}

static void
a_key_stands_in_its_space(void **state)
{
    struct map_entry *buckets[1] = {NULL};
    struct item one = {.key = "same"}, other = {.key = "same"};

    (void)state;
    map_add(MAP(buckets), &one.in_map, map_text(one_space, one.key));
    assert_null(find(MAP(buckets), other_space, "same"));
    map_add(MAP(buckets), &other.in_map, map_text(other_space, other.key));
    assert_ptr_equal(find(MAP(buckets), one_space, "same"), &one);
    assert_ptr_equal(find(MAP(buckets), other_space, "same"), &other);
    assert_null(map_same(&one.in_map));
    assert_null(find(MAP(buckets), one_space, "sam"));
    assert_null(find(MAP(buckets), one_space, ""));
}

static void
items_of_one_key_keep_the_order_they_are_given(void **state)
{
    struct map_entry *buckets[1] = {NULL};
    struct item first = {.key = "k"}, second, third, stranger = {.key = "x"};

    (void)state;
    map_add(MAP(buckets), &first.in_map, map_text(NULL, first.key));
    map_add(MAP(buckets), &stranger.in_map, map_text(NULL, stranger.key));
    map_add_after(&first.in_map, &third.in_map);
    map_add_after(&first.in_map, &second.in_map);
    assert_ptr_equal(find(MAP(buckets), NULL, "k"), &first);
    assert_ptr_equal(map_same(&first.in_map), &second.in_map);
    assert_ptr_equal(map_same(&second.in_map), &third.in_map);
    assert_null(map_same(&third.in_map));
    map_remove(MAP(buckets), &second.in_map);
    assert_ptr_equal(map_same(&first.in_map), &third.in_map);
}

/* Kafka's own cases of its DefaultPartitioner. */
static void
the_hash_is_that_of_kafka(void **state)
{
    (void)state;
    assert_int_equal((int32_t)map_hash("21", 2), -973932308);
    assert_int_equal((int32_t)map_hash("foobar", 6), -790332482);
    assert_int_equal((int32_t)map_hash("a-little-bit-long-string", 24),
                     -985981536);
    assert_int_equal((int32_t)map_hash("abc", 3), 479470107);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(items_of_a_small_map_are_found_and_removed),
        cmocka_unit_test(a_key_stands_in_its_space),
        cmocka_unit_test(items_of_one_key_keep_the_order_they_are_given),
        cmocka_unit_test(the_hash_is_that_of_kafka),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
