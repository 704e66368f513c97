/* ResumeBusinessAccount: a self-command, after the teacher service's fact that
 * a move was undone (rule 1). Enables the account again if this move suspended
 * it, with the same role and permissions. Lane: the unit. Serves T15. */
#include "account/account.h"

void
resume_business_account_keys(struct keys *keys, const void *message)
{
    const ResumeBusinessAccount *m = message;

    keys_lane(keys, m->organization);
    keys_row(keys, &organizations, m->organization);
    keys_children(keys, &business_accounts, m->person_id);
}

static bool
suspended_by(const struct business_account *account, const char *move_id)
{
    return account->status == ACCOUNT_DISABLED &&
           account->cause == DISABLED_LEFT_UNIT &&
           same_text(account->move_id, move_id);
}

enum end
do_resume_business_account(struct decision *decision, const void *message)
{
    const ResumeBusinessAccount *m = message;
    struct organization *organization =
        row_find(decision, &organizations, m->organization);
    struct business_account *account =
        account_of_person(decision, m->person_id, m->organization);
    const struct teacher_mark fact = {m->teacher_incarnation,
                                      m->teacher_version};

    subject(decision, account);
    if (!actor_is_system(decision->order))
        return refuse(decision, "NOT_PERMITTED");
    if (organization == NULL || account == NULL)
        return refuse(decision, "NOT_FOUND");
    if (!suspended_by(account, m->move_id))
        return refuse(decision, "NOT_DISABLED");
    if (!mark_before(mark_of_account(account), fact))
        return refuse(decision, "TEACHER_CHANGED");
    if (!organization_is_open((enum organization_state)organization->status))
        return refuse(decision, "ORGANIZATION_CLOSED");

    account->teacher_version = fact.version;
    account->teacher_incarnation = fact.incarnation;
    business_account_activate(decision, account, organization);

    say_business_account_enabled(decision, account, ACCOUNT_DISABLED,
                                 m->move_id, false);
    return DONE;
}
