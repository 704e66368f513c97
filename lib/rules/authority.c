/* authority.c: reach and the table of approvers. Called by the gateway (early
 * answer) and by the owning services (the answer that counts). Never changes
 * anything and never trusts a role alone: the permission must be effective.
 * Serves B8-B11, B20-B22, T15. */
#include "rules/authority.h"

#include "attributes.h"

#include <string.h>

#define BAM PERMISSION_BUSINESS_ACCOUNT_MANAGEMENT
#define TAM PERMISSION_TEACHER_ACCOUNT_MANAGEMENT

/* clang-format off */
static const struct word reach_rows[] = {
    {REACH_OWN, "OWN", "本單位"},
    {REACH_AREA, "AREA", "所轄單位"},
    {REACH_ALL, "ALL", "全部單位"},
};
/* clang-format on */

const struct words reach_words = {"reach", reach_rows, COUNT_OF(reach_rows)};

/* From where each kind of account is enabled, changed and deleted, and from
 * where it may also be disabled. The officer holds BAM throughout, which only
 * a CHIEF can (B4-B6). */
/* clang-format off */
static const struct approver {
    unsigned approve;
    unsigned disable;
    const char *account;
    const char *approvers;
    const char *disablers;
} approvers[] = {
    [APPROVAL_NONE] = {0, 0, NULL, NULL, NULL},
    [APPROVAL_SCHOOL_CHIEF] = {BY_AREA, BY_ALL,
                               "K-12 CHIEF, to or from CHIEF",
                               "managing centre", "platform"},
    [APPROVAL_SCHOOL_OTHER] = {BY_OWN, BY_AREA | BY_ALL,
                               "K-12 CONTACT, OPERATOR",
                               "CHIEF of the school", "centre, platform"},
    [APPROVAL_HIGHER] = {BY_ALL, 0, "university, legal, social OPERATOR",
                         "platform", "-"},
    [APPROVAL_CENTRE_CHIEF] = {BY_ALL, BY_ALL, "centre CHIEF", "platform",
                               "platform"},
    [APPROVAL_CENTRE_OTHER] = {BY_OWN, BY_ALL, "centre CONTACT, OPERATOR",
                               "CHIEF of the centre", "platform"},
    [APPROVAL_PLATFORM] = {BY_OWN, 0, "platform", "another CHIEF of it", "-"},
};
/* clang-format on */

static bool
same(const char *one, const char *other)
{
    return one && other && *one && strcmp(one, other) == 0;
}

enum reach
reach_of(const struct officer *officer, const struct unit *unit)
{
    /* Without a role it is a teacher's own account: it reaches no unit. */
    if (officer->role == ROLE_UNSPECIFIED)
        return REACH_NONE;
    if (same(officer->organization, unit->code))
        return REACH_OWN;
    if (officer->kind == KIND_KINDERGARTEN && unit->kind == KIND_KINDERGARTEN &&
        same(officer->organization, unit->parent_code))
        return REACH_OWN;
    if (officer->kind == KIND_REGIONAL_CENTRE &&
        same(officer->organization, unit->managing_centre))
        return REACH_AREA;
    return officer->kind == KIND_PLATFORM ? REACH_ALL : REACH_NONE;
}

enum reach
reach_widest(const struct officer *officer)
{
    if (officer->role == ROLE_UNSPECIFIED)
        return REACH_NONE;
    if (officer->kind == KIND_PLATFORM)
        return REACH_ALL;
    return officer->kind == KIND_REGIONAL_CENTRE ? REACH_AREA : REACH_OWN;
}

bool
authority_holds(const struct officer *officer, const struct unit *unit,
                enum permission permission, unsigned reaches)
{
    enum reach reach = reach_of(officer, unit);

    if (reach == REACH_NONE || !(officer->permissions & permission))
        return false;
    return (reaches >> reach & 1u) != 0;
}

enum approval
approval_of(enum organization_kind kind, enum role role, enum role new_role)
{
    bool chief = role == ROLE_CHIEF || new_role == ROLE_CHIEF;

    switch (organization_group_of(kind)) {
    case GROUP_K12:
        return chief ? APPROVAL_SCHOOL_CHIEF : APPROVAL_SCHOOL_OTHER;
    case GROUP_HIGHER:
        return APPROVAL_HIGHER;
    case GROUP_CENTRE:
        return chief ? APPROVAL_CENTRE_CHIEF : APPROVAL_CENTRE_OTHER;
    case GROUP_PLATFORM:
        return APPROVAL_PLATFORM;
    case GROUP_NONE:
        break;
    }
    return APPROVAL_NONE;
}

bool
authority_may_approve(const struct officer *officer, const struct unit *unit,
                      enum role role, enum role new_role)
{
    unsigned reaches =
        approvers[approval_of(unit->kind, role, new_role)].approve;

    if (role == ROLE_UNSPECIFIED && new_role == ROLE_UNSPECIFIED)
        reaches |= approvers[approval_of(unit->kind, role, ROLE_CHIEF)].approve;
    return authority_holds(officer, unit, BAM, reaches);
}

bool
authority_may_disable(const struct officer *officer, const struct unit *unit,
                      enum role role)
{
    const struct approver *row =
        &approvers[approval_of(unit->kind, role, ROLE_UNSPECIFIED)];

    return authority_holds(officer, unit, BAM, row->approve | row->disable);
}

bool
authority_is_self(const struct officer *officer, const char *account_id,
                  const char *person_id)
{
    return same(officer->account_id, account_id) ||
           same(officer->person_id, person_id);
}

bool
authority_needs_chief(enum organization_kind kind)
{
    enum organization_group group = organization_group_of(kind);

    return group == GROUP_K12 || group == GROUP_PLATFORM;
}

bool
authority_last_chief_stays(enum organization_kind kind)
{
    return kind != KIND_KINDERGARTEN && authority_needs_chief(kind);
}

bool
authority_may_force_last_chief(const struct officer *officer,
                               const struct unit *unit)
{
    if (organization_group_of(unit->kind) == GROUP_PLATFORM)
        return false;
    return authority_may_approve(officer, unit, ROLE_CHIEF, ROLE_UNSPECIFIED);
}

bool
authority_may_release(const struct officer *officer, const struct unit *unit,
                      enum role teacher_role)
{
    if (teacher_role != ROLE_CHIEF)
        return authority_holds(officer, unit, TAM, BY_OWN);
    if (officer->role == ROLE_CHIEF)
        return authority_holds(officer, unit, TAM, BY_OWN | BY_AREA);
    return authority_holds(officer, unit, TAM, BY_AREA);
}

bool
authority_sees_full(const struct officer *officer, const struct unit *unit)
{
    return reach_of(officer, unit) == REACH_OWN;
}

void
authority_print_approvers(FILE *out)
{
    fputs("| account | enable, change, delete | may also disable |\n"
          "|---|---|---|\n",
          out);
    for (size_t i = APPROVAL_NONE + 1; i < COUNT_OF(approvers); i++)
        fprintf(out, "| %s | %s | %s |\n", approvers[i].account,
                approvers[i].approvers, approvers[i].disablers);
}
