/* Is this text? Asked of every string that comes from outside before anybody
 * unpacks, stores or shows it: messages (wire.h), bodies, headers. No memory,
 * no locale, never an answer other than yes or no.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* True if `bytes[0…n)` is UTF-8 as RFC 3629 has it: no overlong form, no
 * surrogate, nothing above U+10FFFF. NUL is valid UTF-8; callers that must
 * not have it ask for it themselves. n = 0 is valid. */
bool wire_text_valid(const uint8_t *bytes, size_t n);
