/* route.h: the routes of the HTTP interface and who may use them, one row
 * each. The gateway's own table refers to these rows by number; the authority
 * matrix is tested against them, and the documents print them. Decides whether
 * a caller may ask, never whether the thing asked for is possible: that is the
 * owner's. Serves B8-B11, B20, B25, T10, T15. */
#pragma once

#include "rules/authority.h"

/* The ways to have the right to a route; one of a row's grants suffices. */
enum ground {
    GROUND_NONE = 0,   /* end of the grants */
    GROUND_ANYONE,     /* no sign-in */
    GROUND_TOKEN,      /* the proof handed out for this very thing */
    GROUND_SIGNED_IN,  /* any person */
    GROUND_SELF,       /* the account, person or client concerned */
    GROUND_PERMISSION, /* a permission, by some reaches */
    GROUND_APPROVER,   /* authority_may_approve */
    GROUND_DISABLER,   /* authority_may_disable */
    GROUND_SCOPE,      /* a machine client with one of the scopes */
};

/* The subject of a request, if one route serves several kinds. */
enum subject {
    SUBJECT_ANY = 0,
    SUBJECT_BUSINESS_ACCOUNTS,
    SUBJECT_TEACHERS, /* teacher accounts too */
    SUBJECT_ORGANIZATIONS,
};

/* Scopes of machine clients; a set is the sum of its bits. */
enum scope {
    SCOPE_ACCOUNT_READ = 1,
    SCOPE_TEACHER_READ_MASKED = 2,
    SCOPE_TEACHER_READ_FULL = 4,
    SCOPE_TEACHER_WRITE = 8,
    SCOPE_EVENT_READ = 16,
};

extern const struct words ground_words;
extern const struct words scope_words;

struct grant {
    enum ground ground;
    unsigned permission;  /* GROUND_PERMISSION: the permission asked */
    unsigned reaches;     /* GROUND_PERMISSION: enum reach_set */
    unsigned scopes;      /* GROUND_SCOPE: any of them */
    enum subject subject; /* counts for this subject only */
    enum role role;       /* counts only for a target in this role */
};

#define ROUTE_GRANTS 4

/* The demands of a route besides the right. */
enum demand {
    DEMAND_STEP_UP = 1,           /* proof of presence, 15 minutes at most */
    DEMAND_IDEMPOTENCY_KEY = 2,   /* without it IDEMPOTENCY_KEY_MISSING */
    DEMAND_IF_MATCH = 4,          /* without it PRECONDITION_REQUIRED */
    DEMAND_IF_MATCH_IF_KNOWN = 8, /* the owner answers if it is missing */
    DEMAND_NOT_SELF = 16,         /* B20 */
    DEMAND_HALF_SESSION = 32,     /* open before the second factor */
};

/* Rows read better in this order than without padding.
 * NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding) */
struct route {
    unsigned number; /* stable */
    const char *method;
    const char *path; /* {name} stands for one segment */
    unsigned demands; /* sum of enum demand */
    struct grant grants[ROUTE_GRANTS];
};

/* The caller. All zero: not signed in. */
struct caller {
    const struct officer *officer; /* a person's session; NULL if none */
    const char *client_id;         /* a machine client; NULL if none */
    unsigned scopes;               /* of the client */
    bool token;      /* has the receipt or token for this very thing */
    bool half;       /* the second factor is still due */
    bool stepped_up; /* fresh enough for DEMAND_STEP_UP */
};

/* The target of a request. All zero is a list without a filter on units: the
 * view cuts its rows to the caller's reach. */
struct target {
    const struct unit *unit;
    const char *account_id; /* or the id of the owning client */
    const char *person_id;
    enum role role;     /* of the account or teacher concerned, now */
    enum role new_role; /* the role asked for */
    enum subject subject;
};

enum authority {
    AUTHORITY_ALLOWED,
    AUTHORITY_NOT_SIGNED_IN,
    AUTHORITY_OUT_OF_REACH, /* answered as if it did not exist */
    AUTHORITY_NOT_PERMITTED,
    AUTHORITY_SELF_ACTION,
    AUTHORITY_STEP_UP_REQUIRED,
};

/* Whether the caller may use the route on the target. Step-up comes last: a
 * caller who would be refused anyway is not asked for a code. */
WARN_UNUSED enum authority authority_check(const struct route *route,
                                           const struct caller *caller,
                                           const struct target *target);

/* The refusal code of an answer (refusals.h), NULL for AUTHORITY_ALLOWED. */
const char *authority_refusal(enum authority authority);

/* All rows, by rising number. route_by_number gives NULL for an unknown number.
 */
size_t route_count(void);
const struct route *route_at(size_t index);
const struct route *route_by_number(unsigned number);

/* Who may use the route, in words, for the documents. */
void route_print_who(FILE *out, const struct route *route);
