/* Checks that bytes are text: every string from outside, before it is unpacked,
 * stored or shown (messages, bodies, headers). No memory, no locale, the answer
 * is yes or no.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* True if `bytes[0…n)` is UTF-8 as RFC 3629 has it: no overlong form, no
 * surrogate, nothing above U+10FFFF. NUL is valid UTF-8; callers that forbid it
 * check it themselves. n = 0 is valid. */
bool wire_text_valid(const uint8_t *bytes, size_t n);
