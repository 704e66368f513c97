/* All cases of the account service in one program, and at the end: nothing
 * that the handlers table announces was left without a case. */
#include "given.h"

#include "rules/refusals.h"

extern const struct case_group organization_cases, application_cases,
    enable_business_account_cases, disable_business_account_cases,
    suspend_leaver_cases, delete_business_account_cases, course_cases,
    teacher_account_cases, teacher_state_cases, enabling_evidence_cases,
    actor_cases, applicant_cases, crowd_cases;

static const struct case_group *const groups[] = {
    &organization_cases,
    &application_cases,
    &enable_business_account_cases,
    &disable_business_account_cases,
    &suspend_leaver_cases,
    &delete_business_account_cases,
    &course_cases,
    &teacher_account_cases,
    &teacher_state_cases,
    &enabling_evidence_cases,
    &actor_cases,
    &applicant_cases,
    &crowd_cases,
};

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

int
main(void)
{
    const struct CMUnitTest whole[] = {
        cmocka_unit_test(test_every_handler_is_whole),
    };
    int failed = 0;

    for (size_t i = 0; i < sizeof groups / sizeof *groups; i++)
        failed += _cmocka_run_group_tests(groups[i]->name, groups[i]->cases,
                                          groups[i]->count, NULL, NULL);
    return failed + cmocka_run_group_tests(whole, NULL, NULL);
}
