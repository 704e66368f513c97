/* approval.c: see approval.h. Called by the lists of applications and tasks.
 * Asks the rules about a made-up unit of each kind at each reach; never repeats
 * their table.
 */
#include "gateway/lists/approval.h"

enum { ROLES = 4, CODES_MAX = (KIND_PLATFORM + 1) * ROLES * ROLES * 4 };

/* Makes a unit of this kind that the officer reaches this way. Returns false if
 * there is none. */
static bool
example(const struct officer *officer, enum organization_kind kind,
        enum reach reach, struct unit *ret_unit)
{
    struct unit unit = {
        .code = "-",
        .kind = kind,
        .managing_centre = "",
        .parent_code = "",
        .state = ORGANIZATION_ACTIVE,
    };

    if (reach == REACH_OWN && kind != officer->kind)
        return false;
    if (reach == REACH_OWN)
        unit.code = officer->organization;
    if (reach == REACH_AREA)
        unit.managing_centre = officer->organization;
    *ret_unit = unit;
    return reach_of(officer, &unit) == reach;
}

/* The codes of what the officer may do at one kind of unit at one reach. */
typedef size_t codes_of(const struct officer *officer, const struct unit *unit,
                        int reach, int *ret_codes);

/* Adds the codes of every kind of unit at every reach. */
static void
add_codes(const struct officer *officer, codes_of *of, struct db_params *params)
{
    int codes[CODES_MAX];
    size_t count = 0;
    struct unit unit;

    for (int kind = 1; kind <= KIND_PLATFORM; kind++)
        for (int reach = REACH_OWN; reach <= REACH_ALL; reach++)
            if (example(officer, (enum organization_kind)kind,
                        (enum reach)reach, &unit))
                count += of(officer, &unit, reach, codes + count);
    db_array(params, DB_INT4, count);
    for (size_t i = 0; i < count; i++)
        db_int4(params, codes[i]);
}

static size_t
unit_codes(const struct officer *officer, const struct unit *unit, int reach,
           int *ret_codes)
{
    if (!authority_may_approve(officer, unit, ROLE_UNSPECIFIED,
                               ROLE_UNSPECIFIED))
        return 0;
    ret_codes[0] = (int)unit->kind * 4 + reach;
    return 1;
}

void
approval_units(const struct officer *officer, struct db_params *params)
{
    add_codes(officer, unit_codes, params);
}

static size_t
account_codes(const struct officer *officer, const struct unit *unit, int reach,
              int *ret_codes)
{
    size_t count = 0;

    for (int role = 0; role < ROLES; role++)
        for (int new_role = 0; new_role < ROLES; new_role++)
            if (authority_may_approve(officer, unit, (enum role)role,
                                      (enum role)new_role))
                ret_codes[count++] =
                    (((int)unit->kind * ROLES + role) * ROLES + new_role) * 4 +
                    reach;
    return count;
}

void
approval_accounts(const struct officer *officer, struct db_params *params)
{
    add_codes(officer, account_codes, params);
}

void
approval_chief_kinds(struct db_params *params)
{
    size_t count = 0;

    for (int kind = 1; kind <= KIND_PLATFORM; kind++)
        count += role_chief_expected((enum organization_kind)kind);
    db_array(params, DB_INT2, count);
    for (int kind = 1; kind <= KIND_PLATFORM; kind++)
        if (role_chief_expected((enum organization_kind)kind))
            db_int2(params, kind);
}
