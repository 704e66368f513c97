/* EnableTeacherAccount: a teacher on file gets a login, or gets it back. The
 * command says which: a new account (by an officer of the teacher's school, an
 * application that fits the record, or roaming), an application, or a DISABLED
 * account. An application needs evidence of its person. A person has at most
 * one live account. Lane: the person. Serves T8, T10, S4, B14, B19, B20, B25.
 */
#include "account/account.h"

#include "rules/fold.h"
#include "rules/text.h"

void
enable_teacher_account_keys(struct keys *keys, const void *message)
{
    const EnableTeacherAccount *m = message;

    keys_lane(keys, m->person_id);
    actor_keys(keys, m->order, m->person_id);
    keys_login(keys, m->login);
    keys_row(keys, &teacher_accounts, m->account_id);
    keys_children(keys, &teacher_accounts, m->person_id);
    keys_row(keys, &affiliations, m->person_id);
    for (size_t i = 0; i < m->n_teacher_organizations; i++)
        keys_row(keys, &other_units, m->teacher_organizations[i]);
    keys_row(keys, &other_units, m->organization);
}

/* The gateway has checked an application that fits the record, or a roaming
 * sign-in. The actor is an unnamed person or the teacher, signed in. */
static bool
is_vouched_for(struct decision *decision, const EnableTeacherAccount *m)
{
    bool fits = m->source == (unsigned)ENABLED_BY_APPLICATION &&
                m->evidence == (unsigned)EVIDENCE_RECORD_MATCHED;
    bool roams = m->source == (unsigned)ENABLED_BY_ROAMING &&
                 m->evidence == (unsigned)EVIDENCE_ROAMING;

    return (fits || roams) && (actor_is_unnamed(decision->order) ||
                               actor_is(decision, m->person_id, m->person_id));
}

/* Without the gateway's check an officer must give the order; their unit is
 * checked after the person is proven. The gateway's check enables new accounts
 * only. */
static const char *
objection_to_author(struct decision *decision, const EnableTeacherAccount *m)
{
    if (is_vouched_for(decision, m))
        return m->enabling == (unsigned)ENABLING_NEW ? NULL : "NOT_PERMITTED";
    const char *objection = objection_to_officer(decision, m->person_id,
                                                 m->account_id, m->person_id);
    if (objection == NULL && m->source != (unsigned)ENABLED_BY_OFFICER)
        objection = "NOT_PERMITTED";
    return objection;
}

/* B25: an applicant who was not signed in needs the ID number confirmed. */
static const char *
objection_to_application(const EnableTeacherAccount *m,
                         const struct teacher_account *account)
{
    const char *objection =
        objection_to_transition(account->status, TEACHER_ENABLE);

    if (objection != NULL)
        return objection;
    return account->identity_proven ||
                   m->evidence == (unsigned)EVIDENCE_NUMBER_CONFIRMED
               ? NULL
               : "IDENTITY_NOT_CONFIRMED";
}

/* The command's kind of enabling must fit the account's status. */
static const char *
objection_to_status(const EnableTeacherAccount *m,
                    const struct teacher_account *account)
{
    if (m->enabling == (unsigned)ENABLING_NEW)
        return account == NULL ? NULL
                               : objection_to_transition(account->status,
                                                         TEACHER_ENABLE_NEW);
    if (m->enabling != (unsigned)ENABLING_APPLICATION &&
        m->enabling != (unsigned)ENABLING_DISABLED_ACCOUNT)
        return "BAD_FORM";
    if (account == NULL)
        return "NOT_FOUND";
    if (m->enabling == (unsigned)ENABLING_APPLICATION)
        return objection_to_application(m, account);
    return objection_to_transition(account->status, TEACHER_ENABLE_AGAIN);
}

/* The officer manages teachers at a school where this one has a post. An
 * officer of the school in the application gets the answer that the teacher has
 * moved. */
static const char *
objection_to_place(struct decision *decision, const EnableTeacherAccount *m,
                   const struct posts *posts,
                   const struct teacher_account *account)
{
    if (is_vouched_for(decision, m))
        return NULL;
    const char *objection = objection_to_manager(decision, posts, m->account_id,
                                                 m->person_id, BY_OWN);
    if (objection == NULL || account == NULL ||
        !same_text(account->organization, m->organization))
        return objection;
    return objection_to_manager_at(decision, m->organization, m->account_id,
                                   m->person_id, BY_OWN) == NULL
               ? "NOT_AT_THIS_SCHOOL"
               : objection;
}

static const char *
objection_to_another(struct decision *decision, const EnableTeacherAccount *m)
{
    const struct teacher_account *other = NULL;

    while (
        (other = row_child(decision, &teacher_accounts, m->person_id, other)))
        if (account_holds_person((enum account_status)other->status) &&
            !same_text(other->account_id, m->account_id))
            return "ALREADY_ENABLED";
    return NULL;
}

/* An account that has a login keeps it; one without may get one. */
static const char *
objection_to_login(const EnableTeacherAccount *m,
                   const struct teacher_account *account,
                   const struct login_claim *claim)
{
    bool has_login = account != NULL && !is_empty(account->login);

    if (is_empty(m->login))
        return NULL;
    if (claim == NULL)
        return "BAD_FORM";
    if (has_login && !same_text(claim->account_id, m->account_id))
        return "LOGIN_TAKEN";
    return login_free_for(claim, m->account_id) ? NULL : "LOGIN_TAKEN";
}

