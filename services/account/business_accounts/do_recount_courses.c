/* RecountCourses: a self-command, after a course was handed on (rule 1).
 * CourseStateChanged names only the new owner, so the former owner's row is not
 * locked there. Changes only the number of open courses of a settled account.
 * Lane: the unit. Serves B23. */
#include "account/account.h"

void
recount_courses_keys(struct keys *keys, const void *message)
{
    const RecountCourses *m = message;

    keys_lane(keys, m->organization);
    keys_row(keys, &business_accounts, m->account_id);
    keys_children(keys, &course_guards, m->account_id);
}

enum end
do_recount_courses(struct decision *decision, const void *message)
{
    const RecountCourses *m = message;
    struct business_account *account =
        row_find(decision, &business_accounts, m->account_id);

    subject(decision, account);
    if (!actor_is_system(decision->order))
        return refuse(decision, "NOT_PERMITTED");
    if (account == NULL || !same_text(account->organization, m->organization))
        return refuse(decision, "NOT_FOUND");

    account_show_courses(decision, account);
    return DONE;
}
