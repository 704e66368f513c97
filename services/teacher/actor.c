/* The account that gives an order: decided by our copy of it, never by the
 * claim.
 *
 * proto/inservice/common/v1/order.proto lists the kinds of actor. The account
 * service owns the accounts; here are copies of its states. If a copy is absent
 * or older than the claim, either the copy is late or the claim is false. The
 * refusal says "not yet" (README.md). Called first by every do_ file, which
 * then checks the officer's authority with rules/authority.h. Serves B8-B11,
 * B20, T16.
 */
#include "teacher/teacher.h"

#include <string.h>

typedef Inservice__Common__V1__Actor Actor;

static bool
is_named(const Actor *actor)
{
    return actor != NULL && actor->account_id[0] != '\0';
}

void
actor_keys(struct keys *keys, const Order *order)
{
    const Actor *actor = order->actor;

    if (!is_named(actor))
        return;
    keys_row(keys, &officers, actor->account_id);
    keys_row(keys, &units, actor->organization);
}

bool
actor_is_system(const Order *order)
{
    return order->actor == NULL;
}

/* An account never changes its unit, so another unit is a false claim, even if
 * the copy is late. The unit's state comes before those of its accounts. */
static const char *
objection_to_claim(const Actor *actor, const struct officer_copy *copy,
                   const struct organization_copy *unit)
{
    if (copy == NULL)
        return "ACTOR_NOT_KNOWN_YET";
    if (strcmp(copy->organization, actor->organization) != 0)
        return "UNKNOWN_ACTOR";
    if (copy->version < actor->account_version ||
        (copy->organization[0] != '\0' && unit == NULL))
        return "ACTOR_NOT_KNOWN_YET";
    return copy->status == ACCOUNT_ACTIVE ? NULL : "UNKNOWN_ACTOR";
}

/* A teacher's own account has no unit and no permission. */
static struct officer
officer_of(const struct officer_copy *copy,
           const struct organization_copy *unit)
{
    struct officer officer = {
        .account_id = copy->account_id,
        .person_id = copy->person_id,
        .organization = copy->organization,
    };

    if (unit == NULL)
        return officer;
    officer.kind = (enum organization_kind)unit->kind;
    officer.role = (enum role)copy->role;
    officer.permissions = permissions_effective(
        (unsigned)copy->permissions, officer.role, officer.kind,
        (enum organization_state)unit->status);
    return officer;
}

const char *
actor_find(struct decision *decision, struct officer *ret_officer)
{
    const Actor *actor = decision->order->actor;

    if (!is_named(actor))
        return "UNKNOWN_ACTOR";
    const struct officer_copy *copy =
        row_find(decision, &officers, actor->account_id);
    const struct organization_copy *unit =
        actor->organization[0] == '\0'
            ? NULL
            : row_find(decision, &units, actor->organization);
    const char *objection = objection_to_claim(actor, copy, unit);
    if (objection == NULL)
        *ret_officer = officer_of(copy, unit);
    return objection;
}
