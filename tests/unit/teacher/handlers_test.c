/* All cases of the teacher service, then completeness: every row of
 * teacher_handlers[] has its functions, and every fact and refusal it announces
 * was produced by some case. */
#include "given.h"

#include "rules/refusals.h"

static bool
refusal_known(const char *code)
{
    return refusal_find(code) != NULL;
}

static void
test_nothing_forgotten(void **state)
{
    (void)state;
    fixture_check_handlers(&teacher_core, teacher_outputs, refusal_known);
}

CASES(completeness, cmocka_unit_test(test_nothing_forgotten));

#define GROUPS(GROUP)                                                          \
    GROUP(register_teacher)                                                    \
    GROUP(pull)                                                                \
    GROUP(leave_school)                                                        \
    GROUP(update_teacher)                                                      \
    GROUP(undo_move)                                                           \
    GROUP(carry_out_move)                                                      \
    GROUP(follow_merger)                                                       \
    GROUP(reviews)                                                             \
    GROUP(revise_code_table)                                                   \
    GROUP(actor)                                                               \
    GROUP(view)                                                                \
    GROUP(completeness) /* the last: it checks the others */
GROUPS(DECLARE_GROUP)

int
main(void)
{
    return 0 GROUPS(RUN_GROUP);
}
