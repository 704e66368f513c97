/* Time, ids and randomness come from here only.
 *
 * All times are microseconds since 1970-01-01 UTC in int64_t. The pure core
 * never calls this file: time and ids come with the command.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "attributes.h"

enum { UUID_TEXT = 37 }; /* 36 characters and the NUL */

#define SECONDS(n)      ((int64_t)(n)*1000000)
#define MILLISECONDS(n) ((int64_t)(n)*1000)
#define DAYS(n)         SECONDS((int64_t)(n)*86400)

/* Wall clock, microseconds since 1970 UTC. Tests shift it with the variable
 * INSERVICE_CLOCK_OFFSET (seconds; test builds only). */
int64_t clock_now(void);
#ifdef FAILPOINTS
/* Shifts the wall clock by microseconds, in place of the variable. */
void clock_shift(int64_t by);
#endif
/* A clock that never goes back, for deadlines and durations. */
int64_t clock_monotonic(void);
/* "2026-08-01T00:00:00.000000Z" into 28 bytes; returns buffer. */
char *clock_text(int64_t at, char buffer[28]);
/* Day in Taiwan (UTC+8) "2026-08-01" into 11 bytes; returns buffer. */
char *clock_day(int64_t at, char buffer[11]);

/* A time-ordered UUID (version 7) as text; monotonic within the process. */
void uuid_v7(char ret_id[UUID_TEXT]);
/* A UUID (version 8) derived from the parts' bytes by BLAKE2b: the same parts
 * always give the same id (self-commands, persons). `count` texts, not NULL. */
void uuid_derive(const char *const *parts, size_t count,
                 char ret_id[UUID_TEXT]);
/* Text to 16 bytes; false when it is not a canonical lower-case UUID. */
bool uuid_parse(const char *text, uint8_t ret_bytes[16]) WARN_UNUSED;
void uuid_format(const uint8_t bytes[16], char ret_id[UUID_TEXT]);
