/* The start of the teacher's cases: schools, officers, codes, a teacher.
 *
 * North and South are schools of one centre, Elm a kindergarten with the branch
 * Leaf; the day is 2026-08-01. Every case gets its own fixture. Commands are
 * sound; a case spoils the part that it tests.
 */
#pragma once

#include <string.h>

#include "cases.h"

#include "teacher/teacher.h"

#include "core_fixture.h"

#define NORTH        "014301"
#define SOUTH        "014302"
#define ELM          "014X01"
#define LEAF         "014X01-01"
#define SHUT         "014309"
#define COLLEGE      "0144"
#define CENTRE       "CT01"
#define OTHER_CENTRE "CT02"
#define PLATFORM     "P"

#define TODAY     "2026-08-01"
#define NEXT_WEEK "2026-08-08"

enum who {
    SYSTEM,
    STRANGER, /* a machine client without an account */
    NEWCOMER, /* another CHIEF of North; our copy has no row of them yet */
    NORTH_CHIEF,
    NORTH_CONTACT,
    NORTH_OPERATOR,
    SOUTH_CHIEF,
    SOUTH_CONTACT,
    ELM_CHIEF,
    SHUT_CHIEF,
    CENTRE_CHIEF,
    OTHER_CENTRE_CHIEF,
    PLATFORM_CHIEF,
    TEACHER, /* the teacher's own account */
};

/* The fixture of this case, and the person it is about. */
extern struct fixture *fixture;
extern const char *person;

int given_schools(void **state);
int given_nothing_more(void **state);
#define CASE(function)                                                         \
    cmocka_unit_test_setup_teardown(function, given_schools, given_nothing_more)

Order *given_order(enum who who);
/* With the version that must still be there. */
Order *given_order_on(enum who who, int64_t version);
const char *given_account(enum who who);
/* Our copy of an actor's account; at first version 3, ACTIVE, all rights of the
 * role. The gateway has seen version 3. */
void given_officer(enum who who, int64_t version, int status,
                   unsigned permissions);

RegisterTeacher *given_registration(enum who who, const char *school);
LeaveSchool *given_leave(enum who who, const char *school, int64_t version);
/* Decided: a leave that is due next week. */
LeaveSchool *given_planned_leave(enum who who, const char *school,
                                 int64_t version);
UpdateTeacher *given_update(enum who who, int64_t version);
UndoMove *given_undo(enum who who, const char *move_id, int64_t version);

/* The person has the primary post at North, version 1; returns the move's id.
 */
const char *given_teacher_at_north(void);
/* The registration follows a look-up by the actor's unit, at the order's time,
 * that showed this version. */
void given_look_up(RegisterTeacher *command, enum who who, int64_t version);
/* Sends a registration that must succeed; returns the move's id. */
const char *given_post(enum who who, const char *school, int post,
                       const char *effective_on);

/* Our copy of Shut is open, or closed as at first. */
void given_shut(bool open);
/* Our copy of a school says this now. */
void given_school_state(const char *code, enum organization_state state,
                        const char *merged_into);
/* The person has the primary post at Shut, version 1, from before it closed. */
const char *given_teacher_at_shut(void);
/* Our own copy of the business account the person holds. */
void given_officer_of_person(int role, int status, const char *school,
                             int64_t version);

/* --- results ------------------------------------------------------------ */
#define DESCRIPTOR(name) (&inservice__teacher__v1__##name##__descriptor)
/* The only fact of that type; fails when there is none or more. */
const void *said_once(const ProtobufCMessageDescriptor *type);
#define SAID_ONCE(name) said_once(DESCRIPTOR(name))
void assert_said_nothing_of(const ProtobufCMessageDescriptor *type);
const TeacherState *state_now(void);
const struct teacher *teacher_now(void);
/* Open posts of the state, as "014301*" (primary) "014302", space between. */
void assert_posts(const char *expected);
void assert_organizations(char **organizations, size_t count,
                          const char *expected);
const char *timer_of(const char *move_id);
int64_t version_now(void);
