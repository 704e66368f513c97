/* What a unit may be: the checks that entering and changing share. Each returns
 * a refusal code, or NULL. Never changes anything. Serves O1, O4. */
#include "rules/text.h"

#include "account/account.h"

/* The import's cells and the gateway's forms use the same functions. NULL, as a
 * row has it, is "". */
static bool
texts_stored(const struct organization *unit)
{
    return is_contact(wire_member(unit->name), wire_member(unit->phone),
                      wire_member(unit->email)) &&
           (is_empty(unit->county) || county_is_stored(unit->county)) &&
           text_is_stored(wire_member(unit->establishment), 0, TEXT_CODE_MAX) &&
           text_is_stored(wire_member(unit->address), 0, TEXT_ADDRESS_MAX) &&
           text_is_stored(wire_member(unit->website), 0, TEXT_ADDRESS_MAX) &&
           website_shape_ok(wire_member(unit->website));
}

const char *
objection_to_form(const struct organization *unit)
{
    enum organization_group group =
        organization_group_of((enum organization_kind)unit->kind);

    /* No centre manages a centre, and only schools and kindergartens are
     * branches. */
    if (group == GROUP_CENTRE && !is_empty(unit->managing_centre))
        return "BAD_FORM";
    if (group != GROUP_K12 && !is_empty(unit->parent_code))
        return "BAD_FORM";
    return is_code(unit->code) && texts_stored(unit) && group != GROUP_NONE &&
                   !same_text(unit->code, unit->parent_code)
               ? NULL
               : "BAD_FORM";
}

static bool
unit_is_over(const struct unit_row *unit)
{
    return organization_is_over((enum organization_state)unit->status);
}

const char *
objection_to_centre(struct decision *decision, const struct organization *unit)
{
    const struct unit_row *centre =
        row_find(decision, &other_units, unit->managing_centre);
    bool known = is_empty(unit->managing_centre)
                     ? organization_group_of(
                           (enum organization_kind)unit->kind) != GROUP_K12
                     : centre != NULL && centre->kind == KIND_REGIONAL_CENTRE &&
                           !unit_is_over(centre);

    return known ? NULL : "CENTRE_UNKNOWN";
}

bool
unit_has_dependents(struct decision *decision, const struct organization *unit)
{
    const struct unit_dependents *dependents =
        row_find(decision, &unit_dependents, unit->code);

    return dependents != NULL && dependents->count > 0;
}

const char *
objection_to_parent(struct decision *decision, const struct organization *unit)
{
    const struct unit_row *parent =
        row_find(decision, &other_units, unit->parent_code);

    if (is_empty(unit->parent_code))
        return NULL;
    return parent != NULL && !unit_is_over(parent) &&
                   is_empty(parent->parent_code) &&
                   organization_group_of(
                       (enum organization_kind)parent->kind) == GROUP_K12
               ? NULL
               : "ORGANIZATION_UNKNOWN";
}
