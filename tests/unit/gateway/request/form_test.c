/* A word that a field does not take is answered with the words that it takes.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "chassis/http/http_internal.h"

#include "rules/post.h"
#include "rules/role.h"

#include "gateway/request/form.h"

/* The form of a body. Its texts live as long as the arena. */
static void
open(struct form *form, struct http_request *request, struct arena *arena,
     struct http_exchange *exchange, const char *body)
{
    *request = (struct http_request){
        .arena = arena,
        .internal = exchange,
        .body = body,
        .body_size = strlen(body),
    };
    form_open(form, request);
}

static void
a_wrong_word_is_told_the_words(void **state)
{
    struct arena *arena = arena_new(0);
    struct http_exchange exchange = {0};
    struct http_request request;
    struct form form;

    (void)state;
    open(&form, &request, arena, &exchange, "{\"reason\":\"離職\"}");
    assert_int_equal(form_word(&form, "reason", &leave_reason_words, true), 0);
    assert_int_equal(form.error_count, 1);
    assert_string_equal(form.errors[0].pointer, "/reason");
    assert_string_equal(form.errors[0].code, "FIELD_BAD");
    assert_string_equal(
        form.errors[0].detail,
        "請選擇有效的選項：離職（RESIGNED）、轉校（MOVED）、退休（RETIRED）。");
    json_decref(exchange.json);
    arena_free(arena);
}

static void
a_wrong_permission_is_told_the_permissions(void **state)
{
    struct arena *arena = arena_new(0);
    struct http_exchange exchange = {0};
    struct http_request request;
    struct form form;
    unsigned sum;

    (void)state;
    open(&form, &request, arena, &exchange, "{\"permissions\":[\"ALL\"]}");
    assert_true(form_permissions(&form, "permissions", &sum));
    assert_int_equal(form.error_count, 1);
    assert_string_equal(form.errors[0].pointer, "/permissions/0");
    assert_non_null(strstr(form.errors[0].detail, "（COURSE_ENTRY）"));
    json_decref(exchange.json);
    arena_free(arena);
}

static void
assert_one_fault(const char *body, const char *pointer, const char *code)
{
    struct arena *arena = arena_new(0);
    struct http_exchange exchange = {0};
    struct http_request request;
    struct form form;
    char **subjects;
    unsigned sum;

    open(&form, &request, arena, &exchange, body);
    if (*form_text(&form, "number", 0, 10) == '\0')
        form_fault(&form, "number", FAULT_MISSING); /* the handler's own rule */
    (void)form_permissions(&form, "permissions", &sum);
    (void)form_codes(&form, "subjects", 2, &subjects);
    assert_int_equal(form.error_count, 1);
    assert_string_equal(form.errors[0].pointer, pointer);
    assert_string_equal(form.errors[0].code, code);
    json_decref(exchange.json);
    arena_free(arena);
}

/* The first fault of a field is the cause of the others. */
static void
test_f06_a_field_has_one_fault(void **state)
{
    (void)state;
    assert_one_fault("{}", "/number", "FIELD_MISSING");
    assert_one_fault("{\"number\":123}", "/number", "FIELD_TYPE");
    assert_one_fault("{\"number\":\"12345678901\"}", "/number",
                     "FIELD_TOO_LONG");
    assert_one_fault("{\"number\":\"1\",\"permissions\":[\"\"]}",
                     "/permissions/0", "FIELD_BAD");
    assert_one_fault("{\"number\":\"1\",\"subjects\":[\"A\",\"B\",\"C\"]}",
                     "/subjects", "FIELD_TOO_LONG");
    assert_one_fault("{\"number\":\"1\",\"subjects\":\"A\"}", "/subjects",
                     "FIELD_TYPE");
    assert_one_fault("{\"number\":\"1\",\"subjects\":[\"A\",1]}", "/subjects/1",
                     "FIELD_BAD");
}

/* A person must know how much to cut; the text counts as form_text() does. */
static void
test_a_limit_is_told(void **state)
{
    static const struct {
        const char *body, *detail;
    } cases[] = {
        {"{\"text\":\"謝謝謝謝謝\"}", "內容太長。至多 4 個字。"},
        {"{\"text\":\"謝\"}", "內容太短。至少 2 個字。"},
        {"{\"code\":\"ABCDEF\"}", "內容太長。至多 5 個字。"},
        {"{\"count\":10}", "數值超出範圍。應為 1 至 9。"},
        {"{\"list\":[\"A\",\"B\"]}",
         "此欄位應為文字清單，且項目數不可超過上限。至多 1 項。"},
    };
    struct http_request request;
    struct form form;
    char **codes;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct arena *arena = arena_new(0);
        struct http_exchange exchange = {0};
        open(&form, &request, arena, &exchange, cases[i].body);
        if (form_has(&form, "text"))
            (void)form_text(&form, "text", 2, 4);
        (void)form_narrow(&form, "code", 0, 5);
        (void)form_int(&form, "count", 1, 9, 1);
        (void)form_codes(&form, "list", 1, &codes);
        assert_int_equal(form.error_count, 1);
        assert_string_equal(form.errors[0].detail, cases[i].detail);
        json_decref(exchange.json);
        arena_free(arena);
    }
}

/* F2: a code in a list passes the same door as a code of its own. */
static void
test_f02_codes_of_a_list_are_cleaned(void **state)
{
    struct arena *arena = arena_new(0);
    struct http_exchange exchange = {0};
    struct http_request request;
    struct form form;
    char **codes;

    (void)state;
    open(&form, &request, arena, &exchange,
         "{\"subjects\":[\" A\\u200b \",\"ＢＣ\"]}");
    assert_int_equal(form_codes(&form, "subjects", 2, &codes), 2);
    assert_string_equal(codes[0], "A");
    assert_string_equal(codes[1], "BC");
    json_decref(exchange.json);
    arena_free(arena);
    assert_one_fault("{\"number\":\"1\",\"subjects\":[\"A\\u0001\"]}",
                     "/subjects/0", "FIELD_BAD");
    assert_one_fault("{\"number\":\"1\",\"subjects\":[\"\\u200b\"]}",
                     "/subjects/0", "FIELD_BAD");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_wrong_word_is_told_the_words),
        cmocka_unit_test(a_wrong_permission_is_told_the_permissions),
        cmocka_unit_test(test_f06_a_field_has_one_fault),
        cmocka_unit_test(test_a_limit_is_told),
        cmocka_unit_test(test_f02_codes_of_a_list_are_cleaned),
    };
    return cmocka_run_group_tests_name("form", tests, NULL, NULL);
}
