/* authority_test.c: reach, the table of approvers (B8-B11, B20-B22), who may
 * take a teacher out (T15). The routes are in route_test.c. */
#include "cases.h"

#include "rules/authority.h"

#define ACCOUNT(n) "00000000-0000-4000-8000-00000000000" n
#define PERSON(n)  "00000000-0000-8000-8000-00000000000" n

/* The units of a small country: a centre with a school, a kindergarten with a
 * branch and a university in its area, another centre with a school. */
enum place {
    SCHOOL,
    KINDERGARTEN,
    BRANCH,
    UNIVERSITY,
    CENTRE,
    OTHER_CENTRE,
    OTHER_SCHOOL,
    THE_PLATFORM,
    NOWHERE, /* a teacher without a unit */
    PLACES
};

/* clang-format off */
static const struct unit units[PLACES] = {
    [SCHOOL] = {"100301", KIND_SENIOR_HIGH, "C10", NULL, ORGANIZATION_ACTIVE},
    [KINDERGARTEN] = {"101K01", KIND_KINDERGARTEN, "C10", "",
                      ORGANIZATION_ACTIVE},
    [BRANCH] = {"101K01-01", KIND_KINDERGARTEN, "C10", "101K01",
                ORGANIZATION_ACTIVE},
    [UNIVERSITY] = {"0021", KIND_UNIVERSITY, "C10", NULL,
                    ORGANIZATION_ACTIVE},
    [CENTRE] = {"C10", KIND_REGIONAL_CENTRE, NULL, NULL, ORGANIZATION_ACTIVE},
    [OTHER_CENTRE] = {"C20", KIND_REGIONAL_CENTRE, "", NULL,
                      ORGANIZATION_ACTIVE},
    [OTHER_SCHOOL] = {"200601", KIND_PRIMARY_SCHOOL, "C20", NULL,
                      ORGANIZATION_ACTIVE},
    [THE_PLATFORM] = {"P1", KIND_PLATFORM, NULL, NULL, ORGANIZATION_ACTIVE},
    [NOWHERE] = {NULL, KIND_UNSPECIFIED, NULL, NULL,
                 ORGANIZATION_STATE_UNSPECIFIED},
};
/* clang-format on */

static struct officer
officer_at(enum place place, enum role role)
{
    return (struct officer){
        .account_id = ACCOUNT("1"),
        .person_id = PERSON("1"),
        .organization = units[place].code,
        .kind = units[place].kind,
        .role = role,
        .permissions = permissions_default(role, units[place].kind),
    };
}

/* N none, O own, A area, L all: the reach of each place's officers, by place.
 */
static void
test_reach(void **state)
{
    static const char *const matrix[PLACES] = {
        /* S K B U C D T P - */
        [SCHOOL] = "ONNNNNNNN",       [KINDERGARTEN] = "NOONNNNNN",
        [BRANCH] = "NNONNNNNN",       [UNIVERSITY] = "NNNONNNNN",
        [CENTRE] = "AAAAONNNN",       [OTHER_CENTRE] = "NNNNNOANN",
        [OTHER_SCHOOL] = "NNNNNNONN", [THE_PLATFORM] = "LLLLLLLOL",
        [NOWHERE] = "NNNNNNNNN",
    };
    static const char letters[] = "NOAL";

    (void)state;
    for (int at = 0; at < PLACES; at++)
        for (int to = 0; to < PLACES; to++) {
            struct officer officer = officer_at((enum place)at, ROLE_OPERATOR);
            assert_int_equal(letters[reach_of(&officer, &units[to])],
                             matrix[at][to]);
        }
}

static void
test_a_teacher_account_reaches_nothing(void **state)
{
    struct officer teacher = officer_at(SCHOOL, ROLE_OPERATOR);

    (void)state;
    teacher.role = ROLE_UNSPECIFIED;
    assert_int_equal(reach_of(&teacher, &units[SCHOOL]), REACH_NONE);
    assert_int_equal(reach_widest(&teacher), REACH_NONE);

    struct officer officer = officer_at(CENTRE, ROLE_CONTACT);
    assert_int_equal(reach_widest(&officer), REACH_AREA);
    officer = officer_at(THE_PLATFORM, ROLE_CONTACT);
    assert_int_equal(reach_widest(&officer), REACH_ALL);
    officer = officer_at(BRANCH, ROLE_CHIEF);
    assert_int_equal(reach_widest(&officer), REACH_OWN);
}

