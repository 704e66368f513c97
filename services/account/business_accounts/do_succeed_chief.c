/* SucceedChief: enables a new CHIEF and releases the old one, in one decision,
 * so the unit is never without a CHIEF. The successor has applied, or has a
 * DISABLED account; the predecessor is disabled, or stays as CONTACT or
 * OPERATOR. By the approver of CHIEFs, who is neither of the two. Lane: the
 * unit. Serves B2, B20-B22. */
#include "account/account.h"

static EnableBusinessAccount
enabling_of(const SucceedChief *m)
{
    EnableBusinessAccount enabling;

    inservice__account__v1__enable_business_account__init(&enabling);
    enabling.order = m->order;
    enabling.account_id = m->successor_account_id;
    enabling.organization = m->organization;
    enabling.person_id = m->successor_person_id;
    enabling.login = m->successor_login;
    enabling.role = m->role_after;
    enabling.permissions = m->permissions;
    enabling.permissions_given = m->permissions_given;
    enabling.enabling = m->enabling;
    enabling.evidence = m->evidence;
    enabling.employed_here = m->employed_here;
    enabling.teacher_version = m->teacher_version;
    enabling.teacher_incarnation = m->teacher_incarnation;
    enabling.teacher_organizations = m->teacher_organizations;
    enabling.n_teacher_organizations = m->n_teacher_organizations;
    return enabling;
}

/* Without permissions the successor gets all of a CHIEF, also one whose
 * DISABLED account has fewer: otherwise the unit could lose its last CHIEF here
 * (B22). */
static void
give_all(EnableBusinessAccount *enabling,
         const struct organization *organization)
{
    if (enabling->permissions_given ||
        enabling->permissions != PERMISSIONS_NONE)
        return;
    enabling->permissions_given = true;
    enabling->permissions = permissions_default(
        ROLE_CHIEF, (enum organization_kind)organization->kind);
}

void
succeed_chief_keys(struct keys *keys, const void *message)
{
    const SucceedChief *m = message;
    const EnableBusinessAccount enabling = enabling_of(m);

    enabling_keys(keys, &enabling);
    keys_row(keys, &business_accounts, m->predecessor_account_id);
}

/* The role that the predecessor keeps; UNSPECIFIED: none, DISABLED. */
static enum role
role_kept(enum predecessor_fate fate)
{
    static const enum role roles[] = {
        [PREDECESSOR_CONTACT] = ROLE_CONTACT,
        [PREDECESSOR_OPERATOR] = ROLE_OPERATOR,
    };

    return (size_t)fate < sizeof roles / sizeof *roles ? roles[fate]
                                                       : ROLE_UNSPECIFIED;
}

static const char *
objection_to_succession(const SucceedChief *m)
{
    return m->role_after == (unsigned)ROLE_CHIEF &&
                   m->fate >= (unsigned)PREDECESSOR_DISABLE &&
                   m->fate <= (unsigned)PREDECESSOR_OPERATOR
               ? NULL
               : "BAD_FORM";
}

/* The successor becomes a CHIEF with account management, otherwise the unit
 * could lose its last one here (B22). */
static const char *
objection_to_successor(struct decision *decision,
                       const EnableBusinessAccount *enabling,
                       const struct organization *organization,
                       const struct business_account *successor)
{
    const char *objection = objection_to_business_enabling(
        decision, enabling, organization, successor);

    if (objection == NULL &&
        !(enabling->permissions & PERMISSION_BUSINESS_ACCOUNT_MANAGEMENT))
        objection = "BAD_FORM";
    return objection;
}

/* An ACTIVE CHIEF of this unit, of the version that the approver saw, and not
 * the approver. */
static const char *
objection_to_predecessor(struct decision *decision, const SucceedChief *m,
                         const struct organization *organization,
                         const struct business_account *predecessor)
{
    if (predecessor == NULL ||
        !same_text(predecessor->organization, m->organization) ||
        predecessor->role != ROLE_CHIEF ||
        objection_to_transition(predecessor->status, BUSINESS_DISABLE) != NULL)
        return "NOT_A_CHIEF";
    if (m->predecessor_version != 0 &&
        m->predecessor_version != predecessor->row.version)
        return "CHANGED";
    return objection_to_approver(decision, organization, predecessor,
                                 ROLE_CHIEF);
}

static void
release(struct decision *decision, enum predecessor_fate fate,
        struct organization *organization, struct business_account *predecessor)
{
    enum role role = role_kept(fate);

    if (role != ROLE_UNSPECIFIED) {
        business_account_change(
            decision, predecessor, organization, BUSINESS_CHANGE,
            role_given_to(predecessor, organization, role, NULL));
        return;
    }
    business_account_disable(decision, predecessor, organization,
                             BUSINESS_DISABLE, DISABLED_MANAGER, NULL);
    say_business_account_disabled(decision, predecessor);
}

static void
say_succeeded(struct decision *decision, const SucceedChief *m,
              struct business_account *successor)
{
    ChiefSucceeded said;

    inservice__account__v1__chief_succeeded__init(&said);
    said.organization = m->organization;
    said.successor_account_id = m->successor_account_id;
    said.predecessor_account_id = m->predecessor_account_id;
    said.fate = m->fate;
    say(decision, successor, &said.base);
}

enum end
do_succeed_chief(struct decision *decision, const void *message)
{
    const SucceedChief *m = message;
    EnableBusinessAccount enabling = enabling_of(m);
    struct organization *organization;
    struct business_account *successor;
    struct business_account *predecessor =
        row_find(decision, &business_accounts, m->predecessor_account_id);
    const char *objection =
        account_find(decision, m->organization, m->successor_account_id,
                     &organization, &successor);

    if (objection != NULL)
        return refuse(decision, objection);
    give_all(&enabling, organization);
    objection =
        objection_to_approver(decision, organization, successor, ROLE_CHIEF);
    if (objection == NULL)
        objection = objection_to_succession(m);
    if (objection == NULL)
        objection = objection_to_successor(decision, &enabling, organization,
                                           successor);
    if (objection == NULL)
        objection =
            objection_to_predecessor(decision, m, organization, predecessor);
    if (objection != NULL)
        return refuse(decision, objection);

    business_account_enable(decision, &enabling, organization, successor);
    release(decision, (enum predecessor_fate)m->fate, organization,
            predecessor);
    say_succeeded(decision, m, successor);
    return DONE;
}
