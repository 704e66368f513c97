/* migrate_test.c: a database that does not answer is no wrong schema, whatever
 * its name is. tests/sql/test_schemas.py has the cases that need a server. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "chassis/db/migrate.h"

static const struct sql_text no_scripts[] = {{.name = NULL}};

static void
test_no_server_is_unreachable(void **state)
{
    static const char *const urls[] = {
        "postgresql://127.0.0.1:1/inservice",
        "postgresql://127.0.0.1:1/migration",
        "postgresql://127.0.0.1:1/the%20schema",
        "postgresql://127.0.0.1:1/schema_migration",
    };
    char error[256];

    (void)state;
    for (size_t i = 0; i < sizeof urls / sizeof urls[0]; i++) {
        error[0] = '\0';
        assert_int_equal(migrate_check("account", no_scripts, urls[i], error),
                         SCHEMA_UNREACHABLE);
        assert_true(strlen(error) > 0);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_no_server_is_unreachable),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
