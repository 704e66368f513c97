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

/* From where each kind of account may be changed, by action. The officer holds
 * BAM throughout, which only a CHIEF can (B4-B6). DISABLE has more reaches than
 * the approvers': officers above them can lock an account at once (B23). */
/* clang-format off */
static const struct {
    unsigned reaches[ACCOUNT_ACTIONS]; /* enum reach_set */
} approvers[] = {
    /*                          APPROVE  DISABLE                     FORCE */
    [APPROVAL_NONE] =         {{BY_NONE, BY_NONE,                    BY_NONE}},
    [APPROVAL_SCHOOL_CHIEF] = {{BY_AREA, BY_AREA | BY_ALL,           BY_AREA}},
    [APPROVAL_SCHOOL_OTHER] = {{BY_OWN,  BY_OWN | BY_AREA | BY_ALL,  BY_NONE}},
    [APPROVAL_HIGHER] =       {{BY_ALL,  BY_ALL,                     BY_NONE}},
    [APPROVAL_CENTRE_CHIEF] = {{BY_ALL,  BY_ALL,                     BY_ALL}},
    [APPROVAL_CENTRE_OTHER] = {{BY_OWN,  BY_OWN | BY_ALL,            BY_NONE}},
    [APPROVAL_PLATFORM] =     {{BY_OWN,  BY_OWN,                     BY_NONE}},
};

static const struct word action_rows[] = {
    {ACTION_APPROVE, "enable, change, delete", "啟用、變更、刪除"},
    {ACTION_DISABLE, "disable", "停用"},
    {ACTION_FORCE_LAST_CHIEF, "force the last CHIEF", "強制移除最後一位總負責人"},
};
/* clang-format on */

static const struct words action_words = {"action", action_rows,
                                          COUNT_OF(action_rows)};

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

unsigned
authority_reaches(enum account_action action, enum organization_kind kind,
                  enum role role, enum role new_role)
{
    return approvers[approval_of(kind, role, new_role)].reaches[action];
}

bool
authority_may_approve(const struct officer *officer, const struct unit *unit,
                      enum role role, enum role new_role)
{
    unsigned reaches =
        authority_reaches(ACTION_APPROVE, unit->kind, role, new_role);

    if (role == ROLE_UNSPECIFIED && new_role == ROLE_UNSPECIFIED)
        reaches |=
            authority_reaches(ACTION_APPROVE, unit->kind, role, ROLE_CHIEF);
    if (organization_is_over(unit->state))
        reaches |=
            authority_reaches(ACTION_DISABLE, unit->kind, role, new_role);
    return authority_holds(officer, unit, BAM, reaches);
}

bool
authority_may_disable(const struct officer *officer, const struct unit *unit,
                      enum role role)
{
    return authority_holds(
        officer, unit, BAM,
        authority_reaches(ACTION_DISABLE, unit->kind, role, ROLE_UNSPECIFIED));
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
    return authority_holds(officer, unit, BAM,
                           authority_reaches(ACTION_FORCE_LAST_CHIEF,
                                             unit->kind, ROLE_CHIEF,
                                             ROLE_CHIEF));
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

/* The unit whose CHIEF has this reach to a unit of that group. */
static const char *
place_of(enum organization_group group, enum reach reach)
{
    if (reach == REACH_AREA)
        return "its centre";
    if (reach == REACH_ALL)
        return "the platform";
    return group == GROUP_PLATFORM ? "another CHIEF of it" : "its CHIEF";
}

static void
print_cell(FILE *out, enum account_action action, enum organization_kind kind,
           enum role role)
{
    unsigned reaches = authority_reaches(action, kind, role, role);
    const char *before = " ";

    for (int reach = REACH_OWN; reach <= REACH_ALL; reach++)
        if (reaches >> reach & 1u) {
            fprintf(out, "%s%s", before,
                    place_of(organization_group_of(kind), (enum reach)reach));
            before = ", ";
        }
    fputs(reaches == BY_NONE ? " - |" : " |", out);
}

static void
print_row(FILE *out, enum organization_kind kind, enum role role)
{
    fprintf(out, "| %s | %s |", word_name(&organization_kind_words, (int)kind),
            word_name(&role_words, (int)role));
    for (size_t i = 0; i < action_words.count; i++)
        print_cell(out, (enum account_action)action_words.rows[i].value, kind,
                   role);
    fputs("\n", out);
}

void
authority_print(FILE *out)
{
    fputs("| kind of unit | role |", out);
    for (size_t i = 0; i < action_words.count; i++)
        fprintf(out, " %s |", action_words.rows[i].name);
    fputs("\n|---|---|---|---|---|\n", out);
    for (size_t i = 0; i < organization_kind_words.count; i++)
        for (size_t j = 0; j < role_words.count; j++) {
            enum organization_kind kind =
                (enum organization_kind)organization_kind_words.rows[i].value;
            enum role role = (enum role)role_words.rows[j].value;
            if (role_allowed(role, kind))
                print_row(out, kind, role);
        }
}
