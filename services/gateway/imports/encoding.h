/* Bytes of a file as UTF-8 text.
 *
 * Files come from spreadsheets: UTF-8 with or without byte order mark, UTF-16
 * with one (Excel's "Unicode text"), or CP950 (Big5) with Windows' private-use
 * characters. A few invalid bytes become U+FFFD, so that the checks of cells
 * name them; a file with many is no text.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "chassis/base/arena.h"
#include "attributes.h"

struct text {
    char *data; /* well-formed UTF-8 without NUL; one spare byte after it */
    size_t size;
    const char *encoding; /* of the file: "UTF-8", "UTF-16" or "CP950" */
};

/* False: no text in a known encoding. */
bool text_decode(struct arena *arena, const void *bytes, size_t size,
                 struct text *ret_text) WARN_UNUSED;
/* Whether the file is XLSX, ODS or XLS and must be saved as CSV first. */
bool file_is_spreadsheet(const void *bytes, size_t size) WARN_UNUSED;
