/* JSON written by hand into a buffer: the answers of the reading routes.
 *
 * Commas are added where needed. Names are fixed texts of the code; values are
 * escaped. Times are ISO 8601 UTC, enums their names, ids text. Independent of
 * the caller.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "chassis/base/bytes.h"

#include "rules/word.h"

/* `name` NULL: an element of an array, or the document itself. */
void json_open(struct bytes *out, const char *name, char bracket);
void json_close(struct bytes *out, char bracket);
/* Removes the last bracket, so that a member can be added. */
void json_reopen(struct bytes *out);
/* A text; NULL and "" give null. */
void json_text(struct bytes *out, const char *name, const char *text);
/* A text; "" stays "", NULL gives null. */
void json_plain(struct bytes *out, const char *name, const char *text);
/* A text if `shown`; otherwise as a mask of rules/masking.h leaves it; null if
 * it cannot be masked. */
typedef bool mask_text(const char *text, char *ret, size_t size);
void json_masked(struct bytes *out, const char *name, const char *text,
                 bool shown, mask_text *mask);
void json_int(struct bytes *out, const char *name, int64_t value);
void json_bool(struct bytes *out, const char *name, bool value);
/* Microseconds since 1970; INT64_MIN (no time) gives null. */
void json_time(struct bytes *out, const char *name, int64_t at);
/* The word's name in the API; null if there is none. */
void json_word(struct bytes *out, const char *name, const struct words *words,
               int value);
/* An array of the names of the bits that are set. */
void json_bits(struct bytes *out, const char *name, const struct words *words,
               unsigned set);
void json_texts(struct bytes *out, const char *name, char *const *texts,
                size_t count);
/* Finished JSON; NULL gives null. */
void json_raw(struct bytes *out, const char *name, const char *json);
