/* What the account service says: its facts and states, and the facts that
 * more than one command says, built once. */
#include "account/account.h"

#include "chassis/lane/service_tables.h"

#define SAID(Message, name, kind, key, help)                                   \
    {                                                                          \
        "inservice.account.v1." #Message, kind,                                \
            &inservice__account__v1__##name##__descriptor, key, help           \
    }
#define EVENT(Message, name, key, help)                                        \
    SAID(Message, name, TOPIC_EVENT, key, help)
#define STATE(Message, name, key, help)                                        \
    SAID(Message, name, TOPIC_STATE, key, help)

const struct output account_outputs[] = {
    EVENT(OrganizationAdded, organization_added, "code",
          "A unit was entered (O1, O4)."),
    EVENT(BusinessAccountApplied, business_account_applied, "account_id",
          "Somebody applied; nothing is held but the login (B12)."),
    EVENT(ApplicationClosed, application_closed, "account_id",
          "An application came to nothing (B12)."),
    EVENT(BusinessAccountEnabled, business_account_enabled, "account_id",
          "The account is ACTIVE (B18)."),
    EVENT(BusinessAccountDisabled, business_account_disabled, "account_id",
          "The account is DISABLED; the course system answers (B23, T15)."),
    EVENT(BusinessAccountDeleted, business_account_deleted, "account_id",
          "The account is gone; login and person are free (B13-B15)."),
    EVENT(TeacherAccountApplied, teacher_account_applied, "account_id",
          "A teacher applied for a login (T8)."),
    EVENT(TeacherAccountEnabled, teacher_account_enabled, "account_id",
          "The teacher account is ACTIVE (T8, T10)."),
    EVENT(TeacherAccountChanged, teacher_account_changed, "account_id",
          "Name or e-mail follow the teacher record (T7)."),
    EVENT(TeacherAccountDisabled, teacher_account_disabled, "account_id",
          "The teacher account is DISABLED (T16)."),
    STATE(OrganizationState, organization_state, "code", "A unit, whole."),
    STATE(BusinessAccountState, business_account_state, "account_id",
          "A business account, whole; personal."),
    STATE(TeacherAccountState, teacher_account_state, "account_id",
          "A teacher account, whole; personal."),
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
