/* The messages that the account service sends: facts and states. Builds the
 * facts that more than one command says. */
#include "account/account.h"

#include "chassis/lane/service_tables.h"

#define SAID(Message, name, kind, key, help)                                   \
    {&inservice__account__v1__##name##__descriptor, kind, key, help},
#define EVENT(Message, name, key, help)                                        \
    SAID(Message, name, TOPIC_EVENT, key, help)
#define STATE(Message, name, key, help)                                        \
    SAID(Message, name, TOPIC_STATE, key, help)

const struct output account_outputs[] = {
#include "account/messages.def"
    {0},
};

void
say_organization_added(struct decision *decision,
                       struct organization *organization)
{
    OrganizationAdded added;

    inservice__account__v1__organization_added__init(&added);
    added.code = wire_member(organization->code);
    added.kind = (unsigned)organization->kind;
    added.managing_centre = wire_member(organization->managing_centre);
    added.parent_code = wire_member(organization->parent_code);
    say(decision, organization, &added.base);
}

void
say_organization_changed(struct decision *decision,
                         struct organization *organization,
                         const char *const *fields, size_t count)
{
    OrganizationChanged changed;

    inservice__account__v1__organization_changed__init(&changed);
    changed.code = wire_member(organization->code);
    changed.fields = (char **)(uintptr_t)fields;
    changed.n_fields = count;
    changed.status = (unsigned)organization->status;
    changed.managing_centre = wire_member(organization->managing_centre);
    say(decision, organization, &changed.base);
}

void
say_organization_closed(struct decision *decision,
                        struct organization *organization,
                        const CloseOrganization *closing)
{
    OrganizationClosed closed;

    inservice__account__v1__organization_closed__init(&closed);
    closed.code = wire_member(organization->code);
    closed.into = wire_member(organization->merged_into);
    closed.into_kind = closing->into_kind;
    closed.into_version = closing->into_version;
    say(decision, organization, &closed.base);
}

void
say_business_account_enabled(struct decision *decision,
                             struct business_account *account,
                             enum account_status before, const char *move_id,
                             bool employed_here)
{
    BusinessAccountEnabled enabled;

    inservice__account__v1__business_account_enabled__init(&enabled);
    enabled.account_id = wire_member(account->account_id);
    enabled.organization = wire_member(account->organization);
    enabled.person_id = wire_member(account->person_id);
    enabled.role = (unsigned)account->role;
    enabled.permissions = (unsigned)account->permissions;
    enabled.status_before = (unsigned)before;
    enabled.move_id = wire_member(move_id);
    enabled.employed_here = employed_here;
    say(decision, account, &enabled.base);
}

void
say_business_account_disabled(struct decision *decision,
                              struct business_account *account)
{
    BusinessAccountDisabled disabled;

    inservice__account__v1__business_account_disabled__init(&disabled);
    disabled.account_id = wire_member(account->account_id);
    disabled.organization = wire_member(account->organization);
    disabled.person_id = wire_member(account->person_id);
    disabled.cause = (unsigned)account->cause;
    disabled.move_id = wire_member(account->move_id);
    say(decision, account, &disabled.base);
}

void
say_business_account_changed(struct decision *decision,
                             struct business_account *account, char **fields,
                             size_t count)
{
    BusinessAccountChanged changed;

    inservice__account__v1__business_account_changed__init(&changed);
    changed.account_id = wire_member(account->account_id);
    changed.organization = wire_member(account->organization);
    changed.role = (unsigned)account->role;
    changed.permissions = (unsigned)account->permissions;
    changed.fields = fields;
    changed.n_fields = count;
    say(decision, account, &changed.base);
}

void
say_application_closed(struct decision *decision, void *account,
                       const CloseApplication *closing)
{
    ApplicationClosed closed;

    inservice__account__v1__application_closed__init(&closed);
    closed.account_kind = closing->account_kind;
    closed.account_id = closing->account_id;
    closed.organization = closing->organization;
    closed.person_id = closing->person_id;
    closed.cause = closing->cause;
    say(decision, account, &closed.base);
}
