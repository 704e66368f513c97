/* The head of every command: its actor, time and conditions.
 *
 * Called by handlers (order_new) and by imports (order_of). The actor is the
 * gateway's view; the owner checks its own row or copy. An officer's command
 * expires, so that it cannot use a right that was taken away while it waited
 * (no order is promised between a disabling and another service's command in
 * flight).
 */
#include "gateway/request/if_match.h"

#include "chassis/base/clock.h"

#include "gateway/operations/operations.h"
#include "gateway/operations/submit.h"
#include "gateway/request/request.h"

#include "inservice/common/v1/order.pb-c.h"

typedef Inservice__Common__V1__Actor Actor;

/* Longer than a broker may be away, no longer than a step-up. */
static const int64_t officer_valid = SECONDS(15 * 60);

/* Protobuf texts are `char *` and never written to. */
static char *
given(struct arena *arena, const char *text)
{
    return text != NULL ? arena_strdup(arena, text) : arena_strdup(arena, "");
}

static Actor *
actor_of(struct arena *arena, const struct principal *principal)
{
    Actor *actor = ARENA_NEW(arena, Actor);

    inservice__common__v1__actor__init(actor);
    if (principal == NULL || principal->kind == PRINCIPAL_NONE)
        return actor;
    actor->account_id = given(arena, principal->account_id);
    actor->account_version = principal->account_version;
    actor->person_id = given(arena, principal->person_id);
    if (principal->kind != PRINCIPAL_BUSINESS)
        return actor;
    const struct officer *officer = &principal->officer;
    actor->organization = given(arena, officer->organization);
    actor->role = (Inservice__Common__V1__Role)officer->role;
    actor->permissions = officer->permissions;
    actor->kind = (Inservice__Common__V1__OrganizationKind)officer->kind;
    actor->reach = (Inservice__Common__V1__Reach)reach_widest(officer);
    return actor;
}

void
order_expect(Order *order, int64_t version)
{
    if (version < 0)
        return;
    order->expected_version_presence_case =
        INSERVICE__COMMON__V1__ORDER__EXPECTED_VERSION_PRESENCE_EXPECTED_VERSION;
    order->expected_version = version;
}

Order *
order_of(struct arena *arena, const struct principal *principal,
         int64_t expected_version)
{
    Order *order = ARENA_NEW(arena, Order);

    inservice__common__v1__order__init(order);
    order->command_id = arena_alloc(arena, UUID_TEXT);
    order->operation_id = arena_alloc(arena, UUID_TEXT);
    uuid_v7(order->command_id);
    uuid_v7(order->operation_id);
    order->actor = actor_of(arena, principal);
    order->at = clock_now();
    if (principal != NULL && principal->kind == PRINCIPAL_BUSINESS)
        order->not_after = order->at + officer_valid;
    order_expect(order, expected_version);
    return order;
}

void
order_expect_request(struct http_request *request, Order *order,
                     int64_t version)
{
    struct if_match *match = ARENA_NEW(request->arena, struct if_match);
    const char *text = http_header_list(request, "If-Match");

    order_expect(order, version);
    if (version < 0 || text == NULL ||
        if_match_read(text, match) != IF_MATCH_TAGS || match->count < 2)
        return;
    order->n_other_versions = match->count - 1;
    order->other_versions = match->versions + 1;
}

Order *
order_new(struct http_request *request, int64_t expected_version)
{
    Order *order = order_of(request->arena, request_principal(request), -1);

    order_expect_request(request, order, expected_version);
    return order;
}
