/* Objections to a command: each function returns a refusal code, or NULL.
 *
 * Only this file asks which actor may change what, with the tables of
 * lib/rules. Commands call it before they decide; account_find() and
 * leaver_find() also find what the command is about. Never changes anything.
 * Serves B8-B10, B20-B23, T15. */
#include "account/account.h"

#include "rules/code_list.h"
#include "rules/text.h"

#include <string.h>

const char *
objection_to_account(struct decision *decision,
                     const struct organization *organization,
                     const struct business_account *account)
{
    subject(decision, account);
    if (organization == NULL || account == NULL)
        return "NOT_FOUND";
    /* Another unit's account belongs to another lane (rule 1). */
    if (!same_text(account->organization, organization->code))
        return "NOT_FOUND";
    return version_differs(decision, account) ? "CHANGED" : NULL;
}

void
account_keys(struct keys *keys, const Order *order, const char *organization,
             const char *account_id)
{
    keys_lane(keys, organization);
    actor_keys(keys, order, organization);
    keys_row(keys, &organizations, organization);
    keys_row(keys, &business_accounts, account_id);
}

const char *
account_find(struct decision *decision, const char *organization,
             const char *account_id, struct organization **ret_organization,
             struct business_account **ret_account)
{
    *ret_organization = row_find(decision, &organizations, organization);
    *ret_account = row_find(decision, &business_accounts, account_id);
    return objection_to_account(decision, *ret_organization, *ret_account);
}

const char *
leaver_find(struct decision *decision, const char *organization,
            const char *person_id, struct organization **ret_organization,
            struct business_account **ret_account)
{
    *ret_organization = row_find(decision, &organizations, organization);
    *ret_account = account_of_person(decision, person_id, organization);
    subject(decision, *ret_account);
    if (!actor_is_system(decision->order))
        return "NOT_PERMITTED";
    return *ret_organization == NULL || *ret_account == NULL ? "NOT_FOUND"
                                                             : NULL;
}

const char *
objection_to_closing(int32_t status, enum transition closing,
                     const char *account_id, const struct login_claim *login)
{
    const char *objection = objection_to_transition(status, closing);

    if (objection != NULL)
        return objection;
    return login_is_of(login, account_id) ? NULL : "CHANGED";
}

/* Finds the actor. An account out of reach is answered as not found. */
static const char *
find_officer(struct decision *decision, const struct organization *organization,
             const struct business_account *account,
             struct officer *ret_officer)
{
    struct unit unit = unit_of(organization);

    if (!actor_find(decision, organization->code, ret_officer))
        return "UNKNOWN_ACTOR";
    if (reach_of(ret_officer, &unit) == REACH_NONE)
        return "NOT_FOUND";
    if (authority_is_self(ret_officer, account->account_id, account->person_id))
        return "SELF_ACTION";
    return NULL;
}

const char *
objection_to_approver(struct decision *decision,
                      const struct organization *organization,
                      const struct business_account *account,
                      enum role new_role)
{
    struct officer officer;
    struct unit unit = unit_of(organization);
    const char *objection =
        find_officer(decision, organization, account, &officer);

    if (objection == NULL &&
        !authority_may_approve(&officer, &unit, (enum role)account->role,
                               new_role))
        objection = "NOT_PERMITTED";
    return objection;
}

const char *
objection_to_disabler(struct decision *decision,
                      const struct organization *organization,
                      const struct business_account *account)
{
    struct officer officer;
    struct unit unit = unit_of(organization);
    const char *objection =
        find_officer(decision, organization, account, &officer);

    if (objection == NULL &&
        !authority_may_disable(&officer, &unit, (enum role)account->role))
        objection = "NOT_PERMITTED";
    return objection;
}

const char *
objection_to_stranger(struct decision *decision,
                      const struct business_account *account)
{
    struct officer officer;

    if (!actor_find(decision, account->organization, &officer))
        return "UNKNOWN_ACTOR";
    return same_text(officer.person_id, account->person_id) ? NULL
                                                            : "NOT_PERMITTED";
}

bool
is_last_chief(const struct organization *organization,
              const struct business_account *account)
{
    return account_leads(account) && organization->active_chiefs <= 1 &&
           authority_needs_chief((enum organization_kind)organization->kind);
}

const char *
objection_to_removal(struct decision *decision,
                     const struct organization *organization,
                     const struct business_account *account)
{
    const Order *order = decision->order;
    struct officer officer;
    struct unit unit = unit_of(organization);

    if (!is_last_chief(organization, account) ||
        !authority_last_chief_stays(unit.kind))
        return NULL;
    if (!order->force || !text_is_stored(order->reason, 1, TEXT_REASON_MAX) ||
        !actor_find(decision, organization->code, &officer))
        return "LAST_CHIEF";
    return authority_may_force_last_chief(&officer, &unit) ? NULL
                                                           : "LAST_CHIEF";
}