/* The officers who enable, change, delete (approve), and who may also disable.
 * All others may do neither: every officer of every place is tried on every
 * row. */
struct approver_case {
    enum place unit;
    enum role role, new_role;
    const char *approve; /* places of CHIEFs, as letters of `place_letters` */
    const char *disable;
};

static const char place_letters[] = "SKBUCDTP";

/* clang-format off */
static const struct approver_case approver_cases[] = {
    {SCHOOL, ROLE_UNSPECIFIED, ROLE_CHIEF, "C", "SCP"},
    {SCHOOL, ROLE_CHIEF, ROLE_UNSPECIFIED, "C", "CP"},
    {SCHOOL, ROLE_CHIEF, ROLE_CHIEF, "C", "CP"},
    {SCHOOL, ROLE_CONTACT, ROLE_CHIEF, "C", "SCP"}, /* promotion, B21 */
    {SCHOOL, ROLE_CHIEF, ROLE_OPERATOR, "C", "CP"}, /* demotion, B21 */
    {SCHOOL, ROLE_UNSPECIFIED, ROLE_CONTACT, "S", "SCP"},
    {SCHOOL, ROLE_CONTACT, ROLE_OPERATOR, "S", "SCP"},
    {SCHOOL, ROLE_OPERATOR, ROLE_UNSPECIFIED, "S", "SCP"},
    {SCHOOL, ROLE_UNSPECIFIED, ROLE_UNSPECIFIED, "SC", "SCP"},
    {OTHER_SCHOOL, ROLE_CHIEF, ROLE_UNSPECIFIED, "D", "DP"},
    {OTHER_SCHOOL, ROLE_OPERATOR, ROLE_UNSPECIFIED, "T", "TDP"},
    {BRANCH, ROLE_OPERATOR, ROLE_UNSPECIFIED, "KB", "KBCP"},
    {BRANCH, ROLE_CHIEF, ROLE_UNSPECIFIED, "C", "CP"},
    {UNIVERSITY, ROLE_OPERATOR, ROLE_UNSPECIFIED, "P", "P"},
    {UNIVERSITY, ROLE_UNSPECIFIED, ROLE_OPERATOR, "P", "P"},
    {UNIVERSITY, ROLE_UNSPECIFIED, ROLE_UNSPECIFIED, "P", "P"},
    {CENTRE, ROLE_CHIEF, ROLE_UNSPECIFIED, "P", "P"},
    {CENTRE, ROLE_CONTACT, ROLE_CHIEF, "P", "CP"},
    {CENTRE, ROLE_OPERATOR, ROLE_CONTACT, "C", "CP"},
    {CENTRE, ROLE_UNSPECIFIED, ROLE_UNSPECIFIED, "CP", "CP"},
    {THE_PLATFORM, ROLE_CHIEF, ROLE_UNSPECIFIED, "P", "P"},
    {THE_PLATFORM, ROLE_OPERATOR, ROLE_CHIEF, "P", "P"},
    {NOWHERE, ROLE_CHIEF, ROLE_UNSPECIFIED, "", ""},
};
/* clang-format on */

static void
check_approver(const struct approver_case *row, enum place at, enum role role)
{
    struct officer officer = officer_at(at, role);
    bool chief = role == ROLE_CHIEF && at != UNIVERSITY;
    bool approve = chief && strchr(row->approve, place_letters[at]);
    bool disable = chief && strchr(row->disable, place_letters[at]);
    const struct unit *unit = &units[row->unit];

    assert_int_equal(
        authority_may_approve(&officer, unit, row->role, row->new_role),
        approve);
    assert_int_equal(authority_may_disable(&officer, unit, row->role), disable);

    /* The role is not enough: the permission must be effective. */
    officer.permissions &= ~(unsigned)PERMISSION_BUSINESS_ACCOUNT_MANAGEMENT;
    assert_false(
        authority_may_approve(&officer, unit, row->role, row->new_role));
    assert_false(authority_may_disable(&officer, unit, row->role));
}

