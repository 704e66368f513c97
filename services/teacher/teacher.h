/* The teacher service: its rows, its tables, and what its files share.
 *
 * A teacher is one aggregate: the record, its posts (one primary school, any
 * number of secondary ones) and its moves. Every change of a post is a move, so
 * that it can be planned, seen by both schools and undone (T1, T2, T11). Enums
 * are stored as int32_t, with the numbers of lib/rules and the contracts. Times
 * are µs since 1970 UTC; DB_NO_TIME means "not". Dates are ISO texts. */
#pragma once

#include "chassis/base/settings.h"
#include "chassis/base/wire.h"
#include "chassis/lane/handler.h"
#include "chassis/lane/service_tables.h"
#include "chassis/lane/store.h"

#include "rules/authority.h"
#include "rules/code_list.h"
#include "rules/day.h"
#include "rules/post.h"

#include "teacher/messages.h"

/* --- rows --------------------------------------------------------------- */
struct teacher {
    struct row row;
    const char *person_id;
    struct db_blob number_sealed; /* sealed by the gateway; never opened here */
    int32_t number_kind;
    const char *name;
    int32_t sex;
    const char *email;
    const char *confirmed_semester; /* T6; NULL: never */
    int64_t confirmed_at;
};

struct school_review { /* T6: who looked a school through, by semester */
    struct row row;
    const char *review_id; /* "014301/114-1" */
    const char *organization, *semester;
    const char *reviewer_account_id;
    int64_t reviewed_at;
    int64_t seen_position; /* of the list, as the gateway numbers it */
    int32_t teacher_count;
};

/* The table stores these numbers. Posts are loaded and saved in this order, so
 * that a post closes before another opens (sql/query/post_load_children). */
enum post_state {
    POST_OPEN = 1,
    POST_PLANNED = 2, /* its move has a later day */
    POST_CLOSED = 3,
    POST_UNDONE = 4, /* undone: counts as never opened */
};

struct post {
    struct row row;
    const char *post_id; /* the move that opens it */
    const char *person_id, *organization;
    int32_t kind;  /* enum post_kind */
    int32_t state; /* enum post_state */
    const char *title, *stage, *unit_note;
    const char *subjects; /* codes, separated by spaces */
    const char *since;
    const char *until;      /* first day without; NULL: not closed */
    int32_t source;         /* enum move_cause */
    int32_t reason;         /* enum leave_reason, when closed */
    const char *closed_by;  /* the move that closed it, or NULL */
    int64_t closed_version; /* of the teacher; 0: not closed, not undone */
};

struct move {
    struct row row;
    const char *move_id; /* id of the command that ordered it */
    const char *person_id;
    const char *from_organization; /* "": enters */
    const char *to_organization;   /* "": leaves */
    int32_t cause;                 /* enum move_cause */
    int32_t kind;                  /* enum post_kind */
    int32_t reason;                /* enum leave_reason, of a leave */
    const char *effective_on;
    bool releases_chief; /* its author may let a CHIEF go */
    int64_t ordered_at, done_at, undone_at;
    int64_t settled_version; /* teacher's, when done or undone; 0: planned */
};

struct code_table { /* T14; its lane is its name */
    struct row row;
    const char *table_name;
};

struct code {
    struct row row;
    const char *code_id; /* "title/T01" */
    const char *table_name, *code, *label, *label_en;
    const char *valid_from;  /* NULL: no start */
    const char *valid_until; /* first day without; NULL: no end */
    int32_t position;
    const char *members; /* of a title set: codes, separated by spaces */
    const char *group;   /* code of its class or group; "": none */
    bool removed;
};

/* Copies of the account service's units and officers; they begin like struct
 * copy. */
struct organization_copy {
    struct row row;
    const char *code;
    int64_t version, incarnation; /* those of the unit's state */
    int32_t kind, status;
    const char *managing_centre, *parent_code;
    const char *merged_into; /* NULL: it is not merged */
    const char *person_id;   /* units_of_persons only: the person there */
};
BEGINS_LIKE_COPY(struct organization_copy, code);

