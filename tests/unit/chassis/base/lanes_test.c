/* lanes_test.c: the lane of a key follows the number of lanes. The values are
 * Kafka's own (its client's murmur2); tests/contract/lanes.txt has more keys.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "attributes.h"
#include "chassis/base/lanes.h"

static void
test_lane_of_known_keys(void **state)
{
    static const struct {
        const char *key;
        int of_1, of_6, of_24, of_96;
    } cases[] = {
        {"PLT", 0, 4, 16, 16},
        {"994601", 0, 3, 21, 45},
        {"994602", 0, 3, 9, 81},
        {"383601", 0, 0, 0, 24},
        {"stage", 0, 0, 6, 78},
        {"0190f3c2-7b1e-7c44-9a51-3f0e6a1b2c3d", 0, 5, 17, 41},
        {"8d7b5a2e-9c1f-8e34-b6a0-5d4c3b2a1908", 0, 2, 20, 20},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        lane_count_set(1);
        assert_int_equal(lane_of(cases[i].key), cases[i].of_1);
        lane_count_set(6);
        assert_int_equal(lane_of(cases[i].key), cases[i].of_6);
        lane_count_set(24);
        assert_int_equal(lane_of(cases[i].key), cases[i].of_24);
        lane_count_set(LANES_MAX);
        assert_int_equal(lane_of(cases[i].key), cases[i].of_96);
    }
}

static void
test_the_count_is_the_one_set_last(void **state)
{
    (void)state;
    lane_count_set(6);
    assert_int_equal(lane_count(), 6);
    lane_count_set(24);
    assert_int_equal(lane_count(), 24);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lane_of_known_keys),
        cmocka_unit_test(test_the_count_is_the_one_set_last),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
