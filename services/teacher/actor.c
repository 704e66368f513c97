/* Who acts, as this service may believe him.
 *
 * The order carries the officer as the gateway saw him; the own copy may know
 * better (disabled, demoted meanwhile). The newer version counts. Called first
 * by every do_ file; whether he may do the thing asked is decided there with
 * rules/authority.h. Serves B8-B11, B20, T16.
 */
#include "teacher/teacher.h"

#include <string.h>

typedef Inservice__Common__V1__Actor Actor;

void
actor_keys(struct keys *keys, const Order *order)
{
    const Actor *actor = order->actor;

    if (actor == NULL || actor->account_id[0] == '\0')
        return;
    keys_row(keys, &officers, actor->account_id);
    keys_row(keys, &units, actor->organization);
}

bool
actor_is_system(const Order *order)
{
    return order->actor == NULL;
}

/* Stored permissions, cut down to what the unit's state leaves of them. An
 * account that is not ACTIVE holds none and stands for nobody. */
static void
follow_copy(struct decision *decision, const struct officer_copy *copy,
            struct officer *officer)
{
    const struct organization_copy *unit =
        row_find(decision, &units, officer->organization);
    enum organization_state state = unit != NULL
                                        ? (enum organization_state)unit->status
                                        : ORGANIZATION_ACTIVE;

    officer->person_id = copy->person_id;
    officer->role = (enum role)copy->role;
    officer->permissions = permissions_effective(
        (unsigned)copy->permissions, officer->role, officer->kind, state);
    officer->person_id = copy->person_id;
    if (copy->status != ACCOUNT_ACTIVE) {
        officer->permissions = PERMISSIONS_NONE;
        officer->person_id = NULL;
    }
}

bool
actor_find(struct decision *decision, struct officer *ret_officer)
{
    const Actor *actor = decision->order->actor;

    if (actor == NULL || actor->account_id[0] == '\0')
        return false;
    *ret_officer = (struct officer){
        .account_id = actor->account_id,
        .person_id = actor->person_id,
        .organization = actor->organization,
        .kind = (enum organization_kind)actor->kind,
        .role = (enum role)actor->role,
        .permissions = actor->permissions,
    };
    const struct organization_copy *unit =
        row_find(decision, &units, actor->organization);
    const struct officer_copy *copy =
        row_find(decision, &officers, actor->account_id);
    /* An account never changes its unit, and a unit's kind is no claim. */
    if (copy != NULL && strcmp(copy->organization, actor->organization) != 0)
        return false;
    if (unit != NULL)
        ret_officer->kind = (enum organization_kind)unit->kind;
    if (copy != NULL && copy->version >= actor->account_version)
        follow_copy(decision, copy, ret_officer);
    return true;
}
