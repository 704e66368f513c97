/* The account service: its tables, and what its files share.
 *
 * Owns organizations, business accounts, teacher accounts, login names and the
 * course guard. */
#pragma once

#include "chassis/base/settings.h"
#include "chassis/base/wire.h"
#include "chassis/lane/handler.h"
#include "chassis/lane/service_tables.h"
#include "chassis/lane/store.h"

#include "rules/authority.h"
#include "rules/fold.h"

#include "account/messages.h"
#include "account/rows.h"

/* --- tables handed to the chassis --- */
extern const struct core account_core;
extern const struct handler account_handlers[];
extern const struct store *const account_stores[];
extern const struct input account_inputs[];
extern const struct output account_outputs[];
extern const struct setting account_setting_rows[];
extern const struct host_command account_host_commands[];

struct account_settings {
    int64_t pending_crowded, pending_max; /* applications of one unit */
    int64_t application_kept;             /* µs until an application lapses */
    int64_t application_kept_crowded;     /* the same, at a crowded unit */
    const char *course_system;            /* present, absent */
};
extern struct account_settings account_settings;

/* --- the actor of an order (actor.c); kinds of it: common/v1/order.proto ----
 */
void actor_keys(struct keys *keys, const Order *order, const char *lane_key);
/* A timer, a self-command or the host's command line: no actor at all. */
bool actor_is_system(const Order *order);
/* The actor is a person without an account: an actor without id. The gateway
 * has checked a proof (token, receipt, roaming); the command names it. */
bool actor_is_unnamed(const Order *order);
/* Reads the account from our row. Returns false if no account gives the order,
 * or if no ACTIVE row fits the claim (UNKNOWN_ACTOR). The texts live as long as
 * the batch. */
WARN_UNUSED bool actor_find(struct decision *decision, const char *lane_key,
                            struct officer *ret_officer);
/* Whether this person gives the order and is signed in. Call actor_keys()
 * before, with the same lane key. */
bool actor_is(struct decision *decision, const char *lane_key,
              const char *person_id);
struct unit unit_of(const struct organization *organization);

/* --- what a unit may be (organizations/organization.c): a refusal code, or
 * NULL
 * --- */
/* Code, texts and kind, and which kinds have a centre or a parent (O1). */
const char *objection_to_form(const struct organization *unit);
/* O4: every school names its centre; other units may have none. keys() must ask
 * for the centre in other_units. */
const char *objection_to_centre(struct decision *decision,
                                const struct organization *unit);
/* A branch belongs to a kindergarten or a school, never to a branch. keys()
 * must ask for the parent in other_units. */
const char *objection_to_parent(struct decision *decision,
                                const struct organization *unit);
/* Open units name this one as their centre or parent. keys() must ask for its
 * row in unit_dependents. */
bool unit_has_dependents(struct decision *decision,
                         const struct organization *unit);

/* --- how new a record is, and where a person has posts (posts.c) --- */
bool mark_before(struct teacher_mark one, struct teacher_mark other);
/* The mark of the present fact, or of our own copy. A fact without a head is
 * older than any other; copy NULL: no record. */
struct teacher_mark mark_of_fact(const struct decision *decision,
                                 const Inservice__Common__V1__Fact *fact);
struct teacher_mark mark_of_copy(const struct affiliation *copy);
/* The mark that a command or a self-command carries. */
#define MARK_IN(m)                                                             \
    ((struct teacher_mark){(m)->teacher_incarnation, (m)->teacher_version})

/* Where a person has posts. */
struct posts {
    const struct affiliation *copy; /* ours; NULL: no copy */
    char *const *organizations;     /* the units that the command names */
    size_t count;
};
/* The person has a teacher record. */
bool posts_known(const struct posts *posts);
/* The gateway saw other posts, in a record that our copy has not reached (T15).
 */
const char *objection_to_record(const struct posts *posts,
                                struct teacher_mark seen);
bool posts_at(const struct posts *posts, const char *code);
/* The teacher is on file and has no post anywhere. */
bool posts_nowhere(const struct posts *posts);

/* --- states of accounts (states.c) --- */
enum transition {
#define TRANSITION(name, ...) name,
#include "account/transitions.def"
#undef TRANSITION
    TRANSITIONS,
};
/* The account's status is the one that the transition starts from. */
const char *objection_to_transition(int32_t status, enum transition transition);
/* Changes the status; the only way to do so. objection_to_transition() was
 * NULL. */
