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
    return account->cause == DISABLED_LEFT_UNIT &&
           same_text(account->move_id, move_id);
}

enum end
do_resume_business_account(struct decision *decision, const void *message)
{
    const ResumeBusinessAccount *m = message;
    struct organization *organization;
    struct business_account *account;
    const char *objection = leaver_find(decision, m->organization, m->person_id,
                                        &organization, &account);

    if (objection == NULL)
        objection = objection_to_transition(account->status, BUSINESS_RESUME);
    if (objection == NULL && !suspended_by(account, m->move_id))
        objection = "NOT_DISABLED";
    if (objection == NULL && !mark_before(account->teacher, MARK_IN(m)))
        objection = "TEACHER_CHANGED";
    if (objection == NULL &&
        !organization_is_open((enum organization_state)organization->status))
        objection = "ORGANIZATION_CLOSED";
    if (objection != NULL)
        return refuse(decision, objection);

    account->teacher = MARK_IN(m);
    business_account_activate(decision, account, organization, BUSINESS_RESUME);

    say_business_account_enabled(decision, account, ACCOUNT_DISABLED,
                                 m->move_id, false);
    return DONE;
}
