/* TeacherState: where the person has posts, and the account's copies of the
 * record. Name and e-mail follow it while the account is ACTIVE or DISABLED; an
 * application keeps what its applicant wrote. The gateway then mails an open
 * ticket again. An older state changes nothing (rule 4); an empty field clears
 * nothing. Lane: the person. Serves T7, T10, T15. */
#include "account/account.h"

#include <string.h>

void
teacher_state_keys(struct keys *keys, const void *message)
{
    const TeacherState *m = message;

    if (m == NULL) /* a tombstone: TeacherErased carries this */
        return;
    keys_lane(keys, m->person_id);
    keys_row(keys, &affiliations, m->person_id);
    keys_children(keys, &teacher_accounts, m->person_id);
}

static bool
differs(const char *own, const char *record)
{
    return !is_empty(record) && strcmp(wire_member(own), record) != 0;
}

static void
follow(struct decision *decision, struct teacher_account *account,
       const TeacherState *m, struct teacher_mark seen)
{
    char *fields[2];
    TeacherAccountChanged changed;

    inservice__account__v1__teacher_account_changed__init(&changed);
    changed.fields = fields;
    if (differs(account->name, m->name)) {
        account->name = m->name;
        fields[changed.n_fields++] = wire_member("name");
    }
    if (differs(account->email, m->email)) {
        account->email = m->email;
        fields[changed.n_fields++] = wire_member("email");
    }
    if (changed.n_fields == 0)
        return;
    account->teacher_version = seen.version;
    account->teacher_incarnation = seen.incarnation;
    row_change(decision, account);

    changed.account_id = wire_member(account->account_id);
    changed.person_id = wire_member(account->person_id);
    say(decision, account, &changed.base);
}

static void
follow_posts(struct decision *decision, const TeacherState *m,
             struct teacher_mark seen)
{
    char **open = ARENA_ARRAY(decision->arena, char *, m->n_posts + 1);
    size_t count = 0;

    for (size_t i = 0; i < m->n_posts; i++)
        if (is_empty(m->posts[i]->until))
            open[count++] = m->posts[i]->organization;
    affiliation_follow(decision, m->person_id, seen, open, count);
}

enum end
on_teacher_state(struct decision *decision, const void *message)
{
    const TeacherState *m = message;
    struct teacher_account *account = NULL;

    if (m == NULL || m->fact == NULL)
        return DONE;
    struct teacher_mark seen = mark_of_fact(decision, m->fact);
    follow_posts(decision, m, seen);
    while ((account = row_child(decision, &teacher_accounts, m->person_id,
                                account))) {
        struct teacher_mark known = {account->teacher_incarnation,
                                     account->teacher_version};
        if (account_holds_person((enum account_status)account->status) &&
            mark_before(known, seen))
            follow(decision, account, m, seen);
    }
    return DONE;
}
