/* AddOrganization: enters a unit, alone or as a row of an import. Kind, county
 * and managing centre come from the order, never from the code. Lane: the
 * unit's code. Serves O1, O4. */
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

/* The unit as the command describes it; no row yet. */
static struct organization
unit_described(const AddOrganization *m)
{
    return (struct organization){
        .code = m->code,
        .name = m->name,
        .kind = (int32_t)m->kind,
        .county = m->county,
        .establishment = m->establishment,
        .managing_centre = m->managing_centre,
        .parent_code = m->parent_code,
        .phone = m->phone,
        .email = m->email,
        .address = m->address,
        .website = m->website,
        .status = ORGANIZATION_ACTIVE,
        .closed_at = DB_NO_TIME,
    };
}

enum end
do_add_organization(struct decision *decision, const void *message)
{
    const AddOrganization *m = message;
    struct organization unit = unit_described(m);
    struct organization *organization =
        row_find(decision, &organizations, m->code);

    subject(decision, organization);
    const char *objection = objection_to_adder(decision, m);
    if (objection == NULL)
        objection = objection_to_form(&unit);
    /* The platform is founded, not added. */
    if (objection == NULL && unit.kind == KIND_PLATFORM)
        objection = "BAD_FORM";
    if (objection == NULL && organization != NULL)
        objection = "ORGANIZATION_EXISTS";
    if (objection == NULL)
        objection = objection_to_centre(decision, &unit);
    if (objection == NULL)
        objection = objection_to_parent(decision, &unit);
    if (objection != NULL)
        return refuse(decision, objection);

    organization = row_add(decision, &organizations, m->code);
    unit.row = organization->row;
    unit.code = organization->code;
    *organization = unit;

    say_organization_added(decision, organization);
    return DONE;
}
