/* post.c: the tables of post.h. Called through word.h. No rule is decided
 * here. Serves T1, T2, T11. */
#include "rules/post.h"

#define WORDS(title, rows)                                                     \
    {                                                                          \
        title, rows, sizeof(rows) / sizeof((rows)[0])                          \
    }

/* clang-format off */
static const struct word post_kind_rows[] = {
    {POST_PRIMARY, "PRIMARY", "主聘"},
    {POST_SECONDARY, "SECONDARY", "合聘/巡迴"},
};

static const struct word leave_reason_rows[] = {
    {LEAVE_RESIGNED, "RESIGNED", "離職"},
    {LEAVE_MOVED, "MOVED", "轉校"},
    {LEAVE_RETIRED, "RETIRED", "退休"},
};

static const struct word move_cause_rows[] = {
    {MOVE_REGISTERED, "REGISTERED", "學校登錄"},
    {MOVE_CLAIM, "CLAIM", "單一簽入更新"},
    {MOVE_MERGER, "MERGER", "學校整併"},
    {MOVE_LEFT, "LEFT", "離開學校"},
};

static const struct word identity_change_cause_rows[] = {
    {IDENTITY_REISSUED, "REISSUED", "換發新證號"},
    {IDENTITY_CORRECTION, "CORRECTION", "更正登錄錯誤"},
};
/* clang-format on */

const struct words post_kind_words = WORDS("post kind", post_kind_rows);
const struct words leave_reason_words =
    WORDS("leave reason", leave_reason_rows);
const struct words move_cause_words = WORDS("move cause", move_cause_rows);
const struct words identity_change_cause_words =
    WORDS("identity change cause", identity_change_cause_rows);
