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

#define COLUMN(type, member, db)                                               \
    {                                                                          \
#member, db, offsetof(struct type, member)                             \
    }

#define ORGANIZATION(member, db) COLUMN(v_organization, member, db)
static const struct db_column organization_columns[] = {
    ORGANIZATION(code, DB_TEXT),
    ORGANIZATION(version, DB_INT8),
    ORGANIZATION(incarnation, DB_INT8),
    ORGANIZATION(name, DB_TEXT),
    ORGANIZATION(folded, DB_TEXT),
    ORGANIZATION(kind, DB_INT2),
    ORGANIZATION(county, DB_TEXT),
    ORGANIZATION(establishment, DB_TEXT),
    ORGANIZATION(managing_centre, DB_TEXT),
    ORGANIZATION(parent_code, DB_TEXT),
    ORGANIZATION(phone, DB_TEXT),
    ORGANIZATION(email, DB_TEXT),
    ORGANIZATION(address, DB_TEXT),
    ORGANIZATION(website, DB_TEXT),
    ORGANIZATION(status, DB_INT2),
    ORGANIZATION(merged_into, DB_TEXT),
    ORGANIZATION(active_chiefs, DB_INT4),
    {0},
};

#define ACCOUNT(member, db) COLUMN(v_business_account, member, db)
static const struct db_column business_account_columns[] = {
    ACCOUNT(account_id, DB_UUID),
    ACCOUNT(version, DB_INT8),
    ACCOUNT(incarnation, DB_INT8),
    ACCOUNT(organization, DB_TEXT),
    ACCOUNT(person_id, DB_UUID),
    ACCOUNT(role, DB_INT2),
    ACCOUNT(permissions, DB_INT4),
    ACCOUNT(status, DB_INT2),
    ACCOUNT(cause, DB_INT2),
    ACCOUNT(closed_cause, DB_INT2),
    ACCOUNT(login, DB_TEXT),
    ACCOUNT(name, DB_TEXT),
    ACCOUNT(folded, DB_TEXT),
    ACCOUNT(phone, DB_TEXT),
    ACCOUNT(email, DB_TEXT),
    ACCOUNT(wanted_role, DB_INT2),
    ACCOUNT(succeeds, DB_UUID),
    ACCOUNT(identity_proven, DB_BOOL),
    ACCOUNT(teacher_version, DB_INT8),
    ACCOUNT(move_id, DB_UUID),
    ACCOUNT(applied_at, DB_TIME),
    ACCOUNT(lapses_at, DB_TIME),
    ACCOUNT(enabled_at, DB_TIME),
    ACCOUNT(disabled_at, DB_TIME),
    ACCOUNT(deletion_requested_at, DB_TIME),
    ACCOUNT(deleted_at, DB_TIME),
    ACCOUNT(settled, DB_BOOL),
    ACCOUNT(open_courses, DB_INT4),
    ACCOUNT(session_floor, DB_INT8),
    {0},
};

#define TEACHER(member, db) COLUMN(v_teacher, member, db)
static const struct db_column teacher_columns[] = {
    TEACHER(person_id, DB_UUID),   TEACHER(version, DB_INT8),
    TEACHER(incarnation, DB_INT8), TEACHER(name, DB_TEXT),
    TEACHER(folded, DB_TEXT),      TEACHER(masked_name, DB_TEXT),
    TEACHER(email, DB_TEXT),       TEACHER(sex, DB_INT2),
    TEACHER(number_kind, DB_INT2), TEACHER(merged_into, DB_UUID),
    TEACHER(head, DB_TEXT),        TEACHER(masked_head, DB_TEXT),
    TEACHER(record, DB_TEXT),      TEACHER(posts, DB_TEXT),
    TEACHER(moves, DB_TEXT),       {0},
};

#define LOGIN(member, db) COLUMN(v_teacher_account, member, db)
static const struct db_column teacher_account_columns[] = {
    LOGIN(account_id, DB_UUID),    LOGIN(version, DB_INT8),
    LOGIN(incarnation, DB_INT8),   LOGIN(person_id, DB_UUID),
    LOGIN(status, DB_INT2),        LOGIN(cause, DB_INT2),
    LOGIN(closed_cause, DB_INT2),  LOGIN(login, DB_TEXT),
    LOGIN(organization, DB_TEXT),  LOGIN(name, DB_TEXT),
    LOGIN(phone, DB_TEXT),         LOGIN(email, DB_TEXT),
    LOGIN(source, DB_INT2),        LOGIN(identity_proven, DB_BOOL),
    LOGIN(applied_at, DB_TIME),    LOGIN(lapses_at, DB_TIME),
    LOGIN(enabled_at, DB_TIME),    LOGIN(disabled_at, DB_TIME),
    LOGIN(session_floor, DB_INT8), {0},
};

#define COURSE(member, db) COLUMN(v_course, member, db)
static const struct db_column course_columns[] = {
    COURSE(course_id, DB_TEXT),    COURSE(version, DB_INT8),
    COURSE(incarnation, DB_INT8),  COURSE(account_id, DB_UUID),
    COURSE(organization, DB_TEXT), COURSE(title, DB_TEXT),
    COURSE(state, DB_INT2),        {0},
};

#define CODES(member, db) COLUMN(v_code_table, member, db)
static const struct db_column code_table_columns[] = {
    CODES(name, DB_TEXT),
    CODES(version, DB_INT8),
    CODES(incarnation, DB_INT8),
    CODES(rows, DB_TEXT),
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
const struct store v_code_table_store =
    RECORD(v_code_table, code_table_columns, name, DB_TEXT);

const char *
view_folded(struct arena *arena, const char *name)
{
    size_t room = fold_room(strlen(name));
    char *folded = arena_alloc(arena, room);

    return fold_name(name, folded, room) ? folded : "";
}

/* Compaction may swallow the DISABLED between two ACTIVE states; that the time
 * of the last enabling has changed tells that it was there. A floor above an
 * ACTIVE state is of a life that a restored backup has ended. */
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
