/* The particulars of an owner's refusal, as an officer reads them. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "chassis/base/wire.h"

#include "gateway/operations/internal.h"
#include "gateway/operations/operation_view.h"

#include "inservice/common/v1/outcome.pb-c.h"

typedef Inservice__Common__V1__Detail Detail;

static const struct {
    const char *pointer, *code, *value, *text; /* text NULL: the code's */
} particulars[] = {
    {"/effectiveOn", "OUT_OF_RANGE", "2026-10-30",
     "應為今天或以後的日期；最晚可預定的日期：2026-10-30。"},
    {"/effectiveOn", "CODE_TWICE", "T99", "此代碼在檔案中重複出現。"},
    {"/title", "CODE_UNKNOWN", "T99", "T99"},
    {"/rows", "BAD_FORM", "", NULL},
    /* A course of that id. */
    {"", "OUT_OF_RANGE", "閱讀素養工作坊", "閱讀素養工作坊"},
};

static void
particulars_say_what_to_do(void **state)
{
    struct arena *arena = arena_new(0);
    Inservice__Common__V1__Outcome outcome;
    Inservice__Common__V1__Refused refused;
    Detail details[COUNT_OF(particulars)], *pointers[COUNT_OF(particulars)];
    struct http_error errors[HTTP_ERRORS_MAX];

    (void)state;
    inservice__common__v1__outcome__init(&outcome);
    inservice__common__v1__refused__init(&refused);
    for (size_t i = 0; i < COUNT_OF(particulars); i++) {
        pointers[i] = &details[i];
        inservice__common__v1__detail__init(&details[i]);
        details[i].pointer = wire_member(particulars[i].pointer);
        details[i].code = wire_member(particulars[i].code);
        details[i].text = wire_member(particulars[i].value);
    }
    refused.code = wire_member("BAD_FORM");
    refused.details = pointers;
    refused.n_details = COUNT_OF(particulars);
    outcome.result_case = INSERVICE__COMMON__V1__OUTCOME__RESULT_REFUSED;
    outcome.refused = &refused;
    struct packed packed = command_pack(arena, &outcome.base);
    const struct result result = {.state = OPERATION_REFUSED,
                                  .outcome = packed.data,
                                  .outcome_size = packed.size};

    assert_int_equal(result_errors(arena, &result, errors),
                     COUNT_OF(particulars));
    for (size_t i = 0; i < COUNT_OF(particulars); i++) {
        assert_string_equal(errors[i].pointer, particulars[i].pointer);
        assert_string_equal(errors[i].code, particulars[i].code);
        if (particulars[i].text == NULL)
            assert_null(errors[i].detail);
        else
            assert_string_equal(errors[i].detail, particulars[i].text);
    }
    arena_free(arena);
}

/* T1: whose number it is, is told when the teacher is entered. */
static void
a_number_names_nobody_before_it_is_done(void **state)
{
    static const char *const entry = "inservice.teacher.v1.RegisterTeacher";
    static const char *const others[] = {
        "inservice.teacher.v1.UpdateTeacher",
        "inservice.account.v1.ApplyForTeacherAccount",
    };

    (void)state;
    assert_false(operation_tells_subject(entry, OPERATION_ACCEPTED));
    assert_false(operation_tells_subject(entry, OPERATION_REFUSED));
    assert_true(operation_tells_subject(entry, OPERATION_DONE));
    for (size_t i = 0; i < COUNT_OF(others); i++) {
        assert_true(operation_tells_subject(others[i], OPERATION_ACCEPTED));
        assert_true(operation_tells_subject(others[i], OPERATION_REFUSED));
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(particulars_say_what_to_do),
        cmocka_unit_test(a_number_names_nobody_before_it_is_done),
    };
    return cmocka_run_group_tests_name("operation_answer", tests, NULL, NULL);
}
