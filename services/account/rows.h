/* The rows of the account service: each struct is a row of one table.
 *
 * Enums are stored as int32_t, with the numbers of lib/rules and the contracts.
 * Times are µs since 1970 UTC; DB_NO_TIME means "not". */
#pragma once

#include "chassis/lane/store.h"

/* How new a teacher's record is. The mark with the higher incarnation is newer;
 * within one incarnation, the mark with the higher version (rules 8, 11). */
struct teacher_mark {
    int64_t incarnation, version; /* 0: no record */
};

struct organization {
    struct row row;
    const char *code, *name;
    int32_t kind; /* enum organization_kind */
    const char *county, *establishment, *managing_centre, *parent_code;
    const char *phone, *email, *address, *website;
    int32_t status; /* enum organization_state */
    const char *merged_into;
    int32_t active_chiefs; /* B22: ACTIVE CHIEFs holding account management */
    int64_t closed_at;
};

struct business_account {
    struct row row;
    const char *account_id, *organization, *person_id;
    int32_t role;        /* UNSPECIFIED while PENDING */
    int32_t permissions; /* as stored; the unit's state may narrow it */
    int32_t status, cause, closed_cause;
    const char *login, *name, *phone, *email;
    int32_t wanted_role;
    const char *succeeds;
    bool identity_proven;
    struct teacher_mark teacher; /* the last teacher fact a decision used */
    const char *move_id;
    int64_t applied_at, lapses_at, enabled_at, disabled_at;
    int64_t disabled_version; /* the version that made it so; or 0 */
    int64_t deletion_requested_at, deleted_at;
    bool settled;         /* for readers; decisions read course_settled */
    int32_t open_courses; /* for readers, while settled */
};

struct teacher_account {
    struct row row;
    const char *account_id, *person_id;
    int32_t status, cause, closed_cause;
    const char *login, *organization, *name, *phone, *email;
    int32_t source; /* enum enable_source */
    bool identity_proven;
    int64_t applied_at, lapses_at, enabled_at, disabled_at;
    struct teacher_mark teacher; /* the last teacher fact a decision used */
};

struct platform_claim { /* the unit that is the platform; the lock of mergers */
    struct row row;
    const char *name, *organization;
};

struct holder_claim { /* B11: one live business account per person */
    struct row row;
    const char *person_id, *account_id, *organization;
};

struct login_claim { /* B14: one live account per login name, both kinds */
    struct row row;
    const char *folded, *account_id;
};

struct unit_load { /* waiting applications; no part of its state */
    struct row row;
    const char *organization;
    int32_t pending; /* rule 7 */
};

struct course_guard { /* B15, C1 */
    struct row row;
    const char *course_id, *account_id, *organization, *title;
    int32_t state; /* of course.v1.CourseState; 0: unknown, counts as open */
    int64_t course_version;
};

struct course_settled { /* B15: which disabling the course system answered */
    struct row row;
    const char *account_id;
    int64_t account_version;
};

/* T15: where a person has posts, or, without one, the units that await them;
 * from the teacher service's facts and states. Begins like struct copy. */
struct affiliation {
    struct row row;
    const char *person_id;
    int64_t version, incarnation; /* of the teacher record */
    const char *organizations;    /* codes, separated by spaces; NULL: none */
};
BEGINS_LIKE_COPY(struct affiliation, person_id);

/* Hints: read across lanes, without a lock. */
struct officer_row { /* a business account with its unit, or a teacher's,
                      * without unit, role and permissions */
    struct row row;
    const char *account_id, *organization, *person_id;
    int32_t role, permissions, status, kind, unit_status;
    int64_t version;
};

struct unit_row { /* an organization of another lane */
    struct row row;
    const char *code;
    int32_t kind, status;
    const char *managing_centre, *parent_code;
};

struct unit_dependents {
    struct row row;
    const char *code;
    int32_t count; /* open units that name this one as centre or parent */
    int32_t centre_over, parent_over; /* 1: its own is closed or merged */
};

struct active_account { /* of a unit; only its key is read */
    struct row row;
    const char *account_id, *organization;
};

extern const struct store platform_claims, holder_claims, login_claims,
    organizations, business_accounts, teacher_accounts, unit_loads,
    course_guards, courses_settled, affiliations, officers, other_units,
    affiliations_elsewhere, unit_dependents, active_accounts;
