/* DisableTeacherAccount: takes the login away; the record stays. By the
 * platform, or an officer of a school where the teacher has a post. Lane: the
 * person. Serves T10, T16, B20. */
#include "account/account.h"

void
disable_teacher_account_keys(struct keys *keys, const void *message)
{
    const DisableTeacherAccount *m = message;

    keys_lane(keys, m->person_id);
    actor_keys(keys, m->order, m->person_id);
    keys_row(keys, &teacher_accounts, m->account_id);
    keys_row(keys, &affiliations, m->person_id);
    for (size_t i = 0; i < m->n_teacher_organizations; i++)
        keys_row(keys, &other_units, m->teacher_organizations[i]);
}

enum end
do_disable_teacher_account(struct decision *decision, const void *message)
{
    const DisableTeacherAccount *m = message;
    struct teacher_account *account =
        row_find(decision, &teacher_accounts, m->account_id);
    struct posts posts = {
        .copy = row_find(decision, &affiliations, m->person_id),
        .organizations = m->teacher_organizations,
        .count = m->n_teacher_organizations,
    };
    const char *objection =
        objection_to_teacher_account(decision, account, m->person_id);

    if (objection == NULL)
        objection = objection_to_record(&posts, MARK_IN(m));
    if (objection == NULL)
        objection = objection_to_manager(decision, &posts, account->account_id,
                                         account->person_id, BY_OWN | BY_ALL);
    /* The other causes are set by the system only. */
    if (objection == NULL && m->cause != (unsigned)DISABLED_MANAGER)
        objection = "BAD_FORM";
    if (objection == NULL)
        objection = objection_to_transition(account->status, TEACHER_DISABLE);
    if (objection != NULL)
        return refuse(decision, objection);

    account_pass(&account->status, TEACHER_DISABLE);
    account->cause = DISABLED_MANAGER;
    account->disabled_at = decision->now;
    row_change(decision, account);

    TeacherAccountDisabled disabled;
    inservice__account__v1__teacher_account_disabled__init(&disabled);
    disabled.account_id = wire_member(account->account_id);
    disabled.person_id = wire_member(account->person_id);
    disabled.cause = (unsigned)DISABLED_MANAGER;
    say(decision, account, &disabled.base);
    return DONE;
}
