/* DeleteBusinessAccount: ends a DISABLED account. The course system must have
 * settled that disabling, with no open course. Frees the person and the login
 * name; the row stays without personal data. Never guesses the state of a
 * course. By an approver, or by itself where the holder has asked for it. Lane:
 * the unit. Serves B13-B15, B20, B23. */
#include "account/account.h"

#include <string.h>

enum { COURSES_LISTED_MAX = 50 };

void
delete_business_account_keys(struct keys *keys, const void *message)
{
    const DeleteBusinessAccount *m = message;

    account_keys(keys, m->order, m->organization, m->account_id);
    keys_holder(keys, m->person_id);
    keys_login(keys, m->login);
    keys_row(keys, &courses_settled, m->account_id);
    keys_children(keys, &course_guards, m->account_id);
}

static void
list_open_courses(struct decision *decision, const char *account_id)
{
    const struct course_guard *course = NULL;
    int listed = 0;

    while ((course = row_child(decision, &course_guards, account_id, course)))
        if (course_is_open(course) && listed++ < COURSES_LISTED_MAX)
            refuse_detail(decision, "", course->course_id, course->title);
}

/* B15. Only the present disabling counts: an account that was enabled after an
 * earlier one may have opened courses since. */
static const char *
objection_to_courses(struct decision *decision,
                     const struct business_account *account)
{
    const struct course_settled *settled =
        row_find(decision, &courses_settled, account->account_id);

    if (strcmp(account_settings.course_system, "absent") == 0)
        return NULL;
    if (settled == NULL ||
        settled->account_version != account->disabled_version)
        return "COURSE_STATES_UNKNOWN";
    if (count_open_courses(decision, account->account_id) == 0)
        return NULL;
    list_open_courses(decision, account->account_id);
    return "COURSES_OPEN";
}

/* An approver, or this service itself after the holder has asked for it (B13).
 */
static const char *
objection_to_author(struct decision *decision,
                    const struct organization *organization,
                    const struct business_account *account)
{
    if (!actor_is_system(decision->order))
        return objection_to_approver(decision, organization, account,
                                     ROLE_UNSPECIFIED);
    return account->deletion_requested_at == DB_NO_TIME ? "UNKNOWN_ACTOR"
                                                        : NULL;
}

/* The claims in the order must be the account's, otherwise its own would stay.
 */
static const char *
objection_to_claims(const struct business_account *account,
                    const struct holder_claim *holder,
                    const struct login_claim *login)
{
    if (holder == NULL || !login_is_of(login, account->account_id) ||
        !same_text(holder->account_id, account->account_id))
        return "CHANGED";
    return NULL;
}

enum end
do_delete_business_account(struct decision *decision, const void *message)
{
    const DeleteBusinessAccount *m = message;
    struct organization *organization;
    struct business_account *account;
    struct holder_claim *holder = holder_claim_of(decision, m->person_id);
    struct login_claim *login = login_claim_of(decision, m->login);
    const char *objection = account_find(
        decision, m->organization, m->account_id, &organization, &account);

    if (objection == NULL)
        objection = objection_to_author(decision, organization, account);
    if (objection == NULL)
        objection = objection_to_transition(account->status, BUSINESS_DELETE);
    if (objection == NULL)
        objection = objection_to_claims(account, holder, login);
    if (objection == NULL)
        objection = objection_to_courses(decision, account);
    if (objection != NULL)
        return refuse(decision, objection);

    account_pass(&account->status, BUSINESS_DELETE);
    account->cause = DISABLED_CAUSE_UNSPECIFIED;
    account->login = account->name = account->phone = account->email = NULL;
    account->deleted_at = decision->now;
    row_change(decision, account);
    holder_take(decision, holder, NULL);
    login_take(decision, login, NULL);

    BusinessAccountDeleted deleted;
    inservice__account__v1__business_account_deleted__init(&deleted);
    deleted.account_id = wire_member(account->account_id);
    deleted.organization = wire_member(account->organization);
    deleted.person_id = wire_member(account->person_id);
    say(decision, account, &deleted.base);
    return DONE;
}
