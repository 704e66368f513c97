/* The world the account cases begin with, and short ways to add to it.
 *
 * platform "PLT" (CHIEF 1), centre "TPE" (CHIEF 2), school "100301" of that
 * centre (CHIEF 3, CONTACT 4), school "200202" of another centre (CHIEF 5),
 * university "U001". Account n has the id given_account_id(n), the person
 * given_person_id(n), the login "login<n>".
 */
#pragma once

#include <string.h>

#include "cases.h"

#include "core_fixture.h"

#include "account/account.h"

enum { PLATFORM_CHIEF = 1, CENTRE_CHIEF, CHIEF, CONTACT, FOREIGN_CHIEF };
#define SCHOOL  "100301"
#define CENTRE  "TPE"
#define OTHER   "200202"
#define COLLEGE "U001"

int given_world(void **state);
int given_nothing(void **state);
int forget_world(void **state);
/* A case in the world above. */
#define CASE(function)                                                         \
    cmocka_unit_test_setup_teardown(function, given_world, forget_world)

char *given_account_id(struct fixture *fixture, unsigned n);
char *given_person_id(struct fixture *fixture, unsigned n);
char *given_login(struct fixture *fixture, unsigned n);

/* The order of a command, and the account it is about. */
#define GIVE_ACCOUNT(f, command, by, n, unit)                                  \
    do {                                                                       \
        (command)->order = order_by(f, by);                                    \
        (command)->account_id = given_account_id(f, n);                        \
        (command)->organization = wire_member(unit);                           \
        (command)->person_id = given_person_id(f, n);                          \
        (command)->login = given_login(f, n);                                  \
    } while (0)

/* Puts the unit; members that are not named are empty. */
void given_unit(struct fixture *fixture, const char *code,
                enum organization_kind kind, const char *centre, int chiefs);
/* Puts a unit that belongs to `parent` (NULL: none), as other lanes see it. */
void given_branch(struct fixture *fixture, const char *code,
                  enum organization_kind kind, const char *parent);
/* Puts an account with all permissions of its role, its claims, and what it
 * adds to its unit (a CHIEF, one that waits). */
void given_account(struct fixture *fixture, unsigned n, const char *unit,
                   enum role role, enum account_status status);
void given_teacher_account(struct fixture *fixture, unsigned n,
                           enum account_status status);
/* Where account n's person has posts: in the person's lane and as a hint. */
void given_posts(struct fixture *fixture, unsigned n, const char *codes,
                 int64_t version);
void given_course(struct fixture *fixture, const char *course_id, unsigned n,
                  int state);
void given_settled(struct fixture *fixture, unsigned n, int64_t version);

/* Changes a row where it stands: copy, change, put. */
#define GIVEN_CHANGED(fixture, type, store, key, change)                       \
    do {                                                                       \
        struct type row_ =                                                     \
            *(const struct type *)fixture_row(fixture, store, key);            \
        struct type *it = &row_;                                               \
        change;                                                                \
        fixture_put(fixture, store, it);                                       \
    } while (0)

/* The same for account n of a unit. */
#define GIVEN_ACCOUNT_CHANGED(fixture, n, change)                              \
    GIVEN_CHANGED(fixture, business_account, &business_accounts,               \
                  given_account_id(fixture, n), change)

/* An order by account n, as the gateway would send it; 0: the system. */
Order *order_by(struct fixture *fixture, unsigned n);
/* By a person without an account; the gateway has checked a proof. */
Order *order_unnamed(struct fixture *fixture);
/* An application for an OPERATOR's account n, as it is taken. */
ApplyForBusinessAccount *applying(struct fixture *fixture, unsigned n,
                                  const char *unit);
ApplyForTeacherAccount *teacher_applying(struct fixture *f, unsigned n,
                                         unsigned person);
void expect_version(Order *order, int64_t version);

const struct business_account *account_now(struct fixture *fixture, unsigned n);
const struct teacher_account *teacher_account_now(struct fixture *fixture,
                                                  unsigned n);
const struct organization *unit_now(struct fixture *fixture, const char *code);
const char *login_holder(struct fixture *fixture, const char *folded);
const char *person_holder(struct fixture *fixture, unsigned n);
