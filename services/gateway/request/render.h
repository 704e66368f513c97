/* JSON written by hand into a buffer: the answers of the reading routes.
 *
 * Commas come by themselves: a member follows whatever stands before it. Names
 * are fixed texts of the code; values are escaped. Times are ISO 8601 UTC,
 * enums their names, ids text. Nothing here knows who asks.
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
/* Takes the last bracket off again, so that a member can be added. */
void json_reopen(struct bytes *out);
/* A text; NULL and "" give null. */
void json_text(struct bytes *out, const char *name, const char *text);
/* A text that stays "" when it is empty; NULL gives null. */
void json_plain(struct bytes *out, const char *name, const char *text);
/* A text as it is, or where it must not be shown, as one of the masks of
 * rules/masking.h leaves it; what cannot be masked gives null. */
typedef bool mask_text(const char *text, char *ret, size_t size);
void json_masked(struct bytes *out, const char *name, const char *text,
                 bool shown, mask_text *mask);
void json_int(struct bytes *out, const char *name, int64_t value);
void json_bool(struct bytes *out, const char *name, bool value);
/* Microseconds since 1970; INT64_MIN (no time) gives null. */
void json_time(struct bytes *out, const char *name, int64_t at);
/* The word's name in the API; null where the value is none. */
void json_word(struct bytes *out, const char *name, const struct words *words,
               int value);
/* An array with the names of the bits that are set. */
void json_bits(struct bytes *out, const char *name, const struct words *words,
               unsigned set);
void json_texts(struct bytes *out, const char *name, char *const *texts,
                size_t count);
/* JSON that is JSON already; NULL gives null. */
void json_raw(struct bytes *out, const char *name, const char *json);
