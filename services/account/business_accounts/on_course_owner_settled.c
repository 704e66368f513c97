/* CourseOwnerSettled: the course system's answer to a disabling. The account
 * opens no course from here on, and the listed courses are still open; an
 * unknown course counts as open (B23). An answer for a version that the account
 * has not reached is set aside (`account parked`), because it would hide every
 * later true answer. Lane: the unit. Serves B15. */
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

/* A course that is unknown or closed here counts as open until its next
 * version. */
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

/* Shows the answer in the account's state if it is about the present disabling.
 */
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
    order_deletion_if_due(decision, account);
}

/* The answer is about an account of this unit and a version that it has
 * reached. */
static bool
is_sound(struct decision *decision, const CourseOwnerSettled *m)
{
    const struct business_account *account =
        row_find(decision, &business_accounts, m->account_id);

    return is_id(m->account_id) && account != NULL &&
           same_text(account->organization, m->organization) &&
           m->account_version <= account->row.version;
}

/* Whether we have an answer at least as new. A mark above the account's own
 * version is an old mistake and is ignored. */
static bool
is_answered(struct decision *decision, const CourseOwnerSettled *m)
{
    const struct course_settled *settled =
        row_find(decision, &courses_settled, m->account_id);
    const struct business_account *account =
        row_find(decision, &business_accounts, m->account_id);

    return settled != NULL && settled->account_version >= m->account_version &&
           settled->account_version <= account->row.version;
}

enum end
on_course_owner_settled(struct decision *decision, const void *message)
{
    const CourseOwnerSettled *m = message;
    struct course_settled *settled =
        row_find(decision, &courses_settled, m->account_id);

    if (!is_sound(decision, m))
        return BROKEN; /* another system's mistake */
    if (is_answered(decision, m))
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
