/* Enablings of business accounts, as two files of cases send them. */
#pragma once

#include "given.h"

/* Of the account as it stands, with the number confirmed. */
EnableBusinessAccount *enabling(struct fixture *fixture, unsigned by,
                                unsigned n, const char *unit, enum role role);
/* The gateway's teacher record: its version and one post. */
void with_record(struct fixture *fixture, EnableBusinessAccount *command,
                 int64_t version, const char *organization);
