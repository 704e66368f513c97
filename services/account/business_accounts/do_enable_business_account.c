/* EnableBusinessAccount: an application becomes an account, or a DISABLED one
 * is ACTIVE again, in the role the approver ticked. Here the person is held
 * nationwide, not before (B11). Lane: the unit.
 * Serves B8-B11, B18, B20, B21, B24, B25, T15. */
#include "account/account.h"

void
enable_business_account_keys(struct keys *keys, const void *message)
{
    const EnableBusinessAccount *m = message;

    keys_lane(keys, m->organization);
    actor_keys(keys, m->order, m->organization);
    keys_row(keys, &holder_claims, m->person_id);
    keys_login(keys, m->login);
    keys_row(keys, &organizations, m->organization);
    keys_row(keys, &business_accounts, m->account_id);
    keys_row(keys, &unit_loads, m->organization);
    keys_row(keys, &affiliations_elsewhere, m->person_id);
}

static const char *
objection_to_status(const struct organization *organization,
                    const struct business_account *account)
{
    if (account->status == ACCOUNT_CLOSED)
        return "NOT_PENDING";
    if (account->status != ACCOUNT_PENDING &&
        account->status != ACCOUNT_DISABLED)
        return "NOT_DISABLED";
    if (!organization_is_open((enum organization_state)organization->status))
        return "ORGANIZATION_CLOSED";
    return NULL;
}

/* B10, B18, B24: the role that was ticked, and no more than it gives. */
static const char *
objection_to_role(const EnableBusinessAccount *m,
                  const struct organization *organization)
{
    enum organization_kind kind = (enum organization_kind)organization->kind;

    if (!role_allowed((enum role)m->role, kind))
        return "ROLE_NOT_FOR_KIND";
    if (!permissions_within(m->permissions, (enum role)m->role, kind))
        return "WIDER_THAN_ROLE";
    return NULL;
}

/* Whose account it becomes: the number the approver entered must be the
 * applicant's, the login his, and he holds no other account (B11, B25). */
static const char *
objection_to_holder(struct decision *decision, const EnableBusinessAccount *m,
                    const struct organization *organization,
                    const struct business_account *account)
{
    const struct holder_claim *holder =
        row_find(decision, &holder_claims, m->person_id);
    const struct login_claim *login = login_claim_of(decision, m->login);
    struct posts posts = {
        .copy = row_find(decision, &affiliations_elsewhere, m->person_id),
        .mark = {m->teacher_incarnation, m->teacher_version},
        .organizations = m->teacher_organizations,
        .count = m->n_teacher_organizations,
    };

    if (holder == NULL || !same_text(account->person_id, m->person_id))
        return "IDENTITY_NOT_CONFIRMED";
    if (login == NULL || !same_text(login->account_id, account->account_id))
        return "LOGIN_TAKEN";
    if (objection_to_posts(&posts, organization) != NULL)
        return objection_to_posts(&posts, organization);
    if (!holder_free_for(holder, account->account_id)) {
        refuse_detail(decision, "", "HELD_AT", holder->organization);
        return "ACCOUNT_HELD_ELSEWHERE";
    }
    return NULL;
}

/* An older fact of the teacher service does not undo this (rule 8). */
static void
note_record(struct decision *decision, struct business_account *account,
            const EnableBusinessAccount *m)
{
    struct teacher_mark seen = {m->teacher_incarnation, m->teacher_version};
    struct teacher_mark copy =
        mark_of_copy(row_find(decision, &affiliations_elsewhere, m->person_id));
    struct teacher_mark newer = mark_before(seen, copy) ? copy : seen;

    account->teacher_version = newer.version;
    account->teacher_incarnation = newer.incarnation;
}

static void
set_active(struct decision *decision, struct business_account *account,
           struct organization *organization, const EnableBusinessAccount *m)
{
    account->role = (int32_t)m->role;
    account->permissions = (int32_t)m->permissions;
    if (m->permissions == PERMISSIONS_NONE)
        account->permissions = (int32_t)permissions_default(
            (enum role)m->role, (enum organization_kind)organization->kind);
    account->identity_proven = true;
    note_record(decision, account, m);
    business_account_activate(decision, account, organization);
}

enum end
do_enable_business_account(struct decision *decision, const void *message)
{
    const EnableBusinessAccount *m = message;
    struct organization *organization =
        row_find(decision, &organizations, m->organization);
    struct business_account *account =
        row_find(decision, &business_accounts, m->account_id);
    const char *objection =
        objection_to_account(decision, organization, account);

    if (objection == NULL)
        objection = objection_to_approver(decision, organization, account,
                                          (enum role)m->role);
    if (objection == NULL)
        objection = objection_to_status(organization, account);
    if (objection == NULL)
        objection = objection_to_role(m, organization);
    if (objection == NULL)
        objection = objection_to_holder(decision, m, organization, account);
    if (objection != NULL)
        return refuse(decision, objection);

    enum account_status before = (enum account_status)account->status;
    set_active(decision, account, organization, m);
    if (before == ACCOUNT_PENDING)
        application_ended(decision, account);
    holder_take(decision, row_find(decision, &holder_claims, m->person_id),
                account);

    say_business_account_enabled(decision, account, before, NULL);
    return DONE;
}
