/* route.c: the rows of route.h, and how they print. Called by the gateway and
 * by tests; the answer to "may they?" is in route_check.c. Add a row here
 * first, then the handler: the gateway starts with no route that has no row.
 * Serves the same rules as route.h. */
#include "rules/route.h"

#include "attributes.h"

/* clang-format off */
/* The demands of a row: ★ step-up; a key if it creates, a version if it
 * changes. */
#define STEP_UP DEMAND_STEP_UP
#define KEY DEMAND_IDEMPOTENCY_KEY
#define VERSION DEMAND_IF_MATCH
#define NOT_SELF DEMAND_NOT_SELF
#define HALF DEMAND_HALF_SESSION

#define ANYONE {.ground = GROUND_ANYONE}
#define TOKEN {.ground = GROUND_TOKEN}
#define SIGNED_IN {.ground = GROUND_SIGNED_IN}
#define SELF {.ground = GROUND_SELF}
#define CLIENT(set) {.ground = GROUND_SCOPE, .scopes = (set)}
#define HOLDER(what, by) \
    {.ground = GROUND_PERMISSION, .permission = (what), .reaches = (by)}
#define HOLDER_FOR(about, what, by) \
    {.ground = GROUND_PERMISSION, .permission = (what), .reaches = (by), \
     .subject = (about)}
#define APPROVER {.ground = GROUND_APPROVER}
#define APPROVER_FOR(about) {.ground = GROUND_APPROVER, .subject = (about)}
#define DISABLER {.ground = GROUND_DISABLER}
/* The centre takes only a CHIEF out of a school (T15). */
#define CENTRE_FOR_CHIEF \
    {.ground = GROUND_PERMISSION, .permission = TAM, .reaches = BY_AREA, \
     .role = ROLE_CHIEF}

#define BAM PERMISSION_BUSINESS_ACCOUNT_MANAGEMENT
#define TAM PERMISSION_TEACHER_ACCOUNT_MANAGEMENT
#define SYS PERMISSION_SYSTEM_ADMINISTRATION

#define READ_TEACHERS (SCOPE_TEACHER_READ_MASKED | SCOPE_TEACHER_READ_FULL)

/* An import belongs to the unit that made it and needs the right for its rows.
 */
#define IMPORTER \
    HOLDER_FOR(SUBJECT_TEACHERS, TAM, BY_OWN), \
    HOLDER_FOR(SUBJECT_ORGANIZATIONS, SYS, BY_OWN), \
    {.ground = GROUND_SCOPE, .scopes = SCOPE_TEACHER_WRITE, \
     .subject = SUBJECT_TEACHERS}

