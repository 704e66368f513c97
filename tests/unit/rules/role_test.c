/* role_test.c: roles, permissions, states and the words of all tables: B1,
 * B4-B6, B10, B24, O3, and the words of real lists of schools. */
#include "cases.h"

#include "rules/authority.h"
#include "rules/identity.h"
#include "rules/organization.h"
#include "rules/post.h"
#include "rules/role.h"
#include "rules/route.h"

/* COURSE_ENTRY, COURSE_MANAGEMENT, business, teacher accounts, STATISTICS. */
enum { E = 1, M = 2, B = 4, T = 8, S = 16, SYS = 32 };

static const struct {
    enum role role;
    enum organization_kind kind;
    unsigned most;
} templates[] = {
    {ROLE_CHIEF, KIND_PRIMARY_SCHOOL, E | M | B | T | S},
    {ROLE_CONTACT, KIND_PRIMARY_SCHOOL, E | M | T | S},
    {ROLE_OPERATOR, KIND_PRIMARY_SCHOOL, E | M | S},
    {ROLE_CHIEF, KIND_KINDERGARTEN, E | M | B | T | S},
    {ROLE_CHIEF, KIND_REGIONAL_CENTRE, E | M | B | T | S},
    {ROLE_CONTACT, KIND_REGIONAL_CENTRE, E | M | T | S},
    {ROLE_CHIEF, KIND_PLATFORM, E | M | B | T | S | SYS},
    {ROLE_CONTACT, KIND_PLATFORM, E | M | T | S},
    {ROLE_OPERATOR, KIND_PLATFORM, E | M | S},
    {ROLE_OPERATOR, KIND_UNIVERSITY, E | M | S},
    {ROLE_OPERATOR, KIND_LEGAL_PERSON, E | M | S},
    {ROLE_OPERATOR, KIND_SOCIAL_EDUCATION, E | M | S},
    {ROLE_CHIEF, KIND_UNIVERSITY, 0},
    {ROLE_CONTACT, KIND_LEGAL_PERSON, 0},
    {ROLE_UNSPECIFIED, KIND_PRIMARY_SCHOOL, 0},
    {ROLE_CHIEF, KIND_UNSPECIFIED, 0},
    {(enum role)4, KIND_PRIMARY_SCHOOL, 0},
    {ROLE_CHIEF, (enum organization_kind)11, 0},
};

static void
test_templates(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(templates); i++) {
        assert_int_equal(
            permissions_default(templates[i].role, templates[i].kind),
            templates[i].most);
        assert_int_equal(role_allowed(templates[i].role, templates[i].kind),
                         templates[i].most != 0);
    }
}

/* Every set, role, kind and state: never more than stored, than the role, than
 * the kind of unit and its state (B24). */
static void
test_effective_is_the_intersection(void **state)
{
    (void)state;
    for (unsigned stored = 0; stored < 128; stored++)
        for (int cell = 0; cell < 4 * 11 * 5; cell++) {
            enum role role = (enum role)(cell % 4);
            enum organization_kind kind =
                (enum organization_kind)(cell / 4 % 11);
            enum organization_state unit = (enum organization_state)(cell / 44);
            unsigned left = unit == ORGANIZATION_ACTIVE              ? 63
                            : unit != ORGANIZATION_STATE_UNSPECIFIED ? M | S
                                                                     : 0;
            unsigned most = permissions_default(role, kind);
            assert_int_equal(permissions_effective(stored, role, kind, unit),
                             stored & most & left);
            assert_int_equal(permissions_within(stored, role, kind),
                             (stored | most) == most);
        }
}

static void
test_account_states(void **state)
{
    (void)state;
    for (int i = 0; i <= 7; i++) {
        enum account_status status = (enum account_status)i;
        bool live = status == ACCOUNT_ACTIVE || status == ACCOUNT_DISABLED;
        assert_int_equal(account_holds_person(status), live);
        assert_int_equal(account_counts_as_applied(status), live);
        assert_int_equal(account_holds_login(status),
                         live || status == ACCOUNT_PENDING);
    }
}

/* Tables with their number of words; values rise from one without a gap; in
 * sets each is a bit. */
static const struct {
    const struct words *words;
    size_t count;
    bool bits;
} tables[] = {
    {&role_words, 3, false},
    {&permission_words, 6, true},
    {&account_kind_words, 2, false},
    {&account_status_words, 6, false},
    {&disabled_cause_words, 4, false},
    {&closed_cause_words, 5, false},
    {&enable_source_words, 3, false},
    {&predecessor_fate_words, 3, false},
    {&organization_kind_words, 10, false},
    {&organization_state_words, 4, false},
    {&post_kind_words, 2, false},
    {&leave_reason_words, 3, false},
    {&move_cause_words, 4, false},
    {&identity_change_cause_words, 2, false},
    {&number_kind_words, 3, false},
    {&number_sex_words, 2, false},
    {&reach_words, 3, false},
    {&ground_words, 8, false},
    {&scope_words, 5, true},
};

static void
test_words_are_complete(void **state)
{
    (void)state;
    for (size_t t = 0; t < COUNT_OF(tables); t++) {
        const struct words *words = tables[t].words;
        assert_int_equal(words->count, tables[t].count);
        for (size_t i = 0; i < words->count; i++) {
            const struct word *row = &words->rows[i];
            int value = -1;
            assert_int_equal(row->value, tables[t].bits ? 1 << i : (int)i + 1);
            assert_true(word_value(words, row->name, &value));
            assert_int_equal(value, row->value);
            assert_string_equal(word_name(words, value), row->name);
            assert_string_equal(word_label(words, value), row->label);
            assert_true(strlen(row->label) > 0);
        }
        int untouched = 77;
        assert_false(word_value(words, "UNSPECIFIED", &untouched));
        assert_int_equal(untouched, 77);
        assert_null(word_name(words, 0));
        assert_null(word_label(words, 99));
    }
}

