/* field_faults_test.c: every fault of a form has a code and words; forms and
 * files share the words of a fault; refusals use the words of the glossary. */
#include "cases.h"

#include "rules/field_faults.h"
#include "rules/refusals.h"

static void
test_every_fault_of_a_form_has_code_and_words(void **state)
{
    (void)state;
    for (int f = 0; f < FIELD_FAULTS; f++) {
        assert_non_null(field_fault_code((enum field_fault)f));
        assert_non_null(field_fault_text((enum field_fault)f));
    }
}

static void
test_forms_and_files_share_their_words(void **state)
{
    static const struct {
        enum field_fault form;
        const char *cell;
    } shared[] = {
        {FAULT_CHARACTERS, "TEXT_BAD"},    {FAULT_EMAIL, "EMAIL_BAD"},
        {FAULT_MISSING, "CELL_EMPTY"},     {FAULT_PHONE, "PHONE_BAD"},
        {FAULT_TOO_LONG, "TEXT_TOO_LONG"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(shared); i++)
        assert_string_equal(cell_fault_text(shared[i].cell),
                            field_fault_text(shared[i].form));
    assert_null(cell_fault_text("NO_SUCH_CODE"));
}

/* A ticket is 開通碼, a receipt 申請查詢碼; a header is no officer's business.
 */
static void
test_refusals_use_the_words_of_the_glossary(void **state)
{
    static const char *const wrong[] = {"憑證", "收執聯", "第二因子",
                                        "Retry-After", "離校"};

    (void)state;
    for (size_t i = 0; i < refusal_count(); i++)
        for (size_t w = 0; w < COUNT_OF(wrong); w++) {
            assert_null(strstr(refusal_at(i)->title, wrong[w]));
            assert_null(strstr(refusal_at(i)->detail, wrong[w]));
        }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_fault_of_a_form_has_code_and_words),
        cmocka_unit_test(test_forms_and_files_share_their_words),
        cmocka_unit_test(test_refusals_use_the_words_of_the_glossary),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
