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
    account->teacher = seen;
    row_change(decision, account);

    changed.account_id = wire_member(account->account_id);
    changed.person_id = wire_member(account->person_id);
    say(decision, account, &changed.base);
}

/* The units of the open posts; for a person without one, the units that await
 * them. Returns how many. */
static size_t
units_of(const TeacherState *m, char **ret_units)
{
    size_t count = 0;

    for (size_t i = 0; i < m->n_posts; i++)
        if (is_empty(m->posts[i]->until))
            ret_units[count++] = m->posts[i]->organization;
    bool posted = count > 0;
    for (size_t i = 0; i < m->n_moves && !posted; i++)
        if (m->moves[i]->done_at == 0 && m->moves[i]->undone_at == 0 &&
            !is_empty(m->moves[i]->to_organization))
            ret_units[count++] = m->moves[i]->to_organization;
    return count;
}

/* A fact of the same version may have come before; it knows no plans. */
static void
follow_posts(struct decision *decision, const TeacherState *m,
             struct teacher_mark seen)
{
    struct affiliation *copy = row_find(decision, &affiliations, m->person_id);
    char **units =
        ARENA_ARRAY(decision->arena, char *, m->n_posts + m->n_moves + 1);
    size_t count = units_of(m, units);

    if (copy != NULL && !mark_before(mark_of_copy(copy), seen) &&
        !mark_before(seen, mark_of_copy(copy)))
        affiliation_set(decision, copy, units, count);
    else
        affiliation_follow(decision, m->person_id, seen, units, count);
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
        if (account_holds_person((enum account_status)account->status) &&
            mark_before(account->teacher, seen))
            follow(decision, account, m, seen);
    }
    return DONE;
}
