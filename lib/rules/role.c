/* role.c: the tables of role.h. Called by all three services. Never checks the
 * caller: see authority.h. Serves B1, B4-B6, B10, B11, B14, B24, T8. */
#include "rules/role.h"

#include "attributes.h"

#define COURSES (PERMISSION_COURSE_ENTRY | PERMISSION_COURSE_MANAGEMENT)

/* clang-format off */
static const struct word role_rows[] = {
    {ROLE_CHIEF, "CHIEF", "總負責人"},
    {ROLE_CONTACT, "CONTACT", "連絡人"},
    {ROLE_OPERATOR, "OPERATOR", "作業人員"},
};

static const struct word permission_rows[] = {
    {PERMISSION_COURSE_ENTRY, "COURSE_ENTRY", "研習課程登錄作業"},
    {PERMISSION_COURSE_MANAGEMENT, "COURSE_MANAGEMENT",
     "研習課程管理/資料上傳"},
    {PERMISSION_BUSINESS_ACCOUNT_MANAGEMENT, "BUSINESS_ACCOUNT_MANAGEMENT",
     "本單位業務帳號管理"},
    {PERMISSION_TEACHER_ACCOUNT_MANAGEMENT, "TEACHER_ACCOUNT_MANAGEMENT",
     "本單位教師帳號管理"},
    {PERMISSION_STATISTICS, "STATISTICS", "統計圖表"},
    {PERMISSION_SYSTEM_ADMINISTRATION, "SYSTEM_ADMINISTRATION", "系統管理"},
};

static const struct word account_kind_rows[] = {
    {ACCOUNT_BUSINESS, "BUSINESS", "業務帳號"},
    {ACCOUNT_TEACHER, "TEACHER", "教師個人帳號"},
};

static const struct word account_status_rows[] = {
    {ACCOUNT_NOT_APPLIED, "NOT_APPLIED", "待申請"},
    {ACCOUNT_PENDING, "PENDING", "待啟用"},
    {ACCOUNT_ACTIVE, "ACTIVE", "啟用中"},
    {ACCOUNT_DISABLED, "DISABLED", "停用中"},
    {ACCOUNT_DELETED, "DELETED", "已刪除"},
    {ACCOUNT_CLOSED, "CLOSED", "已結案"},
};

static const struct word disabled_cause_rows[] = {
    {DISABLED_MANAGER, "MANAGER", "管理者停用"},
    {DISABLED_UNIT_CLOSED, "UNIT_CLOSED", "單位裁撤"},
    {DISABLED_MERGED, "MERGED", "單位整併"},
    {DISABLED_LEFT_UNIT, "LEFT_UNIT", "已離開服務單位"},
};

static const struct word closed_cause_rows[] = {
    {CLOSED_REJECTED, "REJECTED", "審核未通過"},
    {CLOSED_WITHDRAWN, "WITHDRAWN", "申請人撤回"},
    {CLOSED_LAPSED, "LAPSED", "逾期未處理"},
    {CLOSED_TEACHER_MERGED, "TEACHER_MERGED", "教師資料已合併"},
    {CLOSED_TEACHER_ERASED, "TEACHER_ERASED", "教師資料已刪除"},
};

static const struct word enable_source_rows[] = {
    {ENABLED_BY_OFFICER, "OFFICER", "學校啟用"},
    {ENABLED_BY_APPLICATION, "APPLICATION", "本人申請"},
    {ENABLED_BY_ROAMING, "ROAMING", "帳號漫遊"},
};

static const struct word predecessor_fate_rows[] = {
    {PREDECESSOR_DISABLE, "DISABLE", "停用"},
    {PREDECESSOR_CONTACT, "CONTACT", "改為連絡人"},
    {PREDECESSOR_OPERATOR, "OPERATOR", "改為作業人員"},
};
/* clang-format on */

#define WORDS(title, rows)                                                     \
    {                                                                          \
        title, rows, COUNT_OF(rows)                                            \
    }

const struct words role_words = WORDS("role", role_rows);
const struct words permission_words = WORDS("permission", permission_rows);
const struct words account_kind_words =
    WORDS("account kind", account_kind_rows);
const struct words account_status_words =
    WORDS("account status", account_status_rows);
const struct words disabled_cause_words =
    WORDS("disabled cause", disabled_cause_rows);
const struct words closed_cause_words =
    WORDS("closed cause", closed_cause_rows);
const struct words enable_source_words =
    WORDS("enable source", enable_source_rows);
const struct words predecessor_fate_words =
    WORDS("predecessor fate", predecessor_fate_rows);

