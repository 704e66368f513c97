/* routes.c: the table joins the rules; a row without its partner is named. */
#include "gateway/routes.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>

#include "rules/route.h"

#include "gateway/gateway.h"

static struct http_route *
row_of(int number)
{
    for (struct http_route *row = gateway_routes; row->handle; row++)
        if (row->number == number)
            return row;
    return NULL;
}

static void
test_a_row_has_the_method_and_path_of_its_rule(void **state)
{
    char error[256];

    (void)state;
    assert_true(routes_fill(error));
    for (size_t i = 0; i < route_count(); i++) {
        const struct route *rule = route_at(i);
        const struct http_route *row = row_of((int)rule->number);
        assert_non_null(row);
        assert_string_equal(row->method, rule->method);
        assert_string_equal(row->path, rule->path);
    }
}

static void
test_who_sends_a_form_may_send_a_body(void **state)
{
    char error[256];

    (void)state;
    assert_true(routes_fill(error));
    for (const struct http_route *row = gateway_routes; row->handle; row++)
        assert_int_equal(row->takes_body,
                         strcmp(row->method, "GET") != 0 &&
                             strcmp(row->method, "DELETE") != 0);
}

static void
test_a_row_without_rule_is_named(void **state)
{
    struct http_route *row = row_of(2);
    char error[256];

    (void)state;
    row->number = 999;
    assert_false(routes_fill(error));
    assert_non_null(strstr(error, "999 has no row in the rules"));
    row->number = 2;
}

static void
test_a_rule_without_row_is_named(void **state)
{
    struct http_route *row = row_of(2);
    char error[256];

    (void)state;
    row->number = 1;
    assert_false(routes_fill(error));
    assert_string_equal(error, "route 2 has no handler");
    row->number = 2;
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_a_row_has_the_method_and_path_of_its_rule),
        cmocka_unit_test(test_who_sends_a_form_may_send_a_body),
        cmocka_unit_test(test_a_row_without_rule_is_named),
        cmocka_unit_test(test_a_rule_without_row_is_named),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
