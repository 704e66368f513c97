/* The queries' parameters follow the rules, for every officer. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <endian.h>

#include <cmocka.h>

#include "gateway/lists/approval.h"

enum { KINDS = KIND_PLATFORM + 1 };

/* Whether the integer[] parameter holds the code. */
static bool
holds(const struct db_params *params, int code)
{
    const char *at = params->data.data + params->at[0];
    uint32_t dimensions, count = 0, wire;

    memcpy(&dimensions, at, sizeof dimensions);
    if (dimensions == 0)
        return false;
    memcpy(&count, at + 12, sizeof count);
    count = be32toh(count);
    for (uint32_t i = 0; i < count; i++) {
        memcpy(&wire, at + 20 + 8 * i + 4, sizeof wire);
        if ((int)be32toh(wire) == code)
            return true;
    }
    return false;
}

static struct officer
chief_of(enum organization_kind kind, enum role role)
{
    return (struct officer){
        .account_id = "a",
        .person_id = "p",
        .organization = "OWN",
        .kind = kind,
        .role = role,
        .permissions = permissions_default(role, kind),
    };
}

static struct unit
unit_at(enum organization_kind kind, enum reach reach)
{
    return (struct unit){
        .code = reach == REACH_OWN ? "OWN" : "OTHER",
        .kind = kind,
        .managing_centre = reach == REACH_AREA ? "OWN" : "ELSEWHERE",
        .parent_code = "",
        .state = ORGANIZATION_ACTIVE,
    };
}

static void
compare(const struct officer *officer, const struct unit *unit)
{
    struct db_params units = {0}, accounts = {0};
    int reach = (int)reach_of(officer, unit);
    int kind = (int)unit->kind;

    approval_units(officer, &units);
    approval_accounts(officer, &accounts);
    assert_int_equal(holds(&units, kind * 4 + reach),
                     authority_may_approve(officer, unit, 0, 0));
    for (int role = 0; role < 4; role++)
        for (int new_role = 0; new_role < 4; new_role++)
            assert_int_equal(
                holds(&accounts,
                      ((kind * 4 + role) * 4 + new_role) * 4 + reach),
                authority_may_approve(officer, unit, (enum role)role,
                                      (enum role)new_role));
    db_params_free(&units);
    db_params_free(&accounts);
}

static void
test_every_officer_and_unit(void **state)
{
    (void)state;
    for (int of = 1; of < KINDS; of++) {
        for (int role = 0; role < 4; role++) {
            struct officer officer =
                chief_of((enum organization_kind)of, (enum role)role);
            for (int kind = 1; kind < KINDS; kind++) {
                struct unit area =
                    unit_at((enum organization_kind)kind, REACH_AREA);
                struct unit other =
                    unit_at((enum organization_kind)kind, REACH_ALL);
                compare(&officer, &area);
                compare(&officer, &other);
            }
            struct unit own = unit_at((enum organization_kind)of, REACH_OWN);
            compare(&officer, &own);
        }
    }
}

static void
test_nobody_without_permission(void **state)
{
    struct officer officer = chief_of(KIND_PRIMARY_SCHOOL, ROLE_CHIEF);
    struct db_params units = {0};

    (void)state;
    officer.permissions &= ~(unsigned)PERMISSION_BUSINESS_ACCOUNT_MANAGEMENT;
    approval_units(&officer, &units);
    for (int code = 0; code < KINDS * 4; code++)
        assert_false(holds(&units, code));
    db_params_free(&units);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_officer_and_unit),
        cmocka_unit_test(test_nobody_without_permission),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
