/* ChangeOrganization: changes what the command names. The platform changes
 * everything; a unit's account managers change its contact data. A change of
 * the state narrows what the unit's accounts may do, and nothing in their rows.
 * Lane: the unit. Serves O1, O3, O4. */
#include "account/account.h"

#define NAMED(m, field, CASE)                                                  \
    ((m)->field##_presence_case ==                                             \
     INSERVICE__ACCOUNT__V1__CHANGE_ORGANIZATION__##CASE##_PRESENCE_##CASE)

/* Every field: member, case of the message, and whether it is contact data. */
#define TEXTS(ROW)                                                             \
    ROW(name, NAME, false)                                                     \
    ROW(county, COUNTY, false)                                                 \
    ROW(establishment, ESTABLISHMENT, false)                                   \
    ROW(managing_centre, MANAGING_CENTRE, false)                               \
    ROW(parent_code, PARENT_CODE, false)                                       \
    ROW(phone, PHONE, true)                                                    \
    ROW(email, EMAIL, true)                                                    \
    ROW(address, ADDRESS, true)                                                \
    ROW(website, WEBSITE, true)
#define NUMBERS(ROW)                                                           \
    ROW(kind, KIND, false)                                                     \
    ROW(status, STATUS, false)
enum { FIELDS = 11 };

void
change_organization_keys(struct keys *keys, const void *message)
{
    const ChangeOrganization *m = message;

    keys_lane(keys, m->code);
    actor_keys(keys, m->order, m->code);
    keys_row(keys, &organizations, m->code);
    if (NAMED(m, managing_centre, MANAGING_CENTRE))
        keys_row(keys, &other_units, m->managing_centre);
    if (NAMED(m, parent_code, PARENT_CODE))
        keys_row(keys, &other_units, m->parent_code);
    if (NAMED(m, parent_code, PARENT_CODE) || NAMED(m, status, STATUS))
        keys_row(keys, &unit_dependents, m->code);
}

/* The unit as it will be, and the names of the fields that change. */
struct change {
    struct organization unit;
    const char *fields[FIELDS];
    size_t count;
    bool contact; /* only contact data are named */
};

static void
note(struct change *change, bool differs, const char *field)
{
    if (differs)
        change->fields[change->count++] = field;
}

static bool
text_differs(const char *one, const char *other)
{
    return !same_text(one, other) && !(is_empty(one) && is_empty(other));
}

static struct change
change_of(const struct organization *unit, const ChangeOrganization *m)
{
    struct change change = {.unit = *unit, .contact = true};

#define TEXT(field, CASE, is_contact)                                          \
    if (NAMED(m, field, CASE)) {                                               \
        note(&change, text_differs(unit->field, m->field), #field);            \
        change.unit.field = m->field;                                          \
        change.contact = change.contact && (is_contact);                       \
    }
#define NUMBER(field, CASE, is_contact)                                        \
    if (NAMED(m, field, CASE)) {                                               \
        note(&change, unit->field != (int32_t)m->field, #field);               \
        change.unit.field = (int32_t)m->field;                                 \
        change.contact = change.contact && (is_contact);                       \
    }
    TEXTS(TEXT)
    NUMBERS(NUMBER)
#undef TEXT
#undef NUMBER
    return change;
}

static const char *
objection_to_changer(struct decision *decision,
                     const struct organization *organization,
                     const struct change *change)
{
    struct unit unit = unit_of(organization);
    struct officer officer;

    if (!actor_find(decision, organization->code, &officer))
        return "UNKNOWN_ACTOR";
    if (reach_of(&officer, &unit) == REACH_NONE)
        return "NOT_FOUND";
    if (authority_holds(&officer, &unit, PERMISSION_SYSTEM_ADMINISTRATION,
                        BY_ANY))
        return NULL;
    return change->contact &&
                   authority_holds(&officer, &unit,
                                   PERMISSION_BUSINESS_ACCOUNT_MANAGEMENT,
                                   BY_OWN)
               ? NULL
               : "NOT_PERMITTED";
}

/* A kind of another group has other roles (B10), so the accounts would no
 * longer fit. */
static const char *
objection_to_kind(const struct organization *before,
                  const struct organization *after)
{
    return organization_group_of((enum organization_kind)before->kind) ==
                   organization_group_of((enum organization_kind)after->kind)
               ? NULL
               : "KIND_CHANGE_NOT_ALLOWED";
}

/* A unit that was closed by mistake opens again; its accounts stay disabled.
 * CloseOrganization closes. The platform is always ACTIVE: it alone can change
 * this. */
static const char *
objection_to_state(const struct organization *before,
                   const struct organization *after)
{
    static const struct {
        enum organization_state from, to;
    } ways[] = {
        {ORGANIZATION_ACTIVE, ORGANIZATION_SUSPENDED},
        {ORGANIZATION_SUSPENDED, ORGANIZATION_ACTIVE},
        {ORGANIZATION_CLOSED, ORGANIZATION_ACTIVE},
    };

    if (before->status == after->status)
        return NULL;
    for (size_t i = 0; i < COUNT_OF(ways); i++)
        if ((int32_t)ways[i].from == before->status &&
            (int32_t)ways[i].to == after->status &&
            before->kind != KIND_PLATFORM)
            return NULL;
    return "STATE_CHANGE_NOT_ALLOWED";
}

/* A unit that opens again needs a centre and a parent that work. */
static const char *
objection_to_reopening(struct decision *decision, const ChangeOrganization *m,
                       const struct organization *before)
{
    if (before->status != ORGANIZATION_CLOSED || !NAMED(m, status, STATUS) ||
        (int)m->status != ORGANIZATION_ACTIVE)
        return NULL;
    const struct unit_dependents *own =
        row_find(decision, &unit_dependents, before->code);
    if (own == NULL)
        return NULL;
    if (own->centre_over > 0 && !NAMED(m, managing_centre, MANAGING_CENTRE))
        return "CENTRE_UNKNOWN";
    return own->parent_over > 0 && !NAMED(m, parent_code, PARENT_CODE)
               ? "ORGANIZATION_UNKNOWN"
               : NULL;
}

static const char *
objection_to_relatives(struct decision *decision, const ChangeOrganization *m,
                       const struct organization *unit)
{
    const char *objection = NULL;

    if (NAMED(m, managing_centre, MANAGING_CENTRE))
        objection = objection_to_centre(decision, unit);
    if (objection != NULL || !NAMED(m, parent_code, PARENT_CODE))
        return objection;
    if (!is_empty(unit->parent_code) && unit_has_dependents(decision, unit))
        return "HAS_UNITS"; /* a branch has no branches */
    return objection_to_parent(decision, unit);
}

static const char *
objection_to_change(struct decision *decision,
                    const struct organization *organization,
                    const ChangeOrganization *m, const struct change *change)
{
    const char *objection =
        objection_to_changer(decision, organization, change);

    if (objection == NULL && version_differs(decision, organization))
        objection = "CHANGED";
    if (objection == NULL)
        objection = objection_to_form(&change->unit);
    if (objection == NULL)
        objection = objection_to_kind(organization, &change->unit);
    if (objection == NULL)
        objection = objection_to_state(organization, &change->unit);
    if (objection == NULL)
        objection = objection_to_reopening(decision, m, organization);
    if (objection == NULL)
        objection = objection_to_relatives(decision, m, &change->unit);
    return objection;
}

enum end
do_change_organization(struct decision *decision, const void *message)
{
    const ChangeOrganization *m = message;
    struct organization *organization =
        row_find(decision, &organizations, m->code);

    subject(decision, organization);
    if (organization == NULL)
        return refuse(decision, "NOT_FOUND");
    struct change change = change_of(organization, m);
    const char *objection =
        objection_to_change(decision, organization, m, &change);
    if (objection != NULL)
        return refuse(decision, objection);
    if (change.count == 0)
        return DONE;

    if (change.unit.status == ORGANIZATION_ACTIVE)
        change.unit.closed_at = DB_NO_TIME;
    *organization = change.unit;
    row_change(decision, organization);
    say_organization_changed(decision, organization, change.fields,
                             change.count);
    return DONE;
}
