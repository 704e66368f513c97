/* Rows of the course guard: what the course system sent about courses and
 * owners. Only an account's open courses are loaded. Serves B15, B23, C1, C2.
 */
#include "account/account.h"

#define STATE(name) INSERVICE__COURSE__V1__COURSE_STATE__COURSE_STATE_##name

static const struct db_column guard_columns[] = {
    DB_COLUMN(course_guard, course_id, DB_TEXT),
    DB_COLUMN(course_guard, account_id, DB_UUID),
    DB_COLUMN(course_guard, organization, DB_TEXT),
    DB_TEXT_OR_NULL(course_guard, title),
    DB_COLUMN(course_guard, state, DB_INT2),
    DB_COLUMN(course_guard, course_version, DB_INT8),
    {0},
};

const struct store course_guards = {
    .name = "course_guard",
    .kind = STORE_RECORD,
    .size = sizeof(struct course_guard),
    .columns = guard_columns,
    .key = offsetof(struct course_guard, course_id),
    .key_type = DB_TEXT,
    .parent = offsetof(struct course_guard, account_id),
    .parent_type = DB_UUID,
};

static const struct db_column settled_columns[] = {
    DB_COLUMN(course_settled, account_id, DB_UUID),
    DB_COLUMN(course_settled, account_version, DB_INT8),
    {0},
};

const struct store courses_settled = {
    .name = "course_settled",
    .kind = STORE_RECORD,
    .size = sizeof(struct course_settled),
    .columns = settled_columns,
    .key = offsetof(struct course_settled, account_id),
    .key_type = DB_UUID,
};

bool
course_is_open(const struct course_guard *course)
{
    return course->state != STATE(ROSTER_CONFIRMED) &&
           course->state != STATE(CANCELLED);
}

void
account_show_courses(struct decision *decision,
                     struct business_account *account)
{
    if (!account->settled)
        return;
    int32_t open = (int32_t)count_open_courses(decision, account->account_id);
    if (open == account->open_courses)
        return;
    account->open_courses = open;
    row_change(decision, account);
    order_deletion_if_due(decision, account);
}

uint32_t
count_open_courses(struct decision *decision, const char *account_id)
{
    const struct course_guard *course = NULL;
    uint32_t count = 0;

    while ((course = row_child(decision, &course_guards, account_id, course)))
        count += course_is_open(course);
    return count;
}
