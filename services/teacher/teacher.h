/* The teacher service: its rows, its tables, and what its files share.
 *
 * A teacher is one aggregate: the record, its posts (one primary school, some
 * secondary ones) and its moves. Every change of a post is a move, so that it
 * can be planned, seen by both schools and undone (T1, T2, T11). Enums stand as
 * int32_t with the numbers of lib/rules, which are those of the contracts;
 * times are µs since 1970 UTC, DB_NO_TIME for "not"; dates are ISO texts.
 */
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
    struct db_blob number_sealed; /* by the gateway; never opened here */
    int32_t number_kind;
    const char *name;
    int32_t sex;
    const char *email;
};

/* Numbers stand in the table: posts are loaded in this order, and saved in it,
 * so that a post closes before another opens (sql/query/post_load_children). */
enum post_state {
    POST_OPEN = 1,
    POST_PLANNED = 2, /* its move has a later day */
    POST_CLOSED = 3,
    POST_UNDONE = 4, /* never was */
};

struct post {
    struct row row;
    const char *post_id; /* the move that brings it */
    const char *person_id, *organization;
    int32_t kind;  /* enum post_kind */
    int32_t state; /* enum post_state */
    const char *title, *stage, *unit_note;
    const char *subjects; /* codes with a space between */
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
    int32_t reason;                /* enum leave_reason, when he leaves */
    const char *effective_on;
    bool releases_chief; /* the one who ordered it may let a CHIEF go */
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
    const char *valid_from;  /* NULL: always was */
    const char *valid_until; /* first day without; NULL: no end */
    int32_t position;
    const char *members; /* of a title set: codes with a space between */
    const char *group;   /* code of its class or group; "": none */
    bool removed;
};

/* What the account service said of a unit and of an officer; they begin like
 * struct copy. */
struct organization_copy {
    struct row row;
    const char *code;
    int64_t version, incarnation; /* theirs */
    int32_t kind, status;
    const char *managing_centre, *parent_code;
    const char *person_id; /* units_of_persons only: whose unit it is */
};
BEGINS_LIKE_COPY(struct organization_copy, code);

/* Of a teacher's own account: no unit, no role, no permissions. */
struct officer_copy {
    struct row row;
    const char *account_id;
    int64_t version, incarnation; /* theirs */
    const char *person_id, *organization;
    int32_t role;
    int32_t permissions; /* as stored, not yet cut down by the unit's state */
    int32_t status;      /* enum account_status */
};
BEGINS_LIKE_COPY(struct officer_copy, account_id);

/* posts and moves are children of teachers, codes of code_tables. */
extern const struct store teachers, posts, moves, code_tables, codes,
    organization_copies, officer_copies;

/* The same tables over lanes, without lock: hints. Units by code and by a
 * person's posts and moves, officers by account and by person. */
extern const struct store codes_elsewhere, units, units_of_persons, officers,
    officers_of_persons;

/* --- tables handed to the chassis --------------------------------------- */
extern const struct core teacher_core;
extern const struct handler teacher_handlers[];
extern const struct store *const teacher_stores[];
extern const struct input teacher_inputs[];
extern const struct output teacher_outputs[];
extern const struct setting teacher_setting_rows[];

struct teacher_settings {
    int64_t plan_days;     /* a move may be planned so far ahead */
    int64_t undo_days;     /* a done move may be undone so long */
    int64_t pulls_per_day; /* of one school, then PULL_BRAKE */
    int64_t look_up_hours; /* a pull follows its look-up within these */
};
extern struct teacher_settings teacher_settings;

/* --- who gives the order (actor.c); kinds of actor: common/v1/order.proto --
 */
void actor_keys(struct keys *keys, const Order *order);
/* A timer, a self-command or the host's command line: no actor at all. */
bool actor_is_system(const Order *order);
/* The account as our copy has it. Returns NULL, or a refusal code: no account
 * gives the order, it is not ACTIVE, or the copy is older than the claim. Texts
 * live as long as the batch. */
WARN_UNUSED const char *actor_find(struct decision *decision,
                                   struct officer *ret_officer);

/* The role a person has in an ACTIVE business account of that unit, by our own
 * copy. What a command saw later can only make them a CHIEF (chief.c, T15). */
enum role role_at(struct decision *decision, const char *person_id,
                  const char *organization, enum role seen_role,
                  int64_t seen_version);

