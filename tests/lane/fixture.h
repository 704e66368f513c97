/* The servers of a test: a PostgreSQL that tests/lane/run has started and
 * librdkafka's mock cluster in this process; and a service of two tables.
 *
 * Every case begins with empty topics and tables. The lane runs in the test's
 * own thread: a condition, asked between its steps, ends it by a drain, so no
 * case sleeps and no case has a race.
 */
#pragma once

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "attributes.h"
#include "chassis/base/clock.h"
#include "chassis/service.h"

/* `unit` follows AddOrganization: a known code is refused (CODE_TAKEN) unless
 * the name is "RENAMED", the name "BROKEN" is BROKEN, the name "WRONG" breaks a
 * constraint of the table.
 * `copy` follows TeacherState. */
extern const struct service fixture_service;

/* Once for a program; 0: they are there. */
int fixture_start(void **state);
int fixture_stop(void **state);
/* Before and after each case. */
int fixture_begin(void **state);
int fixture_end(void **state);

/* As administrator, in the schema of the service. */
void given_sql(const char *sql);
/* The first column of the first row; the caller frees. */
char *text_of(const char *sql);
/* The first column of the first row, a number; -1: no row. */
int64_t number_of(const char *sql);

/* A message before it is sent: the type, the record key, the bytes. */
struct given {
    const char *type, *key;
    char id[UUID_TEXT]; /* a command's */
    int lane;
    int64_t at, sequence, version; /* the last two: a state's */
    uint8_t wire[512];
    size_t size;
};

/* AddOrganization in the lane of its code, with an id of its own. */
void make_command(const char *code, const char *name, struct given *ret_given);
void send_command(const struct given *given);
/* TeacherState, with the next sequence of its lane. */
void make_teacher(const char *person_id, const char *name, int64_t version,
                  struct given *ret_given);
void send_teacher(const struct given *given);
/* Makes and sends. */
void given_command(const char *code, const char *name);
/* The same, and a client waits for it. */
void given_request(const char *code, const char *name,
                   const char *operation_id);
/* The same, and its time limit has passed. */
void given_expired(const char *code, const char *name);
void given_teacher(const char *person_id, const char *name, int64_t version);
/* Records of "command", "outcome", "event", "state" or "dlq". */
int64_t records_of(enum topic_kind kind);

/* All topics are deleted and made again. */
void given_lost_topics(void);

/* Runs a lane, as a process that begins, until the condition holds; then it
 * drains. Fails the case after half a minute. */
typedef bool condition(void);
void run_until(condition *reached);
