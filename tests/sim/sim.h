/* The simulation: pure cores inside a model of the shell, in one process.
 *
 * A world holds a broker (topics × lanes, append-only), a database per service
 * (tables, fences, inbox, journal, timers, parked) and two owners per service
 * which may both believe that they own a lane. Every step is chosen by the
 * seed, so every failure repeats. Nothing here knows schools but
 * account_*.c, teacher_world.c and courses.c. Used by main.c and rules_test.c.
 */
#pragma once

#include <setjmp.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "chassis/lane/batch.h"
#include "chassis/service.h"

enum {
    SIM_INPUTS = 4,
    SIM_STORES = 16,
    SIM_OWNERS = 2, /* of each service */
    SIM_BATCH = 20,
    SIM_BUCKETS = 1024,
};

struct world;
struct owner;

/* --- broker ------------------------------------------------------------- */
struct record {
    const char *key, *type, *id, *source;
    const char *causation, *completes;
    int64_t sequence, incarnation, entity_version, at;
    const uint8_t *value;
    size_t size;
};

struct log {
    const struct record **records;
    size_t count, capacity;
};

struct topic {
    const char *name;
    enum topic_kind kind;
    struct log lanes[LANES_MAX];
};

struct topic *topic_new(struct world *world, const char *name,
                        enum topic_kind kind);
struct topic *topic_find(struct world *world, const char *name);
void topic_append(struct world *world, struct topic *topic, int lane,
                  const struct record *record);

/* Messages that a producer has sent and the broker has not answered. The order
 * holds per partition, not between partitions. */
struct flight {
    struct topic *topic;
    int partition;
    const struct record *record;
    int lane; /* whose sequence */
    int64_t seq;
    bool landed;
    struct flight *next;
};

/* Lands or acknowledges something in flight; false: there was nothing. */
bool broker_step(struct world *world, struct owner *owner);
/* The process is gone: its messages under way may land, or not. */
void broker_abandon(struct world *world, struct owner *owner);
bool broker_ghosts_step(struct world *world);

/* --- database ----------------------------------------------------------- */
struct slot {
    const char *key;
    const char *parent;
    void *row; /* as committed */
    const struct owner *lock;
    struct slot *next_in_hash, *next;
};

struct table {
    const struct store *store;
    struct slot *buckets[SIM_BUCKETS];
    struct slot *first, **last;
    size_t count;
};

struct inbox_entry {
    const char *command_id;
    const uint8_t *outcome;
    size_t size;
    int64_t seq;    /* of the journal row that said it */
    bool completed; /* by a state that says so, without an outcome */
    struct inbox_entry *next_in_hash, *next;
};

struct timer {
    int lane;
    const char *name;
    struct timer_row row;
    struct timer *next;
};

struct parked {
    int64_t parked_id;
    struct message message; /* texts and bytes are the world's */
    struct parked *next;
};

struct input_row {
    int64_t next_offset;
    struct mark mark;
};

struct lane_row {
    struct lane_state state;
    int64_t published_seq;
    const struct owner *lock;
};

struct journal {
    const struct journal_row **rows; /* rows[seq - 1] */
    size_t count, capacity;
};

struct db {
    const struct core *core;
    const char *name;
    const struct input *inputs;
    size_t input_count;
    struct topic *input_topics[SIM_INPUTS];
    struct topic *outputs[TOPIC_KINDS];
    struct table tables[SIM_STORES];
    size_t table_count;
    struct lane_row lanes[LANES_MAX];
    struct input_row positions[SIM_INPUTS][LANES_MAX];
    struct inbox_entry *inbox[SIM_BUCKETS], *inbox_first;
    struct journal journal[LANES_MAX];
    struct timer *timers;
    struct parked *parked;
    int64_t last_parked;
    /* Facts that were applied: "topic/lane/incarnation/seq". */
    struct inbox_entry *applied[SIM_BUCKETS];
    size_t applied_count;
    /* Loads hints and children of one store; false: the plain way is meant. */
    bool (*load)(struct world *world, struct db *db, struct batch *batch,
                 const struct store *store);
    /* Looks at the rows of a batch after they were committed. */
    void (*committed)(struct world *world, struct db *db, struct batch *batch);
};

struct db *db_add(struct world *world, const struct core *core,
                  const struct input *inputs);