static const struct route routes[] = {
    {1, "GET", "/v1/organizations", 0, {ANYONE}},
    {2, "GET", "/v1/organizations/{code}", 0, {ANYONE}},
    {3, "POST", "/v1/organizations", KEY, {HOLDER(SYS, BY_OWN)}},
    {4, "PATCH", "/v1/organizations/{code}", VERSION,
     {HOLDER(SYS, BY_ANY), HOLDER(BAM, BY_OWN)}},
    {5, "POST", "/v1/organizations/{code}/close", STEP_UP | KEY | VERSION,
     {HOLDER(SYS, BY_ANY)}},
    {7, "POST", "/v1/organizations/{code}/succeed-chief",
     STEP_UP | KEY | VERSION | NOT_SELF, {APPROVER}},

    {8, "GET", "/v1/organizations/{code}/reviews", 0, {HOLDER(TAM, BY_ANY)}},
    {9, "POST", "/v1/organizations/{code}/reviews", KEY,
     {HOLDER(TAM, BY_OWN)}},
    {10, "POST", "/v1/email-verifications", 0, {ANYONE}},
    {11, "POST", "/v1/email-verifications/{id}/confirm", 0, {ANYONE}},
    {12, "POST", "/v1/applications", KEY, {TOKEN, SIGNED_IN}},
    {13, "GET", "/v1/applications", 0, {APPROVER, HOLDER(TAM, BY_ANY)}},
    {14, "GET", "/v1/applications/{id}", 0,
     {TOKEN, SELF, APPROVER_FOR(SUBJECT_BUSINESS_ACCOUNTS),
      HOLDER_FOR(SUBJECT_TEACHERS, TAM, BY_ANY)}},
    {15, "POST", "/v1/applications/{id}/close", KEY | VERSION,
     {TOKEN, SELF, APPROVER_FOR(SUBJECT_BUSINESS_ACCOUNTS),
      HOLDER_FOR(SUBJECT_TEACHERS, TAM, BY_OWN)}},
    {16, "POST", "/v1/applications/{id}/enable",
     STEP_UP | KEY | VERSION | NOT_SELF,
     {APPROVER_FOR(SUBJECT_BUSINESS_ACCOUNTS),
      HOLDER_FOR(SUBJECT_TEACHERS, TAM, BY_OWN)}},

    {17, "GET", "/v1/business-accounts", 0,
     {HOLDER(BAM, BY_ANY), CLIENT(SCOPE_ACCOUNT_READ)}},
    {18, "GET", "/v1/business-accounts/{id}", 0,
     {HOLDER(BAM, BY_ANY), SELF, CLIENT(SCOPE_ACCOUNT_READ)}},
    {19, "PATCH", "/v1/business-accounts/{id}",
     STEP_UP | VERSION | NOT_SELF, {APPROVER}},
    {20, "POST", "/v1/business-accounts/{id}/enable",
     STEP_UP | KEY | VERSION | NOT_SELF, {APPROVER}},
    {21, "POST", "/v1/business-accounts/{id}/disable",
     STEP_UP | KEY | VERSION | NOT_SELF, {APPROVER, DISABLER}},
    {22, "DELETE", "/v1/business-accounts/{id}",
     STEP_UP | VERSION | NOT_SELF, {APPROVER}},
    {23, "GET", "/v1/business-accounts/{id}/open-courses", 0,
     {HOLDER(BAM, BY_ANY), SELF}},
    {24, "POST", "/v1/business-accounts/{id}/request-deletion", KEY | VERSION,
     {SELF}},
    {25, "GET", "/v1/business-accounts/{id}/history", 0,
     {HOLDER(BAM, BY_ANY), SELF}},
    /* Makes a ticket and leaves the account as it is: no version. */
    {26, "POST", "/v1/business-accounts/{id}/credential-tickets",
     STEP_UP | KEY | NOT_SELF, {APPROVER}},

    {27, "POST", "/v1/teacher-accounts", KEY, {HOLDER(TAM, BY_OWN)}},
    {28, "GET", "/v1/teacher-accounts/{id}", 0, {HOLDER(TAM, BY_ANY), SELF}},
    {29, "POST", "/v1/teacher-accounts/{id}/enable", KEY | VERSION | NOT_SELF,
     {HOLDER(TAM, BY_OWN)}},
    {30, "POST", "/v1/teacher-accounts/{id}/disable", KEY | VERSION | NOT_SELF,
     {HOLDER(TAM, BY_OWN | BY_ALL)}},
    {31, "POST", "/v1/teacher-accounts/{id}/credential-tickets",
     STEP_UP | KEY | NOT_SELF, {HOLDER(TAM, BY_OWN)}},
    {32, "GET", "/v1/teachers", 0,
     {HOLDER(TAM, BY_ANY), CLIENT(READ_TEACHERS)}},
    {33, "POST", "/v1/teachers/look-up", 0, {HOLDER(TAM, BY_ANY)}},
    {34, "POST", "/v1/teachers", KEY | DEMAND_IF_MATCH_IF_KNOWN,
     {HOLDER(TAM, BY_OWN)}},
    {35, "GET", "/v1/teachers/{id}", 0, {HOLDER(TAM, BY_ANY), SELF}},
    {36, "PATCH", "/v1/teachers/{id}", VERSION, {HOLDER(TAM, BY_OWN), SELF}},
    {37, "POST", "/v1/teachers/{id}/leave", KEY | VERSION | NOT_SELF,
     {HOLDER(TAM, BY_OWN), CENTRE_FOR_CHIEF}},
    {38, "GET", "/v1/moves", 0, {HOLDER(TAM, BY_ANY)}},
    {39, "POST", "/v1/teachers/{id}/moves/{move}/undo", KEY | VERSION,
     {HOLDER(TAM, BY_ANY)}},

    {40, "POST", "/v1/teachers/{id}/confirm", KEY | VERSION, {SELF}},
    {47, "GET", "/v1/me", HALF, {SIGNED_IN}},
    {55, "POST", "/v1/sessions", 0, {ANYONE}},
    /* A session has no version; ending it twice is the same. */
    {58, "DELETE", "/v1/sessions/{id}", HALF, {SELF}},
    {60, "POST", "/v1/credential-tickets/redeem", 0, {ANYONE}},

    {70, "GET", "/v1/tasks", 0, {SIGNED_IN}},
    {71, "GET", "/v1/operations", 0, {SIGNED_IN}},
    {72, "GET", "/v1/operations/{id}", 0, {SELF, TOKEN}},
    {73, "POST", "/v1/imports", KEY, {IMPORTER}},
    {75, "GET", "/v1/imports/{id}", 0, {IMPORTER}},
    {76, "GET", "/v1/imports/{id}/rows", 0, {IMPORTER}},
    {77, "POST", "/v1/imports/{id}/commit", KEY | VERSION, {IMPORTER}},

    {83, "GET", "/v1/directory", 0, {SIGNED_IN}},
    {84, "GET", "/v1/code-tables", 0, {ANYONE}},
    {85, "GET", "/v1/code-tables/{table}", 0, {ANYONE}},

    {90, "POST", "/v1/applications/close", STEP_UP | KEY | NOT_SELF,
     {APPROVER_FOR(SUBJECT_BUSINESS_ACCOUNTS)}},
    {91, "POST", "/v1/business-accounts/{id}/withdraw-deletion", KEY | VERSION,
     {SELF}},
};