static void
test_approvers(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(approver_cases); i++)
        for (int at = 0; at < NOWHERE; at++)
            for (int role = ROLE_CHIEF; role <= ROLE_OPERATOR; role++)
                check_approver(&approver_cases[i], (enum place)at,
                               (enum role)role);
}

static void
test_self(void **state)
{
    struct officer officer = officer_at(SCHOOL, ROLE_CHIEF);

    (void)state;
    assert_true(authority_is_self(&officer, ACCOUNT("1"), NULL));
    assert_true(authority_is_self(&officer, ACCOUNT("2"), PERSON("1")));
    assert_false(authority_is_self(&officer, ACCOUNT("2"), PERSON("2")));
    assert_false(authority_is_self(&officer, NULL, NULL));
    officer.account_id = officer.person_id = "";
    assert_false(authority_is_self(&officer, "", ""));
}

static void
test_last_chief(void **state)
{
    struct officer school = officer_at(SCHOOL, ROLE_CHIEF);
    struct officer centre = officer_at(CENTRE, ROLE_CHIEF);
    struct officer platform = officer_at(THE_PLATFORM, ROLE_CHIEF);

    (void)state;
    assert_false(authority_may_force_last_chief(&school, &units[SCHOOL]));
    assert_true(authority_may_force_last_chief(&centre, &units[SCHOOL]));
    assert_false(authority_may_force_last_chief(&centre, &units[OTHER_SCHOOL]));
    assert_false(authority_may_force_last_chief(&platform, &units[SCHOOL]));
    assert_false(
        authority_may_force_last_chief(&platform, &units[THE_PLATFORM]));
    assert_true(authority_may_force_last_chief(&platform, &units[CENTRE]));
    assert_true(authority_needs_chief(KIND_KINDERGARTEN));
    assert_true(authority_needs_chief(KIND_PLATFORM));
    assert_false(authority_needs_chief(KIND_UNIVERSITY));
    assert_false(authority_needs_chief(KIND_REGIONAL_CENTRE));
}

static void
test_release(void **state)
{
    static const struct {
        enum place at;
        enum role role;
        bool teacher, chief; /* may take out a teacher, a CHIEF of SCHOOL */
    } cases[] = {
        {SCHOOL, ROLE_CHIEF, true, true},
        {SCHOOL, ROLE_CONTACT, true, false},
        {SCHOOL, ROLE_OPERATOR, false, false},
        {CENTRE, ROLE_CHIEF, false, true},
        {CENTRE, ROLE_CONTACT, false, true},
        {CENTRE, ROLE_OPERATOR, false, false},
        {OTHER_CENTRE, ROLE_CHIEF, false, false},
        {OTHER_SCHOOL, ROLE_CHIEF, false, false},
        {THE_PLATFORM, ROLE_CHIEF, false, false},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        struct officer officer = officer_at(cases[i].at, cases[i].role);
        assert_int_equal(
            authority_may_release(&officer, &units[SCHOOL], ROLE_UNSPECIFIED),
            cases[i].teacher);
        assert_int_equal(
            authority_may_release(&officer, &units[SCHOOL], ROLE_CONTACT),
            cases[i].teacher);
        assert_int_equal(
            authority_may_release(&officer, &units[SCHOOL], ROLE_CHIEF),
            cases[i].chief);
        assert_int_equal(authority_sees_full(&officer, &units[SCHOOL]),
                         cases[i].at == SCHOOL);
    }
}

/* O own, A area, L all: from where an account may be approved, disabled, and
 * the last CHIEF forced. B8-B10, B22, B23. */