struct table *table_named(const struct db *db, const char *name);
bool store_named(const struct store *store, const char *name);
/* A hint may have the name of its table's store. */
bool hint_named(const struct store *store, const char *name);
struct table *table_of(const struct db *db, const struct store *store);
const void *table_row(const struct table *table, const char *key);
struct slot *table_slot(const struct table *table, const char *key);
/* The rows that hold this text in a member: begin with NULL. */
const struct slot *table_child(const struct table *table, const char *parent,
                               const struct slot *previous);
/* Hands a committed row to the batch, as SQL would. */
void table_load(struct batch *batch, const struct store *store,
                const void *row);
const struct inbox_entry *inbox_find(const struct db *db, const char *id);
/* Locks the rows of this owner's batch; false: another owner has one. */
bool db_lock(struct world *world, struct owner *owner);
void db_unlock(struct owner *owner);
void db_load(struct world *world, struct db *db, struct batch *batch);
/* Writes everything the batch has decided: the whole transaction. */
void db_apply(struct world *world, struct owner *owner);
void db_forget_applied(struct db *db);

/* --- owners ------------------------------------------------------------- */
enum owner_state {
    OWNER_DOWN,
    OWNER_TAKE,      /* reads positions */
    OWNER_REPUBLISH, /* publishes what perhaps never was */
    OWNER_IDLE,
    OWNER_FILLED,     /* messages taken */
    OWNER_DECIDED,    /* transaction open, to be written */
    OWNER_PUBLISHING, /* committed, rows to be sent */
};

struct owner_lane {
    bool owned;
    struct lane_state state;
    int64_t acked, sent;
    uint8_t *done; /* by seq */
    size_t done_size;
};

struct parked_name {
    const char *topic, *key;
    struct parked_name *next;
};

struct owner {
    struct db *db;
    int number;
    enum owner_state state;
    bool in_transaction;
    bool killed; /* the server has ended the transaction */
    bool operates, timers;
    uint64_t frozen_until;
    uint64_t deaf_until; /* learns of no rebalance, works on: a zombie */
    int generation;      /* of the assignment it knows */
    struct batch *batch;
    struct owner_lane lanes[LANES_MAX];
    struct input_row positions[SIM_INPUTS][LANES_MAX];
    int64_t fetch[SIM_INPUTS][LANES_MAX];
    struct parked_name *parked;
    struct message messages[SIM_BATCH + 200];
    size_t count;
    const struct journal_row **queue; /* rows to publish */
    size_t queue_count, queue_next, queue_capacity;
    struct flight *flights, **flights_last;
    int retries;
};

/* One small step of one owner. */
void owner_step(struct world *world, struct owner *owner);
void owner_crash(struct world *world, struct owner *owner);
/* Parks the followers of broken messages; parking.c. */
void owner_hold_followers(struct owner *owner);
bool owner_key_parked(const struct owner *owner, const struct message *message);
void owner_read_parked(struct world *world, struct owner *owner);
void owner_note_parked(struct world *world, struct owner *owner);
void owner_say_dead_letters(struct world *world, struct owner *owner);
void db_write_parked(struct world *world, struct owner *owner);
bool message_is_operators(const struct message *message);
/* Fills the batch with an operator's message and what it moves. */
void owner_fill_operation(struct world *world, struct owner *owner);
void owner_again(struct owner *owner);
void owner_send(struct world *world, struct owner *owner,
                const struct journal_row *row);
void owner_acked(struct world *world, struct owner *owner, int lane,
                 int64_t seq);
void owner_begin_lane(struct world *world, struct owner *owner, int lane,
                      int64_t published_seq);
void owner_queue(struct world *world, struct owner *owner,
                 const struct journal_row *row);

/* --- a read model fed by state topics ----------------------------------- */
struct view_row {
    const char *key;
    int64_t version;
    const uint8_t *value;
    size_t size;
    struct view_row *next_in_hash;
};

struct view {
    struct topic *topic;
    size_t next[LANES_MAX];
    int64_t mark;
    struct view_row *rows[SIM_BUCKETS];
    struct db *db;                          /* of its topic */
    struct command_end *ended[SIM_BUCKETS]; /* operations; never forgotten */
};

struct command_end {
    const char *command_id;
    struct command_end *next;
};

void view_step(struct world *world, struct view *view, int lane);
bool view_behind(const struct view *view);

/* --- for the generators ------------------------------------------------- */
struct sent { /* a command that was given, for resending and checking */
    struct topic *topic;
    int lane;
    const struct record *record;
    struct sent *next;
};