static const struct word ground_rows[] = {
    {GROUND_ANYONE, "any", "不須登入"},
    {GROUND_TOKEN, "token", "持有驗證碼或申請查詢碼"},
    {GROUND_SIGNED_IN, "signed in", "已登入"},
    {GROUND_SELF, "self", "本人"},
    {GROUND_PERMISSION, "permission", "具備權限"},
    {GROUND_APPROVER, "approver", "審核者"},
    {GROUND_DISABLER, "disabler", "可停用者"},
    {GROUND_SCOPE, "client", "系統介接"},
};

static const struct word scope_rows[] = {
    {SCOPE_ACCOUNT_READ, "account.read", "讀取業務帳號"},
    {SCOPE_TEACHER_READ_MASKED, "teacher.read.masked", "讀取遮罩教師資料"},
    {SCOPE_TEACHER_READ_FULL, "teacher.read.full", "讀取完整教師資料"},
    {SCOPE_TEACHER_WRITE, "teacher.write", "匯入教師資料"},
    {SCOPE_EVENT_READ, "event.read", "讀取事件"},
};

static const struct word subject_rows[] = {
    {SUBJECT_BUSINESS_ACCOUNTS, "business accounts", "業務帳號"},
    {SUBJECT_TEACHERS, "teachers", "教師"},
    {SUBJECT_ORGANIZATIONS, "organizations", "機關單位"},
};
/* clang-format on */

const struct words ground_words = {"ground", ground_rows,
                                   COUNT_OF(ground_rows)};
const struct words scope_words = {"scope", scope_rows, COUNT_OF(scope_rows)};
static const struct words subject_words = {"subject", subject_rows,
                                           COUNT_OF(subject_rows)};

size_t
route_count(void)
{
    return COUNT_OF(routes);
}

const struct route *
route_at(size_t index)
{
    return index < COUNT_OF(routes) ? &routes[index] : NULL;
}

const struct route *
route_by_number(unsigned number)
{
    for (size_t i = 0; i < COUNT_OF(routes); i++)
        if (routes[i].number == number)
            return &routes[i];
    return NULL;
}

/* The members of a set of bits, with a separator. */
static void
print_set(FILE *out, const struct words *words, unsigned set, const char *sign)
{
    const char *before = "";

    for (size_t i = 0; i < words->count; i++) {
        if (!(set & (unsigned)words->rows[i].value))
            continue;
        fprintf(out, "%s%s", before, words->rows[i].name);
        before = sign;
    }
}

static void
print_reaches(FILE *out, unsigned reaches)
{
    if (reaches == BY_ANY)
        return;
    for (size_t i = 0; i < reach_words.count; i++)
        if (reaches >> reach_words.rows[i].value & 1u)
            fprintf(out, " %s", reach_words.rows[i].name);
}

static void
print_grant(FILE *out, const struct grant *grant)
{
    if (grant->ground == GROUND_PERMISSION) {
        print_set(out, &permission_words, grant->permission, " ");
        print_reaches(out, grant->reaches);
    } else {
        fputs(word_name(&ground_words, (int)grant->ground), out);
    }
    if (grant->ground == GROUND_SCOPE) {
        fputs(" ", out);
        print_set(out, &scope_words, grant->scopes, " or ");
    }
    if (grant->role != ROLE_UNSPECIFIED)
        fprintf(out, " (for a %s)", word_name(&role_words, (int)grant->role));
    if (grant->subject != SUBJECT_ANY)
        fprintf(out, " (%s)", word_name(&subject_words, (int)grant->subject));
}

void
route_print_who(FILE *out, const struct route *route)
{
    for (size_t g = 0; g < ROUTE_GRANTS && route->grants[g].ground; g++) {
        fputs(g ? "; " : "", out);
        print_grant(out, &route->grants[g]);
    }
    fputs(route->demands & DEMAND_NOT_SELF ? "; not oneself" : "", out);
}
