/* The tables of the read model as the lane of views loads and saves them.
 *
 * One column table each, in the order of the statements v_*_load and v_*_save.
 * They are copies: no journal, no snapshot; `version` and `incarnation` are the
 * owner's, compared by copy_follow(). Never holds anything that is not in a
 * state of the owner.
 */
#include "gateway/views/views.h"

#include <string.h>

#include "rules/fold.h"

static const struct db_column organization_columns[] = {
    DB_COLUMN(v_organization, code, DB_TEXT),
    DB_COLUMN(v_organization, version, DB_INT8),
    DB_COLUMN(v_organization, incarnation, DB_INT8),
    DB_COLUMN(v_organization, name, DB_TEXT),
    DB_COLUMN(v_organization, folded, DB_TEXT),
    DB_COLUMN(v_organization, kind, DB_INT2),
    DB_COLUMN(v_organization, county, DB_TEXT),
    DB_COLUMN(v_organization, establishment, DB_TEXT),
    DB_COLUMN(v_organization, managing_centre, DB_TEXT),
    DB_COLUMN(v_organization, parent_code, DB_TEXT),
    DB_COLUMN(v_organization, phone, DB_TEXT),
    DB_COLUMN(v_organization, email, DB_TEXT),
    DB_COLUMN(v_organization, address, DB_TEXT),
    DB_COLUMN(v_organization, website, DB_TEXT),
    DB_COLUMN(v_organization, status, DB_INT2),
    DB_COLUMN(v_organization, merged_into, DB_TEXT),
    DB_COLUMN(v_organization, active_chiefs, DB_INT4),
    {0},
};

static const struct db_column business_account_columns[] = {
    DB_COLUMN(v_business_account, account_id, DB_UUID),
    DB_COLUMN(v_business_account, version, DB_INT8),
    DB_COLUMN(v_business_account, incarnation, DB_INT8),
    DB_COLUMN(v_business_account, organization, DB_TEXT),
    DB_COLUMN(v_business_account, person_id, DB_UUID),
    DB_COLUMN(v_business_account, role, DB_INT2),
    DB_COLUMN(v_business_account, permissions, DB_INT4),
    DB_COLUMN(v_business_account, status, DB_INT2),
    DB_COLUMN(v_business_account, cause, DB_INT2),
    DB_COLUMN(v_business_account, closed_cause, DB_INT2),
    DB_COLUMN(v_business_account, login, DB_TEXT),
    DB_COLUMN(v_business_account, name, DB_TEXT),
    DB_COLUMN(v_business_account, folded, DB_TEXT),
    DB_COLUMN(v_business_account, phone, DB_TEXT),
    DB_COLUMN(v_business_account, email, DB_TEXT),
    DB_COLUMN(v_business_account, wanted_role, DB_INT2),
    DB_COLUMN(v_business_account, succeeds, DB_UUID),
    DB_COLUMN(v_business_account, identity_proven, DB_BOOL),
    DB_COLUMN(v_business_account, teacher_version, DB_INT8),
    DB_COLUMN(v_business_account, move_id, DB_UUID),
    DB_COLUMN(v_business_account, applied_at, DB_TIME),
    DB_COLUMN(v_business_account, lapses_at, DB_TIME),
    DB_COLUMN(v_business_account, enabled_at, DB_TIME),
    DB_COLUMN(v_business_account, disabled_at, DB_TIME),
    DB_COLUMN(v_business_account, deletion_requested_at, DB_TIME),
    DB_COLUMN(v_business_account, deleted_at, DB_TIME),
    DB_COLUMN(v_business_account, settled, DB_BOOL),
    DB_COLUMN(v_business_account, open_courses, DB_INT4),
    DB_COLUMN(v_business_account, session_floor, DB_INT8),
    {0},
};

static const struct db_column teacher_columns[] = {
    DB_COLUMN(v_teacher, person_id, DB_UUID),
    DB_COLUMN(v_teacher, version, DB_INT8),
    DB_COLUMN(v_teacher, incarnation, DB_INT8),
    DB_COLUMN(v_teacher, name, DB_TEXT),
    DB_COLUMN(v_teacher, folded, DB_TEXT),
    DB_COLUMN(v_teacher, masked_name, DB_TEXT),
    DB_COLUMN(v_teacher, email, DB_TEXT),
    DB_COLUMN(v_teacher, sex, DB_INT2),
    DB_COLUMN(v_teacher, number_kind, DB_INT2),
    DB_COLUMN(v_teacher, merged_into, DB_UUID),
    DB_COLUMN(v_teacher, head, DB_TEXT),
    DB_COLUMN(v_teacher, masked_head, DB_TEXT),
    DB_COLUMN(v_teacher, record, DB_TEXT),
    DB_COLUMN(v_teacher, posts, DB_TEXT),
    DB_COLUMN(v_teacher, moves, DB_TEXT),
    DB_COLUMN(v_teacher, confirmed_semester, DB_TEXT),
    {0},
};

