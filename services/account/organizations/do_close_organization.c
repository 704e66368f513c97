/* CloseOrganization: closes a unit, or merges it into another, whose teachers
 * follow. The teacher service hears of that; accounts do not follow (B13):
 * DisableAccounts disables them. Lane: the unit. Serves O3.
 *
 * Two units that merge into each other at once lie in two lanes: the claim lets
 * one of them decide first, and the other then finds its successor closed. */
#include "account/account.h"

#define MERGER "merger"

void
close_organization_keys(struct keys *keys, const void *message)
{
    const CloseOrganization *m = message;

    keys_lane(keys, m->code);
    actor_keys(keys, m->order, m->code);
    keys_row(keys, &organizations, m->code);
    keys_row(keys, &unit_dependents, m->code);
    if (is_empty(m->into))
        return;
    keys_row(keys, &platform_claims, MERGER);
    keys_row(keys, &other_units, m->into);
}

static const char *
objection_to_closer(struct decision *decision,
                    const struct organization *organization)
{
    struct unit unit = unit_of(organization);
    struct officer officer;

    if (!actor_find(decision, organization->code, &officer))
        return "UNKNOWN_ACTOR";
    if (reach_of(&officer, &unit) == REACH_NONE)
        return "NOT_FOUND";
    if (!authority_holds(&officer, &unit, PERMISSION_SYSTEM_ADMINISTRATION,
                         BY_ANY))
        return "NOT_PERMITTED";
    return version_differs(decision, organization) ? "CHANGED" : NULL;
}

/* The unit itself: it works still, and no other unit needs it. */
static const char *
objection_to_end(struct decision *decision,
                 const struct organization *organization)
{
    if (organization->kind == KIND_PLATFORM ||
        (organization->status != ORGANIZATION_ACTIVE &&
         organization->status != ORGANIZATION_SUSPENDED))
        return "STATE_CHANGE_NOT_ALLOWED";
    return unit_has_dependents(decision, organization) ? "HAS_UNITS" : NULL;
}

/* The unit that takes the teachers: another one, working, and of a kind that
 * has teachers if this one does. */
static const char *
objection_to_successor(struct decision *decision,
                       const struct organization *organization,
                       const CloseOrganization *m)
{
    const struct unit_row *into = row_find(decision, &other_units, m->into);

    if (is_empty(m->into))
        return m->teacher_count > 0 ? "HAS_TEACHERS" : NULL;
    if (same_text(m->into, m->code))
        return "MERGER_CYCLE";
    if (into == NULL)
        return "ORGANIZATION_UNKNOWN";
    if (into->status != ORGANIZATION_ACTIVE)
        return "ORGANIZATION_CLOSED";
    return organization_has_teachers(
               (enum organization_kind)organization->kind) &&
                   !organization_has_teachers(
                       (enum organization_kind)into->kind)
               ? "UNIT_HAS_NO_TEACHERS"
               : NULL;
}

static void
order_accounts_disabled(struct decision *decision, const char *code)
{
    DisableAccounts command;

    inservice__account__v1__disable_accounts__init(&command);
    command.organization = wire_member(code);
    order_self(decision, "DisableAccounts", code, &command.base);
}

enum end
do_close_organization(struct decision *decision, const void *message)
{
    const CloseOrganization *m = message;
    struct organization *organization =
        row_find(decision, &organizations, m->code);

    subject(decision, organization);
    if (organization == NULL)
        return refuse(decision, "NOT_FOUND");
    const char *objection = objection_to_closer(decision, organization);
    if (objection == NULL)
        objection = objection_to_end(decision, organization);
    if (objection == NULL)
        objection = objection_to_successor(decision, organization, m);
    if (objection != NULL)
        return refuse(decision, objection);

    organization->status =
        is_empty(m->into) ? ORGANIZATION_CLOSED : ORGANIZATION_MERGED_INTO;
    organization->merged_into = is_empty(m->into) ? NULL : m->into;
    organization->closed_at = decision->now;
    row_change(decision, organization);
    say_organization_closed(decision, organization, m);
    order_accounts_disabled(decision, organization->code);
    return DONE;
}
