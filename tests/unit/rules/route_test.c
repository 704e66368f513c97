/* route_test.c: the rows of the route table keep the house rules, and the
 * answers of authority_check over callers and targets are those written here
 * by hand. */
#include "cases.h"

#include "rules/route.h"

#define ME       "00000000-0000-4000-8000-000000000001"
#define OTHER    "00000000-0000-4000-8000-000000000002"
#define MYSELF   "00000000-0000-8000-8000-000000000001"
#define SOMEBODY "00000000-0000-8000-8000-000000000002"

static const struct unit school = {"100301", KIND_SENIOR_HIGH, "C10", NULL,
                                   ORGANIZATION_ACTIVE};
static const struct unit other_school = {"200601", KIND_PRIMARY_SCHOOL, "C20",
                                         NULL, ORGANIZATION_ACTIVE};
static const struct unit centre = {"C10", KIND_REGIONAL_CENTRE, NULL, NULL,
                                   ORGANIZATION_ACTIVE};
static const struct unit nowhere = {0};
static const struct unit platform = {"P1", KIND_PLATFORM, NULL, NULL,
                                     ORGANIZATION_ACTIVE};

/* The callers, one column each. */
enum column {
    NOBODY,
    TEACHER,
    OPERATOR,
    CONTACT,
    CHIEF,
    CENTRE_CHIEF,
    CENTRE_CONTACT,
    PLATFORM_CHIEF,
    STRANGER, /* CHIEF of another area's school */
    COLUMNS
};

static const struct {
    const struct unit *unit;
    enum role role;
} columns[COLUMNS] = {
    [NOBODY] = {NULL, ROLE_UNSPECIFIED},
    [TEACHER] = {NULL, ROLE_UNSPECIFIED},
    [OPERATOR] = {&school, ROLE_OPERATOR},
    [CONTACT] = {&school, ROLE_CONTACT},
    [CHIEF] = {&school, ROLE_CHIEF},
    [CENTRE_CHIEF] = {&centre, ROLE_CHIEF},
    [CENTRE_CONTACT] = {&centre, ROLE_CONTACT},
    [PLATFORM_CHIEF] = {&platform, ROLE_CHIEF},
    [STRANGER] = {&other_school, ROLE_CHIEF},
};

/* A allowed, I not signed in, N not permitted, O out of reach, S self action,
 * U step-up required. */
static const char letters[] = {
    [AUTHORITY_ALLOWED] = 'A',      [AUTHORITY_NOT_SIGNED_IN] = 'I',
    [AUTHORITY_OUT_OF_REACH] = 'O', [AUTHORITY_NOT_PERMITTED] = 'N',
    [AUTHORITY_SELF_ACTION] = 'S',  [AUTHORITY_STEP_UP_REQUIRED] = 'U',
};

static struct officer
officer_of(enum column column)
{
    const struct unit *unit = columns[column].unit;
    struct officer officer = {.account_id = ME, .person_id = MYSELF};

    if (unit) {
        officer.organization = unit->code;
        officer.kind = unit->kind;
        officer.role = columns[column].role;
        officer.permissions = permissions_default(officer.role, unit->kind);
    }
    return officer;
}

static char
answer(unsigned number, enum column column, const struct target *target)
{
    struct officer officer = officer_of(column);
    struct caller caller = {.officer = column == NOBODY ? NULL : &officer,
                            .stepped_up = true};
    const struct route *route = route_by_number(number);

    assert_non_null(route);
    return letters[authority_check(route, &caller, target)];
}

/* Another person's thing at the school. */
#define THEIRS(what, now, wanted)                                              \
    {                                                                          \
        .unit = &school, .account_id = OTHER, .person_id = SOMEBODY,           \
        .role = (now), .new_role = (wanted), .subject = (what)                 \
    }
#define THEIRS_ANY THEIRS(SUBJECT_ANY, ROLE_UNSPECIFIED, ROLE_UNSPECIFIED)
#define AT_SCHOOL(what)                                                        \
    {                                                                          \
        .unit = &school, .subject = (what)                                     \
    }

#define BUSINESS SUBJECT_BUSINESS_ACCOUNTS
#define TEACHERS SUBJECT_TEACHERS
#define NONE     ROLE_UNSPECIFIED