static const struct db_column teacher_account_columns[] = {
    DB_COLUMN(v_teacher_account, account_id, DB_UUID),
    DB_COLUMN(v_teacher_account, version, DB_INT8),
    DB_COLUMN(v_teacher_account, incarnation, DB_INT8),
    DB_COLUMN(v_teacher_account, person_id, DB_UUID),
    DB_COLUMN(v_teacher_account, status, DB_INT2),
    DB_COLUMN(v_teacher_account, cause, DB_INT2),
    DB_COLUMN(v_teacher_account, closed_cause, DB_INT2),
    DB_COLUMN(v_teacher_account, login, DB_TEXT),
    DB_COLUMN(v_teacher_account, organization, DB_TEXT),
    DB_COLUMN(v_teacher_account, name, DB_TEXT),
    DB_COLUMN(v_teacher_account, phone, DB_TEXT),
    DB_COLUMN(v_teacher_account, email, DB_TEXT),
    DB_COLUMN(v_teacher_account, source, DB_INT2),
    DB_COLUMN(v_teacher_account, identity_proven, DB_BOOL),
    DB_COLUMN(v_teacher_account, applied_at, DB_TIME),
    DB_COLUMN(v_teacher_account, lapses_at, DB_TIME),
    DB_COLUMN(v_teacher_account, enabled_at, DB_TIME),
    DB_COLUMN(v_teacher_account, disabled_at, DB_TIME),
    DB_COLUMN(v_teacher_account, session_floor, DB_INT8),
    {0},
};

static const struct db_column course_columns[] = {
    DB_COLUMN(v_course, course_id, DB_TEXT),
    DB_COLUMN(v_course, version, DB_INT8),
    DB_COLUMN(v_course, incarnation, DB_INT8),
    DB_COLUMN(v_course, account_id, DB_UUID),
    DB_COLUMN(v_course, organization, DB_TEXT),
    DB_COLUMN(v_course, title, DB_TEXT),
    DB_COLUMN(v_course, state, DB_INT2),
    {0},
};

static const struct db_column school_review_columns[] = {
    DB_COLUMN(v_school_review, review_id, DB_TEXT),
    DB_COLUMN(v_school_review, version, DB_INT8),
    DB_COLUMN(v_school_review, incarnation, DB_INT8),
    DB_COLUMN(v_school_review, organization, DB_TEXT),
    DB_COLUMN(v_school_review, semester, DB_TEXT),
    DB_COLUMN(v_school_review, reviewer_account_id, DB_UUID),
    DB_COLUMN(v_school_review, reviewed_at, DB_TIME),
    DB_COLUMN(v_school_review, teacher_count, DB_INT4),
    {0},
};

static const struct db_column code_table_columns[] = {
    DB_COLUMN(v_code_table, name, DB_TEXT),
    DB_COLUMN(v_code_table, version, DB_INT8),
    DB_COLUMN(v_code_table, incarnation, DB_INT8),
    DB_COLUMN(v_code_table, rows, DB_TEXT),
    {0},
};

#define RECORD(type, columns_, key_, key_type_)                                \
    {                                                                          \
        .name = #type, .kind = STORE_COPY, .size = sizeof(struct type),        \
        .columns = columns_, .key = offsetof(struct type, key_),               \
        .key_type = key_type_, .personal = false                               \
    }

const struct store v_organization_store =
    RECORD(v_organization, organization_columns, code, DB_TEXT);
const struct store v_business_account_store =
    RECORD(v_business_account, business_account_columns, account_id, DB_UUID);
const struct store v_teacher_store =
    RECORD(v_teacher, teacher_columns, person_id, DB_UUID);
const struct store v_teacher_account_store =
    RECORD(v_teacher_account, teacher_account_columns, account_id, DB_UUID);
const struct store v_course_store =
    RECORD(v_course, course_columns, course_id, DB_TEXT);
const struct store v_school_review_store =
    RECORD(v_school_review, school_review_columns, review_id, DB_TEXT);
const struct store v_code_table_store =
    RECORD(v_code_table, code_table_columns, name, DB_TEXT);

const char *
view_folded(struct arena *arena, const char *name)
{
    size_t room = fold_room(strlen(name));
    char *folded = arena_alloc(arena, room);

    return fold_name(name, folded, room) ? folded : "";
}

/* Compaction may remove the DISABLED between two ACTIVE states; a changed time
 * of the last enabling shows that it was there. A floor above an ACTIVE state
 * dates from before a restored backup. */
int64_t
view_session_floor(int64_t floor, int64_t version, bool active,
                   bool enabled_since)
{
    if (!active)
        return version + 1;
    return enabled_since || floor > version ? version : floor;
}

int64_t
view_time(int64_t at)
{
    return at > 0 ? at : DB_NO_TIME;
}
