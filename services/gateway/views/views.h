/* Rows of the read model and the handlers that keep them.
 *
 * A view follows its owner's states by incarnation and entity version
 * (copy_follow). An older or equal state changes nothing; a tombstone empties
 * personal fields. All structs begin like struct copy. Only the lane of views
 * writes these tables; HTTP handlers read them. */
#pragma once

#include <stdbool.h>
#include <stdint.h>

#include "chassis/db/db.h"
#include "chassis/lane/handler.h"
#include "chassis/lane/store.h"

#include "inservice/teacher/v1/states.pb-c.h"

struct v_organization {
    struct row row;
    const char *code;
    int64_t version, incarnation;
    const char *name, *folded;
    int32_t kind;
    const char *county, *establishment, *managing_centre, *parent_code;
    const char *phone, *email, *address, *website;
    int32_t status;
    const char *merged_into;
    int32_t active_chiefs;
};
BEGINS_LIKE_COPY(struct v_organization, code);

struct v_business_account {
    struct row row;
    const char *account_id;
    int64_t version, incarnation;
    const char *organization, *person_id;
    int32_t role, permissions, status, cause, closed_cause;
    const char *login, *name, *folded, *phone, *email;
    int32_t wanted_role;
    const char *succeeds;
    bool identity_proven;
    int64_t teacher_version;
    const char *move_id;
    int64_t applied_at, lapses_at, enabled_at, disabled_at;
    int64_t deletion_requested_at, deleted_at;
    bool settled;
    int32_t open_courses;
    int64_t session_floor;
};
BEGINS_LIKE_COPY(struct v_business_account, account_id);

struct v_teacher {
    struct row row;
    const char *person_id;
    int64_t version, incarnation;
    const char *name, *folded, *masked_name, *email;
    int32_t sex, number_kind;
    const char *merged_into, *confirmed_semester;
    /* JSON fragments. A full document is head + "," + record + "}". */
    const char *head, *masked_head, *record;
    /* JSON that the save spreads into rows; NULL: unchanged */
    const char *posts, *moves;
    const char *settled; /* as in moves, those of this batch's earlier states */
};
BEGINS_LIKE_COPY(struct v_teacher, person_id);

struct v_teacher_account {
    struct row row;
    const char *account_id;
    int64_t version, incarnation;
    const char *person_id;
    int32_t status, cause, closed_cause;
    const char *login, *organization, *name, *phone, *email;
    int32_t source;
    bool identity_proven;
    int64_t applied_at, lapses_at, enabled_at, disabled_at;
    int64_t session_floor;
};
BEGINS_LIKE_COPY(struct v_teacher_account, account_id);

struct v_course {
    struct row row;
    const char *course_id;
    int64_t version, incarnation;
    const char *account_id, *organization, *title;
    int32_t state;
};
BEGINS_LIKE_COPY(struct v_course, course_id);

struct v_school_review { /* T6 */
    struct row row;
    const char *review_id; /* organization/semester */
    int64_t version, incarnation;
    const char *organization, *semester, *reviewer_account_id;
    int64_t reviewed_at;
    int32_t teacher_count;
};
BEGINS_LIKE_COPY(struct v_school_review, review_id);

struct v_code_table {
    struct row row;
    const char *name;
    int64_t version, incarnation;
    const char *rows; /* JSON */
};
BEGINS_LIKE_COPY(struct v_code_table, name);

extern const struct store v_organization_store;
extern const struct store v_business_account_store;
extern const struct store v_teacher_store;
extern const struct store v_teacher_account_store;
extern const struct store v_course_store;
extern const struct store v_school_review_store;
extern const struct store v_code_table_store;

/* keys() and handle() of each, for the table in inbox.c. */
void view_organization_keys(struct keys *keys, const void *message);
enum end view_organization(struct decision *decision, const void *message);
void view_business_account_keys(struct keys *keys, const void *message);
enum end view_business_account(struct decision *decision, const void *message);
void view_teacher_keys(struct keys *keys, const void *message);
enum end view_teacher(struct decision *decision, const void *message);
void view_teacher_account_keys(struct keys *keys, const void *message);
enum end view_teacher_account(struct decision *decision, const void *message);
void view_course_keys(struct keys *keys, const void *message);
enum end view_course(struct decision *decision, const void *message);
void view_course_owner_keys(struct keys *keys, const void *message);
enum end view_course_owner(struct decision *decision, const void *message);
void view_school_review_keys(struct keys *keys, const void *message);
enum end view_school_review(struct decision *decision, const void *message);
void view_code_table_keys(struct keys *keys, const void *message);
enum end view_code_table(struct decision *decision, const void *message);

/* --- teacher_document.c: a teacher's record as JSON for readers --- */
/* Writes the row's heads and record from the state. `number` is the masked ID
 * number or NULL. Pure. */
void teacher_document(struct arena *arena,
                      const Inservice__Teacher__V1__TeacherState *state,
                      const char *number, struct v_teacher *ret_row);
/* The place in a record where its moves begin; posts come before it. */
const char *teacher_moves_in(const char *record);
/* The open posts, which the save spreads into v_post. Pure. */
const char *
teacher_post_rows(struct arena *arena,
                  const Inservice__Teacher__V1__TeacherState *state);
/* Writes the row's moves, for v_move: the stored settled ones, then the state's
 * own (a state tells the latest 40). Of two with one id the last
 * counts. Pure. */
void teacher_move_rows(struct arena *arena,
                       const Inservice__Teacher__V1__TeacherState *state,
                       struct v_teacher *row);

/* --- common ground of the views (stores.c) ------------------------------ */
/* The name in its folded form; "" if it cannot be folded. */
const char *view_folded(struct arena *arena, const char *name);
/* Microseconds where 0 means never. */
int64_t view_time(int64_t at);
/* Returns the version below which sessions of an account are dead (T16), after
 * a state of this version. `enabled_since`: the account was enabled again
 * meanwhile. Call it before the row takes the state's own `enabled_at`. */
int64_t view_session_floor(int64_t floor, int64_t version, bool active,
                           bool enabled_since);
