/* A store: one table a service decides upon, as the lane reads and writes it.
 *
 * A store_ file of a service describes one: the struct of a row, its columns
 * and, for an aggregate, its state message. Pure.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <protobuf-c/protobuf-c.h>

#include "chassis/base/map.h"
#include "chassis/db/column.h"

struct decision;

struct row; /* every stored struct begins with one */
enum store_kind {
    STORE_AGGREGATE, /* own lane only (rule 1); has a version and a snapshot */
    STORE_CHILD,     /* rows of an aggregate, loaded by their parent */
    STORE_RECORD,    /* a row without version or snapshot, own lane only */
    STORE_COPY,      /* of another service's states; begins like struct copy */
    STORE_CLAIM,     /* inserted first, then locked; any lane; no facts */
    STORE_HINT,      /* read across lanes without lock; never written */
};

/* Statements by name: <name>_load (keys → rows, ordered; claims FOR UPDATE: the
 * lock on the lane's row protects all other rows),
 * <name>_load_children (parents → rows) where parent is set, <name>_save
 * (one array per column), <name>_insert (keys; claims only), <name>_age,
 * <name>_missing and <name>_sweep (copies only: rebuild.c), <name>_walk
 * (aggregates only: store_walk.c). statements.c makes them from the
 * columns; a file that needs more begins with "-- By hand:". A hint with the
 * columns and key of another store has its name: one statement loads both. The
 * order of the service's store list is the lock order: claims first. */
struct store {
    const char *name;
    const char *table; /* NULL: called like the store */
    enum store_kind kind;
    size_t size;                     /* of the struct */
    const struct db_column *columns; /* of load and save; the primary key
                                        comes first */
    size_t key;            /* offset of the key member (const char *) */
    size_t parent;         /* offset of the parent member; 0: none */
    size_t lane_key;       /* of an aggregate: offset of the member that names
                              its lane; 0: the key does */
    enum db_type key_type; /* DB_UUID or DB_TEXT */
    enum db_type parent_type;
    bool personal;          /* its state carries personal data */
    const char *state_type; /* of an aggregate: name of its state message */
    const struct store *const
        *children; /* what its snapshot reads; NULL: none */
    /* The state message of an aggregate, built in the decision's arena. */
    ProtobufCMessage *(*snapshot)(struct decision *decision, const void *row);
};

struct row {
    const struct store *store;
    struct row *next_in_store; /* in the order of arrival */
    struct map_entry in_map;
    const void *changed_by; /* the message that changed it last */
    int64_t version;        /* aggregates: counts every changing command */
    bool exists;
    bool dirty;
};

/* How every row that follows another service's messages begins: its key, then
 * its version. After a restore the owner counts versions again from those of
 * the backup, under a higher incarnation (rule 11). */
struct copy {
    struct row row;
    const char *key;
    int64_t version; /* the owner's */
    int64_t incarnation;
};

/* Stands after each struct that begins like struct copy; `key` is its key. */
#define BEGINS_LIKE_COPY(type, key_member)                                     \
    COPY_MEMBER(type, row, row);                                               \
    COPY_MEMBER(type, key_member, key);                                        \
    COPY_MEMBER(type, version, version);                                       \
    COPY_MEMBER(type, incarnation, incarnation)
#define COPY_MEMBER(type, member, of_copy)                                     \
    _Static_assert(offsetof(type, member) == offsetof(struct copy, of_copy) && \
                       __builtin_types_compatible_p(                           \
                           __typeof__(((type *)0)->member),                    \
                           __typeof__(((struct copy *)0)->of_copy)),           \
                   #type " does not begin like struct copy: " #member)
