/* The account that gives an order: decided by our row of it, never by the
 * claim.
 *
 * proto/inservice/common/v1/order.proto lists the kinds of actor. This service
 * decides accounts, so a claim without an ACTIVE row here is false. So is a
 * version above the row's. A row of the order's own lane is locked; a row of
 * another lane is a hint. Called by every command that an account may give.
 * Serves B17, T16.
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

static bool
is_named(const Order *order)
{
    return order->actor != NULL && !is_empty(order->actor->account_id);
}

/* The store that holds the account's row if the claim is true. */
static const struct store *
store_of(const Actor *actor, const char *lane_key)
{
    if (same_text(actor->organization, lane_key))
        return &business_accounts;
    if (is_empty(actor->organization) && same_text(actor->person_id, lane_key))
        return &teacher_accounts;
    return &officers;
}

void
actor_keys(struct keys *keys, const Order *order, const char *lane_key)
{
    if (!is_named(order))
        return;
    const struct store *store = store_of(order->actor, lane_key);
    keys_row(keys, store, order->actor->account_id);
    if (store == &business_accounts)
        keys_row(keys, &organizations, lane_key);
}

static struct officer_row
row_of_business(const struct business_account *own,
                const struct organization *unit)
{
    return (struct officer_row){
        .organization = own->organization,
        .person_id = own->person_id,
        .role = own->role,
        .permissions = own->permissions,
        .status = own->status,
        .kind = unit->kind,
        .unit_status = unit->status,
        .version = own->row.version,
    };
}

static struct officer_row
row_of_teacher(const struct teacher_account *own)
{
    return (struct officer_row){
        .organization = "",
        .person_id = own->person_id,
        .status = own->status,
        .version = own->row.version,
    };
}

/* Reads our row of the account. Returns false if there is none. */
static bool
read_row(struct decision *decision, const Actor *actor, const char *lane_key,
         struct officer_row *ret_row)
{
    const struct store *store = store_of(actor, lane_key);
    const void *own = row_find(decision, store, actor->account_id);

    if (own == NULL)
        return false;
    if (store == &officers) {
        *ret_row = *(const struct officer_row *)own;
    } else if (store == &teacher_accounts) {
        *ret_row = row_of_teacher(own);
    } else {
        const struct organization *unit =
            row_find(decision, &organizations, lane_key);
        if (unit == NULL)
            return false;
        *ret_row = row_of_business(own, unit);
    }
    return true;
}

/* An account never changes its unit, so another unit is a false claim. Its row
 * would also be read without a lock. */
static bool
is_believed(const Actor *actor, const struct officer_row *row)
{
    bool of_unit = is_empty(actor->organization)
                       ? is_empty(row->organization)
                       : same_text(actor->organization, row->organization);

    return of_unit && row->status == ACCOUNT_ACTIVE &&
           actor->account_version <= row->version;
}

bool
actor_find(struct decision *decision, const char *lane_key,
           struct officer *ret_officer)
{
    const Actor *actor = decision->order->actor;
    struct officer_row row;

    if (!is_named(decision->order) ||
        !read_row(decision, actor, lane_key, &row) || !is_believed(actor, &row))
        return false;
    *ret_officer = (struct officer){
        .account_id = actor->account_id,
        .person_id = row.person_id,
        .organization = row.organization,
        .kind = (enum organization_kind)row.kind,
        .role = (enum role)row.role,
        .permissions = permissions_effective(
            (unsigned)row.permissions, (enum role)row.role,
            (enum organization_kind)row.kind,
            (enum organization_state)row.unit_status),
    };
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