/* clang-format off */
static const struct {
    enum organization_kind kind;
    const char *cells[3][ACCOUNT_ACTIONS]; /* CHIEF, CONTACT, OPERATOR */
} authority_cells[] = {
#define SCHOOL_CELLS {{"A", "AL", "A"}, {"O", "OAL", ""}, {"O", "OAL", ""}}
#define HIGHER_CELLS {{"L", "L", ""}, {"L", "L", ""}, {"L", "L", ""}}
    {KIND_PRIMARY_SCHOOL, SCHOOL_CELLS},
    {KIND_JUNIOR_HIGH, SCHOOL_CELLS},
    {KIND_SENIOR_HIGH, SCHOOL_CELLS},
    {KIND_SPECIAL_SCHOOL, SCHOOL_CELLS},
    {KIND_KINDERGARTEN, SCHOOL_CELLS},
    {KIND_UNIVERSITY, HIGHER_CELLS},
    {KIND_LEGAL_PERSON, HIGHER_CELLS},
    {KIND_SOCIAL_EDUCATION, HIGHER_CELLS},
    {KIND_REGIONAL_CENTRE, {{"L", "L", "L"}, {"O", "OL", ""}, {"O", "OL", ""}}},
    {KIND_PLATFORM, {{"O", "O", ""}, {"O", "O", ""}, {"O", "O", ""}}},
    {KIND_UNSPECIFIED, {{"", "", ""}, {"", "", ""}, {"", "", ""}}},
};
/* clang-format on */

static unsigned
reaches_of(const char *letters)
{
    unsigned reaches = BY_NONE;

    for (; *letters != '\0'; letters++)
        reaches |= *letters == 'O'   ? BY_OWN
                   : *letters == 'A' ? BY_AREA
                                     : BY_ALL;
    return reaches;
}

static void
test_b8_b9_b10_b22_each_cell_of_authority(void **state)
{
    (void)state;
    assert_int_equal(COUNT_OF(authority_cells),
                     organization_kind_words.count + 1);
    for (size_t i = 0; i < COUNT_OF(authority_cells); i++)
        for (int role = ROLE_CHIEF; role <= ROLE_OPERATOR; role++)
            for (int action = 0; action < ACCOUNT_ACTIONS; action++)
                assert_int_equal(
                    authority_reaches((enum account_action)action,
                                      authority_cells[i].kind, (enum role)role,
                                      (enum role)role),
                    reaches_of(authority_cells[i].cells[role - 1][action]));
}

/* B21: to or from CHIEF is the CHIEF's row. */
static void
test_b21_a_change_to_or_from_chief_is_the_chiefs_row(void **state)
{
    (void)state;
    for (int kind = KIND_PRIMARY_SCHOOL; kind <= KIND_PLATFORM; kind++)
        for (int role = ROLE_CONTACT; role <= ROLE_OPERATOR; role++)
            for (int action = 0; action < ACCOUNT_ACTIONS; action++) {
                const unsigned of_chief = authority_reaches(
                    (enum account_action)action, (enum organization_kind)kind,
                    ROLE_CHIEF, ROLE_CHIEF);
                assert_int_equal(authority_reaches((enum account_action)action,
                                                   (enum organization_kind)kind,
                                                   ROLE_CHIEF, (enum role)role),
                                 of_chief);
                assert_int_equal(authority_reaches((enum account_action)action,
                                                   (enum organization_kind)kind,
                                                   (enum role)role, ROLE_CHIEF),
                                 of_chief);
            }
}

static void
test_authority_prints(void **state)
{
    char *text;
    size_t size;
    FILE *out = open_memstream(&text, &size);

    (void)state;
    assert_non_null(out);
    authority_print(out);
    fclose(out);
    assert_non_null(strstr(text, "| PRIMARY_SCHOOL | CHIEF | its centre | its "
                                 "centre, the platform | its centre |\n"));
    assert_non_null(strstr(text, "| PLATFORM | CONTACT | another CHIEF of it | "
                                 "another CHIEF of it | - |\n"));
    assert_null(strstr(text, "| UNIVERSITY | CHIEF |"));
    free(text);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reach),
        cmocka_unit_test(test_a_teacher_account_reaches_nothing),
        cmocka_unit_test(test_approvers),
        cmocka_unit_test(test_self),
        cmocka_unit_test(test_last_chief),
        cmocka_unit_test(test_release),
        cmocka_unit_test(test_b8_b9_b10_b22_each_cell_of_authority),
        cmocka_unit_test(test_b21_a_change_to_or_from_chief_is_the_chiefs_row),
        cmocka_unit_test(test_authority_prints),
    };

    return cmocka_run_group_tests_name("rules/authority", tests, NULL, NULL);
}
