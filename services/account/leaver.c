/* A post has ended or come back: which accounts depend on it?
 *
 * Called by the reactors on the teacher service's facts, in the person's lane.
 * The account is in its unit's lane, so this file only orders the change (rule
 * 1). A post at a kindergarten's branch also supports an account of the main
 * one. Decides nothing about the account itself. Serves T15, T15a. */
#include "account/account.h"

void
leaver_keys(struct keys *keys, const char *unit, char *const *now_at,
            size_t count)
{
    keys_row(keys, &other_units, unit);
    for (size_t i = 0; i < count; i++)
        keys_row(keys, &other_units, now_at[i]);
}

/* The main kindergarten of a branch, or NULL. */
static const char *
main_of(struct decision *decision, const char *code)
{
    const struct unit_row *unit = row_find(decision, &other_units, code);

    return unit != NULL && unit->kind == KIND_KINDERGARTEN &&
                   !is_empty(unit->parent_code)
               ? unit->parent_code
               : NULL;
}

/* Whether a remaining post supports an account of this unit. */
static bool
is_supported(struct decision *decision, const struct leaver *leaver,
             const char *unit)
{
    for (size_t i = 0; i < leaver->count; i++) {
        const char *at = leaver->organizations[i];
        if (same_text(at, unit) || same_text(main_of(decision, at), unit))
            return true;
    }
    return false;
}

static void
suspend_at(struct decision *decision, const struct leaver *leaver,
           const char *unit)
{
    SuspendLeaver command;

    if (is_empty(unit) || is_supported(decision, leaver, unit))
        return;
    inservice__account__v1__suspend_leaver__init(&command);
    command.organization = wire_member(unit);
    command.person_id = wire_member(leaver->person_id);
    command.teacher_version = leaver->fact.version;
    command.teacher_incarnation = leaver->fact.incarnation;
    command.move_id = wire_member(leaver->move_id);
    order_self(decision,
               arena_printf(decision->arena, "SuspendLeaver/%s", unit), unit,
               &command.base);
}

static void
resume_at(struct decision *decision, const struct leaver *leaver,
          const char *unit)
{
    ResumeBusinessAccount command;

    if (is_empty(unit) || !is_supported(decision, leaver, unit))
        return;
    inservice__account__v1__resume_business_account__init(&command);
    command.organization = wire_member(unit);
    command.person_id = wire_member(leaver->person_id);
    command.move_id = wire_member(leaver->move_id);
    command.teacher_version = leaver->fact.version;
    command.teacher_incarnation = leaver->fact.incarnation;
    order_self(decision,
               arena_printf(decision->arena, "ResumeBusinessAccount/%s", unit),
               unit, &command.base);
}

void
order_leaver_suspended(struct decision *decision, const struct leaver *leaver)
{
    suspend_at(decision, leaver, leaver->unit);
    suspend_at(decision, leaver, main_of(decision, leaver->unit));
}

void
leaver_follow(struct decision *decision, const struct leaver *leaver)
{
    affiliation_follow(decision, leaver->person_id, leaver->fact,
                       leaver->organizations, leaver->count);
    order_leaver_suspended(decision, leaver);
}

void
order_leaver_resumed(struct decision *decision, const struct leaver *leaver)
{
    resume_at(decision, leaver, leaver->unit);
    resume_at(decision, leaver, main_of(decision, leaver->unit));
}