/* clang-format off */
static const struct answer_case {
    unsigned number;
    struct target target;
    const char *answers;
} answer_cases[] = {
    /* - T  O C H  Z z P X : not signed in, teacher, school's three, centre's two,
     * platform's CHIEF, another school's CHIEF */
    {1, {0}, "AAAAAAAAA"},
    {2, AT_SCHOOL(SUBJECT_ANY), "AAAAAAAAA"},
    {3, AT_SCHOOL(SUBJECT_ANY), "IONNNNNNO"},
    {3, {.unit = &platform}, "IOOOOOOAO"},
    {4, AT_SCHOOL(SUBJECT_ANY), "IONNANNAO"},
    {5, AT_SCHOOL(SUBJECT_ANY), "IONNNNNAO"},
    {7, THEIRS(BUSINESS, ROLE_CHIEF, ROLE_CHIEF), "IONNNANNO"},
    {8, AT_SCHOOL(SUBJECT_ANY), "IONAAAAAO"},
    {9, AT_SCHOOL(SUBJECT_ANY), "IONAANNNO"},
    {10, {0}, "AAAAAAAAA"},
    {11, {0}, "AAAAAAAAA"},
    {12, AT_SCHOOL(BUSINESS), "IAAAAAAAA"},
    {13, {0}, "INNAAAAAA"},
    {13, AT_SCHOOL(SUBJECT_ANY), "IONAAAAAO"},
    {14, THEIRS(BUSINESS, NONE, NONE), "IONNAANNO"},
    {14, THEIRS(TEACHERS, NONE, NONE), "IONAAAAAO"},
    {14, THEIRS(SUBJECT_ANY, NONE, NONE), "IONNNNNNO"},
    {15, THEIRS(BUSINESS, NONE, ROLE_CHIEF), "IONNNANNO"},
    {15, THEIRS(BUSINESS, NONE, ROLE_OPERATOR), "IONNANNNO"},
    {15, THEIRS(TEACHERS, NONE, NONE), "IONAANNNO"},
    {90, THEIRS(BUSINESS, NONE, ROLE_CHIEF), "IONNNANNO"},
    {90, THEIRS(BUSINESS, NONE, ROLE_OPERATOR), "IONNANNNO"},
    {16, THEIRS(BUSINESS, NONE, ROLE_CHIEF), "IONNNANNO"},
    {16, THEIRS(BUSINESS, NONE, ROLE_OPERATOR), "IONNANNNO"},
    {16, THEIRS(TEACHERS, NONE, NONE), "IONAANNNO"},
    {17, {0}, "INNNAANAA"},
    {17, AT_SCHOOL(SUBJECT_ANY), "IONNAANAO"},
    {18, THEIRS(BUSINESS, ROLE_CONTACT, NONE), "IONNAANAO"},
    {19, THEIRS(BUSINESS, ROLE_CHIEF, NONE), "IONNNANNO"},
    {19, THEIRS(BUSINESS, ROLE_CONTACT, ROLE_CHIEF), "IONNNANNO"},
    {19, THEIRS(BUSINESS, ROLE_CONTACT, ROLE_OPERATOR), "IONNANNNO"},
    {20, THEIRS(BUSINESS, ROLE_CHIEF, NONE), "IONNNANNO"},
    {20, THEIRS(BUSINESS, ROLE_CONTACT, NONE), "IONNANNNO"},
    {21, THEIRS(BUSINESS, ROLE_CHIEF, NONE), "IONNNANAO"},
    {21, THEIRS(BUSINESS, ROLE_CONTACT, NONE), "IONNAANAO"},
    {22, THEIRS(BUSINESS, ROLE_CHIEF, NONE), "IONNNANNO"},
    {22, THEIRS(BUSINESS, ROLE_OPERATOR, NONE), "IONNANNNO"},
    {23, THEIRS(BUSINESS, ROLE_OPERATOR, NONE), "IONNAANAO"},
    {24, THEIRS(BUSINESS, ROLE_OPERATOR, NONE), "IONNNNNNO"},
    {91, THEIRS(BUSINESS, ROLE_OPERATOR, NONE), "IONNNNNNO"},
    {25, THEIRS(BUSINESS, ROLE_OPERATOR, NONE), "IONNAANAO"},
    {26, THEIRS(BUSINESS, ROLE_OPERATOR, NONE), "IONNANNNO"},
    {27, AT_SCHOOL(SUBJECT_ANY), "IONAANNNO"},
    {28, THEIRS_ANY, "IONAAAAAO"},
    {29, THEIRS(TEACHERS, NONE, NONE), "IONAANNNO"},
    {30, THEIRS(TEACHERS, NONE, NONE), "IONAANNAO"},
    {31, THEIRS(TEACHERS, NONE, NONE), "IONAANNNO"},
    {32, {0}, "INNAAAAAA"},
    {32, AT_SCHOOL(SUBJECT_ANY), "IONAAAAAO"},
    {33, {0}, "INNAAAAAA"},
    {34, AT_SCHOOL(SUBJECT_ANY), "IONAANNNO"},
    {35, THEIRS_ANY, "IONAAAAAO"},
    {35, {.unit = &nowhere, .person_id = SOMEBODY}, "IOOOOOOAO"},
    {35, {.person_id = SOMEBODY}, "IOOOOOOOO"},
    {36, THEIRS_ANY, "IONAANNNO"},
    {36, {.unit = &nowhere, .person_id = SOMEBODY}, "IOOOOOONO"},
    {36, {.person_id = SOMEBODY}, "IOOOOOOOO"},
    {20, {.account_id = OTHER}, "IOOOOOOOO"},
    {37, THEIRS_ANY, "IONAANNNO"},
    {37, THEIRS(SUBJECT_ANY, ROLE_CHIEF, NONE), "IONAAAANO"},
    {38, {0}, "INNAAAAAA"},
    {39, THEIRS_ANY, "IONAAAAAO"},
    {40, THEIRS(TEACHERS, NONE, NONE), "IONNNNNNO"},
    {47, {0}, "IAAAAAAAA"},
    {55, {0}, "AAAAAAAAA"},
    {58, {.account_id = OTHER}, "IOOOOOOOO"},
    {60, {0}, "AAAAAAAAA"},
    {70, {0}, "IAAAAAAAA"},
    {71, {0}, "IAAAAAAAA"},
    {72, {.account_id = OTHER}, "IOOOOOOOO"},
    {73, AT_SCHOOL(TEACHERS), "IONAANNNO"},
    {73, {.subject = SUBJECT_ORGANIZATIONS}, "INNNNNNAN"},
    {73, AT_SCHOOL(SUBJECT_ANY), "IONNNNNNO"},
    {75, AT_SCHOOL(TEACHERS), "IONAANNNO"},
    {75, {.unit = &platform, .subject = SUBJECT_ORGANIZATIONS}, "IOOOOOOAO"},
    {76, AT_SCHOOL(TEACHERS), "IONAANNNO"},
    {77, AT_SCHOOL(TEACHERS), "IONAANNNO"},
    {83, {0}, "IAAAAAAAA"},
    {84, {0}, "AAAAAAAAA"},
    {85, {0}, "AAAAAAAAA"},
};
/* clang-format on */

