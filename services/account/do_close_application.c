/* CloseApplication: ends an application without an account. REJECTED: by an
 * approver. WITHDRAWN: by the applicant, signed in or with the receipt that the
 * gateway has checked. LAPSED: by the timer. Frees the login name. A teacher's
 * application is rejected by the school it names, or by one where the teacher
 * has a post. Lane: the unit; for teacher accounts the person. Serves B12, B14,
 * B20. */
#include "account/account.h"

void
close_application_keys(struct keys *keys, const void *message)
{
    const CloseApplication *m = message;
    const char *lane_key = closing_lane_key(m);

    keys_lane(keys, lane_key);
    actor_keys(keys, m->order, lane_key);
    keys_login(keys, m->login);
    if (m->account_kind == (unsigned)ACCOUNT_TEACHER) {
        keys_row(keys, &teacher_accounts, m->account_id);
        keys_row(keys, &other_units, m->organization);
        keys_row(keys, &affiliations, m->person_id);
    } else {
        keys_row(keys, &organizations, m->organization);
        keys_row(keys, &business_accounts, m->account_id);
        keys_row(keys, &unit_loads, m->organization);
    }
}

/* The caller holds the receipt, under any account or none, or is the applicant,
 * signed in. */
static const char *
objection_to_applicant(struct decision *decision, const CloseApplication *m,
                       const char *person_id)
{
    struct officer officer = {0};

    if (!actor_is_unnamed(decision->order) &&
        !actor_find(decision, closing_lane_key(m), &officer))
        return "UNKNOWN_ACTOR";
    if (m->evidence == (unsigned)EVIDENCE_RECEIPT)
        return NULL;
    return same_text(officer.person_id, person_id) ? NULL : "NOT_PERMITTED";
}

/* `rejecter` is the objection to the actor as an approver. */
static const char *
objection_to_cause(struct decision *decision, const CloseApplication *m,
                   const char *person_id, const char *rejecter)
{
    switch ((enum closed_cause)m->cause) {
    case CLOSED_REJECTED:
        return rejecter;
    case CLOSED_WITHDRAWN:
        return objection_to_applicant(decision, m, person_id);
    case CLOSED_LAPSED:
        return actor_is_system(decision->order) ? NULL : "NOT_PERMITTED";
    case CLOSED_CAUSE_UNSPECIFIED:
    case CLOSED_TEACHER_MERGED:
    case CLOSED_TEACHER_ERASED:
        break;
    }
    return "BAD_FORM";
}

static enum end
close_business(struct decision *decision, const CloseApplication *m)
{
    struct organization *organization;
    struct business_account *account;
    struct login_claim *login = login_claim_of(decision, m->login);
    const char *objection = account_find(
        decision, m->organization, m->account_id, &organization, &account);

    if (objection == NULL)
        objection = objection_to_cause(
            decision, m, account->person_id,
            objection_to_approver(decision, organization, account,
                                  (enum role)account->wanted_role));
    if (objection == NULL)
        objection = objection_to_closing(account->status, BUSINESS_CLOSE,
                                         account->account_id, login);
    if (objection != NULL)
        return refuse(decision, objection);

    business_application_close(decision, account, login, m);
    return DONE;
}

/* The officer's own unit is one where the applicant has a post. */
static bool
is_at_own_unit(struct decision *decision, const CloseApplication *m)
{
    const struct posts posts = {
        .copy = row_find(decision, &affiliations, m->person_id),
    };
    struct officer officer;

    if (posts.copy == NULL || !actor_find(decision, m->person_id, &officer) ||
        is_empty(officer.organization))
        return false;
    const struct unit own = {.code = officer.organization,
                             .kind = officer.kind};
    return posts_at(&posts, own.code) &&
           authority_holds(&officer, &own,
                           PERMISSION_TEACHER_ACCOUNT_MANAGEMENT, BY_OWN);
}

/* The school named in the application, even without a post there yet, or a
 * school where the applicant has a post. */
static const char *
objection_to_school(struct decision *decision, const CloseApplication *m,
                    const struct teacher_account *account)
{
    const char *named = same_text(account->organization, m->organization)
                            ? m->organization
                            : "";
    const char *objection = objection_to_manager_at(
        decision, named, account->account_id, account->person_id, BY_OWN);

    if (same_text(objection, "NOT_PERMITTED") && is_at_own_unit(decision, m))
        return NULL;
    return objection;
}

static enum end
close_teacher(struct decision *decision, const CloseApplication *m)
{
    struct teacher_account *account =
        row_find(decision, &teacher_accounts, m->account_id);
    struct login_claim *login = login_claim_of(decision, m->login);
    const char *objection =
        objection_to_teacher_account(decision, account, m->person_id);

    if (account == NULL || objection != NULL)
        return refuse(decision, objection);
    objection = objection_to_cause(decision, m, account->person_id,
                                   objection_to_school(decision, m, account));
    if (objection == NULL)
        objection = objection_to_closing(account->status, TEACHER_CLOSE,
                                         account->account_id, login);
    if (objection != NULL)
        return refuse(decision, objection);

    account_pass(&account->status, TEACHER_CLOSE);
    account->closed_cause = (int32_t)m->cause;
    account->login = account->name = account->phone = account->email = NULL;
    account->lapses_at = DB_NO_TIME;
    row_change(decision, account);
    login_take(decision, login, NULL);
    timer_clear(decision, lapse_timer(decision, account->account_id));

    say_application_closed(decision, account, m);
    return DONE;
}

enum end
do_close_application(struct decision *decision, const void *message)
{
    const CloseApplication *m = message;

    if (m->account_kind == (unsigned)ACCOUNT_TEACHER)
        return close_teacher(decision, m);
    return close_business(decision, m);
}
