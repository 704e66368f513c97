/* Changes that several commands make: counting CHIEFs, ending an application,
 * disabling an account, following a teacher's posts.
 *
 * Commands call these after all objections. Serves B22 (the guarding count,
 * rule 7), B12, T15. */
#include "account/account.h"

#include "rules/code_list.h"

#include <string.h>

bool
account_leads(const struct business_account *account)
{
    return account->status == ACCOUNT_ACTIVE && account->role == ROLE_CHIEF &&
           (account->permissions & PERMISSION_BUSINESS_ACCOUNT_MANAGEMENT) != 0;
}

void
unit_count_chief(struct decision *decision, struct organization *organization,
                 bool led, const struct business_account *account)
{
    bool leads = account_leads(account);

    if (leads == led)
        return; /* no new version of the unit without a change */
    organization->active_chiefs += leads ? 1 : -1;
    row_change(decision, organization);
}

struct role_given
role_given_to(const struct business_account *account,
              const struct organization *organization, enum role role,
              const uint32_t *permissions)
{
    struct role_given given = {
        .role = role,
        .permissions = permissions_default(
            role, (enum organization_kind)organization->kind),
    };

    if (permissions != NULL)
        given.permissions = *permissions;
    else if (account->role == (int32_t)role)
        given.permissions = (unsigned)account->permissions;
    return given;
}

void
business_account_change(struct decision *decision,
                        struct business_account *account,
                        struct organization *organization,
                        enum transition transition, struct role_given given)
{
    bool led = account_leads(account);
    char *fields[2];
    size_t count = 0;

    if (account->role != (int32_t)given.role)
        fields[count++] = wire_member("role");
    if (account->permissions != (int32_t)given.permissions)
        fields[count++] = wire_member("permissions");
    if (count == 0)
        return;
    account_pass(&account->status, transition);
    account->role = (int32_t)given.role;
    account->permissions = (int32_t)given.permissions;
    row_change(decision, account);
    unit_count_chief(decision, organization, led, account);
    say_business_account_changed(decision, account, fields, count);
}

void
application_ended(struct decision *decision, struct business_account *account)
{
    struct unit_load *load = unit_load_of(decision, account->organization);

    load->pending--;
    row_change(decision, load);
    account->lapses_at = DB_NO_TIME;
    timer_clear(decision, lapse_timer(decision, account->account_id));
}

void
closing_of_business(CloseApplication *ret_closing,
                    const struct business_account *account,
                    enum closed_cause cause)
{
    inservice__account__v1__close_application__init(ret_closing);
    ret_closing->account_kind = (unsigned)ACCOUNT_BUSINESS;
    ret_closing->account_id = wire_member(account->account_id);
    ret_closing->organization = wire_member(account->organization);
    ret_closing->person_id = wire_member(account->person_id);
    ret_closing->login = wire_member(account->login);
    ret_closing->cause = (unsigned)cause;
}

const char *
closing_lane_key(const CloseApplication *closing)
{
    return closing->account_kind == (unsigned)ACCOUNT_TEACHER
               ? closing->person_id
               : closing->organization;
}

void
lapse_timer_set(struct decision *decision, int64_t at, CloseApplication *lapse)
{
    timer_set(decision, lapse_timer(decision, lapse->account_id), at,
              closing_lane_key(lapse), &lapse->base);
}

void
business_application_close(struct decision *decision,
                           struct business_account *account,
                           struct login_claim *login,
                           const CloseApplication *closing)
{
    account_pass(&account->status, BUSINESS_CLOSE);
    account->closed_cause = (int32_t)closing->cause;
    account->login = account->name = account->phone = account->email = NULL;
    row_change(decision, account);
    application_ended(decision, account);
    login_take(decision, login, NULL);
    say_application_closed(decision, account, closing);
}

void
business_account_activate(struct decision *decision,
                          struct business_account *account,
                          struct organization *organization,
                          enum transition transition)
{
    account_pass(&account->status, transition);
    account->cause = DISABLED_CAUSE_UNSPECIFIED;
    account->move_id = NULL;
    account->enabled_at = decision->now;
    account->disabled_at = account->deletion_requested_at = DB_NO_TIME;
    account->disabled_version = 0;
    account->settled = false;
    account->open_courses = 0;
    row_change(decision, account);
    unit_count_chief(decision, organization, false, account);
}

void
business_account_request(struct decision *decision,
                         struct business_account *account, int64_t at)
{
    account_pass(&account->status,
                 transition_from(account->status, BUSINESS_REQUEST,
                                 BUSINESS_REQUEST_LOCKED));
    account->deletion_requested_at = at;
    row_change(decision, account);
}

static bool
blocks_no_course(const struct business_account *account)
{
    return strcmp(account_settings.course_system, "absent") == 0 ||
           (account->settled && account->open_courses == 0);
}

/* do_delete_business_account() asks about the courses once more. */
void
order_deletion_if_due(struct decision *decision,
                      const struct business_account *account)
{
    DeleteBusinessAccount command;

    if (account->status != ACCOUNT_DISABLED ||
        account->deletion_requested_at == DB_NO_TIME ||
        !blocks_no_course(account))
        return;
    inservice__account__v1__delete_business_account__init(&command);
    command.account_id = wire_member(account->account_id);
    command.organization = wire_member(account->organization);
    command.person_id = wire_member(account->person_id);
    command.login = wire_member(account->login);
    order_self(decision,
               arena_printf(decision->arena, "DeleteBusinessAccount/%s",
                            account->account_id),
               account->organization, &command.base);
}

struct business_account *
account_of_person(struct decision *decision, const char *person_id,
                  const char *organization)
{
    struct business_account *account = NULL, *found = NULL;

    while ((account =
                row_child(decision, &business_accounts, person_id, account))) {
        if (!same_text(account->organization, organization))
            continue;
        if (found == NULL ||
            account_holds_person((enum account_status)account->status))
            found = account;
    }
    return found;
}

void
business_account_disable(struct decision *decision,
                         struct business_account *account,
                         struct organization *organization,
                         enum transition transition, enum disabled_cause cause,
                         const char *move_id)
{
    bool led = account_leads(account);

    account_pass(&account->status, transition);
    account->cause = cause;
    account->move_id = move_id;
    account->disabled_at = decision->now;
    row_change(decision, account);
    account->disabled_version = account->row.version;
    unit_count_chief(decision, organization, led, account);
    order_deletion_if_due(decision, account);
}

void
affiliation_set(struct decision *decision, struct affiliation *copy,
                char *const *now_at, size_t count)
{
    size_t room = code_list_room(now_at, count);

    if (code_list_is(copy->organizations, now_at, count))
        return;
    copy->organizations =
        count == 0
            ? NULL
            : code_list_join(now_at, count, arena_alloc(decision->arena, room));
    row_change(decision, copy);
}

void
affiliation_follow(struct decision *decision, const char *person_id,
                   struct teacher_mark fact, char *const *now_at, size_t count)
{
    struct affiliation *copy =
        copy_follow(decision, &affiliations, person_id, fact.version);

    if (copy != NULL)
        affiliation_set(decision, copy, now_at, count);
}
