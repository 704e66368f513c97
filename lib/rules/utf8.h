/* utf8.h: reading and writing UTF-8 code points and grapheme clusters, so that
 * names are never cut inside a character. Called by the text rules of this
 * folder and by readers of text from outside. Unicode's tables are those of
 * libutf8proc; the few classes here are Taiwan's own. Never guesses: ill-formed
 * bytes are an error, not a replacement character. Serves the masking rule ("by
 * grapheme, never bytes"). */
#pragma once

#include "attributes.h"

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
WARN_UNUSED bool utf8_next(struct utf8_cursor *cursor, uint32_t *ret_code);

/* Takes one extended grapheme cluster (UAX #29) as bytes [*ret_start,
 * *ret_start + *ret_length) and returns its first code point. False as for
 * utf8_next. */
WARN_UNUSED bool utf8_next_grapheme(struct utf8_cursor *cursor,
                                    const char **ret_start, size_t *ret_length,
                                    uint32_t *ret_first);

/* How many characters a person sees: grapheme clusters. Ill-formed bytes end
 * the count. */
size_t utf8_graphemes(const char *text);

/* Whether these bytes are well-formed UTF-8 without NUL. */
WARN_UNUSED bool utf8_valid(const void *bytes, size_t length);

/* Writes a code point (1 to 4 bytes, no NUL) and returns the number of bytes; 0
 * if `room` is too small or the code is none. */
WARN_UNUSED size_t utf8_put(uint32_t code, char *ret_bytes, size_t room);

/* White space of any script, and characters that are drawn as a blank. */
bool utf8_is_blank(uint32_t code);

/* Characters that are never drawn: Unicode's default ignorable code points
 * (zero-width characters, direction marks, fillers, variation selectors). */
bool utf8_is_invisible(uint32_t code);

/* Han ideographs and radicals, the private areas where names keep 造字, planes
 * reserved for further ideographs, and ○, which registers write for a
 * character that cannot be typed. */
bool utf8_is_han(uint32_t code);

/* Scripts that write without blanks: Han, kana, bopomofo, Hangul and their
 * punctuation. */
bool utf8_is_cjk(uint32_t code);