/* A teacher's own account has no unit, no role and no permissions. */
struct officer_copy {
    struct row row;
    const char *account_id;
    int64_t version, incarnation; /* those of the account's state */
    const char *person_id, *organization;
    int32_t role;
    int32_t permissions; /* as stored; the unit's state may narrow it */
    int32_t status;      /* enum account_status */
};
BEGINS_LIKE_COPY(struct officer_copy, account_id);
/* Takes the role, status and place of `shown`, unless our copy is as new. */
enum end officer_copy_follow(struct decision *decision, const char *account_id,
                             const Inservice__Common__V1__Fact *fact,
                             const struct officer_copy *shown);

struct person_at_unit { /* a person with an open or planned post there */
    struct row row;
    const char *person_id, *organization;
};

/* posts and moves are children of teachers, codes of code_tables. */
extern const struct store teachers, posts, moves, school_reviews, code_tables,
    codes, organization_copies, officer_copies;

/* Hints: the same tables, read across lanes without a lock. Units by code and
 * by a person's posts and moves; officers by account and by person; persons by
 * the unit of their posts. */
extern const struct store codes_elsewhere, units, units_of_persons, officers,
    officers_of_persons, persons_at_units;

/* --- tables handed to the chassis --------------------------------------- */
extern const struct core teacher_core;
extern const struct handler teacher_handlers[];
extern const struct store *const teacher_stores[];
extern const struct input teacher_inputs[];
extern const struct output teacher_outputs[];
extern const struct setting teacher_setting_rows[];

struct teacher_settings {
    int64_t plan_days;           /* a move may be planned this far ahead */
    int64_t undo_days;           /* a done move may be undone this long */
    int64_t pulls_per_day;       /* by one school; more: PULL_BRAKE */
    int64_t look_up_hours;       /* a look-up is good for a pull this long */
    int64_t semester_opens_days; /* before its first day, for confirming (T6) */
};
extern struct teacher_settings teacher_settings;

/* --- the actor of an order (actor.c); kinds of it: common/v1/order.proto --
 */
void actor_keys(struct keys *keys, const Order *order);
/* A timer, a self-command or the host's command line: no actor at all. */
bool actor_is_system(const Order *order);
/* Reads the account from our copy. Returns NULL, or a refusal code: no account
 * gives the order, it is not ACTIVE, or the copy is older than the claim. The
 * texts live as long as the batch. */
WARN_UNUSED const char *actor_find(struct decision *decision,
                                   struct officer *ret_officer);

/* The person's role in an ACTIVE business account of that unit, from our copy.
 * A later version that a command saw can only make them a CHIEF (chief.c, T15).
 */
enum role role_at(struct decision *decision, const char *person_id,
                  const char *organization, enum role seen_role,
                  int64_t seen_version);

/* --- the school concerned (unit.c) -------------------------------------- */
/* The unit from our copy. Kind UNSPECIFIED: there is no copy yet. */
struct unit unit_read(struct decision *decision, const char *code);
/* The unit of one of the person's posts or moves; only its code is set if there
 * is no copy. */
struct unit unit_of_place(struct decision *decision, const char *person_id,
                          const char *code);

/* Whether a person may be entered under this name; a detail of the refusal says
 * if not (teachers/name.c). */
bool is_name(struct decision *decision, const char *name);

/* --- reviews (reviews/semester.c) --------------------------------------- */
/* T6: the semester of that time, or the next one shortly before it begins. */
bool semester_is_open(const char *semester, int64_t at);

/* --- codes (code.c) ----------------------------------------------------- */
struct post_codes { /* of one post in a command; NULL: not given */
    const char *title, *stage;
    char *const *subjects;
    size_t n_subjects;
};
void post_codes_keys(struct keys *keys, const struct post_codes *named);
/* More than a post may have; a detail of the refusal says so. */
bool too_many_subjects(struct decision *decision, size_t count);
/* Whether all codes are in their tables and valid on that day; an empty one is
 * accepted. Adds a particular to the refusal (CODE_UNKNOWN) for each other
 * code. */
bool post_codes_known(struct decision *decision, const struct post_codes *named,
                      const char *day);