/* --- the school concerned (unit.c) -------------------------------------- */
/* The unit as the own copy has it. Kind UNSPECIFIED: there is none yet. */
struct unit unit_read(struct decision *decision, const char *code);
/* The unit of one of the person's posts or moves; its code alone if unknown. */
struct unit unit_of_place(struct decision *decision, const char *person_id,
                          const char *code);

/* --- codes (code.c) ----------------------------------------------------- */
enum { SUBJECTS_MAX = 20 };

struct post_codes { /* of one post, as a command names them; NULL: does not */
    const char *title, *stage;
    char *const *subjects;
    size_t n_subjects;
};
void post_codes_keys(struct keys *keys, const struct post_codes *named);
/* All are in their tables and valid on that day; an empty one passes. Adds a
 * particular to the refusal (CODE_UNKNOWN) for each that is not. */
bool post_codes_known(struct decision *decision, const struct post_codes *named,
                      const char *day);
/* "table/code" into the buffer, which is returned. */
char *code_id(const char *table, const char *code, char ret_id[KEY_MAX]);
/* A list as one text with a space between, each code once and none empty; and
 * back. */
char *codes_join(struct arena *arena, char *const *list, size_t count);
size_t codes_split(struct arena *arena, const char *text, char ***ret_list);

/* --- posts of one person (post.c) --------------------------------------- */
enum { POSTS_MAX = 20 }; /* open or planned; more are not loaded safely */

/* The open post at a school, the open primary one; NULL if none. */
struct post *post_at(struct decision *decision, const char *person_id,
                     const char *organization);
struct post *post_primary(struct decision *decision, const char *person_id);
/* The planned post at a school, the planned primary one for "", of a person
 * without an open post: entered for a later day. NULL if none. */
struct post *post_awaited(struct decision *decision, const char *person_id,
                          const char *organization);
/* The post that a move brings or brought; NULL if it brings none. */
struct post *post_of_move(struct decision *decision, const struct move *move);
/* How many are open or planned. */
size_t post_count(struct decision *decision, const char *person_id);
/* Codes of the schools with an open post: `organizations` of the facts. */
size_t post_organizations(struct decision *decision, const char *person_id,
                          char ***ret_organizations);

/* --- moves of one person (move.c): only here do posts open and close ---- */
/* The day a move takes effect; "" is today. False when it is no day, past, or
 * too far ahead; a particular is added (BAD_FORM). */
WARN_UNUSED bool move_day(struct decision *decision, const char *effective_on,
                          char ret_day[DAY_TEXT]);
struct move *move_find(struct decision *decision, const char *person_id,
                       const char *move_id);
bool move_is_planned(const struct move *move);
/* The done move that settled last: the only one that can be undone. */
struct move *move_latest(struct decision *decision, const char *person_id);
/* A new move, named after the order; the caller says from where or to where. */
struct move *move_add(struct decision *decision, struct teacher *teacher,
                      const char *day);
/* Carries it out today, or plans it; older plans like it are dropped. Says
 * TeacherRegistered, TeacherTransferred, TeacherLeft or MovePlanned. */
void move_order(struct decision *decision, struct teacher *teacher,
                struct move *move);
/* Opens and closes posts, as the move says and the posts now stand. */
void move_carry_out(struct decision *decision, struct teacher *teacher,
                    struct move *move);
/* A planned move is due and may not be carried out yet: again tomorrow. */
void move_put_off(struct decision *decision, const struct move *move);
/* Forgets a planned move; says MoveUndone. */
void move_drop(struct decision *decision, struct teacher *teacher,
               struct move *move);
/* Puts the posts back as they were before a done move; says MoveUndone. */
void move_undo(struct decision *decision, struct teacher *teacher,
               struct move *move);

/* --- small words -------------------------------------------------------- */
/* Lane, record, posts and moves of a person: what every command on one needs.
 */
void teacher_keys(struct keys *keys, const char *person_id);

/* --- handlers of the messages heard (messages.def), one file each --- */
#define DO(Message, name, ...)                                                 \
    void name##_keys(struct keys *keys, const void *message);                  \
    enum end do_##name(struct decision *decision, const void *message);
#define VIEW(of, Of, Message, message_, name)                                  \
    void name##_keys(struct keys *keys, const void *message);                  \
    enum end view_##name(struct decision *decision, const void *message);
#include "teacher/messages.def"