static struct posts
posts_of(struct decision *decision, const EnableTeacherAccount *m)
{
    return (struct posts){
        .copy = row_find(decision, &affiliations, m->person_id),
        .organizations = m->teacher_organizations,
        .count = m->n_teacher_organizations,
    };
}

/* T8: the teacher is on file, by our copy. An officer does not learn whether
 * they are (T1): a person who is not on file is at no school.
 */
static const char *
objection_to_teacher(struct decision *decision, const EnableTeacherAccount *m,
                     const struct posts *posts)
{
    const char *objection = objection_to_record(posts, MARK_IN(m));

    if (objection == NULL && !posts_known(posts) && is_vouched_for(decision, m))
        objection = "NO_TEACHER_RECORD";
    return objection;
}

/* A record may lack an address; the mail then goes nowhere. */
static bool
is_contact_of_record(const EnableTeacherAccount *m)
{
    return (is_empty(m->name) || text_is_stored(m->name, 1, TEXT_NAME_MAX)) &&
           (is_empty(m->email) || email_shape_ok(m->email));
}

static const char *
objection_to_enabling(struct decision *decision, const EnableTeacherAccount *m,
                      const struct teacher_account *account)
{
    const struct posts posts = posts_of(decision, m);
    const char *objection;

    if (!is_id(m->account_id) || !is_id(m->person_id) ||
        !is_contact_of_record(m))
        return "BAD_FORM";
    if (account != NULL && !same_text(account->person_id, m->person_id))
        return "IDENTITY_NOT_CONFIRMED";
    if (version_differs(decision, account))
        return "CHANGED";
    objection = objection_to_author(decision, m);
    if (objection == NULL)
        objection = objection_to_status(m, account);
    if (objection == NULL)
        objection = objection_to_teacher(decision, m, &posts);
    if (objection == NULL)
        objection = objection_to_place(decision, m, &posts, account);
    if (objection == NULL)
        objection = objection_to_another(decision, m);
    if (objection == NULL)
        objection =
            objection_to_login(m, account, login_claim_of(decision, m->login));
    return objection;
}

/* The first of the named schools where the teacher has a post, or NULL. */
static const char *
first_post(const struct posts *posts)
{
    for (size_t i = 0; i < posts->count; i++)
        if (posts_at(posts, posts->organizations[i]))
            return posts->organizations[i];
    return NULL;
}

/* An application that fits the record never waits, but has an application date.
 */
static struct teacher_account *
account_add(struct decision *decision, const EnableTeacherAccount *m,
            const struct posts *posts)
{
    struct teacher_account *account =
        row_add(decision, &teacher_accounts, m->account_id);

    account->person_id = m->person_id;
    account->applied_at = DB_NO_TIME;
    if (m->source == (unsigned)ENABLED_BY_APPLICATION) {
        account->applied_at = decision->now;
        account->organization = first_post(posts);
    }
    return account;
}

/* A PENDING account keeps its application's data, without the timer. */
static struct teacher_account *
account_to_enable(struct decision *decision, const EnableTeacherAccount *m)
{
    const struct posts posts = posts_of(decision, m);
    struct teacher_account *account =
        row_find(decision, &teacher_accounts, m->account_id);

    if (account == NULL)
        account = account_add(decision, m, &posts);
    account->teacher = mark_of_copy(posts.copy);
    if (account->status == ACCOUNT_PENDING)
        timer_clear(decision, lapse_timer(decision, account->account_id));
    if (!is_empty(m->name))
        account->name = m->name;
    if (!is_empty(m->email))
        account->email = m->email;
    return account;
}

static enum transition
transition_of(const EnableTeacherAccount *m)
{
    if (m->enabling == (unsigned)ENABLING_NEW)
        return TEACHER_ENABLE_NEW;
    return m->enabling == (unsigned)ENABLING_APPLICATION ? TEACHER_ENABLE
                                                         : TEACHER_ENABLE_AGAIN;
}

/* A new account had none: NOT_APPLIED. */
static enum account_status
status_before(const struct teacher_account *account)
{
    return account->status == ACCOUNT_STATUS_UNSPECIFIED
               ? ACCOUNT_NOT_APPLIED
               : (enum account_status)account->status;
}

enum end
do_enable_teacher_account(struct decision *decision, const void *message)
{
    const EnableTeacherAccount *m = message;
    struct teacher_account *account =
        row_find(decision, &teacher_accounts, m->account_id);
    struct login_claim *login = login_claim_of(decision, m->login);

    subject(decision, account);
    const char *objection = objection_to_enabling(decision, m, account);
    if (objection != NULL)
        return refuse(decision, objection);

    account = account_to_enable(decision, m);
    enum account_status before = status_before(account);
    if (login != NULL && is_empty(account->login)) {
        account->login = login->folded;
        login_take(decision, login, account->account_id);
    }
    account_pass(&account->status, transition_of(m));
    account->cause = DISABLED_CAUSE_UNSPECIFIED;
    account->source = (int32_t)m->source;
    account->identity_proven = true;
    account->enabled_at = decision->now;
    account->lapses_at = account->disabled_at = DB_NO_TIME;
    row_change(decision, account);

    TeacherAccountEnabled enabled;
    inservice__account__v1__teacher_account_enabled__init(&enabled);
    enabled.account_id = wire_member(account->account_id);
    enabled.person_id = wire_member(account->person_id);
    enabled.source = m->source;
    enabled.status_before = (unsigned)before;
    say(decision, account, &enabled.base);
    return DONE;
}
