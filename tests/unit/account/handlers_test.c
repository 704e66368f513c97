/* All cases of the account service in one program, and at the end: nothing
 * that the handlers table announces was left without a case. */
#include "given.h"

#include "rules/refusals.h"

static bool
refusal_known(const char *code)
{
    return refusal_find(code) != NULL;
}

static void
test_every_handler_is_whole(void **state)
{
    (void)state;
    fixture_check_handlers(&account_core, account_outputs, refusal_known);
}

CASES(completeness, cmocka_unit_test(test_every_handler_is_whole));

#define GROUPS(GROUP)                                                          \
    GROUP(states)                                                              \
    GROUP(organization)                                                        \
    GROUP(unit_life)                                                           \
    GROUP(application)                                                         \
    GROUP(close_applications)                                                  \
    GROUP(enable_business_account)                                             \
    GROUP(disable_business_account)                                            \
    GROUP(change_business_account)                                             \
    GROUP(succeed_chief)                                                       \
    GROUP(suspend_leaver)                                                      \
    GROUP(delete_business_account)                                             \
    GROUP(deletion)                                                            \
    GROUP(course)                                                              \
    GROUP(teacher_account)                                                     \
    GROUP(teacher_state)                                                       \
    GROUP(enabling_evidence)                                                   \
    GROUP(actor)                                                               \
    GROUP(applicant)                                                           \
    GROUP(crowd)                                                               \
    GROUP(completeness) /* the last: it checks the others */
GROUPS(DECLARE_GROUP)

int
main(void)
{
    return 0 GROUPS(RUN_GROUP);
}
