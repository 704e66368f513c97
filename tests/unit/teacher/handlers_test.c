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

static const struct CMUnitTest completeness[] = {
    cmocka_unit_test(test_nothing_forgotten),
};

static int
run(const char *name, const struct CMUnitTest *cases, size_t count)
{
    return _cmocka_run_group_tests(name, cases, count, NULL, NULL);
}

#define RUN(name) run("teacher/" #name, name##_cases, name##_case_count)

int
main(void)
{
    int failed = RUN(register_teacher) + RUN(pull) + RUN(leave_school) +
                 RUN(update_teacher) + RUN(undo_move) + RUN(carry_out_move) +
                 RUN(revise_code_table) + RUN(actor) + RUN(view);

    failed += run("teacher/handlers", completeness, COUNT_OF(completeness));
    return failed;
}
