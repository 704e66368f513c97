/* refusals_test.c: the table of refusals is sorted, complete in its words, and
 * every code the rules themselves give is in it. */
#include "cases.h"

#include "rules/refusals.h"
#include "rules/route.h"

static const int statuses[] = {400, 401, 403, 404, 405, 409, 412, 413,
                               414, 415, 422, 428, 429, 500, 503};

static bool
status_known(int status)
{
    for (size_t i = 0; i < COUNT_OF(statuses); i++)
        if (statuses[i] == status)
            return true;
    return false;
}

static void
check_code(const char *code)
{
    size_t length = strlen(code);

    assert_true(length > 0 && length <= 64);
    assert_int_equal(strspn(code, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_"),
                     length);
}

static bool
has_chinese(const char *text)
{
    for (; *text; text++)
        if ((unsigned char)*text >= 0xE3)
            return true;
    return false;
}

static void
test_rows(void **state)
{
    (void)state;
    assert_true(refusal_count() > 80);
    for (size_t i = 0; i < refusal_count(); i++) {
        const struct refusal *row = refusal_at(i);
        check_code(row->code);
        assert_true(status_known(row->status));
        assert_true(has_chinese(row->title) && has_chinese(row->detail));
        assert_true(strlen(row->detail) > strlen(row->title));
        assert_false(has_chinese(row->title_en));
        assert_true(strlen(row->title_en) > 0);
        assert_ptr_equal(refusal_find(row->code), row);
        if (i > 0)
            assert_true(strcmp(refusal_at(i - 1)->code, row->code) < 0);
    }
    assert_null(refusal_at(refusal_count()));
    assert_null(refusal_find("NO_SUCH_CODE"));
    assert_null(refusal_find(""));
}

static void
test_statuses_of_the_contract(void **state)
{
    static const struct {
        const char *code;
        int status;
    } cases[] = {
        {"BAD_FORM", 400},
        {"NOT_SIGNED_IN", 401},
        {"SIGN_IN_FAILED", 401},
        {"NOT_PERMITTED", 403},
        {"STEP_UP_REQUIRED", 403},
        {"NOT_FOUND", 404},
        {"METHOD_NOT_ALLOWED", 405},
        {"CHANGED", 412},
        {"TEACHER_CHANGED", 412},
        {"TOO_LARGE", 413},
        {"URI_TOO_LONG", 414},
        {"UNSUPPORTED_MEDIA_TYPE", 415},
        {"IDEMPOTENCY_KEY_MISSING", 400},
        {"IDEMPOTENCY_KEY_REUSED", 422},
        {"PRECONDITION_REQUIRED", 428},
        {"TOO_MANY_REQUESTS", 429},
        {"UNAVAILABLE", 503},
        {"BROKEN", 500},
        {"LAST_CHIEF", 409},
        {"COURSES_OPEN", 409},
        {"LOGIN_TAKEN", 409},
        {"ID_NUMBER_INVALID", 422},
        {"EXPIRED_COMMAND", 409},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        const struct refusal *row = refusal_find(cases[i].code);
        assert_non_null(row);
        assert_int_equal(row->status, cases[i].status);
    }
}

static void
test_authority_answers_are_refusals(void **state)
{
    (void)state;
    assert_null(authority_refusal(AUTHORITY_ALLOWED));
    for (int i = AUTHORITY_NOT_SIGNED_IN; i <= AUTHORITY_STEP_UP_REQUIRED; i++)
        assert_non_null(refusal_find(authority_refusal((enum authority)i)));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_statuses_of_the_contract),
        cmocka_unit_test(test_authority_answers_are_refusals),
    };

    return cmocka_run_group_tests_name("rules/refusals", tests, NULL, NULL);
}
