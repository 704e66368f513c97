/* authority.h: the right to act on units and accounts: reach, and the one table
 * of approvers. The gateway asks before it sends a command, and the owning
 * service asks again before it decides. Pure: the caller brings the officer as
 * last seen, with *effective* permissions (role.h). Ignores step-up and time.
 * Serves B8-B11, B20-B22, T10, T15; the routes are in route.h. */
#pragma once

#include "rules/role.h"

#include <stdio.h>

/* The actor. Empty or NULL texts mean "none"; all zero is no person. */
struct officer {
    const char *account_id;
    const char *person_id;
    const char *organization; /* code of the unit the account works for */
    enum organization_kind kind;
    enum role role;       /* UNSPECIFIED: a teacher account */
    unsigned permissions; /* effective ones */
};

/* The unit acted on. Without a code: a teacher who has no unit. */
struct unit {
    const char *code;
    enum organization_kind kind;
    const char *managing_centre;
    const char *parent_code;
    enum organization_state state;
};

enum reach {
    REACH_NONE = 0,
    REACH_OWN = 1,  /* same code; a kindergarten also its branches */
    REACH_AREA = 2, /* a centre: units it manages (O4) */
    REACH_ALL = 3,  /* the platform */
};

/* A set of reaches, as tables of authority give it. */
enum reach_set {
    BY_NONE = 0,
    BY_OWN = 1 << REACH_OWN,
    BY_AREA = 1 << REACH_AREA,
    BY_ALL = 1 << REACH_ALL,
    BY_ANY = BY_OWN | BY_AREA | BY_ALL,
};

extern const struct words reach_words;

/* How the officer's permissions reach this unit. The nearest way counts: at its
 * own unit a centre or the platform has OWN. A unit out of reach is answered as
 * not found. */
enum reach reach_of(const struct officer *officer, const struct unit *unit);

/* How far an officer's permissions go at most; for the command's Actor. */
enum reach reach_widest(const struct officer *officer);

/* Whether the officer holds this permission and reaches the unit by one of
 * these reaches: the check where no account is concerned. */
bool authority_holds(const struct officer *officer, const struct unit *unit,
                     enum permission permission, unsigned reaches);

/* The kind of account in the table of approvers. */
enum approval {
    APPROVAL_NONE, /* no such account can exist */
    APPROVAL_SCHOOL_CHIEF,
    APPROVAL_SCHOOL_OTHER,
    APPROVAL_HIGHER,
    APPROVAL_CENTRE_CHIEF,
    APPROVAL_CENTRE_OTHER,
    APPROVAL_PLATFORM,
};

/* The row for an account that goes from `role` to `new_role` at a unit of this
 * kind; to or from CHIEF is the CHIEF's row (B8, B21). An application is no
 * role yet: give ROLE_UNSPECIFIED for it and the role that is ticked (B18). */
enum approval approval_of(enum organization_kind kind, enum role role,
                          enum role new_role);

/* What an officer may do with another officer's account. */
enum account_action {
    ACTION_APPROVE, /* enable, change, delete; a change to or from CHIEF is of
                     * the CHIEF's row (B21) */
    ACTION_DISABLE,
    ACTION_FORCE_LAST_CHIEF, /* with a reason (B22) */
    ACCOUNT_ACTIONS,
};

/* The table of authority over accounts: from where (enum reach_set) the action
 * is taken on an account that goes from `role` to `new_role`. */
unsigned authority_reaches(enum account_action action,
                           enum organization_kind kind, enum role role,
                           enum role new_role);

/* Whether the officer may enable, change or delete such an account. Of a unit
 * that has ended no CHIEF is left: those who may disable may delete (O3). With
 * both roles UNSPECIFIED: whether there is any account at this unit for which
 * they may (who sees applications, B25). Their own account: see below. */
bool authority_may_approve(const struct officer *officer,
                           const struct unit *unit, enum role role,
                           enum role new_role);

/* Whether the officer may disable such an account: approvers, and officers
 * above them, who must be able to lock an account at once (B23). */
bool authority_may_disable(const struct officer *officer,
                           const struct unit *unit, enum role role);

/* B20: whether the account or person acted on is the officer. NULL or empty ids
 * never match. */
bool authority_is_self(const struct officer *officer, const char *account_id,
                       const char *person_id);

/* Whether the last CHIEF of this unit may be taken away if the officer forces
 * it with a reason (B22): the managing centre for schools; for the platform
 * no officer; elsewhere the rule asks for no CHIEF, so approvers may. */
bool authority_may_force_last_chief(const struct officer *officer,
                                    const struct unit *unit);

/* Whether the rule of the last CHIEF holds for this kind of unit (B22). */
bool authority_needs_chief(enum organization_kind kind);

/* Whether the last CHIEF of this kind of unit stays unless the removal is
 * forced (B22). A kindergarten's last CHIEF may go without force. */
bool authority_last_chief_stays(enum organization_kind kind);

/* Whether the officer may take a teacher, who has this business role at this
 * unit, out of it (T2, T15): the school's own officers; a CHIEF only by a
 * fellow CHIEF or the managing centre, else HOLDS_CHIEF. */
bool authority_may_release(const struct officer *officer,
                           const struct unit *unit, enum role teacher_role);

/* Whether personal data are shown in full: at one's own unit only. */
bool authority_sees_full(const struct officer *officer,
                         const struct unit *unit);

/* The table of authority for each kind of unit and role, as Markdown. */
void authority_print(FILE *out);
