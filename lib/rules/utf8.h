/* utf8.h: reading and writing UTF-8 code points and grapheme clusters, so that
 * names are never cut inside a character. Used by folding and masking, and by
 * whoever takes text from outside. Never guesses: ill-formed bytes are an
 * error, not a replacement character. Serves the masking rule ("by grapheme,
 * never bytes"). */
#pragma once

#include "rules/attributes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Where a text is being read: [at, end). */
struct utf8_cursor {
    const char *at;
    const char *end;
};

/* A cursor over a C string, which must outlive it. */
struct utf8_cursor utf8_cursor_of(const char *text);

/* Takes the next code point. False at the end and at ill-formed bytes
 * (overlong, surrogates, above U+10FFFF, truncated); the cursor then stays. */
MUST_USE bool utf8_next(struct utf8_cursor *cursor, uint32_t *ret_code);

/* Takes one grapheme cluster as bytes [*ret_start, *ret_start + *ret_length)
 * and tells its first code point. A working subset of UAX #29: combining
 * marks, variation selectors (ideographic ones too), joined emoji, flags,
 * Hangul syllables. False as for utf8_next. */
MUST_USE bool utf8_next_grapheme(struct utf8_cursor *cursor,
                                 const char **ret_start, size_t *ret_length,
                                 uint32_t *ret_first);

/* Whether these bytes are well-formed UTF-8 without NUL. */
MUST_USE bool utf8_valid(const void *bytes, size_t length);

/* Whether a C string is fit to be stored and shown on one line: well-formed,
 * no control characters, no bidirectional overrides, no noncharacters. */
MUST_USE bool utf8_one_line(const char *text);

/* Writes a code point (1 to 4 bytes, no NUL); gives the number of bytes, 0 if
 * `room` is too small or the code is none. */
MUST_USE size_t utf8_put(uint32_t code, char *ret_bytes, size_t room);

/* White space that people paste around a value: ASCII blanks, U+00A0, U+3000,
 * zero-width characters and the byte order mark. */
bool utf8_is_blank(uint32_t code);

/* Han ideographs, with the private areas where names keep 造字. */
bool utf8_is_han(uint32_t code);
