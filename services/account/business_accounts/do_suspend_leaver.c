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
    if (account->status != ACCOUNT_ACTIVE)
        return refuse(decision, "NOT_ACTIVE");
    if (!mark_before(mark_of_account(account), fact))
        return refuse(decision, "TEACHER_CHANGED");
    if (is_last_chief(organization, account))
        return refuse(decision, "LAST_CHIEF");

    account->teacher_version = fact.version;
    account->teacher_incarnation = fact.incarnation;
    business_account_disable(decision, account, organization,
                             DISABLED_LEFT_UNIT, m->move_id);

    say_business_account_disabled(decision, account);
    return DONE;
}
