/* Rows of the journal: each has the digest of the one before it.
 *
 * Who changes or removes an old row must change all rows after it, and the
 * lane's own row, which every batch compares.
 */
#pragma once

#include <libpq-fe.h>

#include "chassis/base/arena.h"
#include "chassis/base/seal.h"
#include "chassis/kafka/message.h"

/* The digest that `row` has after the row with the digest `before`; `value` is
 * the digest of its value. Uses the arena for a moment. */
void journal_chain(struct arena *arena, const uint8_t before[SEAL_DIGEST],
                   const uint8_t value[SEAL_DIGEST],
                   const struct journal_row *row,
                   uint8_t ret_chain[SEAL_DIGEST]);
/* Reads the columns that journal_unpublished.sql begins with. Texts live as
 * long as the result; ids as long as the arena. */
void journal_row_read(struct arena *arena, const PGresult *rows, int i,
                      struct journal_row *ret_row);
