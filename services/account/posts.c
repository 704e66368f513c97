/* How new a teacher's record is, and where a person has posts.
 *
 * Only our own copy says where a person has posts; a command names the units
 * to ask it about. If the gateway saw other posts in a newer record, either the
 * copy is late or the claim is false: the command is refused and may be sent
 * again. Called by the do_ files and the reactors. Never changes
 * anything. Serves T15, rules 8 and 11. */
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

bool
posts_known(const struct posts *posts)
{
    return mark_of_copy(posts->copy).version > 0;
}

const char *
objection_to_record(const struct posts *posts, struct teacher_mark seen)
{
    if (!mark_before(mark_of_copy(posts->copy), seen) ||
        (posts->copy != NULL &&
         code_list_is(posts->copy->organizations, posts->organizations,
                      posts->count)))
        return NULL;
    return "TEACHER_NOT_KNOWN_YET";
}

bool
posts_at(const struct posts *posts, const char *code)
{
    return posts->copy != NULL &&
           code_list_has(posts->copy->organizations, code);
}

bool
posts_nowhere(const struct posts *posts)
{
    return posts_known(posts) && is_empty(posts->copy->organizations);
}
