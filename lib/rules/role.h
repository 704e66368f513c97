/* role.h: roles, permissions and states of accounts. Called by the account
 * service when it decides, by the gateway and the teacher service when they
 * check authority. Numbers equal those of the contracts. Never widens: every
 * function here only takes permissions away. Serves B1, B4-B6, B10, B24. */
#pragma once

#include "rules/organization.h"
#include "rules/word.h"

enum role {
    ROLE_UNSPECIFIED = 0, /* no business account, or one not yet enabled */
    ROLE_CHIEF = 1,
    ROLE_CONTACT = 2,
    ROLE_OPERATOR = 3,
};

enum permission {
    PERMISSION_COURSE_ENTRY = 1,
    PERMISSION_COURSE_MANAGEMENT = 2,
    PERMISSION_BUSINESS_ACCOUNT_MANAGEMENT = 4,
    PERMISSION_TEACHER_ACCOUNT_MANAGEMENT = 8,
    PERMISSION_STATISTICS = 16,
    PERMISSION_SYSTEM_ADMINISTRATION = 32, /* CHIEF of the platform only */
};

/* A set of permissions is the sum of its bits. */
#define PERMISSIONS_NONE 0u
#define PERMISSIONS_ALL  63u

enum account_kind {
    ACCOUNT_KIND_UNSPECIFIED = 0,
    ACCOUNT_BUSINESS = 1,
    ACCOUNT_TEACHER = 2,
};

enum account_status {
    ACCOUNT_STATUS_UNSPECIFIED = 0,
    ACCOUNT_NOT_APPLIED = 1, /* a teacher record without an account */
    ACCOUNT_PENDING = 2,     /* applied; holds its login, not the person */
    ACCOUNT_ACTIVE = 3,
    ACCOUNT_DISABLED = 4,
    ACCOUNT_DELETED = 5,
    ACCOUNT_CLOSED = 6, /* application ended; record gone */
};

enum disabled_cause {
    DISABLED_CAUSE_UNSPECIFIED = 0,
    DISABLED_MANAGER = 1,
    DISABLED_UNIT_CLOSED = 2,
    DISABLED_MERGED = 3,
    DISABLED_LEFT_UNIT = 4, /* T15; never given by a person */
};

enum closed_cause {
    CLOSED_CAUSE_UNSPECIFIED = 0,
    CLOSED_REJECTED = 1,
    CLOSED_WITHDRAWN = 2,
    CLOSED_LAPSED = 3, /* 30 days without an answer */
    CLOSED_TEACHER_MERGED = 4,
    CLOSED_TEACHER_ERASED = 5,
};

/* Applications that one command rejects at most (B11). */
enum { REJECTED_AT_ONCE_MAX = 200 };

enum enable_source {
    ENABLE_SOURCE_UNSPECIFIED = 0,
    ENABLED_BY_OFFICER = 1,
    ENABLED_BY_APPLICATION = 2,
    ENABLED_BY_ROAMING = 3,
};

enum enabling {
    ENABLING_UNSPECIFIED = 0,
    ENABLING_NEW = 1, /* a teacher account that does not exist yet */
    ENABLING_APPLICATION = 2,
    ENABLING_DISABLED_ACCOUNT = 3,
};

/* The gateway's proof about the person who sends a command. */
enum evidence {
    EVIDENCE_UNSPECIFIED = 0,
    EVIDENCE_NUMBER_CONFIRMED = 1, /* an officer entered the ID number */
    EVIDENCE_RECORD_MATCHED = 2,   /* number, name, e-mail are on record */
    EVIDENCE_ROAMING = 3,
    EVIDENCE_RECEIPT = 4,
    EVIDENCE_EMAIL_VERIFIED = 5,
};

enum predecessor_fate {
    PREDECESSOR_FATE_UNSPECIFIED = 0,
    PREDECESSOR_DISABLE = 1,
    PREDECESSOR_CONTACT = 2,
    PREDECESSOR_OPERATOR = 3,
};

extern const struct words role_words;
extern const struct words permission_words; /* a row per bit */
extern const struct words account_kind_words;
extern const struct words account_status_words;
extern const struct words disabled_cause_words;
extern const struct words closed_cause_words;
extern const struct words enable_source_words;
extern const struct words predecessor_fate_words;

/* Whether a kind of unit has this role (B10: universities, legal persons and
 * social-education bodies have OPERATOR only). */
bool role_allowed(enum role role, enum organization_kind kind);

/* Whether a unit of this kind is to have a CHIEF (B2): where the role exists,
 * its holder manages the unit's accounts, and a unit without one is a task
 * (I3). */
bool role_chief_expected(enum organization_kind kind);

/* The permissions that an account of this role at this kind of unit gets when
 * it is enabled (B4-B6), which are also the most it may ever hold (B24). */
unsigned permissions_default(enum role role, enum organization_kind kind);

/* Whether `wanted` narrows and does not widen (B24). */
bool permissions_within(unsigned wanted, enum role role,
                        enum organization_kind kind);

/* The permissions that an account has now: stored, narrowed by role, kind and
 * state of the unit. A unit that is not ACTIVE leaves COURSE_MANAGEMENT and
 * STATISTICS, so that running courses can be finished and counted. */
unsigned permissions_effective(unsigned stored, enum role role,
                               enum organization_kind kind,
                               enum organization_state state);

/* Whether an account in this status belongs to its holder nationwide (B11). */
bool account_holds_person(enum account_status status);

/* Whether an account in this status keeps its login name from others (B14). */
bool account_holds_login(enum account_status status);

/* Whether the list counts it as applied (T8). */
bool account_counts_as_applied(enum account_status status);
