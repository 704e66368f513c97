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
#include "chassis/service.h"

/* `unit` follows AddOrganization: a known code is refused (CODE_TAKEN), the
 * name "BROKEN" is BROKEN, the name "WRONG" breaks a constraint of the table.
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
/* The first column of the first row, a number; -1: no row. */
int64_t number_of(const char *sql);

/* Sends AddOrganization in the lane of its code. */
void given_command(const char *code, const char *name);
/* Publishes a TeacherState, as the teacher service does; `seq` is that of its
 * lane. */
void given_teacher(int64_t seq, const char *person_id, const char *name,
                   int64_t version);
/* Records of "command", "outcome", "event", "state" or "dlq". */
int64_t records_of(enum topic_kind kind);

/* Runs a lane, as a process that begins, until the condition holds; then it
 * drains. Fails the case after half a minute. */
typedef bool condition(void);
void run_until(condition *reached);
