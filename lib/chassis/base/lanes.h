/* How many lanes this installation has, and the lane of a key.
 *
 * The first `migrate` chooses the number (INSERVICE_LANES) and the tables keep
 * it; the start reads it from there (db/lane_table.c). Array sizes have room
 * for the most there may be.
 */
#pragma once

enum { LANES_MAX = 96 };

/* Lanes are 0 … lane_count() - 1. Ends the process if the number is not known
 * yet. */
int lane_count(void);
/* At start, before the first lane is asked for. */
void lane_count_set(int count);

/* The lane of a key: its hash as Kafka's partitioner has it, modulo
 * lane_count(). */
int lane_of(const char *lane_key);
