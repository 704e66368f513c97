/* The school's unit from our copy: a hint, because units have lanes of their
 * own. Called by do_ files before they use rules/authority.h. Serves O3, O4,
 * T4. */
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
unit_read(struct decision *decision, const char *code)
{
    const struct organization_copy *copy = row_find(decision, &units, code);

    return copy != NULL ? unit_of_copy(copy) : (struct unit){.code = code};
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
