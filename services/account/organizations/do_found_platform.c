/* FoundPlatform: the first command of an installation, from the host's command
 * line. Makes the platform and its first CHIEF, once only, under any code.
 * Lane: the platform's code. */
#include "rules/text.h"

#include "account/account.h"

#define THE_PLATFORM "platform"

void
found_platform_keys(struct keys *keys, const void *message)
{
    const FoundPlatform *m = message;

    keys_lane(keys, m->code);
    keys_row(keys, &platform_claims, THE_PLATFORM);
    keys_holder(keys, m->person_id);
    keys_login(keys, m->login);
    keys_row(keys, &organizations, m->code);
    keys_row(keys, &business_accounts, m->account_id);
}

static struct organization *
add_platform(struct decision *decision, const FoundPlatform *m)
{
    struct organization *platform = row_add(decision, &organizations, m->code);

    platform->name = m->name;
    platform->kind = KIND_PLATFORM;
    platform->status = ORGANIZATION_ACTIVE;
    platform->closed_at = DB_NO_TIME;
    platform->active_chiefs = 1;
    return platform;
}

static struct business_account *
add_first_chief(struct decision *decision, const FoundPlatform *m)
{
    struct business_account *chief =
        row_add(decision, &business_accounts, m->account_id);

    chief->organization = m->code;
    chief->person_id = m->person_id;
    chief->role = ROLE_CHIEF;
    chief->permissions =
        (int32_t)permissions_default(ROLE_CHIEF, KIND_PLATFORM);
    account_pass(&chief->status, BUSINESS_FOUND);
    chief->name = m->holder;
    chief->phone = m->phone;
    chief->email = m->email;
    chief->wanted_role = ROLE_CHIEF;
    chief->identity_proven = true;
    chief->applied_at = chief->enabled_at = decision->now;
    chief->lapses_at = chief->disabled_at = chief->deletion_requested_at =
        chief->deleted_at = DB_NO_TIME;
    return chief;
}

enum end
do_found_platform(struct decision *decision, const void *message)
{
    const FoundPlatform *m = message;
    struct platform_claim *claim =
        row_find(decision, &platform_claims, THE_PLATFORM);
    struct holder_claim *holder = holder_claim_of(decision, m->person_id);
    struct login_claim *login = login_claim_of(decision, m->login);

    if (!actor_is_system(decision->order))
        return refuse(decision, "NOT_PERMITTED");
    if (!is_empty(claim->organization))
        return refuse(decision, "ALREADY_FOUNDED");
    if (!is_code(m->code) || !text_is_stored(m->name, 1, TEXT_UNIT_NAME_MAX) ||
        !is_id(m->account_id) || !is_id(m->person_id) || login == NULL ||
        !is_person(m->holder, m->phone, m->email))
        return refuse(decision, "BAD_FORM");
    if (!holder_free_for(holder, m->account_id))
        return refuse(decision, "ACCOUNT_HELD_ELSEWHERE");
    if (!login_free_for(login, m->account_id))
        return refuse(decision, "LOGIN_TAKEN");

    struct business_account *chief = add_first_chief(decision, m);
    chief->login = login->folded;
    struct organization *platform = add_platform(decision, m);
    claim->organization = m->code;
    row_change(decision, claim);
    holder_take(decision, holder, chief);
    login_take(decision, login, chief->account_id);

    say_organization_added(decision, platform);
    say_business_account_enabled(decision, chief, ACCOUNT_STATUS_UNSPECIFIED,
                                 NULL, false);
    return DONE;
}
