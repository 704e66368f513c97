/* AddOrganization: enters a unit, alone or as a row of an import. Kind, county
 * and managing centre come from the order, never from the code. Lane: the
 * unit's code. Serves O1, O4. */
#include "rules/fold.h"
#include "rules/text.h"

#include "account/account.h"

void
add_organization_keys(struct keys *keys, const void *message)
{
    const AddOrganization *m = message;

    keys_lane(keys, m->code);
    actor_keys(keys, m->order, m->code);
    keys_row(keys, &organizations, m->code);
    keys_row(keys, &other_units, m->managing_centre);
    keys_row(keys, &other_units, m->parent_code);
}

static const char *
objection_to_adder(struct decision *decision, const AddOrganization *m)
{
    struct officer officer;
    struct unit unit = {
        .code = m->code,
        .kind = (enum organization_kind)m->kind,
        .managing_centre = m->managing_centre,
    };

    if (!actor_find(decision, m->code, &officer))
        return "UNKNOWN_ACTOR";
    return authority_holds(&officer, &unit, PERMISSION_SYSTEM_ADMINISTRATION,
                           BY_ANY)
               ? NULL
               : "NOT_PERMITTED";
}

/* The import's cells use the same functions. */
static bool
texts_stored(const AddOrganization *m)
{
    return is_contact(m->name, m->phone, m->email) &&
           (is_empty(m->county) || county_is_stored(m->county)) &&
           text_is_stored(m->establishment, 0, TEXT_CODE_MAX) &&
           text_is_stored(m->address, 0, TEXT_ADDRESS_MAX) &&
           text_is_stored(m->website, 0, TEXT_ADDRESS_MAX) &&
           website_shape_ok(m->website);
}

/* The platform is founded, not added. No centre manages a centre, and only
 * schools and kindergartens are branches. */
static bool
is_well_formed(const AddOrganization *m)
{
    enum organization_group group =
        organization_group_of((enum organization_kind)m->kind);

    if (group == GROUP_CENTRE && !is_empty(m->managing_centre))
        return false;
    if (group != GROUP_K12 && !is_empty(m->parent_code))
        return false;
    return is_code(m->code) && texts_stored(m) && group != GROUP_NONE &&
           group != GROUP_PLATFORM && !same_text(m->code, m->parent_code);
}

/* O4: every school must name its centre; other units may have none. */
static bool
centre_known(struct decision *decision, const AddOrganization *m)
{
    const struct unit_row *centre =
        row_find(decision, &other_units, m->managing_centre);

    if (is_empty(m->managing_centre))
        return organization_group_of((enum organization_kind)m->kind) !=
               GROUP_K12;
    return centre != NULL && centre->kind == KIND_REGIONAL_CENTRE;
}

/* A branch belongs to a kindergarten or a school, never to a branch. */
static bool
parent_known(struct decision *decision, const AddOrganization *m)
{
    const struct unit_row *parent =
        row_find(decision, &other_units, m->parent_code);

    if (is_empty(m->parent_code))
        return true;
    return parent != NULL && is_empty(parent->parent_code) &&
           organization_group_of((enum organization_kind)parent->kind) ==
               GROUP_K12;
}

enum end
do_add_organization(struct decision *decision, const void *message)
{
    const AddOrganization *m = message;
    struct organization *organization =
        row_find(decision, &organizations, m->code);

    subject(decision, organization);
    const char *objection = objection_to_adder(decision, m);
    if (objection != NULL)
        return refuse(decision, objection);
    if (!is_well_formed(m))
        return refuse(decision, "BAD_FORM");
    if (organization != NULL)
        return refuse(decision, "ORGANIZATION_EXISTS");
    if (!centre_known(decision, m))
        return refuse(decision, "CENTRE_UNKNOWN");
    if (!parent_known(decision, m))
        return refuse(decision, "ORGANIZATION_UNKNOWN");

    organization = row_add(decision, &organizations, m->code);
    organization->name = m->name;
    organization->kind = (int32_t)m->kind;
    organization->county = m->county;
    organization->establishment = m->establishment;
    organization->managing_centre = m->managing_centre;
    organization->parent_code = m->parent_code;
    organization->phone = m->phone;
    organization->email = m->email;
    organization->address = m->address;
    organization->website = m->website;
    organization->status = ORGANIZATION_ACTIVE;
    organization->closed_at = DB_NO_TIME;

    say_organization_added(decision, organization);
    return DONE;
}