static void
test_answers(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT_OF(answer_cases); i++) {
        char answers[COLUMNS + 1] = "";
        for (int column = 0; column < COLUMNS; column++)
            answers[column] =
                answer(answer_cases[i].number, (enum column)column,
                       &answer_cases[i].target);
        if (strcmp(answers, answer_cases[i].answers) != 0)
            fail_msg("route %u, case %zu: %s, wanted %s",
                     answer_cases[i].number, i, answers,
                     answer_cases[i].answers);
    }
}

static void
test_every_route_has_answers(void **state)
{
    (void)state;
    for (size_t i = 0; i < route_count(); i++) {
        size_t cases = 0;
        for (size_t c = 0; c < COUNT_OF(answer_cases); c++)
            cases += answer_cases[c].number == route_at(i)->number;
        if (cases == 0)
            fail_msg("route %u has no case", route_at(i)->number);
    }
}

/* Callers may see their own things and may not change them. */
static void
test_self(void **state)
{
    static const unsigned seen[] = {14, 18, 23, 24, 25, 91, 28, 35, 36, 58, 72};
    static const unsigned refused[] = {16, 19, 20, 21, 22, 26, 29, 30, 31, 37};
    const struct target mine = {.unit = &school,
                                .account_id = ME,
                                .person_id = MYSELF,
                                .subject = BUSINESS};

    (void)state;
    for (int column = TEACHER; column < COLUMNS; column++) {
        for (size_t i = 0; i < COUNT_OF(seen); i++)
            assert_int_equal(answer(seen[i], (enum column)column, &mine), 'A');
        for (size_t i = 0; i < COUNT_OF(refused); i++)
            assert_int_equal(answer(refused[i], (enum column)column, &mine),
                             'S');
    }
}

