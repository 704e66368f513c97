/* Shared by the files of the model. */
#pragma once

#include "sim.h"

size_t table_key_offset(const struct store *store);
struct slot *table_add(struct world *world, struct table *table,
                       const char *key);
void table_save(struct world *world, struct table *table, const void *row);
const struct inbox_entry *entry_find(struct inbox_entry *const *buckets,
                                     const char *key);
struct inbox_entry *entry_add(struct world *world, struct inbox_entry **buckets,
                              const char *key);
const struct record *record_of(struct world *world, const struct db *db,
                               const struct journal_row *row);
void owner_step_publish(struct world *world, struct owner *owner);
void owner_step_take(struct world *world, struct owner *owner);
/* The late write of an owner that has lost its lanes, when all is at rest. */
void late_write(struct world *world, struct db *db);
void owner_rolled_back(struct world *world, struct owner *owner);
/* The first message in flight fails, and with it all later ones (rule 3). */
void broker_fail(struct world *world, struct owner *owner);
void view_forget(struct view *view);
/* Whether the view has applied the state that answers this command. */
bool view_has_ended(struct view *view, const char *command_id);
const struct view_row *view_find(struct view *view, const char *key);
/* A command into a lane of our choice, with a record key of our choice. */
void send_in_lane(struct world *world, struct db *db, int lane, const char *key,
                  ProtobufCMessage *command);
/* The message of a state type. */
const ProtobufCMessageDescriptor *state_descriptor(const char *type);
