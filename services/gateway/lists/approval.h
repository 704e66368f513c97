/* The table of approvers as a parameter of queries.
 *
 * SQL cuts a list of waiting things to the officer's rights, row by row. The
 * rules' table has the rights (B8-B10, B20). So the rules are asked once for
 * every combination, and the allowed combinations go into the query as numbers.
 * Pure. */
#pragma once

#include "chassis/db/db.h"

#include "rules/authority.h"

/* Units where the officer may approve some account: kind * 4 + reach, as an
 * integer[] parameter (application_list). */
void approval_units(const struct officer *officer, struct db_params *params);
/* Accounts that the officer may approve: ((kind * 4 + role) * 4 + new role) * 4
 * + reach (task_list). */
void approval_accounts(const struct officer *officer, struct db_params *params);
/* Kinds of unit that need a CHIEF, as a smallint[] parameter (task_list). */
void approval_chief_kinds(struct db_params *params);