static enum authority
check(unsigned number, const struct caller *caller, const struct target *target)
{
    return authority_check(route_by_number(number), caller, target);
}

static void
test_step_up_comes_last(void **state)
{
    struct officer chief = officer_of(CHIEF), operator= officer_of(OPERATOR);
    struct caller caller = {.officer = &chief};
    const struct target theirs = THEIRS(BUSINESS, ROLE_OPERATOR, NONE);

    (void)state;
    assert_int_equal(check(22, &caller, &theirs), AUTHORITY_STEP_UP_REQUIRED);
    assert_int_equal(check(18, &caller, &theirs), AUTHORITY_ALLOWED);
    caller.officer = &operator;
    assert_int_equal(check(22, &caller, &theirs), AUTHORITY_NOT_PERMITTED);
}

static void
test_half_sessions(void **state)
{
    struct officer chief = officer_of(CHIEF);
    struct caller caller = {
        .officer = &chief, .half = true, .stepped_up = true};
    const struct target nothing = {0}, mine = {.account_id = ME};

    (void)state;
    assert_int_equal(check(47, &caller, &nothing), AUTHORITY_ALLOWED);
    assert_int_equal(check(58, &caller, &mine), AUTHORITY_ALLOWED);
    assert_int_equal(check(1, &caller, &nothing), AUTHORITY_ALLOWED);
    assert_int_equal(check(17, &caller, &nothing), AUTHORITY_STEP_UP_REQUIRED);
    assert_int_equal(check(83, &caller, &nothing), AUTHORITY_STEP_UP_REQUIRED);
}

static void
test_tokens(void **state)
{
    const struct caller holder = {.token = true};
    const struct target theirs = THEIRS(BUSINESS, NONE, NONE);

    (void)state;
    assert_int_equal(check(12, &holder, &theirs), AUTHORITY_ALLOWED);
    assert_int_equal(check(14, &holder, &theirs), AUTHORITY_ALLOWED);
    assert_int_equal(check(72, &holder, &theirs), AUTHORITY_ALLOWED);
    assert_int_equal(check(18, &holder, &theirs), AUTHORITY_NOT_SIGNED_IN);
}

static void
test_clients(void **state)
{
    struct caller client = {.client_id = "hr-system"};
    const struct target list = {0}, theirs = THEIRS_ANY;
    const struct target import = AT_SCHOOL(TEACHERS);
    const struct target own = {.account_id = "hr-system"};

    (void)state;
    assert_int_equal(check(32, &client, &list), AUTHORITY_NOT_PERMITTED);
    client.scopes = SCOPE_TEACHER_READ_MASKED;
    assert_int_equal(check(32, &client, &list), AUTHORITY_ALLOWED);
    assert_int_equal(check(17, &client, &list), AUTHORITY_NOT_PERMITTED);
    assert_int_equal(check(73, &client, &import), AUTHORITY_NOT_PERMITTED);
    assert_int_equal(check(70, &client, &list), AUTHORITY_NOT_PERMITTED);
    assert_int_equal(check(72, &client, &own), AUTHORITY_ALLOWED);
    client.scopes = SCOPE_ACCOUNT_READ | SCOPE_TEACHER_WRITE;
    assert_int_equal(check(18, &client, &theirs), AUTHORITY_ALLOWED);
    assert_int_equal(check(73, &client, &import), AUTHORITY_ALLOWED);
    assert_int_equal(check(22, &client, &theirs), AUTHORITY_NOT_PERMITTED);
}

/* Narrowed away (B24), the permission is gone from the list as well. */
static void
test_narrowed_permissions(void **state)
{
    struct officer chief = officer_of(CHIEF);
    const struct caller caller = {.officer = &chief, .stepped_up = true};
    const struct target list = {0}, theirs = THEIRS_ANY;

    (void)state;
    chief.permissions = PERMISSION_BUSINESS_ACCOUNT_MANAGEMENT;
    assert_int_equal(check(17, &caller, &list), AUTHORITY_ALLOWED);
    assert_int_equal(check(32, &caller, &list), AUTHORITY_NOT_PERMITTED);
    assert_int_equal(check(35, &caller, &theirs), AUTHORITY_NOT_PERMITTED);
    assert_int_equal(check(37, &caller, &theirs), AUTHORITY_NOT_PERMITTED);
}

static bool
among(unsigned number, const unsigned *numbers, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (numbers[i] == number)
            return true;
    return false;
}

