/* Rows of `school_review`: an aggregate for each school and semester (T6).
 * Called by the engine only. */
#include <stddef.h>

#include "teacher/teacher.h"

static const struct db_column columns[] = {
    DB_COLUMN(school_review, review_id, DB_TEXT),
    DB_COLUMN(school_review, organization, DB_TEXT),
    DB_COLUMN(school_review, semester, DB_TEXT),
    DB_COLUMN(school_review, reviewer_account_id, DB_UUID),
    DB_COLUMN(school_review, reviewed_at, DB_TIME),
    DB_COLUMN(school_review, seen_position, DB_INT8),
    DB_COLUMN(school_review, teacher_count, DB_INT4),
    DB_COLUMN_AS("version", school_review, row.version, DB_INT8),
    {0},
};

static ProtobufCMessage *
snapshot(struct decision *decision, const void *row)
{
    const struct school_review *review = row;
    SchoolReviewState *state = ARENA_NEW(decision->arena, SchoolReviewState);

    inservice__teacher__v1__school_review_state__init(state);
    state->organization = wire_member(review->organization);
    state->semester = wire_member(review->semester);
    state->reviewer_account_id = wire_member(review->reviewer_account_id);
    state->reviewed_at = review->reviewed_at;
    state->seen_position = review->seen_position;
    state->teacher_count = (uint32_t)review->teacher_count;
    return &state->base;
}

const struct store school_reviews = {
    .name = "school_review",
    .kind = STORE_AGGREGATE,
    .size = sizeof(struct school_review),
    .columns = columns,
    .key = offsetof(struct school_review, review_id),
    .key_type = DB_TEXT,
    .lane_key = offsetof(struct school_review, organization),
    .state_type = "inservice.teacher.v1.SchoolReviewState",
    .snapshot = snapshot,
};
