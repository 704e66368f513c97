/* Whether a person is a CHIEF of a school, because not every officer may end a
 * CHIEF's post there (T15).
 *
 * Our own copy counts. A command that has seen a later version can make the
 * person a CHIEF, but never the opposite. Called by the do_ files that end a
 * post; their keys() must ask for officers_of_persons. Reads only, refuses
 * nothing. */
#include <string.h>

#include "teacher/teacher.h"

enum role
role_at(struct decision *decision, const char *person_id,
        const char *organization, enum role seen_role, int64_t seen_version)
{
    const struct officer_copy *copy =
        row_find(decision, &officers_of_persons, person_id);

    bool here = copy != NULL && copy->status == ACCOUNT_ACTIVE &&
                strcmp(copy->organization, organization) == 0;

    if (here && (copy->version >= seen_version || seen_role != ROLE_CHIEF))
        return (enum role)copy->role;
    return seen_role;
}
