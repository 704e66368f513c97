/* The texts of ApplyForBusinessAccount. */
#include "given.h"

/* The gateway cleans what people type; a raw message gets no further. */
static void
test_f02_an_application_has_stored_texts(void **state)
{
    struct fixture *f = *state;
    static const char *const names[] = {
        "",       " 陳小華",    "陳小華\u200E", "\u3164",
        "\u0301", "Jose\u0301", "陳\n小華",     "陳\uFFFD華",
    };
    static const char *const good[] = {"José", "李\uF9E1", "O\u2019Brien"};

    for (unsigned i = 0; i < COUNT_OF(names); i++) {
        ApplyForBusinessAccount *m = applying(f, 20 + i, SCHOOL);
        m->name = wire_member(names[i]);
        assert_refused(f, SCHOOL, &m->base, "BAD_FORM");
    }
    for (unsigned i = 0; i < COUNT_OF(good); i++) {
        ApplyForBusinessAccount *m = applying(f, 30 + i, SCHOOL);
        m->name = wire_member(good[i]);
        assert_done(f, SCHOOL, &m->base);
        assert_string_equal(account_now(f, 30 + i)->name, good[i]);
    }
    ApplyForBusinessAccount *m = applying(f, 40, SCHOOL);
    m->phone = wire_member("no number");
    assert_refused(f, SCHOOL, &m->base, "BAD_FORM");
    m = applying(f, 41, SCHOOL);
    m->email = wire_member("王@example.tw");
    assert_refused(f, SCHOOL, &m->base, "BAD_FORM");
}

/* Signing in looks for the folded login, so that one is kept. */
static void
test_f21_a_login_is_kept_folded(void **state)
{
    struct fixture *f = *state;
    ApplyForBusinessAccount *m = applying(f, 10, SCHOOL);

    m->login = wire_member("Ｃｈｅｎ\u2010ＸＨ\u200E");
    assert_done(f, SCHOOL, &m->base);
    assert_string_equal(account_now(f, 10)->login, "chen-xh");
    assert_string_equal(login_holder(f, "chen-xh"), m->account_id);
}

/* Letters are counted, not bytes: 50 Han characters and 50 others are 101. */
static void
test_f16_a_long_name_is_counted_in_characters(void **state)
{
    struct fixture *f = *state;
    char name[700] = "";
    size_t used = 0;

    for (int i = 0; i < 50; i++, used += 3)
        memcpy(name + used, "王", 4);
    memset(name + used, 'x', 150);
    ApplyForBusinessAccount *m = applying(f, 10, SCHOOL);
    m->name = name;
    assert_done(f, SCHOOL, &m->base); /* 200 */
    name[used + 150] = 'x';
    m = applying(f, 11, SCHOOL);
    m->name = name;
    assert_refused(f, SCHOOL, &m->base, "BAD_FORM");
}

CASES(applicant, CASE(test_f02_an_application_has_stored_texts),
      CASE(test_f21_a_login_is_kept_folded),
      CASE(test_f16_a_long_name_is_counted_in_characters));
