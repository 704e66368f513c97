/* The texts that the gateway sends to users: their numbers are those of the
 * code. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "rules/field_faults.h"
#include "rules/fold.h"
#include "rules/organization.h"

#include "gateway/imports/import.h"
#include "gateway/operations/internal.h"
#include "gateway/sessions/sessions.h"

PRINTF_LIKE(2, 3)
static void
assert_states(const char *text, const char *format, ...)
{
    char numbers[80];
    va_list arguments;

    va_start(arguments, format);
    vsnprintf(numbers, sizeof numbers, format, arguments);
    va_end(arguments);
    if (strstr(text, numbers) == NULL)
        fail_msg("\"%s\" does not state: %s", text, numbers);
}

static void
test_texts_state_the_limits_of_the_code(void **state)
{
    char password[PASSWORD_MAX + 2];

    (void)state;
    assert_states(field_fault_text(FAULT_LOGIN), " %d 至 %d 個英文字母",
                  LOGIN_LENGTH_MIN, LOGIN_LENGTH_MAX);
    assert_states(field_fault_text(FAULT_KEY), " 1 至 %d 個可見",
                  OPERATION_KEY_MAX);
    assert_states(cell_fault_text("CODE_BAD"), "至多 %d 個字元",
                  ORGANIZATION_CODE_SIZE - 1);
    assert_states(cell_fault_text("TOO_MANY_ROWS"), "至多 %d,%03d 列",
                  IMPORT_ROWS_MAX / 1000, IMPORT_ROWS_MAX % 1000);
    assert_states(password_fault("short", NULL, NULL), "至少須有 %d 個字元",
                  PASSWORD_MIN);
    memset(password, 'x', sizeof password - 1);
    password[sizeof password - 1] = '\0';
    assert_states(password_fault(password, NULL, NULL), " %d 個字元以內",
                  PASSWORD_MAX);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_texts_state_the_limits_of_the_code),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