void account_pass(int32_t *status, enum transition transition);
/* The one of the two that starts at this status; otherwise `one`. */
enum transition transition_from(int32_t status, enum transition one,
                                enum transition other);

/* --- objections: a refusal code, or NULL for none (objections.c) --- */
/* The unit and the account exist in this lane, and the account has the expected
 * version. */
const char *objection_to_account(struct decision *decision,
                                 const struct organization *organization,
                                 const struct business_account *account);
/* The rows that account_find() reads, the lane (the unit) and the actor. */
void account_keys(struct keys *keys, const Order *order,
                  const char *organization, const char *account_id);
/* Finds both first. Where there is an objection, either may be NULL. */
const char *account_find(struct decision *decision, const char *organization,
                         const char *account_id,
                         struct organization **ret_organization,
                         struct business_account **ret_account);
/* The same for a self-command about a person whose post here has ended or come
 * back: both exist, and no person gives the order. */
const char *leaver_find(struct decision *decision, const char *organization,
                        const char *person_id,
                        struct organization **ret_organization,
                        struct business_account **ret_account);
/* The application waits, and the command names its login (`login`). */
const char *objection_to_closing(int32_t status, enum transition closing,
                                 const char *account_id,
                                 const struct login_claim *login);
/* B8-B10, B20, B21: may the actor enable, change or delete the account, which
 * then has `new_role`? */
const char *objection_to_approver(struct decision *decision,
                                  const struct organization *organization,
                                  const struct business_account *account,
                                  enum role new_role);
/* B23: may the actor disable the account? */
const char *objection_to_disabler(struct decision *decision,
                                  const struct organization *organization,
                                  const struct business_account *account);
/* B13: the holder gives the order, from any account of theirs. */
const char *objection_to_stranger(struct decision *decision,
                                  const struct business_account *account);
/* B22: whether the unit needs a CHIEF and this account is its only one. */
bool is_last_chief(const struct organization *organization,
                   const struct business_account *account);
/* B22: the unit's last CHIEF may be removed only if the centre forces it. The
 * last CHIEF of a kindergarten may be removed. */
const char *objection_to_removal(struct decision *decision,
                                 const struct organization *organization,
                                 const struct business_account *account);
/* The role and permissions that a command gives. */
struct role_given {
    enum role role;
    unsigned permissions;
};
/* B10, B18, B24: a role of this kind of unit, with permissions of that role
 * only. */
const char *objection_to_role(struct decision *decision,
                              struct role_given given,
                              const struct organization *organization);
/* T15, T15a: refuses a teacher who has posts, but none at this unit. A post at
 * a branch of a kindergarten counts at the main one. keys() must ask for the
 * rows of posts->organizations in other_units. */
const char *objection_to_posts(struct decision *decision,
                               const struct posts *posts,
                               const struct organization *organization);
/* The account exists, belongs to this person, and has the expected version. */
const char *objection_to_teacher_account(struct decision *decision,
                                         const struct teacher_account *account,
                                         const char *person_id);
/* The applicant is signed in and applies for themselves, or has proven the
 * e-mail address (route 12). */
const char *objection_to_applying(struct decision *decision,
                                  const char *lane_key, const char *person_id,
                                  enum evidence evidence);
/* An officer gives the order, and the account is not their own (B20). */
const char *objection_to_officer(struct decision *decision,
                                 const char *lane_key, const char *account_id,
                                 const char *person_id);
/* T10, B20: does the actor manage teacher accounts at a unit where the person
 * has a post, by one of `reaches` (enum reach_set)? keys() must ask for the
 * rows of the posts' organizations in other_units. */
const char *objection_to_manager(struct decision *decision,
                                 const struct posts *posts,
                                 const char *account_id, const char *person_id,
                                 unsigned reaches);
/* The same at one unit, with or without a post there. keys() must ask for its
 * row in other_units. */
const char *objection_to_manager_at(struct decision *decision,
                                    const char *organization,
                                    const char *account_id,
                                    const char *person_id, unsigned reaches);

