/* How new a teacher's record is, and where a person has posts.
 *
 * A command carries the posts that the gateway saw. Our own copy counts unless
 * the command's are newer. Called by objections.c, leaver.c and the reactors.
 * Never changes anything. Serves T15, rules 8 and 11. */
#include "account/account.h"

#include "rules/code_list.h"

bool
mark_before(struct teacher_mark one, struct teacher_mark other)
{
    return one.incarnation != other.incarnation
               ? one.incarnation < other.incarnation
               : one.version < other.version;
}

struct teacher_mark
mark_of_fact(const struct decision *decision,
             const Inservice__Common__V1__Fact *fact)
{
    struct teacher_mark mark = {0};

    if (fact != NULL) {
        mark.incarnation = decision->message->incarnation;
        mark.version = fact->version;
    }
    return mark;
}

struct teacher_mark
mark_of_copy(const struct affiliation *copy)
{
    struct teacher_mark mark = {0};

    if (copy != NULL) {
        mark.incarnation = copy->incarnation;
        mark.version = copy->version;
    }
    return mark;
}

struct teacher_mark
mark_of_account(const struct business_account *account)
{
    return (struct teacher_mark){account->teacher_incarnation,
                                 account->teacher_version};
}

bool
posts_known(const struct posts *posts)
{
    return posts->mark.version > 0 || mark_of_copy(posts->copy).version > 0;
}

bool
posts_at(const struct posts *posts, const char *code)
{
    if (posts->copy != NULL &&
        !mark_before(mark_of_copy(posts->copy), posts->mark))
        return code_list_has(posts->copy->organizations, code);
    return code_listed(posts->organizations, posts->count, code);
}

bool
posts_nowhere(const struct posts *posts)
{
    if (!posts_known(posts))
        return false;
    if (posts->copy != NULL &&
        !mark_before(mark_of_copy(posts->copy), posts->mark))
        return is_empty(posts->copy->organizations);
    return posts->count == 0;
}
