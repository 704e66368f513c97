/* Who gives an order, as far as the owner knows better than the gateway.
 *
 * The gateway sends what it saw of the actor; where this service has a row of
 * the account, the row counts, whatever the message claims. A row of the
 * order's own lane is read with its lock, a row of another lane as a hint. A
 * command without any actor is the system's own, and only types that the system
 * gives take it. Called by every command that an officer may give. Serves B17,
 * T16.
 */
#include "account/account.h"

typedef Inservice__Common__V1__Actor Actor;

bool
actor_is_system(const Order *order)
{
    return order->actor == NULL;
}

bool
actor_is_unnamed(const Order *order)
{
    const Actor *actor = order->actor;

    return actor != NULL && is_empty(actor->account_id) &&
           is_empty(actor->client_id);
}

/* An account gives the order: the rows of it are worth reading. */
static bool
is_named(const Order *order)
{
    return order->actor != NULL && !is_empty(order->actor->account_id);
}

/* His account is decided in the very lane of the order. */
static bool
is_of_this_lane(const Actor *actor, const char *lane_key)
{
    return actor->role != 0 && same_text(actor->organization, lane_key);
}

void
actor_keys(struct keys *keys, const Order *order, const char *lane_key)
{
    if (!is_named(order))
        return;
    if (is_of_this_lane(order->actor, lane_key)) {
        keys_row(keys, &business_accounts, order->actor->account_id);
        keys_row(keys, &organizations, lane_key);
    } else {
        keys_row(keys, &officers, order->actor->account_id);
    }
}

/* Our own row, of whatever version the gateway saw: here the account is
 * decided, and it never changes its person or its unit. */
static void
follow(const struct officer_row *own, struct officer *officer)
{
    officer->person_id = own->person_id;
    officer->organization = own->organization;
    officer->kind = (enum organization_kind)own->kind;
    officer->role = (enum role)own->role;
    officer->permissions = permissions_effective(
        (unsigned)own->permissions, officer->role, officer->kind,
        (enum organization_state)own->unit_status);
    if (own->status != ACCOUNT_ACTIVE)
        officer->permissions = PERMISSIONS_NONE;
}

static void
follow_locked(struct decision *decision, const Actor *actor,
              struct officer *officer)
{
    const struct business_account *own =
        row_find(decision, &business_accounts, actor->account_id);

    if (own == NULL)
        return;
    const struct organization *unit =
        row_find(decision, &organizations, actor->organization);
    bool at_home = unit != NULL && same_text(own->organization, unit->code);
    follow(
        &(struct officer_row){
            .organization = own->organization,
            .person_id = own->person_id,
            .role = own->role,
            .permissions = at_home ? own->permissions : 0,
            .status = own->status,
            .kind = at_home ? unit->kind : 0,
            .unit_status = at_home ? unit->status : 0,
        },
        officer);
}

static void
follow_hint(struct decision *decision, const Actor *actor,
            struct officer *officer)
{
    const struct officer_row *own =
        row_find(decision, &officers, actor->account_id);

    if (own != NULL)
        follow(own, officer);
}

bool
actor_find(struct decision *decision, const char *lane_key,
           struct officer *ret_officer)
{
    const Actor *actor = decision->order->actor;

    if (!is_named(decision->order))
        return false;
    *ret_officer = (struct officer){
        .account_id = actor->account_id,
        .person_id = actor->person_id,
        .organization = actor->organization,
        .kind = (enum organization_kind)actor->kind,
        .role = (enum role)actor->role,
        .permissions = actor->permissions,
    };
    if (is_of_this_lane(actor, lane_key))
        follow_locked(decision, actor, ret_officer);
    else
        follow_hint(decision, actor, ret_officer);
    return true;
}

bool
actor_is(struct decision *decision, const char *lane_key, const char *person_id)
{
    struct officer officer;

    return actor_find(decision, lane_key, &officer) &&
           same_text(officer.person_id, person_id);
}

struct unit
unit_of(const struct organization *organization)
{
    return (struct unit){
        .code = organization->code,
        .kind = (enum organization_kind)organization->kind,
        .managing_centre = organization->managing_centre,
        .parent_code = organization->parent_code,
        .state = (enum organization_state)organization->status,
    };
}
