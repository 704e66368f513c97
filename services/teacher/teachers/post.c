/* Finding posts among those of one person that are loaded.
 *
 * Reads only; posts are opened and closed by moves (move.c). Called by do_
 * files and move.c. Serves T1, T11.
 */
#include <string.h>

#include "teacher/teacher.h"

struct post *
post_at(struct decision *decision, const char *person_id,
        const char *organization)
{
    struct post *post = NULL;

    while ((post = row_child(decision, &posts, person_id, post)) != NULL)
        if (post->state == POST_OPEN &&
            strcmp(post->organization, organization) == 0)
            return post;
    return NULL;
}

struct post *
post_primary(struct decision *decision, const char *person_id)
{
    struct post *post = NULL;

    while ((post = row_child(decision, &posts, person_id, post)) != NULL)
        if (post->state == POST_OPEN && post->kind == POST_PRIMARY)
            return post;
    return NULL;
}

struct post *
post_awaited(struct decision *decision, const char *person_id,
             const char *organization)
{
    struct post *awaited = NULL;
    struct post *post = NULL;

    while ((post = row_child(decision, &posts, person_id, post)) != NULL) {
        if (post->state == POST_OPEN)
            return NULL;
        if (post->state == POST_PLANNED &&
            (organization[0] == '\0'
                 ? post->kind == POST_PRIMARY
                 : strcmp(post->organization, organization) == 0))
            awaited = post;
    }
    return awaited;
}

struct post *
post_of_move(struct decision *decision, const struct move *move)
{
    struct post *post = NULL;

    while ((post = row_child(decision, &posts, move->person_id, post)))
        if (strcmp(post->post_id, move->move_id) == 0)
            return post;
    return NULL;
}

size_t
post_count(struct decision *decision, const char *person_id)
{
    struct post *post = NULL;
    size_t count = 0;

    while ((post = row_child(decision, &posts, person_id, post)) != NULL)
        count += post->state == POST_OPEN || post->state == POST_PLANNED;
    return count;
}

size_t
post_organizations(struct decision *decision, const char *person_id,
                   char ***ret_organizations)
{
    struct post *post = NULL;
    size_t count = 0;

    while ((post = row_child(decision, &posts, person_id, post)) != NULL)
        count++;
    *ret_organizations = ARENA_ARRAY(decision->arena, char *, count + 1);
    count = 0;
    while ((post = row_child(decision, &posts, person_id, post)) != NULL)
        if (post->state == POST_OPEN)
            (*ret_organizations)[count++] = wire_member(post->organization);
    return count;
}
