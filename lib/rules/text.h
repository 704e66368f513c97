/* text.h: brings every text from people to its stored form. Called by the
 * gateway on every field and file cell, and by the owners on the texts of a
 * command. fold.h makes from it the form that is compared. Never changes the
 * visible text.
 *
 * The stored form is the text as typed, except that
 * - blanks and invisible characters around it are removed;
 * - invisible characters inside are removed too (direction marks, zero-width
 *   characters, fillers), except where they shape their neighbours: a variation
 *   selector after a Han character or a pictograph, a joiner after a virama or
 *   between two pictographs;
 * - letters and their marks are composed (NFC). Compatibility ideographs stay
 *   as typed, because NFC would replace them;
 * - control characters, line separators, overrides of direction (they make a
 *   text look like another one), U+FFFC, U+FFFD, noncharacters and unassigned
 *   characters are refused. Planes 2 and 3 are accepted whole, because
 *   new Unicode versions add ideographs of names there, and the private areas
 *   hold 造字.
 */
#pragma once

#include "attributes.h"

#include <stdbool.h>
#include <stddef.h>

enum text_verdict {
    TEXT_OK,
    TEXT_BAD,  /* ill-formed, or a character that is refused */
    TEXT_LONG, /* does not fit the buffer, or has over 4,000 code points */
};

/* Most characters of texts that several programs check, as a person counts
 * them; an address is counted in bytes (RFC 5321). */
enum {
    TEXT_NAME_MAX = 200, /* of a person */
    TEXT_UNIT_NAME_MAX = 200,
    TEXT_PHONE_MAX = 50,
    TEXT_EMAIL_MAX = 254,
    TEXT_CODE_MAX = 64,
    TEXT_LABEL_MAX = 200, /* of a code */
    TEXT_NOTE_MAX = 300,
    TEXT_ADDRESS_MAX = 300,
    TEXT_REASON_MAX = 500,
    TEXT_PURPOSE_MAX = 600,
};

/* A buffer that always suffices for the stored form of `length` bytes. */
size_t text_room(size_t length);

/* Writes the stored form. `ret` is untouched unless TEXT_OK is returned. */
WARN_UNUSED enum text_verdict text_clean(const char *input, char *ret,
                                         size_t size);

/* Whether nothing is there to see: no text at all, or only blanks, invisible
 * characters and marks that have no letter to stand on. */
bool text_is_empty(const char *text);

/* Whether all characters are ASCII. */
bool text_is_ascii(const char *text);

/* The far guard beside a limit of `graphemes` characters, in bytes: letters
 * may carry marks, but not without end. A name of 200 has at most 800 bytes,
 * which indexes and cursors can hold. */
size_t text_bytes_max(size_t graphemes);

/* Whether a text has at most `max` characters as a person counts them. */
bool text_fits(const char *text, size_t max);

/* For the owners: whether a text is in the stored form and has `min` to `max`
 * characters; with `min` above 0 it must not be empty. */
WARN_UNUSED bool text_is_stored(const char *text, size_t min, size_t max);

/* Whether it can be a person's name: it has a letter, and no mark that programs
 * write for a character they have not (?, □, 〓, in any width). */
WARN_UNUSED bool text_is_name(const char *text);

/* A password as it is hashed and counted: OpaqueString of RFC 8265, that is NFC
 * with all blanks as U+0020, and case and width as typed. Control, unassigned
 * and invisible characters are TEXT_BAD. Plain ASCII stays as it is. */
WARN_UNUSED enum text_verdict text_secret(const char *input, char *ret,
                                          size_t size);