/* Names each permission that the role does not have at this kind of unit. */
static void
name_wider(struct decision *decision, struct role_given given,
           enum organization_kind kind)
{
    for (size_t i = 0; i < permission_words.count; i++) {
        const struct word *word = &permission_words.rows[i];
        if (!permissions_within(given.permissions & (unsigned)word->value,
                                given.role, kind))
            refuse_detail(decision, "/permissions", "WIDER_THAN_ROLE",
                          arena_printf(decision->arena, "%s（%s）", word->label,
                                       word->name));
    }
}

const char *
objection_to_role(struct decision *decision, struct role_given given,
                  const struct organization *organization)
{
    enum organization_kind kind = (enum organization_kind)organization->kind;

    if (!role_allowed(given.role, kind))
        return "ROLE_NOT_FOR_KIND";
    if (permissions_within(given.permissions, given.role, kind))
        return NULL;
    name_wider(decision, given, kind);
    return "WIDER_THAN_ROLE";
}

/* T15a: at a branch of this kindergarten. */
static bool
posts_at_branch(struct decision *decision, const struct posts *posts,
                const struct organization *organization)
{
    if (organization->kind != KIND_KINDERGARTEN)
        return false;
    for (size_t i = 0; i < posts->count; i++) {
        const struct unit_row *branch =
            row_find(decision, &other_units, posts->organizations[i]);
        if (branch != NULL && branch->kind == KIND_KINDERGARTEN &&
            same_text(branch->parent_code, organization->code) &&
            posts_at(posts, branch->code))
            return true;
    }
    return false;
}

const char *
objection_to_posts(struct decision *decision, const struct posts *posts,
                   const struct organization *organization)
{
    if (!organization_has_teachers((enum organization_kind)organization->kind))
        return NULL;
    if (!posts_known(posts)) /* not a teacher: administrative staff */
        return NULL;
    if (posts_at(posts, organization->code) ||
        posts_at_branch(decision, posts, organization))
        return NULL;
    return "NOT_AT_THIS_SCHOOL";
}

const char *
objection_to_teacher_account(struct decision *decision,
                             const struct teacher_account *account,
                             const char *person_id)
{
    subject(decision, account);
    /* Another person's account belongs to another lane (rule 1). */
    if (account == NULL || !same_text(account->person_id, person_id))
        return "NOT_FOUND";
    return version_differs(decision, account) ? "CHANGED" : NULL;
}

/* A unit of another lane, from our hint. */
static struct unit
other_unit(struct decision *decision, const char *code)
{
    const struct unit_row *row = row_find(decision, &other_units, code);
    struct unit unit = {.code = code};

    if (row != NULL) {
        unit.kind = (enum organization_kind)row->kind;
        unit.managing_centre = row->managing_centre;
        unit.parent_code = row->parent_code;
        unit.state = (enum organization_state)row->status;
    }
    return unit;
}

const char *
objection_to_applying(struct decision *decision, const char *lane_key,
                      const char *person_id, enum evidence evidence)
{
    struct officer officer;

    if (actor_is_unnamed(decision->order))
        return evidence == EVIDENCE_EMAIL_VERIFIED ? NULL : "NOT_PERMITTED";
    if (!actor_find(decision, lane_key, &officer))
        return "UNKNOWN_ACTOR";
    return same_text(officer.person_id, person_id) ? NULL : "NOT_PERMITTED";
}

const char *
objection_to_officer(struct decision *decision, const char *lane_key,
                     const char *account_id, const char *person_id)
{
    struct officer officer;

    if (!actor_find(decision, lane_key, &officer))
        return "UNKNOWN_ACTOR";
    return authority_is_self(&officer, account_id, person_id) ? "SELF_ACTION"
                                                              : NULL;
}

const char *
objection_to_manager_at(struct decision *decision, const char *organization,
                        const char *account_id, const char *person_id,
                        unsigned reaches)
{
    const struct unit unit = other_unit(decision, organization);
    struct officer officer;

    if (!actor_find(decision, person_id, &officer))
        return "UNKNOWN_ACTOR";
    if (authority_is_self(&officer, account_id, person_id))
        return "SELF_ACTION";
    return authority_holds(&officer, &unit,
                           PERMISSION_TEACHER_ACCOUNT_MANAGEMENT, reaches)
               ? NULL
               : "NOT_PERMITTED";
}

const char *
objection_to_manager(struct decision *decision, const struct posts *posts,
                     const char *account_id, const char *person_id,
                     unsigned reaches)
{
    /* At no unit: the platform, wherever the teacher has posts. */
    const char *objection =
        objection_to_manager_at(decision, "", account_id, person_id, reaches);

    for (size_t i = 0;
         i < posts->count && same_text(objection, "NOT_PERMITTED"); i++)
        if (posts_at(posts, posts->organizations[i]))
            objection =
                objection_to_manager_at(decision, posts->organizations[i],
                                        account_id, person_id, reaches);
    return objection;
}