struct course {
    const char *course_id, *owner, *organization;
    int state;
    int64_t version;
    struct course *next;
};

struct course_owner {
    const char *account_id, *organization;
    bool disabled;
    int64_t version;
    struct course_owner *next;
};

struct world {
    struct arena *arena;
    uint64_t seed, random;
    uint64_t step;
    int64_t now;
    unsigned ids;
    bool operations; /* clients wait for some of the commands */
    bool quiet;      /* no more faults: everything is to come to rest */
    jmp_buf *escape;
    char failure[512];
    struct topic *topics[16];
    size_t topic_count;
    struct db *dbs[3];
    size_t db_count;
    struct owner *owners[3 * SIM_OWNERS];
    size_t owner_count;
    int generation[3];            /* per service */
    int assignment[3][LANES_MAX]; /* lane → owner's number */
    struct flight *ghosts, **ghosts_last;
    struct view *views[3];
    size_t view_count;
    struct sent *sent;
    size_t sent_count;
    struct course *courses;
    struct course_owner *course_owners;
    size_t courses_next[LANES_MAX];
    unsigned course_sequence[LANES_MAX];
    /* Coverage of an episode, printed by main.c. */
    size_t commits, refused, crashes, takeovers, fenced, lost, republished,
        repeated, audits;
};

/* The planted fault; 0: none. See mutants.c for the list. */
extern int sim_mutant;
#define MUTANT(n) (sim_mutant == (n))
/* The lane's rule that is taken out; 0: none (rules_test.c). */
extern int sim_without;
#define WITHOUT(rule) (sim_without == (rule))

struct world *world_new(uint64_t seed);
void world_free(struct world *world);
/* 0…n-1, by the seed. */
uint32_t pick(struct world *world, uint32_t n);
bool chance(struct world *world, uint32_t per_mille);
/* Says what does not hold and leaves the run. */
void world_fail(struct world *world, const char *format, ...)
    PRINTF_LIKE(2, 3) NORETURN;
const char *world_id(struct world *world);
struct owner *owner_add(struct world *world, struct db *db, int service);
int service_of(const struct world *world, const struct db *db);
void world_assign(struct world *world, int service);
void world_step(struct world *world);
/* Lets everything finish without faults; fails when it does not. */
void world_settle(struct world *world);

/* Sends a command; its Order must be set. Remembered for resending. */
void world_send(struct world *world, struct db *db, const char *lane_key,
                ProtobufCMessage *command);
Order *world_order(struct world *world);

/* --- both services ------------------------------------------------------ */
extern const struct core account_core, teacher_core;
extern const struct input account_inputs[], teacher_inputs[];

struct db *account_add(struct world *world);
struct db *teacher_add(struct world *world);
/* The first commands: platform, centre, schools and their officers. */
void account_found(struct world *world);
void account_generate(struct world *world);
void teacher_generate(struct world *world);
/* Fills order->actor with an officer, for other generators. */
struct officer_seen {
    const char *account_id, *organization, *person_id;
    int64_t version;
    int role, kind;
    unsigned permissions;
};
bool account_officer(struct world *world, const char *organization,
                     struct officer_seen *ret_officer);
void order_by(struct world *world, Order *order,
              const struct officer_seen *officer);
/* Kind, state and version of a unit; false when there is none. */
bool account_unit(struct world *world, const char *code, int *ret_kind,
                  int *ret_status, int64_t *ret_version);
/* A person's teacher record: its version and the units of open posts, or,
 * without one, the units that await them. */
int64_t teacher_posts(struct world *world, const char *person_id,
                      char ***ret_organizations, size_t *ret_count);
enum { PERSONS = 20, TEACHERS = 9, UNITS = 6 };
extern const char *const unit_codes[UNITS];
const char *person_id(struct world *world, unsigned n);

void course_step(struct world *world);
/* Whether the course system has an open course of this account. */
bool course_open(const struct world *world, const char *account_id);

/* --- checks ------------------------------------------------------------- */
void check_journal_row(struct world *world, struct db *db,
                       const struct journal_row *row);
/* At rest: I1, I2, I7, I8, I9, I12 of every service. */
void check_all(struct world *world);
void check_affiliations(struct world *world);
/* I7 before an audit: the last message of a topic does not matter. */
void check_views(struct world *world);
/* Asks for a republish of states that the compacted topic has too old (rule 5).
 */
bool audit_states(struct world *world, struct db *db);