static bool
grants_to(const struct route *route, enum ground ground)
{
    for (size_t i = 0; i < ROUTE_GRANTS; i++)
        if (route->grants[i].ground == ground)
            return true;
    return false;
}

static void
check_demands(const struct route *route)
{
    static const unsigned keyless[] = {10, 11, 33, 55, 60};
    static const unsigned versionless[] = {58};
    bool post = strcmp(route->method, "POST") == 0;
    bool get = strcmp(route->method, "GET") == 0;
    bool anonymous = grants_to(route, GROUND_ANYONE);

    assert_int_equal((route->demands & DEMAND_IDEMPOTENCY_KEY) != 0,
                     post && !among(route->number, keyless, COUNT_OF(keyless)));
    if (!post && !get)
        assert_int_equal(
            (route->demands & DEMAND_IF_MATCH) != 0,
            !among(route->number, versionless, COUNT_OF(versionless)));
    if (get)
        assert_int_equal(route->demands & ~(unsigned)DEMAND_HALF_SESSION, 0);
    if (route->demands & DEMAND_NOT_SELF)
        assert_false(grants_to(route, GROUND_SELF));
    /* A withdrawal (15) needs no presence, nor does its rejection. */
    if (!get && grants_to(route, GROUND_APPROVER) &&
        !grants_to(route, GROUND_SELF))
        assert_int_equal(route->demands & (DEMAND_STEP_UP | DEMAND_NOT_SELF),
                         DEMAND_STEP_UP | DEMAND_NOT_SELF);
    if (anonymous)
        assert_int_equal(route->demands, 0);
}

static void
check_grants(const struct route *route)
{
    bool ended = false;

    assert_int_not_equal(route->grants[0].ground, GROUND_NONE);
    for (size_t i = 0; i < ROUTE_GRANTS; i++) {
        const struct grant *grant = &route->grants[i];
        ended |= grant->ground == GROUND_NONE;
        assert_int_equal(ended, grant->ground == GROUND_NONE);
        assert_int_equal(grant->permission != 0,
                         grant->ground == GROUND_PERMISSION);
        assert_int_equal(grant->reaches != 0,
                         grant->ground == GROUND_PERMISSION);
        assert_int_equal(grant->scopes != 0, grant->ground == GROUND_SCOPE);
    }
}

static void
test_rows(void **state)
{
    (void)state;
    for (size_t i = 0; i < route_count(); i++) {
        const struct route *route = route_at(i);
        assert_ptr_equal(route_by_number(route->number), route);
        assert_int_equal(strncmp(route->path, "/v1/", 4), 0);
        if (i > 0)
            assert_true(route_at(i - 1)->number < route->number);
        for (size_t j = 0; j < i; j++)
            assert_true(strcmp(route_at(j)->path, route->path) != 0 ||
                        strcmp(route_at(j)->method, route->method) != 0);
        check_grants(route);
        check_demands(route);
    }
    assert_null(route_at(route_count()));
    assert_null(route_by_number(0));
}

static void
test_who_prints(void **state)
{
    static const struct {
        unsigned number;
        const char *who;
    } cases[] = {
        {1, "any"},
        {16, "approver (business accounts); TEACHER_ACCOUNT_MANAGEMENT OWN "
             "(teachers); not oneself"},
        {32, "TEACHER_ACCOUNT_MANAGEMENT; client teacher.read.masked or "
             "teacher.read.full"},
        {37, "TEACHER_ACCOUNT_MANAGEMENT AREA (for a CHIEF)"},
    };

    (void)state;
    for (size_t i = 0; i < COUNT_OF(cases); i++) {
        char *text;
        size_t size;
        FILE *out = open_memstream(&text, &size);
        assert_non_null(out);
        route_print_who(out, route_by_number(cases[i].number));
        fclose(out);
        assert_non_null(strstr(text, cases[i].who));
        free(text);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_answers),
        cmocka_unit_test(test_every_route_has_answers),
        cmocka_unit_test(test_self),
        cmocka_unit_test(test_step_up_comes_last),
        cmocka_unit_test(test_half_sessions),
        cmocka_unit_test(test_tokens),
        cmocka_unit_test(test_clients),
        cmocka_unit_test(test_narrowed_permissions),
        cmocka_unit_test(test_who_prints),
    };

    return cmocka_run_group_tests_name("rules/route", tests, NULL, NULL);
}
