/* Growing buffers: added bytes stand in order and in wire order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "attributes.h"
#include "chassis/base/bytes.h"

static void
numbers_go_in_network_order(void **state)
{
    (void)state;
    struct bytes bytes CLEANUP(bytes_free) = {0};
    static const uint8_t wanted[] = {0x01, 0x02, 0xff, 0xff, 0xff, 0xfe, 0x80,
                                     0,    0,    0,    0,    0,    0,    1};
    bytes_add_be16(&bytes, 0x0102);
    bytes_add_be32(&bytes, -2);
    bytes_add_be64(&bytes, INT64_MIN + 1);
    assert_int_equal(bytes.size, sizeof(wanted));
    assert_memory_equal(bytes.data, wanted, sizeof(wanted));
}

static void
a_buffer_grows_and_keeps_its_content(void **state)
{
    (void)state;
    struct bytes bytes CLEANUP(bytes_free) = {0};
    for (int i = 0; i < 5000; i++)
        bytes_add_char(&bytes, (char)('a' + i % 26));
    assert_int_equal(bytes.size, 5000);
    for (int i = 0; i < 5000; i++)
        assert_int_equal(bytes.data[i], 'a' + i % 26);
}

static void
clearing_keeps_the_memory(void **state)
{
    (void)state;
    struct bytes bytes CLEANUP(bytes_free) = {0};
    bytes_add_text(&bytes, "something");
    char *data = bytes.data;
    bytes_clear(&bytes);
    assert_int_equal(bytes.size, 0);
    bytes_add_text(&bytes, "other");
    assert_ptr_equal(bytes.data, data);
    assert_string_equal(bytes_text(&bytes), "other");
}

static void
text_ends_with_nul_and_size_does_not_count_it(void **state)
{
    (void)state;
    struct bytes bytes CLEANUP(bytes_free) = {0};
    assert_string_equal(bytes_text(&bytes), "");
    bytes_printf(&bytes, "%s:%d", "lane", 7);
    assert_string_equal(bytes_text(&bytes), "lane:7");
    assert_int_equal(bytes.size, 6);
}

static void
json_is_escaped(void **state)
{
    (void)state;
    static const struct {
        const char *text, *json;
    } rows[] = {
        {NULL, "null"},
        {"", "\"\""},
        {"陳O明", "\"陳O明\""},
        {"a\"b\\c", "\"a\\\"b\\\\c\""},
        {"\n\r\t\b\f", "\"\\n\\r\\t\\b\\f\""},
        {"\x01\x1f\x7f", "\"\\u0001\\u001f\\u007f\""},
        {"/", "\"/\""},
    };
    struct bytes bytes CLEANUP(bytes_free) = {0};

    for (size_t i = 0; i < COUNT_OF(rows); i++) {
        bytes_clear(&bytes);
        bytes_add_json(&bytes, rows[i].text);
        assert_string_equal(bytes_text(&bytes), rows[i].json);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_go_in_network_order),
        cmocka_unit_test(a_buffer_grows_and_keeps_its_content),
        cmocka_unit_test(clearing_keeps_the_memory),
        cmocka_unit_test(text_ends_with_nul_and_size_does_not_count_it),
        cmocka_unit_test(json_is_escaped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
