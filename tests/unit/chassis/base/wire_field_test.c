/* wire_field.c: parts of a message, one after the other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "chassis/base/wire.h"

#include "inservice/account/v1/commands.pb-c.h"

typedef Inservice__Account__V1__AddOrganization AddOrganization;

/* The Order in front of the rest reads as one message. */
static void
a_field_goes_in_front_of_the_rest(void **state)
{
    static char long_text[200];
    Inservice__Common__V1__Order order;
    AddOrganization whole, rest;
    uint8_t expected[1024], joined[1024];

    (void)state;
    for (size_t length = 0; length < sizeof long_text - 1; length++) {
        inservice__common__v1__order__init(&order);
        inservice__account__v1__add_organization__init(&rest);
        memset(long_text, 'x', length);
        order.reason = long_text;
        rest.name = wire_member("name");
        whole = rest;
        whole.order = &order;
        size_t size = protobuf_c_message_pack(&whole.base, expected);
        size_t at = wire_put_field(joined, 1, &order.base);
        assert_true(at <= wire_field_room(&order.base));
        at += protobuf_c_message_pack(&rest.base, joined + at);
        assert_int_equal(at, size);
        assert_memory_equal(joined, expected, size);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_field_goes_in_front_of_the_rest),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