static void
test_groups(void **state)
{
    static const enum organization_group groups[] = {
        GROUP_NONE,   GROUP_K12,    GROUP_K12,      GROUP_K12,
        GROUP_K12,    GROUP_K12,    GROUP_HIGHER,   GROUP_HIGHER,
        GROUP_HIGHER, GROUP_CENTRE, GROUP_PLATFORM, GROUP_NONE};

    (void)state;
    for (size_t i = 0; i < COUNT_OF(groups); i++) {
        enum organization_kind kind = (enum organization_kind)i;
        assert_int_equal(organization_group_of(kind), groups[i]);
        assert_int_equal(organization_has_teachers(kind),
                         groups[i] == GROUP_K12);
    }
    assert_true(organization_is_open(ORGANIZATION_ACTIVE));
    assert_false(organization_is_open(ORGANIZATION_SUSPENDED));
    assert_false(organization_is_open(ORGANIZATION_MERGED_INTO));
}

static void
test_kinds_from_lists(void **state)
{
    static const struct {
        const char *text;
        enum organization_kind kind;
    } cases[] = {
        {"國小", KIND_PRIMARY_SCHOOL},
        {"國民小學", KIND_PRIMARY_SCHOOL},
        {" 國中 ", KIND_JUNIOR_HIGH},
        {"高級中等學校", KIND_SENIOR_HIGH},
        {"特殊教育學校", KIND_SPECIAL_SCHOOL},
        {"幼兒園", KIND_KINDERGARTEN},
        {"幼兒園分班", KIND_KINDERGARTEN},
        {"大專校院", KIND_UNIVERSITY},
        {"財團法人", KIND_LEGAL_PERSON},
        {"社教機構", KIND_SOCIAL_EDUCATION},
        {"社會教育機構", KIND_SOCIAL_EDUCATION},
        {"教育局/處", KIND_REGIONAL_CENTRE},
        {"教育局／處", KIND_REGIONAL_CENTRE},
        {"平臺", KIND_PLATFORM},
        {"平台", KIND_PLATFORM},
        {"SENIOR_HIGH", KIND_SENIOR_HIGH},
        {"senior_high", KIND_SENIOR_HIGH},
    };
    enum organization_kind kind = KIND_UNSPECIFIED;

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        assert_true(organization_kind_from_text(cases[i].text, &kind));
        assert_int_equal(kind, cases[i].kind);
    }
    kind = KIND_PLATFORM;
    assert_false(organization_kind_from_text("補習班", &kind));
    assert_false(organization_kind_from_text("", &kind));
    assert_int_equal(kind, KIND_PLATFORM);
}

static void
test_counties(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNTIES; i++) {
        assert_int_equal(strlen(counties[i].code), 3);
        assert_ptr_equal(county_find(counties[i].code), &counties[i]);
        assert_ptr_equal(county_find(counties[i].name), &counties[i]);
    }
    assert_string_equal(county_find("台中市")->code, "TXG");
    assert_string_equal(county_find("tpe")->name, "臺北市");
    assert_null(county_find("臺北縣"));
}

/* code,name,kind,county,establishment; no field of the list is quoted. */
static void
test_public_list_is_understood(void **state)
{
    char line[512];
    size_t count = 0;

    (void)state;
    FILE *file = open_shared("data/organizations.csv");
    assert_non_null(fgets(line, sizeof line, file)); /* heading */
    for (; fgets(line, sizeof line, file); count++) {
        char *cursor = line;
        enum organization_kind kind;
        assert_true(strlen(take_field(&cursor, ',')) <= 16); /* O1 */
        take_field(&cursor, ',');
        char *text = take_field(&cursor, ',');
        if (!organization_kind_from_text(text, &kind))
            fail_msg("line %zu: unknown kind %s", count + 2, text);
        text = take_field(&cursor, ',');
        if (!county_find(text))
            fail_msg("line %zu: unknown county %s", count + 2, text);
        assert_true(organization_has_teachers(kind));
    }
    fclose(file);
    assert_true(count > 10000);
}

/* R7: where the role CHIEF exists, the lack of one is a task. */
static void
test_r07_kinds_that_are_to_have_a_chief(void **state)
{
    (void)state;
    for (int kind = KIND_UNSPECIFIED; kind <= KIND_PLATFORM + 1; kind++) {
        bool expected = kind >= KIND_PRIMARY_SCHOOL && kind <= KIND_PLATFORM &&
                        kind != KIND_UNIVERSITY && kind != KIND_LEGAL_PERSON &&
                        kind != KIND_SOCIAL_EDUCATION;
        assert_int_equal(role_chief_expected((enum organization_kind)kind),
                         expected);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_templates),
        cmocka_unit_test(test_effective_is_the_intersection),
        cmocka_unit_test(test_account_states),
        cmocka_unit_test(test_words_are_complete),
        cmocka_unit_test(test_groups),
        cmocka_unit_test(test_kinds_from_lists),
        cmocka_unit_test(test_counties),
        cmocka_unit_test(test_r07_kinds_that_are_to_have_a_chief),
        cmocka_unit_test(test_public_list_is_understood),
    };

    return cmocka_run_group_tests_name("rules/role", tests, NULL, NULL);
}