/* Writes "table/code" into the buffer and returns it. */
char *code_id(const char *table, const char *code, char ret_id[KEY_MAX]);
/* Joins a list into one text with spaces, without repeated and empty codes;
 * splits it again. */
char *codes_join(struct arena *arena, char *const *list, size_t count);
size_t codes_split(struct arena *arena, const char *text, char ***ret_list);

/* --- posts of one person (post.c) --------------------------------------- */
enum { POSTS_MAX = 20 }; /* open or planned; more would exceed what is loaded */

/* The open post at a school; the open primary post. NULL if there is none. */
struct post *post_at(struct decision *decision, const char *person_id,
                     const char *organization);
struct post *post_primary(struct decision *decision, const char *person_id);
/* For a person without an open post, entered for a later day: the planned post
 * at a school, or the planned primary one for "". NULL if there is none. */
struct post *post_awaited(struct decision *decision, const char *person_id,
                          const char *organization);
/* The post that a move opens or opened; NULL for a leave. */
struct post *post_of_move(struct decision *decision, const struct move *move);
/* The number of open and planned posts. */
size_t post_count(struct decision *decision, const char *person_id);
/* Codes of the schools with an open post: `organizations` of the facts. */
size_t post_organizations(struct decision *decision, const char *person_id,
                          char ***ret_organizations);

/* --- moves of one person (move.c): only here do posts open and close ---- */
/* The day a move takes effect; "" is today. Returns false if it is no date, is
 * past, or is too far ahead, and adds a particular (BAD_FORM). */
WARN_UNUSED bool move_day(struct decision *decision, const char *effective_on,
                          char ret_day[DAY_TEXT]);
struct move *move_find(struct decision *decision, const char *person_id,
                       const char *move_id);
bool move_is_planned(const struct move *move);
/* The done move that settled last; only this one can be undone. */
struct move *move_latest(struct decision *decision, const char *person_id);
/* A new move, with the order's id; the caller sets from where or to where. */
struct move *move_add(struct decision *decision, struct teacher *teacher,
                      const char *day);
/* Carries the move out today, or plans it; drops older plans that it replaces.
 * Says TeacherRegistered, TeacherTransferred, TeacherLeft or MovePlanned. */
void move_order(struct decision *decision, struct teacher *teacher,
                struct move *move);
/* Opens and closes posts for the move, starting from the present posts. */
void move_carry_out(struct decision *decision, struct teacher *teacher,
                    struct move *move);
/* A planned move is due and may not be carried out yet: tries again tomorrow.
 */
void move_put_off(struct decision *decision, const struct move *move);
/* Sets the timer of this merger: looks for teachers there again after a pause.
 */
void merger_ask_again(struct decision *decision, const SpreadMerger *m,
                      int64_t pause);
/* A plan that names `from`, which was merged, names `into` instead; says
 * MovePlanned. */
void move_redirect(struct decision *decision, struct teacher *teacher,
                   struct move *plan, const char *from, const char *into);
/* Drops a planned move; says MoveUndone. */
void move_drop(struct decision *decision, struct teacher *teacher,
               struct move *move);
/* Puts the posts back as they were before a done move; says MoveUndone. */
void move_undo(struct decision *decision, struct teacher *teacher,
               struct move *move);

/* --- small words -------------------------------------------------------- */
/* Lane, record, posts and moves of a person: every command on a person needs
 * them. */
void teacher_keys(struct keys *keys, const char *person_id);

/* --- handlers of the messages heard (messages.def), one file each --- */
#define DO(Message, name, ...)                                                 \
    void name##_keys(struct keys *keys, const void *message);                  \
    enum end do_##name(struct decision *decision, const void *message);
#define ON(of, Of, Message, name, ...)                                         \
    void name##_keys(struct keys *keys, const void *message);                  \
    enum end on_##name(struct decision *decision, const void *message);
#define VIEW(of, Of, Message, message_, name)                                  \
    void name##_keys(struct keys *keys, const void *message);                  \
    enum end view_##name(struct decision *decision, const void *message);
#include "teacher/messages.def"