/* clang-format off */
/* B4-B6; the table below removes SYSTEM_ADMINISTRATION by kind. */
static const unsigned of_role[] = {
    [ROLE_UNSPECIFIED] = PERMISSIONS_NONE,
    [ROLE_CHIEF] = COURSES | PERMISSION_BUSINESS_ACCOUNT_MANAGEMENT |
                   PERMISSION_TEACHER_ACCOUNT_MANAGEMENT |
                   PERMISSION_STATISTICS | PERMISSION_SYSTEM_ADMINISTRATION,
    [ROLE_CONTACT] = COURSES | PERMISSION_TEACHER_ACCOUNT_MANAGEMENT |
                     PERMISSION_STATISTICS,
    [ROLE_OPERATOR] = COURSES | PERMISSION_STATISTICS,
};

/* The roles of a group (bit 1 << role), and the permissions held there. */
static const struct {
    unsigned roles;
    unsigned permissions;
} of_group[] = {
    [GROUP_NONE] = {0, PERMISSIONS_NONE},
    [GROUP_K12] = {1u << ROLE_CHIEF | 1u << ROLE_CONTACT | 1u << ROLE_OPERATOR,
                   PERMISSIONS_ALL & ~PERMISSION_SYSTEM_ADMINISTRATION},
    [GROUP_HIGHER] = {1u << ROLE_OPERATOR, COURSES | PERMISSION_STATISTICS},
    [GROUP_CENTRE] = {1u << ROLE_CHIEF | 1u << ROLE_CONTACT |
                          1u << ROLE_OPERATOR,
                      PERMISSIONS_ALL & ~PERMISSION_SYSTEM_ADMINISTRATION},
    [GROUP_PLATFORM] = {1u << ROLE_CHIEF | 1u << ROLE_CONTACT |
                            1u << ROLE_OPERATOR,
                        PERMISSIONS_ALL},
};

static const unsigned of_state[] = {
    [ORGANIZATION_STATE_UNSPECIFIED] = PERMISSIONS_NONE,
    [ORGANIZATION_ACTIVE] = PERMISSIONS_ALL,
    [ORGANIZATION_SUSPENDED] = PERMISSION_COURSE_MANAGEMENT |
                               PERMISSION_STATISTICS,
    [ORGANIZATION_CLOSED] = PERMISSION_COURSE_MANAGEMENT |
                            PERMISSION_STATISTICS,
    [ORGANIZATION_MERGED_INTO] = PERMISSION_COURSE_MANAGEMENT |
                                 PERMISSION_STATISTICS,
};

/* The claims that an account keeps in each status. */
static const struct {
    bool person;
    bool login;
    bool applied;
} holds[] = {
    [ACCOUNT_STATUS_UNSPECIFIED] = {false, false, false},
    [ACCOUNT_NOT_APPLIED] = {false, false, false},
    [ACCOUNT_PENDING] = {false, true, false},
    [ACCOUNT_ACTIVE] = {true, true, true},
    [ACCOUNT_DISABLED] = {true, true, true},
    [ACCOUNT_DELETED] = {false, false, false},
    [ACCOUNT_CLOSED] = {false, false, false},
};
/* clang-format on */

bool
role_allowed(enum role role, enum organization_kind kind)
{
    if (role == ROLE_UNSPECIFIED || (size_t)role >= COUNT_OF(of_role))
        return false;
    return (of_group[organization_group_of(kind)].roles >> role & 1u) != 0;
}

bool
role_chief_expected(enum organization_kind kind)
{
    return role_allowed(ROLE_CHIEF, kind);
}

unsigned
permissions_default(enum role role, enum organization_kind kind)
{
    if (!role_allowed(role, kind))
        return PERMISSIONS_NONE;
    return of_role[role] & of_group[organization_group_of(kind)].permissions;
}

bool
permissions_within(unsigned wanted, enum role role, enum organization_kind kind)
{
    return (wanted & ~permissions_default(role, kind)) == 0;
}

unsigned
permissions_effective(unsigned stored, enum role role,
                      enum organization_kind kind,
                      enum organization_state state)
{
    if ((size_t)state >= COUNT_OF(of_state))
        return PERMISSIONS_NONE;
    return stored & permissions_default(role, kind) & of_state[state];
}

bool
account_holds_person(enum account_status status)
{
    return (size_t)status < COUNT_OF(holds) && holds[status].person;
}

bool
account_holds_login(enum account_status status)
{
    return (size_t)status < COUNT_OF(holds) && holds[status].login;
}

bool
account_counts_as_applied(enum account_status status)
{
    return (size_t)status < COUNT_OF(holds) && holds[status].applied;
}
