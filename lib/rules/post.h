/* post.h: words about a teacher's post and its end. Called by the teacher
 * service, by imports and by views. Numbers equal those of the contracts.
 * Titles, stages and subjects are code tables (T14), never words here.
 * Serves T1, T2, T11, B19. */
#pragma once

#include "rules/word.h"

enum post_kind {
    POST_KIND_UNSPECIFIED = 0,
    POST_PRIMARY = 1,
    POST_SECONDARY = 2, /* 合聘/巡迴 (T11) */
};

/* Subjects of one post, at most (T5). */
enum { POST_SUBJECTS_MAX = 20 };

enum leave_reason {
    LEAVE_REASON_UNSPECIFIED = 0,
    LEAVE_RESIGNED = 1,
    LEAVE_MOVED = 2, /* also after a pull by the new school (T1) */
    LEAVE_RETIRED = 3,
};

enum move_cause {
    MOVE_CAUSE_UNSPECIFIED = 0,
    MOVE_REGISTERED = 1,
    MOVE_CLAIM = 2, /* a roaming sign-in (S1) */
    MOVE_MERGER = 3,
    MOVE_LEFT = 4,
};

enum identity_change_cause {
    IDENTITY_CHANGE_UNSPECIFIED = 0,
    IDENTITY_REISSUED = 1,
    IDENTITY_CORRECTION = 2,
};

/* The row of the setting that teacher and gateway have, for both tables. */
#define UNDO_DAYS_SETTING(to)                                                  \
    {                                                                          \
        .name = "UNDO_DAYS", .type = SETTING_INT, .value = (to),               \
        .default_text = "30", .min = 0, .max = 400,                            \
        .help =                                                                \
            "How many days a move that was carried out may be undone (T1). "   \
            "Teacher and gateway need the same value.",                        \
    }

extern const struct words post_kind_words;
extern const struct words leave_reason_words;
extern const struct words move_cause_words;
extern const struct words identity_change_cause_words;
