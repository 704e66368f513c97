/* CourseOwnerSettled: the course system's answer to a disabling. It opens
 * nothing more for that account, and these courses are still open; one we have
 * not heard of counts as open (B23). Lane: the unit. Serves B15. */
#include "account/account.h"

void
course_owner_settled_keys(struct keys *keys, const void *message)
{
    const CourseOwnerSettled *m = message;

    keys_lane(keys, m->organization);
    keys_row(keys, &business_accounts, m->account_id);
    keys_row(keys, &courses_settled, m->account_id);
    keys_children(keys, &course_guards, m->account_id);
    for (size_t i = 0; i < m->n_open_course_ids; i++)
        keys_row(keys, &course_guards, m->open_course_ids[i]);
}

/* Not heard of, or taken for closed: until its next version it is open. */
static void
hold_open(struct decision *decision, const CourseOwnerSettled *m,
          const char *course_id)
{
    struct course_guard *course = row_find(decision, &course_guards, course_id);

    if (is_empty(course_id) || (course != NULL && course_is_open(course)))
        return;
    if (course == NULL) {
        course = row_add(decision, &course_guards, course_id);
        course->account_id = m->account_id;
        course->organization = m->organization;
    }
    if (!same_text(course->account_id, m->account_id))
        return; /* handed on since then */
    course->state = 0;
    row_change(decision, course);
}

/* The gateway's readers see it when it is about the disabling in force. */
static void
show_settled(struct decision *decision, const CourseOwnerSettled *m)
{
    struct business_account *account =
        row_find(decision, &business_accounts, m->account_id);

    if (account == NULL || account->status != ACCOUNT_DISABLED ||
        account->disabled_version != m->account_version ||
        !same_text(account->organization, m->organization))
        return;
    account->settled = true;
    account->open_courses =
        (int32_t)count_open_courses(decision, account->account_id);
    row_change(decision, account);
}

enum end
on_course_owner_settled(struct decision *decision, const void *message)
{
    const CourseOwnerSettled *m = message;
    struct course_settled *settled =
        row_find(decision, &courses_settled, m->account_id);

    if (!is_id(m->account_id))
        return BROKEN; /* another system's mistake: never guessed */
    if (settled != NULL && settled->account_version >= m->account_version)
        return DONE;

    if (settled == NULL)
        settled = row_add(decision, &courses_settled, m->account_id);
    settled->account_version = m->account_version;
    row_change(decision, settled);
    for (size_t i = 0; i < m->n_open_course_ids; i++)
        hold_open(decision, m, m->open_course_ids[i]);
    show_settled(decision, m);
    return DONE;
}
