/* ApplyForBusinessAccount: anyone may apply. The application holds its login
 * name and nothing else, so a stranger's application does not block the person.
 * The answer is the same for known and unknown persons (B25). A timer ends the
 * application; sooner where many wait, so that strangers cannot keep a unit's
 * list full. Lane: the unit. Serves B3, B10-B12, B14. */
#include "account/account.h"

void
apply_for_business_account_keys(struct keys *keys, const void *message)
{
    const ApplyForBusinessAccount *m = message;

    account_keys(keys, m->order, m->organization, m->account_id);
    keys_login(keys, m->login);
    keys_row(keys, &business_accounts, m->succeeds);
    keys_row(keys, &unit_loads, m->organization);
}

static void
set_lapse_timer(struct decision *decision,
                const struct business_account *account)
{
    CloseApplication lapse;

    closing_of_business(&lapse, account, CLOSED_LAPSED);
    lapse_timer_set(decision, account->lapses_at, &lapse);
}

/* A signed-in applicant is identified, so the limit does not apply to them:
 * strangers cannot take their place. */
static bool
is_full(struct decision *decision, const ApplyForBusinessAccount *m)
{
    return pending_at(decision, m->organization) >=
               account_settings.pending_max &&
           !actor_is(decision, m->organization, m->person_id);
}

static int64_t
time_kept(struct decision *decision, const ApplyForBusinessAccount *m)
{
    bool crowded = pending_at(decision, m->organization) >=
                   account_settings.pending_crowded;

    return crowded && !actor_is(decision, m->organization, m->person_id)
               ? account_settings.application_kept_crowded
               : account_settings.application_kept;
}

static struct business_account *
add_application(struct decision *decision, const ApplyForBusinessAccount *m)
{
    struct business_account *account =
        row_add(decision, &business_accounts, m->account_id);

    account->organization = m->organization;
    account->person_id = m->person_id;
    account_pass(&account->status, BUSINESS_APPLY);
    account->name = m->name;
    account->phone = m->phone;
    account->email = m->email;
    account->wanted_role = (int32_t)m->wanted_role;
    account->succeeds = m->succeeds;
    account->identity_proven =
        m->identity_proven && actor_is(decision, m->organization, m->person_id);
    account->applied_at = decision->now;
    account->lapses_at = decision->now + time_kept(decision, m);
    account->enabled_at = account->disabled_at =
        account->deletion_requested_at = account->deleted_at = DB_NO_TIME;
    return account;
}

/* Later steps need every one of these fields. */
static bool
is_well_formed(const ApplyForBusinessAccount *m)
{
    return is_id(m->account_id) && is_id(m->person_id) &&
           is_person(m->name, m->phone, m->email) && !is_empty(m->email) &&
           (is_empty(m->succeeds) || is_id(m->succeeds));
}

/* B2: who is to be succeeded is a CHIEF of this very unit, even if they have
 * left it. */
static bool
predecessor_known(struct decision *decision, const ApplyForBusinessAccount *m)
{
    const struct business_account *chief =
        row_find(decision, &business_accounts, m->succeeds);

    if (is_empty(m->succeeds))
        return true;
    return chief != NULL && same_text(chief->organization, m->organization) &&
           chief->role == ROLE_CHIEF &&
           (chief->status == ACCOUNT_ACTIVE ||
            chief->status == ACCOUNT_DISABLED);
}

/* The unit exists, is open, and has officers of the wanted role (B10). */
static const char *
objection_to_unit(struct decision *decision, const ApplyForBusinessAccount *m)
{
    const struct organization *organization =
        row_find(decision, &organizations, m->organization);

    if (organization == NULL)
        return "ORGANIZATION_UNKNOWN";
    if (!organization_is_open((enum organization_state)organization->status))
        return "ORGANIZATION_CLOSED";
    return role_allowed((enum role)m->wanted_role,
                        (enum organization_kind)organization->kind)
               ? NULL
               : "ROLE_NOT_FOR_KIND";
}

/* The id is new, the unit has room for an application, the login is free. */
static const char *
objection_to_place(struct decision *decision, const ApplyForBusinessAccount *m,
                   const struct login_claim *login)
{
    if (row_find(decision, &business_accounts, m->account_id) != NULL)
        return "CHANGED";
    if (is_full(decision, m))
        return "APPLICATIONS_FULL";
    return login_free_for(login, m->account_id) ? NULL : "LOGIN_TAKEN";
}

enum end
do_apply_for_business_account(struct decision *decision, const void *message)
{
    const ApplyForBusinessAccount *m = message;
    struct login_claim *login = login_claim_of(decision, m->login);

    const char *objection = objection_to_applying(
        decision, m->organization, m->person_id, (enum evidence)m->evidence);
    if (objection != NULL)
        return refuse(decision, objection);
    if (login == NULL || !is_well_formed(m))
        return refuse(decision, "BAD_FORM");
    objection = objection_to_unit(decision, m);
    if (objection != NULL)
        return refuse(decision, objection);
    if (!predecessor_known(decision, m)) {
        refuse_detail(decision, "/succeeds", "NOT_A_CHIEF", "");
        return refuse(decision, "NOT_A_CHIEF");
    }
    objection = objection_to_place(decision, m, login);
    if (objection != NULL)
        return refuse(decision, objection);

    struct business_account *account = add_application(decision, m);
    struct unit_load *load = unit_load_of(decision, m->organization);
    load->pending++;
    row_change(decision, load);
    account->login = login->folded;
    login_take(decision, login, account->account_id);
    set_lapse_timer(decision, account);

    BusinessAccountApplied applied;
    inservice__account__v1__business_account_applied__init(&applied);
    applied.account_id = m->account_id;
    applied.organization = m->organization;
    applied.wanted_role = m->wanted_role;
    applied.succeeds = m->succeeds;
    say(decision, account, &applied.base);
    return DONE;
}
