/* Bytes of a file as UTF-8 text.
 *
 * Files come from spreadsheets: UTF-8 with or without byte order mark, or
 * CP950 (Big5) where the machine's iconv knows it. What is neither is no text;
 * nothing is guessed further and nothing is replaced.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "chassis/base/arena.h"
#include "chassis/base/attributes.h"

struct text {
    char *data; /* well-formed UTF-8 without NUL; one spare byte behind it */
    size_t size;
    const char *encoding; /* "UTF-8" or "CP950": what it was */
};

/* False: no text in an encoding that is known. */
bool text_decode(struct arena *arena, const void *bytes, size_t size,
                 struct text *ret_text) WARN_UNUSED;
