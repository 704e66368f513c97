/* How an account is enabled: the rows, the objections and the changes.
 *
 * Called by EnableBusinessAccount, and by SucceedChief for the successor. An
 * application needs evidence of its person. From here on the account holds the
 * person in the whole country (B11). Serves B10, B11, B18, B24, B25, T15, T15a.
 */
#include "account/account.h"

void
enabling_keys(struct keys *keys, const EnableBusinessAccount *m)
{
    account_keys(keys, m->order, m->organization, m->account_id);
    keys_holder(keys, m->person_id);
    keys_login(keys, m->login);
    keys_row(keys, &unit_loads, m->organization);
    keys_row(keys, &affiliations_elsewhere, m->person_id);
    for (size_t i = 0; i < m->n_teacher_organizations; i++)
        keys_row(keys, &other_units, m->teacher_organizations[i]);
}

static enum transition
transition_of(const EnableBusinessAccount *m)
{
    return m->enabling == (unsigned)ENABLING_APPLICATION
               ? BUSINESS_ENABLE
               : BUSINESS_ENABLE_AGAIN;
}

/* The command's kind of enabling must fit the account's status. */
static const char *
objection_to_status(const EnableBusinessAccount *m,
                    const struct organization *organization,
                    const struct business_account *account)
{
    if (m->enabling != (unsigned)ENABLING_APPLICATION &&
        m->enabling != (unsigned)ENABLING_DISABLED_ACCOUNT)
        return "BAD_FORM";
    const char *objection =
        objection_to_transition(account->status, transition_of(m));
    if (objection != NULL)
        return objection;
    if (!organization_is_open((enum organization_state)organization->status))
        return "ORGANIZATION_CLOSED";
    return NULL;
}

static struct role_given
given_by(const EnableBusinessAccount *m, const struct business_account *account,
         const struct organization *organization)
{
    bool named = m->permissions_given || m->permissions != PERMISSIONS_NONE;

    return role_given_to(account, organization, (enum role)m->role,
                         named ? &m->permissions : NULL);
}

/* B11, B25: an applicant who was not signed in needs the ID number from the
 * personnel file. The person of a DISABLED account was proven before. */
static bool
is_proven(const EnableBusinessAccount *m,
          const struct business_account *account)
{
    return same_text(account->person_id, m->person_id) &&
           (account->identity_proven ||
            m->enabling == (unsigned)ENABLING_DISABLED_ACCOUNT ||
            m->evidence == (unsigned)EVIDENCE_NUMBER_CONFIRMED);
}

static struct posts
posts_of(struct decision *decision, const EnableBusinessAccount *m)
{
    return (struct posts){
        .copy = row_find(decision, &affiliations_elsewhere, m->person_id),
        .organizations = m->teacher_organizations,
        .count = m->n_teacher_organizations,
    };
}

/* T15a: the teacher is on file without a post; the approver states that the
 * unit employs them. */
static bool
is_employed_here(struct decision *decision, const EnableBusinessAccount *m)
{
    const struct posts posts = posts_of(decision, m);

    return m->employed_here && posts_nowhere(&posts);
}

/* The person is proven, the login belongs to the account, and no other account
 * holds the person. The proof comes first, so that a caller learns nothing
 * about an unproven person (B25). */
static const char *
objection_to_holder(struct decision *decision, const EnableBusinessAccount *m,
                    const struct organization *organization,
                    const struct business_account *account)
{
    const struct holder_claim *holder = holder_claim_of(decision, m->person_id);
    const struct login_claim *login = login_claim_of(decision, m->login);
    const struct posts posts = posts_of(decision, m);

    if (holder == NULL || !is_proven(m, account))
        return "IDENTITY_NOT_CONFIRMED";
    if (!login_is_of(login, account->account_id))
        return "LOGIN_TAKEN";
    const char *objection = objection_to_record(&posts, MARK_IN(m));
    if (objection != NULL)
        return objection;
    objection = objection_to_posts(decision, &posts, organization);
    if (objection != NULL && !is_employed_here(decision, m))
        return objection;
    if (holder_free_for(holder, account->account_id))
        return NULL;
    if (m->evidence == (unsigned)EVIDENCE_NUMBER_CONFIRMED)
        refuse_detail(decision, "", "HELD_AT", holder->organization);
    return "ACCOUNT_HELD_ELSEWHERE";
}

static void
set_active(struct decision *decision, struct business_account *account,
           struct organization *organization, const EnableBusinessAccount *m)
{
    const struct role_given given = given_by(m, account, organization);

    account->permissions = (int32_t)given.permissions;
    account->role = (int32_t)given.role;
    account->identity_proven = true;
    /* The fact that counted, so that an older one does not undo this (rule 8).
     */
    account->teacher =
        mark_of_copy(row_find(decision, &affiliations_elsewhere, m->person_id));
    business_account_activate(decision, account, organization,
                              transition_of(m));
}

const char *
objection_to_business_enabling(struct decision *decision,
                               const EnableBusinessAccount *m,
                               const struct organization *organization,
                               const struct business_account *account)
{
    const char *objection = objection_to_status(m, organization, account);

    if (objection == NULL)
        objection = objection_to_role(
            decision, given_by(m, account, organization), organization);
    if (objection == NULL)
        objection = objection_to_holder(decision, m, organization, account);
    return objection;
}

void
business_account_enable(struct decision *decision,
                        const EnableBusinessAccount *m,
                        struct organization *organization,
                        struct business_account *account)
{
    enum account_status before = (enum account_status)account->status;

    set_active(decision, account, organization, m);
    if (before == ACCOUNT_PENDING)
        application_ended(decision, account);
    holder_take(decision, holder_claim_of(decision, m->person_id), account);
    say_business_account_enabled(decision, account, before, NULL,
                                 is_employed_here(decision, m));
}
