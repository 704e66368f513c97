/* http_get_open_courses_test.c: states of courses have the numbers and names of
 * the course system's contract (C2). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "gateway/accounts/business_account.h"

#include "inservice/course/v1/events.pb-c.h"
#include "words_agree.h"

static void
test_states_are_those_of_the_contract(void **state)
{
    (void)state;
    assert_words_agree(&course_state_words,
                       &inservice__course__v1__course_state__descriptor);
    assert_string_equal(word_name(&course_state_words, 0), "UNKNOWN");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_states_are_those_of_the_contract),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