/* --- changes that several commands make --- */
/* An ACTIVE CHIEF who holds account management (B22). */
bool account_leads(const struct business_account *account);
/* Call it after the account has changed; `led` is account_leads() from before.
 */
void unit_count_chief(struct decision *decision,
                      struct organization *organization, bool led,
                      const struct business_account *account);
/* The unit's row of waiting applications; added if there is none. */
struct unit_load *unit_load_of(struct decision *decision,
                               const char *organization);
/* The account leaves PENDING: the unit has one application less, and the timer
 * is cleared. */
void application_ended(struct decision *decision,
                       struct business_account *account);
/* The CloseApplication of a unit's application. */
void closing_of_business(CloseApplication *ret_closing,
                         const struct business_account *account,
                         enum closed_cause cause);
/* The unit; for a teacher's application the person. */
const char *closing_lane_key(const CloseApplication *closing);
/* Ends the application at that time, unless the timer is cleared before. */
void lapse_timer_set(struct decision *decision, int64_t at,
                     CloseApplication *lapse);
/* PENDING → CLOSED by the command's cause; frees the login name. */
void business_application_close(struct decision *decision,
                                struct business_account *account,
                                struct login_claim *login,
                                const CloseApplication *closing);
/* → ACTIVE in its role and permissions; clears all fields of a disabling. */
void business_account_activate(struct decision *decision,
                               struct business_account *account,
                               struct organization *organization,
                               enum transition transition);
/* B24: the named permissions, even none. NULL: an account that keeps its role
 * keeps its permissions; any other gets all of the role. */
struct role_given role_given_to(const struct business_account *account,
                                const struct organization *organization,
                                enum role role, const uint32_t *permissions);
/* Gives an ACTIVE account another role or other permissions, and says so. Does
 * nothing if it has them. */
void business_account_change(struct decision *decision,
                             struct business_account *account,
                             struct organization *organization,
                             enum transition transition,
                             struct role_given given);
/* B13: sets or clears (DB_NO_TIME) the time at which the holder asked for
 * deletion, of an ACTIVE or DISABLED account. */
void business_account_request(struct decision *decision,
                              struct business_account *account, int64_t at);
/* B13, B15: orders the deletion of an account whose holder asked for it, if it
 * is DISABLED and no course blocks it. */
void order_deletion_if_due(struct decision *decision,
                           const struct business_account *account);
/* How many applications wait at a unit. */
int32_t pending_at(struct decision *decision, const char *organization);
/* ACTIVE → DISABLED. */
void business_account_disable(struct decision *decision,
                              struct business_account *account,
                              struct organization *organization,
                              enum transition transition,
                              enum disabled_cause cause, const char *move_id);
/* Stores other units in our copy. */
void affiliation_set(struct decision *decision, struct affiliation *copy,
                     char *const *now_at, size_t count);
/* Stores the posts that a teacher's fact or state brings, unless our copy is
 * newer. A leaver's fact still orders: the state may come before it. */
void affiliation_follow(struct decision *decision, const char *person_id,
                        struct teacher_mark fact, char *const *organizations,
                        size_t count);
/* A person's account at a unit, from the rows loaded by person. Prefers the
 * live one; NULL if there is none. */
struct business_account *account_of_person(struct decision *decision,
                                           const char *person_id,
                                           const char *organization);

/* --- enabling (business_accounts/enabling.c) --- */
/* The rows that the two functions below read, and those of account_find(). */
void enabling_keys(struct keys *keys, const EnableBusinessAccount *enabling);
/* The account may be enabled like that, by an approver. */
const char *
objection_to_business_enabling(struct decision *decision,
                               const EnableBusinessAccount *enabling,
                               const struct organization *organization,
                               const struct business_account *account);
/* → ACTIVE in the role of the command; takes the person, and says so. */
void business_account_enable(struct decision *decision,
                             const EnableBusinessAccount *enabling,
                             struct organization *organization,
                             struct business_account *account);

/* --- a post ended or came back: the accounts that depend on it (leaver.c) ---
 */
struct leaver {
    const char *person_id, *move_id;
    const char *unit; /* where the post was */
    struct teacher_mark fact;
    char *const *organizations; /* where the person has posts now */
    size_t count;
};
/* The rows that the two functions below read. */
void leaver_keys(struct keys *keys, const char *unit, char *const *now_at,
                 size_t count);
