/* Enablings of business accounts, as two files of cases send them. */
#pragma once

#include "given.h"

/* Of the account as it stands, with the number confirmed. */
EnableBusinessAccount *enabling(struct fixture *fixture, unsigned by,
                                unsigned n, const char *unit, enum role role);
/* An OPERATOR's application at SCHOOL, and the enabling of an OPERATOR there by
 * its CHIEF. */
void given_applicant(struct fixture *fixture, unsigned n);
EnableBusinessAccount *enabling_operator(struct fixture *fixture, unsigned n);
/* The same with the number of this person. */
EnableBusinessAccount *enabling_person(struct fixture *fixture, unsigned n,
                                       unsigned person);
/* The gateway's teacher record: its version and one post. */
void with_record(struct fixture *fixture, EnableBusinessAccount *command,
                 int64_t version, const char *organization);
/* Of an applicant who is a teacher by our copy of the record (version 0: there
 * is none) and by the record that the gateway saw. */
EnableBusinessAccount *enabling_teacher(struct fixture *fixture, unsigned n,
                                        const char *copy, int64_t copy_version,
                                        const char *seen, int64_t seen_version);
