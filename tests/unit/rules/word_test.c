/* word_test.c: the tables of words have the numbers and names of the contracts'
 * enums; so casts between both are right. */
#include "cases.h"

#include "rules/authority.h"
#include "rules/identity.h"
#include "rules/organization.h"
#include "rules/post.h"
#include "rules/role.h"

#include "inservice/account/v1/terms.pb-c.h"
#include "inservice/common/v1/terms.pb-c.h"
#include "inservice/teacher/v1/terms.pb-c.h"
#include "words_agree.h"

/* Words that only messages know: no API shows them. */
static const struct word enabling_rows[] = {
    {ENABLING_NEW, "NEW", ""},
    {ENABLING_APPLICATION, "APPLICATION", ""},
    {ENABLING_DISABLED_ACCOUNT, "DISABLED_ACCOUNT", ""},
};
static const struct word evidence_rows[] = {
    {EVIDENCE_NUMBER_CONFIRMED, "NUMBER_CONFIRMED", ""},
    {EVIDENCE_RECORD_MATCHED, "RECORD_MATCHED", ""},
    {EVIDENCE_ROAMING, "ROAMING", ""},
    {EVIDENCE_RECEIPT, "RECEIPT", ""},
    {EVIDENCE_EMAIL_VERIFIED, "EMAIL_VERIFIED", ""},
};
static const struct words enabling_words = {"enabling", enabling_rows, 3};
static const struct words evidence_words = {"evidence", evidence_rows, 5};

static const struct {
    const struct words *words;
    const ProtobufCEnumDescriptor *contract;
} pairs[] = {
    {&role_words, &inservice__common__v1__role__descriptor},
    {&organization_kind_words,
     &inservice__common__v1__organization_kind__descriptor},
    {&organization_state_words,
     &inservice__common__v1__organization_status__descriptor},
    {&reach_words, &inservice__common__v1__reach__descriptor},
    {&permission_words, &inservice__common__v1__permission__descriptor},
    {&account_status_words,
     &inservice__account__v1__account_status__descriptor},
    {&account_kind_words, &inservice__account__v1__account_kind__descriptor},
    {&disabled_cause_words,
     &inservice__account__v1__disabled_cause__descriptor},
    {&closed_cause_words, &inservice__account__v1__closed_cause__descriptor},
    {&enable_source_words, &inservice__account__v1__enable_source__descriptor},
    {&enabling_words, &inservice__account__v1__enabling__descriptor},
    {&evidence_words, &inservice__account__v1__evidence__descriptor},
    {&predecessor_fate_words,
     &inservice__account__v1__predecessor_fate__descriptor},
    {&number_kind_words, &inservice__teacher__v1__number_kind__descriptor},
    {&number_sex_words, &inservice__teacher__v1__sex__descriptor},
    {&post_kind_words, &inservice__teacher__v1__post_kind__descriptor},
    {&leave_reason_words, &inservice__teacher__v1__leave_reason__descriptor},
    {&move_cause_words, &inservice__teacher__v1__move_cause__descriptor},
    {&identity_change_cause_words,
     &inservice__teacher__v1__identity_change_cause__descriptor},
};

static void
test_words_are_those_of_the_contracts(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(pairs); i++)
        assert_words_agree(pairs[i].words, pairs[i].contract);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_words_are_those_of_the_contracts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