/* Orders SuspendLeaver in the lane of the unit; for a branch, also in the lane
 * of the main kindergarten. Orders nothing where a remaining post supports the
 * account (rule 1, T15, T15a). */
void order_leaver_suspended(struct decision *decision,
                            const struct leaver *leaver);
/* The fact of a leaver: stores where the person has posts, and orders. */
void leaver_follow(struct decision *decision, const struct leaver *leaver);
/* The opposite, after the move was undone. */
void order_leaver_resumed(struct decision *decision,
                          const struct leaver *leaver);

/* --- claims (store_claims.c) --- */
void keys_holder(struct keys *keys, const char *person_id);
/* The claim row of a person; NULL if the text is not an id. */
struct holder_claim *holder_claim_of(struct decision *decision,
                                     const char *person_id);
void keys_login(struct keys *keys, const char *login);
/* The claim row of a login name; NULL if the text is not a valid login name. */
struct login_claim *login_claim_of(struct decision *decision,
                                   const char *login);
/* This account holds it. */
bool login_is_of(const struct login_claim *claim, const char *account_id);
/* No other account holds it. */
bool login_free_for(const struct login_claim *claim, const char *account_id);
bool holder_free_for(const struct holder_claim *claim, const char *account_id);
/* Gives the claim to an account; NULL frees it. */
void login_take(struct decision *decision, struct login_claim *claim,
                const char *account_id);
void holder_take(struct decision *decision, struct holder_claim *claim,
                 const struct business_account *account);

/* --- courses (store_course.c) --- */
/* Every state except ROSTER_CONFIRMED and CANCELLED is open, also an unknown
 * one (B15, B23). */
bool course_is_open(const struct course_guard *course);
uint32_t count_open_courses(struct decision *decision, const char *account_id);
/* Counts the open courses of a settled account again, for its state. */
void account_show_courses(struct decision *decision,
                          struct business_account *account);

/* --- small words --- */
/* Equal and not empty; NULL is empty. */
bool same_text(const char *one, const char *other);
bool is_empty(const char *text);
/* A UUID in the form that the tables store. */
bool is_id(const char *text);
/* A unit's code in its only form (O1). The code names the lane, so one code in
 * upper and lower case would be two units. */
bool is_code(const char *text);
/* Texts of a unit or a person, in their stored form. Phone and email may be "".
 * The gateway's forms use the same functions. */
bool is_contact(const char *name, const char *phone, const char *email);
/* The same of a person who is entered: the name is one. */
bool is_person(const char *name, const char *phone, const char *email);
/* Whether a code is in the list. */
bool code_listed(char *const *codes, size_t count, const char *code);
/* The time for a message: 0 for DB_NO_TIME. */
int64_t wire_time(int64_t at);
/* The name of the timer that ends this account's application. */
const char *lapse_timer(struct decision *decision, const char *account_id);

/* --- facts that several commands say (outbox.c): of a changed row --- */
void say_organization_added(struct decision *decision,
                            struct organization *organization);
/* `fields` names those of OrganizationState that changed. */
void say_organization_changed(struct decision *decision,
                              struct organization *organization,
                              const char *const *fields, size_t count);
void say_organization_closed(struct decision *decision,
                             struct organization *organization,
                             const CloseOrganization *closing);
void say_business_account_enabled(struct decision *decision,
                                  struct business_account *account,
                                  enum account_status before,
                                  const char *move_id, bool employed_here);
/* For a row that business_account_disable() changed. */
void say_business_account_disabled(struct decision *decision,
                                   struct business_account *account);
/* `fields`: the changed members of BusinessAccountState. */
void say_business_account_changed(struct decision *decision,
                                  struct business_account *account,
                                  char **fields, size_t count);
void say_application_closed(struct decision *decision, void *account,
                            const CloseApplication *closed);

/* --- handlers of the messages heard (messages.def), one file each --- */
#define DO(Message, name, ...)                                                 \
    void name##_keys(struct keys *keys, const void *message);                  \
    enum end do_##name(struct decision *decision, const void *message);
#define ON(of, Of, Message, name, ...)                                         \
    void name##_keys(struct keys *keys, const void *message);                  \
    enum end on_##name(struct decision *decision, const void *message);
#include "account/messages.def"
