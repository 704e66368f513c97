/* SuspendLeaver: a self-command, after the teacher service's fact that a
 * teacher left this unit (rule 1). Suspends the teacher's account of this unit,
 * if there is one and it was not enabled on a newer fact (rule 8). The last
 * CHIEF stays; the refusal becomes a task of the centre. Lane: the unit. Serves
 * T15, B22. */
#include "account/account.h"

void
suspend_leaver_keys(struct keys *keys, const void *message)
{
    const SuspendLeaver *m = message;

    keys_lane(keys, m->organization);
    keys_row(keys, &organizations, m->organization);
    keys_children(keys, &business_accounts, m->person_id);
}

enum end
do_suspend_leaver(struct decision *decision, const void *message)
{
    const SuspendLeaver *m = message;
    struct organization *organization;
    struct business_account *account;
    const char *objection = leaver_find(decision, m->organization, m->person_id,
                                        &organization, &account);

    if (objection == NULL)
        objection = objection_to_transition(account->status, BUSINESS_SUSPEND);
    if (objection == NULL && !mark_before(account->teacher, MARK_IN(m)))
        objection = "TEACHER_CHANGED";
    if (objection == NULL && is_last_chief(organization, account))
        objection = "LAST_CHIEF";
    if (objection != NULL)
        return refuse(decision, objection);

    account->teacher = MARK_IN(m);
    business_account_disable(decision, account, organization, BUSINESS_SUSPEND,
                             DISABLED_LEFT_UNIT, m->move_id);

    say_business_account_disabled(decision, account);
    return DONE;
}
