/* A shell for unit tests: the real batch over tables in memory.
 *
 * fixture_send() and fixture_hear() run one message the way the lane does:
 * keys, load, decide, save, in a batch of its own. Every message is also held
 * against its row of the handlers table: a fact or refusal that the row does
 * not announce fails the test, versions must run 1…n, and what was produced is
 * remembered, so that fixture_check_handlers() can name what no case produced.
 * Works over any struct core; knows nothing of schools.
 */
#pragma once

#include "chassis/lane/batch.h"
#include "chassis/service.h"

#include "inservice/common/v1/outcome.pb-c.h"

struct fixture;

struct fixture *fixture_new(const struct core *core);
void fixture_free(struct fixture *fixture);

/* The moment of the orders and facts that follow; begins at 2026-08-01. */
extern const int64_t FIXTURE_START;
void fixture_set_now(struct fixture *fixture, int64_t now);
/* Memory that lives as long as the fixture. */
struct arena *fixture_arena(struct fixture *fixture);
/* The id "00000000-0000-8000-8000-<n>", in the fixture's memory. */
const char *fixture_id(struct fixture *fixture, unsigned n);

/* Puts a row into a table, as if it had always been there; texts are copied,
 * the same key replaces. `row` is a struct of the store. Hint stores have
 * tables of their own here: put what the decision is to see. */
void fixture_put(struct fixture *fixture, const struct store *store,
                 const void *row);
/* The row as the table has it now, or NULL. */
const void *fixture_row(const struct fixture *fixture,
                        const struct store *store, const char *key);
/* The n-th child of a parent, in the order of arrival, or NULL. */
const void *fixture_child(const struct fixture *fixture,
                          const struct store *store, const char *parent,
                          size_t n);

/* An order with a fresh command id, given now; no actor. */
Order *fixture_order(struct fixture *fixture);

/* Runs a command in the lane of `lane_key`; its order must be set. */
enum end fixture_send(struct fixture *fixture, const char *lane_key,
                      ProtobufCMessage *command);
/* Runs a fact (TOPIC_EVENT) or state (TOPIC_STATE) of another service, with
 * the next sequence of its topic and lane. `version` is the entity's. */
void fixture_hear(struct fixture *fixture, enum topic_kind kind,
                  const char *topic, const char *lane_key, const char *key,
                  int64_t version, ProtobufCMessage *fact);
/* Facts from now on are of this incarnation of their owner (0 at first). */
void fixture_raise_incarnation(struct fixture *fixture, int64_t incarnation);
/* The next message is to be set aside as BROKEN, and to leave nothing. */
void fixture_expect_broken(struct fixture *fixture);
/* The same as fixture_send() for the self-commands that the last message
 * gave; how many there were. The results are then those of the last one. */
size_t fixture_deliver(struct fixture *fixture);
/* Runs the command of a timer at its due time; false when it is not set. */
bool fixture_fire(struct fixture *fixture, const char *timer);

/* --- results of the last message --- */
/* Refusal code, or NULL when it was done. */
const char *fixture_code(const struct fixture *fixture);
/* Its outcome; NULL for facts. */
const Inservice__Common__V1__Outcome *
fixture_outcome(const struct fixture *fixture);
/* How many messages of this type were said: facts, states, self-commands. */
size_t fixture_count(const struct fixture *fixture,
                     const ProtobufCMessageDescriptor *type);
/* The last one of a type, unpacked; NULL when none was said. */
const void *fixture_said(const struct fixture *fixture,
                         const ProtobufCMessageDescriptor *type);
/* When a timer is due; DB_NO_TIME when it is not set. */
int64_t fixture_timer(const struct fixture *fixture, const char *name);

/* --- assertions --- */
/* Sends it and asserts DONE, or REFUSED with this very code and nothing said.
 */
#define assert_done(fixture, lane_key, command)                                \
    fixture_assert_end(fixture, lane_key, command, NULL, __FILE__, __LINE__)
#define assert_refused(fixture, lane_key, command, code)                       \
    fixture_assert_end(fixture, lane_key, command, code, __FILE__, __LINE__)
void fixture_assert_end(struct fixture *fixture, const char *lane_key,
                        ProtobufCMessage *command, const char *code,
                        const char *file, int line);

/* Completeness, after all cases of a service ran in this process: every
 * handler has its functions, commands begin with their order, facts stand in
 * outputs, refusals pass `known`, and each of both was produced by some case.
 * Fails with a list of what was forgotten. */
void fixture_check_handlers(const struct core *core,
                            const struct output *outputs,
                            bool (*known)(const char *code));
