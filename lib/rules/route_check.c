/* route_check.c: whether a caller may use a route on a target, by the grants of
 * its row. Called by the gateway before every handler. Never reads a database.
 * A thing out of reach is answered as not found. Serves B8-B11, B20, B25, T10,
 * T15. */
#include "rules/route.h"

#include <string.h>

static bool
is_self(const struct caller *caller, const struct target *target)
{
    if (caller->officer)
        return authority_is_self(caller->officer, target->account_id,
                                 target->person_id);
    return caller->client_id && target->account_id && *target->account_id &&
           strcmp(caller->client_id, target->account_id) == 0;
}

/* Whether it is about one thing, not a list. */
static bool
is_named(const struct target *target)
{
    return target->unit || target->account_id || target->person_id;
}

/* A list needs the permission alone; the view cuts the rows. A person without
 * a unit is no list: they are out of every caller's reach. */
static bool
holds(const struct officer *officer, const struct target *target,
      const struct grant *grant)
{
    if (!officer)
        return false;
    if (!is_named(target))
        return officer->role != ROLE_UNSPECIFIED &&
               (officer->permissions & grant->permission) != 0;
    return target->unit &&
           authority_holds(officer, target->unit,
                           (enum permission)grant->permission, grant->reaches);
}

static bool
approves(const struct officer *officer, const struct target *target)
{
    static const struct grant any_unit = {
        .permission = PERMISSION_BUSINESS_ACCOUNT_MANAGEMENT};

    if (!target->unit)
        return holds(officer, target, &any_unit);
    return officer && authority_may_approve(officer, target->unit, target->role,
                                            target->new_role);
}

static bool
disables(const struct officer *officer, const struct target *target)
{
    return officer && target->unit &&
           authority_may_disable(officer, target->unit, target->role);
}

static bool
grants(const struct grant *grant, const struct caller *caller,
       const struct target *target)
{
    if (grant->subject != SUBJECT_ANY && grant->subject != target->subject)
        return false;
    if (grant->role != ROLE_UNSPECIFIED && grant->role != target->role)
        return false;

    switch (grant->ground) {
    case GROUND_NONE:
        return false;
    case GROUND_ANYONE:
        return true;
    case GROUND_TOKEN:
        return caller->token;
    case GROUND_SIGNED_IN:
        return caller->officer != NULL;
    case GROUND_SELF:
        return is_self(caller, target);
    case GROUND_PERMISSION:
        return holds(caller->officer, target, grant);
    case GROUND_APPROVER:
        return approves(caller->officer, target);
    case GROUND_DISABLER:
        return disables(caller->officer, target);
    case GROUND_SCOPE:
        return caller->client_id && (caller->scopes & grant->scopes) != 0;
    }
    return false;
}

/* The first grant that holds; GROUND_NONE if there is none. */
static enum ground
ground_for(const struct route *route, const struct caller *caller,
           const struct target *target)
{
    for (size_t i = 0; i < ROUTE_GRANTS; i++)
        if (grants(&route->grants[i], caller, target))
            return route->grants[i].ground;
    return GROUND_NONE;
}

/* The answer of a refusal: a thing out of the caller's reach does not exist. */
static enum authority
refused(const struct caller *caller, const struct target *target)
{
    if (!is_named(target) || is_self(caller, target))
        return AUTHORITY_NOT_PERMITTED;
    if (!target->unit)
        return AUTHORITY_OUT_OF_REACH;
    if (caller->officer &&
        reach_of(caller->officer, target->unit) == REACH_NONE)
        return AUTHORITY_OUT_OF_REACH;
    return AUTHORITY_NOT_PERMITTED;
}

enum authority
authority_check(const struct route *route, const struct caller *caller,
                const struct target *target)
{
    enum ground ground = ground_for(route, caller, target);

    if (ground == GROUND_ANYONE || ground == GROUND_TOKEN)
        return AUTHORITY_ALLOWED;
    if (!caller->officer && !caller->client_id)
        return AUTHORITY_NOT_SIGNED_IN;
    if (caller->half && !(route->demands & DEMAND_HALF_SESSION))
        return AUTHORITY_STEP_UP_REQUIRED;
    if ((route->demands & DEMAND_NOT_SELF) && is_self(caller, target))
        return AUTHORITY_SELF_ACTION;
    if (ground == GROUND_NONE)
        return refused(caller, target);
    if ((route->demands & DEMAND_STEP_UP) && !caller->stepped_up)
        return AUTHORITY_STEP_UP_REQUIRED;
    return AUTHORITY_ALLOWED;
}

const char *
authority_refusal(enum authority authority)
{
    static const char *const codes[] = {
        [AUTHORITY_ALLOWED] = NULL,
        [AUTHORITY_NOT_SIGNED_IN] = "NOT_SIGNED_IN",
        [AUTHORITY_OUT_OF_REACH] = "NOT_FOUND",
        [AUTHORITY_NOT_PERMITTED] = "NOT_PERMITTED",
        [AUTHORITY_SELF_ACTION] = "SELF_ACTION",
        [AUTHORITY_STEP_UP_REQUIRED] = "STEP_UP_REQUIRED",
    };

    return codes[authority];
}
