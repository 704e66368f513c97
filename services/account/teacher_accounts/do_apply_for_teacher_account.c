/* ApplyForTeacherAccount: a teacher applies for their own login. The
 * application holds the login name, never the person, so a stranger's
 * application does not keep the teacher out. A timer ends it. Lane: the person.
 * Serves T8, B12, B14, B25. */
#include "account/account.h"

#include <strings.h>

/* Applications that may wait in one person's name: from one mailbox, and from
 * all. Above CROWDED they lapse sooner. */
enum { APPLICATIONS_MAX = 5, CROWDED = 10, APPLICATIONS_OF_ALL_MAX = 100 };

struct waiting {
    int own, all; /* from the applicant's mailbox, and from all */
};

void
apply_for_teacher_account_keys(struct keys *keys, const void *message)
{
    const ApplyForTeacherAccount *m = message;

    keys_lane(keys, m->person_id);
    actor_keys(keys, m->order, m->person_id);
    keys_login(keys, m->login);
    keys_row(keys, &teacher_accounts, m->account_id);
    keys_children(keys, &teacher_accounts, m->person_id);
    keys_row(keys, &other_units, m->organization);
}

/* The school must be able to approve, otherwise the application could only
 * lapse. */
static const char *
objection_to_school(struct decision *decision, const char *code)
{
    const struct unit_row *school = row_find(decision, &other_units, code);

    if (school == NULL)
        return "ORGANIZATION_UNKNOWN";
    if (!organization_has_teachers((enum organization_kind)school->kind))
        return "UNIT_HAS_NO_TEACHERS";
    return organization_is_open((enum organization_state)school->status)
               ? NULL
               : "ORGANIZATION_CLOSED";
}

static bool
is_same_address(const char *one, const char *other)
{
    return strcasecmp(wire_member(one), wire_member(other)) == 0;
}

static struct waiting
count_waiting(struct decision *decision, const ApplyForTeacherAccount *m)
{
    const struct teacher_account *other = NULL;
    struct waiting waiting = {0};

    while (
        (other = row_child(decision, &teacher_accounts, m->person_id, other))) {
        if (other->status != ACCOUNT_PENDING)
            continue;
        waiting.all++;
        waiting.own += is_same_address(other->email, m->email);
    }
    return waiting;
}

/* A signed-in teacher is identified, so only applications from the same mailbox
 * count toward the limit. Applications by others give another refusal (B11). */
static const char *
objection_to_waiting(struct decision *decision, const struct waiting *waiting,
                     const ApplyForTeacherAccount *m)
{
    if (waiting->own >= APPLICATIONS_MAX)
        return "TOO_MANY_APPLICATIONS";
    if (waiting->all >= APPLICATIONS_OF_ALL_MAX &&
        !actor_is(decision, m->person_id, m->person_id))
        return "APPLICATIONS_FULL";
    return NULL;
}

static void
set_lapse_timer(struct decision *decision,
                const struct teacher_account *account)
{
    CloseApplication lapse;

    inservice__account__v1__close_application__init(&lapse);
    lapse.account_kind = (unsigned)ACCOUNT_TEACHER;
    lapse.account_id = wire_member(account->account_id);
    lapse.organization = wire_member(account->organization);
    lapse.person_id = wire_member(account->person_id);
    lapse.login = wire_member(account->login);
    lapse.cause = (unsigned)CLOSED_LAPSED;
    lapse_timer_set(decision, account->lapses_at, &lapse);
}

static struct teacher_account *
add_application(struct decision *decision, const ApplyForTeacherAccount *m,
                const struct waiting *waiting)
{
    bool crowded = waiting->all >= CROWDED &&
                   !actor_is(decision, m->person_id, m->person_id);
    struct teacher_account *account =
        row_add(decision, &teacher_accounts, m->account_id);

    account->person_id = m->person_id;
    account_pass(&account->status, TEACHER_APPLY);
    account->organization = m->organization;
    account->name = m->name;
    account->email = m->email;
    account->identity_proven =
        m->identity_proven && actor_is(decision, m->person_id, m->person_id);
    account->applied_at = decision->now;
    account->lapses_at =
        decision->now + (crowded ? account_settings.application_kept_crowded
                                 : account_settings.application_kept);
    account->enabled_at = account->disabled_at = DB_NO_TIME;
    return account;
}

enum end
do_apply_for_teacher_account(struct decision *decision, const void *message)
{
    const ApplyForTeacherAccount *m = message;
    struct login_claim *login = login_claim_of(decision, m->login);

    const char *objection = objection_to_applying(
        decision, m->person_id, m->person_id, (enum evidence)m->evidence);
    if (objection != NULL)
        return refuse(decision, objection);
    if (login == NULL || !is_id(m->account_id) || !is_id(m->person_id) ||
        !is_person(m->name, "", m->email) || is_empty(m->email))
        return refuse(decision, "BAD_FORM");
    objection = objection_to_school(decision, m->organization);
    if (objection != NULL)
        return refuse(decision, objection);
    if (row_find(decision, &teacher_accounts, m->account_id) != NULL)
        return refuse(decision, "CHANGED");
    const struct waiting waiting = count_waiting(decision, m);
    objection = objection_to_waiting(decision, &waiting, m);
    if (objection != NULL)
        return refuse(decision, objection);
    if (!login_free_for(login, m->account_id))
        return refuse(decision, "LOGIN_TAKEN");

    struct teacher_account *account = add_application(decision, m, &waiting);
    account->login = login->folded;
    login_take(decision, login, account->account_id);
    set_lapse_timer(decision, account);

    TeacherAccountApplied applied;
    inservice__account__v1__teacher_account_applied__init(&applied);
    applied.account_id = m->account_id;
    applied.person_id = m->person_id;
    applied.organization = m->organization;
    say(decision, account, &applied.base);
    return DONE;
}
