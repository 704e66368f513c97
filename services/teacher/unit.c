/* What is known of a school: what the command brought, or the own copy.
 *
 * Units live in lanes of their own, so a command brings the unit as the gateway
 * saw it and the copy is a hint; the newer version counts. Called by do_ files
 * before they ask rules/authority.h. Serves O3, O4, T4.
 */
#include <string.h>

#include "teacher/teacher.h"

static struct unit
unit_of_copy(const struct organization_copy *copy)
{
    struct unit unit = {
        .code = copy->code,
        .kind = (enum organization_kind)copy->kind,
        .managing_centre = copy->managing_centre,
        .parent_code = copy->parent_code,
        .state = (enum organization_state)copy->status,
    };

    return unit;
}

struct unit
unit_read(struct decision *decision, const char *code, int kind, int status,
          int64_t version)
{
    const struct organization_copy *copy = row_find(decision, &units, code);
    struct unit unit = {.code = code};

    if (copy != NULL)
        unit = unit_of_copy(copy);
    if (copy == NULL || copy->version < version) {
        unit.kind = (enum organization_kind)kind;
        unit.state = (enum organization_state)status;
    }
    return unit;
}

struct unit
unit_of_place(struct decision *decision, const char *person_id,
              const char *code)
{
    const struct organization_copy *place = NULL;
    struct unit unit = {.code = code};

    while ((place = row_child(decision, &units_of_persons, person_id, place)))
        if (strcmp(place->code, code) == 0)
            return unit_of_copy(place);
    return unit;
}
